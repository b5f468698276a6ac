import static org.junit.jupiter.api.Assertions.assertEquals;

import com.aliyun.teaopenapi.models.Config;
import com.aliyuncs.auth.KeyPairCredentials;
import com.aliyuncs.auth.SignatureVersion;
import com.aliyuncs.auth.signers.SignatureAlgorithm;
import com.aliyuncs.http.FormatType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every SDK that can sign with an RSA private key uses the key pair of the tests, whose public key the servers have. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RsaTest {
    private static final String KEY_ID = "LTAIrsa";

    enum Client {
        KMS20160120_SIGNING_ACS3 {
            Session connect(Emulator server, String id, String privateKey) throws Exception {
                return new Sdk.Tea(new Config().setSignatureAlgorithm("ACS3-RSA-SHA256"), server, id, privateKey);
            }
        },
        ALIYUN_JAVA_SDK_SIGNING_V1 {
            Session connect(Emulator server, String id, String privateKey) {
                var credentials = new KeyPairCredentials(id, privateKey);
                return new Sdk.Classic(SignatureVersion.V1, FormatType.JSON, server, credentials);
            }
        },
        ALIYUN_JAVA_SDK_SIGNING_ACS3 {
            Session connect(Emulator server, String id, String privateKey) {
                var session = new Sdk.Classic(SignatureVersion.V3, FormatType.JSON, server, id, privateKey);
                session.setSignatureAlgorithm(SignatureAlgorithm.ACS3_RSA_SHA256);
                return session;
            }
        };

        abstract Session connect(Emulator server, String id, String privateKey) throws Exception;
    }

    static List<Arguments> everyClientOnEveryServer() {
        var all = new ArrayList<Arguments>();
        for (var client : Client.values()) {
            for (var server : Emulator.ALL) {
                all.add(Arguments.of(client, server));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyClientOnEveryServer")
    void requests_signed_with_a_private_key_succeed(Client client, Emulator server) throws Exception {
        var session = client.connect(server, KEY_ID, privateKey());
        var name = "rsa/java/" + client.ordinal();
        session.call("CreateSecret", Map.of("SecretName", name, "SecretData", "a +*~é", "VersionId", "v1"));
        var filters = Session.Query.filters("[{\"Key\":\"SecretName\",\"Values\":[\"" + name + "\"]}]");
        assertEquals(List.of(name), session.listSecrets(filters).names());
        assertEquals("a +*~é", session.call("GetSecretValue", Map.of("SecretName", name)).get("SecretData"));
        session.call("DeleteSecret", Map.of("SecretName", name, "ForceDeleteWithoutRecovery", "true"));
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void a_key_of_another_kind_is_refused(Client client) throws Exception {
        var session = client.connect(Emulator.LENIENT, "test", privateKey());
        // The classic SDK reports its own code if its string to sign is the one in the error.
        var code = client == Client.ALIYUN_JAVA_SDK_SIGNING_V1 ? "SDK.InvalidAccessKeySecret" : "IncompleteSignature";
        Emulator.assertRefused(session, 400, code, null, () -> session.listSecrets(Session.Query.ALL));
    }

    /** The SDKs take the key of a PEM file without its first and last line. */
    private static String privateKey() throws Exception {
        var lines = Files.readAllLines(Path.of("..", "..", "keys", "rsa.pem"));
        return String.join("", lines.subList(1, lines.size() - 1));
    }
}
