import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tencentcloudapi.ssm.v20190923.models.ListSecretsRequest;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is checked on every server is checked over https too; this is what only https has. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HttpsTest {
    @ParameterizedTest
    @EnumSource
    void a_server_whose_authority_is_not_in_the_trust_store_is_not_connected_to(Sdk sdk) throws Exception {
        var session = sdk.connect(Emulator.UNTRUSTED, "test", "test");
        assertNotConnected(() -> session.listSecrets(Session.Query.ALL));
    }

    @ParameterizedTest
    @EnumSource
    void a_server_whose_authority_is_not_in_the_trust_store_is_not_connected_to_by_tencent(TencentSdk sdk) {
        var session = sdk.connect(Emulator.UNTRUSTED, "test", "test");
        assertNotConnected(() -> session.listSecrets(new ListSecretsRequest()));
    }

    private static void assertNotConnected(Executable call) {
        var told = new StringBuilder();
        // Some SDKs hand the reason on in their own exception's text, others as its cause.
        Throwable refusal = assertThrows(Exception.class, call);
        for (; refusal != null; refusal = refusal.getCause()) {
            told.append(refusal).append('\n');
        }
        // The first is Java's own, the second that of aliyun-java-sdk-core, which asks several trust managers.
        var reasons = List.of("unable to find valid certification path", "None of the TrustManagers trust this");
        assertTrue(reasons.stream().anyMatch(told.toString()::contains), told.toString());
    }
}
