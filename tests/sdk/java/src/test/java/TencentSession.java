import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.tencentcloudapi.common.AbstractClient;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.ssm.v20190923.models.ListSecretsRequest;
import com.tencentcloudapi.ssm.v20190923.models.ListSecretsResponse;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** The interface of the tests to a client of the Tencent Cloud SDK. */
interface TencentSession {
    AbstractClient client();

    ListSecretsResponse listSecrets(ListSecretsRequest request) throws Exception;

    /** Calls an action. The reply has the members that the client decodes, without the envelope. */
    JsonObject call(String action, JsonObject parameters) throws Exception;

    /** The names that the client lacks: the whole action, or members as Action.Member and Action.Member.Member. */
    List<String> notOffered(String action, JsonObject parameters);

    List<String> notShown(String action, JsonElement reply);

    /** Requires the SDK's own exception. */
    static void assertRefused(String code, String message, Executable call) {
        var refusal = assertThrows(TencentCloudSDKException.class, call);
        assertEquals(code, refusal.getErrorCode());
        assertEquals(message, refusal.getMessage());
        Emulator.assertRequestId(refusal.getRequestId());
    }
}
