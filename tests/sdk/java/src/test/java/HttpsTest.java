import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tencentcloudapi.ssm.v20190923.models.ListSecretsRequest;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of certificates. The other tests also run over https. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HttpsTest {
    @ParameterizedTest
    @EnumSource
    void does_not_connect_to_a_server_of_an_unknown_authority(Sdk sdk) throws Exception {
        var session = sdk.connect(Emulator.UNTRUSTED, "test", "test");
        assertNotConnected(() -> session.listSecrets(Session.Query.ALL));
    }

    @ParameterizedTest
    @EnumSource
    void tencent_client_does_not_connect_to_a_server_of_an_unknown_authority(TencentSdk sdk) {
        var session = sdk.connect(Emulator.UNTRUSTED, "test", "test");
        assertNotConnected(() -> session.listSecrets(new ListSecretsRequest()));
    }

    private static void assertNotConnected(Executable call) {
        var text = new StringBuilder();
        // Some SDKs have the reason in the text of their exception, others as its cause.
        Throwable error = assertThrows(Exception.class, call);
        for (; error != null; error = error.getCause()) {
            text.append(error).append('\n');
        }
        // The first text is from Java, the second from aliyun-java-sdk-core, which uses several trust managers.
        var reasons = List.of("unable to find valid certification path", "None of the TrustManagers trust this");
        assertTrue(reasons.stream().anyMatch(text.toString()::contains), text.toString());
    }
}
