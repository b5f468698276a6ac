import static org.junit.jupiter.api.Assertions.assertEquals;

import com.aliyuncs.CommonRequest;
import com.aliyuncs.auth.SignatureVersion;
import com.aliyuncs.http.FormatType;
import com.aliyuncs.http.MethodType;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** aliyun-java-sdk-core can also call an action by its name, without a class; the reply is then plain JSON. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CommonRequestTest {
    private final Sdk.Classic client =
            new Sdk.Classic(SignatureVersion.V1, FormatType.JSON, Emulator.STRICT, "test", "test");

    @ParameterizedTest
    @EnumSource(names = {"GET", "POST"})
    void calls_an_action_by_name(MethodType method) throws Exception {
        var request = request("ListSecrets");
        request.setSysMethod(method);
        request.putQueryParameter("PageNumber", "3");
        if (method == MethodType.POST) {
            request.putBodyParameter("PageSize", "3"); // the signature covers the parameters of query and form
        } else {
            request.putQueryParameter("PageSize", "3");
        }

        var reply = JsonParser.parseString(client.getCommonResponse(request).getData()).getAsJsonObject();
        var bastion = reply.getAsJsonObject("SecretList").getAsJsonArray("Secret").get(0).getAsJsonObject();
        assertEquals("acs/ecs/bastion", bastion.get("SecretName").getAsString());
        assertEquals("ecs", bastion.get("OwingService").getAsString());
        assertEquals(8, reply.get("TotalCount").getAsInt());
    }

    @Test
    void unknown_action_is_not_found() {
        Emulator.assertRefused(client, 404, "InvalidAction.NotFound",
                "Specified api is not found, please check your url and method.",
                () -> client.getCommonResponse(request("ListSecret")));
    }

    private static CommonRequest request(String action) {
        var request = new CommonRequest();
        request.setSysProduct("Kms");
        request.setSysVersion("2016-01-20");
        request.setSysAction(action);
        return request;
    }
}
