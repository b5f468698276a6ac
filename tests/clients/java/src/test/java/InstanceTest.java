import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aliyun.dkms.gcs.openapi.models.Config;
import com.aliyun.dkms.gcs.sdk.Client;
import com.aliyun.dkms.gcs.sdk.models.AdvanceDecryptRequest;
import com.aliyun.dkms.gcs.sdk.models.AdvanceGenerateDataKeyRequest;
import com.aliyun.dkms.gcs.sdk.models.DecryptRequest;
import com.aliyun.dkms.gcs.sdk.models.EncryptRequest;
import com.aliyun.dkms.gcs.sdk.models.GenerateRandomRequest;
import com.aliyun.dkms.gcs.sdk.models.GetPublicKeyRequest;
import com.aliyun.dkms.gcs.sdk.models.GetSecretValueRequest;
import com.aliyun.dkms.gcs.sdk.models.GetSecretValueResponse;
import com.aliyun.dkms.gcs.sdk.models.SignRequest;
import com.aliyun.dkms.gcs.sdk.models.VerifyRequest;
import com.aliyun.tea.TeaException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * alibabacloud-dkms-gcs-sdk, the SDK of KMS instances, which sends messages of Protocol Buffers that are signed with a
 * client key.
 */
class InstanceTest {
    /** The client key that the servers of the suites have, and its account, whose clients only read. */
    private static final Account OWNER = new Account("2000000000000000", "LTAIrsa", "");

    private static Config config(String protocol, String keyId) throws Exception {
        var config = new Config();
        config.setProtocol(protocol);
        config.setEndpoint(Account.address());
        config.setAccessKeyId(keyId);
        // The content of the PEM file, without its first and last line.
        var lines = Files.readAllLines(Path.of("../../keys/rsa.pem"));
        config.setPrivateKey(String.join("", lines.subList(1, lines.size() - 1)));
        // The SDK fails without it, with http too.
        config.setCa(Account.authority());
        return config;
    }

    private static GetSecretValueResponse read(Config config, String name) throws Exception {
        var request = new GetSecretValueRequest();
        request.setSecretName(name);
        return new Client(config).getSecretValue(request);
    }

    /** Creates a secret, and returns its name. */
    private static String secret() throws Exception {
        var name = "instance/" + UUID.randomUUID();
        var version = Map.of(
                "VersionId", "v1", "SecretData", "first", "SecretDataType", "text", "VersionStages", List.of("ACSCurrent"));
        var secret = Map.of("SecretName", name, "SecretType", "Generic", "Versions", List.of(version));
        OWNER.load(Map.of("SecretList", Map.of("Secret", List.of(secret))));
        return name;
    }

    private static void assertRefused(int status, String code, String message, Config config) {
        var error = assertThrows(TeaException.class, () -> read(config, "absent"));
        assertEquals(code + ": " + message, error.getCode() + ": " + error.getMessage());
        assertEquals(status, error.getData().get("httpCode"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void valueIsRead(String protocol) throws Exception {
        var name = secret();
        var reply = read(config(protocol, OWNER.keyId()), name);
        assertEquals(name, reply.getSecretName());
        assertEquals("first", reply.getSecretData());
        assertEquals("text", reply.getSecretDataType());
        assertEquals("Generic", reply.getSecretType());
        assertEquals("v1", reply.getVersionId());
        assertEquals(List.of("ACSCurrent"), reply.getVersionStages());
        assertEquals(36, reply.getRequestId().length());
    }

    @Test
    void errorsAreDecoded() throws Exception {
        assertRefused(404, "Forbidden.ResourceNotFound", "Resource not found.", config("http", OWNER.keyId()));
        var text = "The Access Key ID provided does not exist in our records.";
        assertRefused(401, "Unauthorized", text, config("http", "LTAIunknown"));
    }

    /** Creates a key, and returns its id. */
    private static String key(String spec, String usage) throws Exception {
        var id = "key-" + UUID.randomUUID();
        var key = Map.of("KeyId", id, "KeySpec", spec, "KeyUsage", usage);
        OWNER.load(Map.of("Keys", Map.of("Key", List.of(key))));
        return id;
    }

    @Test
    void dataIsEncryptedAndDecrypted() throws Exception {
        var client = new Client(config("http", OWNER.keyId()));
        var key = key("Aliyun_AES_256", "ENCRYPT/DECRYPT");
        var plaintext = "a card number".getBytes(StandardCharsets.UTF_8);
        var encrypt = new EncryptRequest();
        encrypt.setKeyId(key);
        encrypt.setPlaintext(plaintext);
        var sealed = client.encrypt(encrypt);
        assertEquals("AES_GCM", sealed.getAlgorithm());
        var decrypt = new DecryptRequest();
        decrypt.setKeyId(key);
        decrypt.setCiphertextBlob(sealed.getCiphertextBlob());
        decrypt.setIv(sealed.getIv());
        decrypt.setAlgorithm(sealed.getAlgorithm());
        assertArrayEquals(plaintext, client.decrypt(decrypt).getPlaintext());
        decrypt.setIv(new byte[12]);
        var error = assertThrows(TeaException.class, () -> client.decrypt(decrypt));
        assertEquals("InvalidParameter", error.getCode());
    }

    @Test
    void dataKeyIsDecrypted() throws Exception {
        var client = new Client(config("http", OWNER.keyId()));
        var generate = new AdvanceGenerateDataKeyRequest();
        generate.setKeyId(key("Aliyun_AES_256", "ENCRYPT/DECRYPT"));
        generate.setNumberOfBytes(32);
        var generated = client.advanceGenerateDataKey(generate);
        assertEquals(32, generated.getPlaintext().length);
        var decrypt = new AdvanceDecryptRequest();
        decrypt.setCiphertextBlob(generated.getCiphertextBlob());
        assertArrayEquals(generated.getPlaintext(), client.advanceDecrypt(decrypt).getPlaintext());
    }

    @Test
    void signatureIsVerified() throws Exception {
        var client = new Client(config("http", OWNER.keyId()));
        var message = "a message".getBytes(StandardCharsets.UTF_8);
        var sign = new SignRequest();
        sign.setKeyId(key("RSA_2048", "SIGN/VERIFY"));
        sign.setMessage(message);
        sign.setMessageType("RAW");
        var signed = client.sign(sign);
        assertEquals("RSA_PSS_SHA_256", signed.getAlgorithm());
        var verify = new VerifyRequest();
        verify.setKeyId(signed.getKeyId());
        verify.setMessage(message);
        verify.setMessageType(signed.getMessageType());
        verify.setAlgorithm(signed.getAlgorithm());
        verify.setSignature(signed.getSignature());
        assertTrue(client.verify(verify).getValue());
        verify.setMessage("another message".getBytes(StandardCharsets.UTF_8));
        assertFalse(client.verify(verify).getValue());
        var publicKey = new GetPublicKeyRequest();
        publicKey.setKeyId(signed.getKeyId());
        assertTrue(client.getPublicKey(publicKey).getPublicKey().startsWith("-----BEGIN PUBLIC KEY-----"));
    }

    @Test
    void otherOperationsAreNotSupported() throws Exception {
        var client = new Client(config("http", OWNER.keyId()));
        var request = new GenerateRandomRequest();
        request.setLength(8);
        var error = assertThrows(TeaException.class, () -> client.generateRandom(request));
        assertEquals("UnsupportedOperation", error.getCode());
    }

    @Test
    void throttledRequestIsRepeated() throws Exception {
        var name = secret();
        OWNER.fail("GetSecretValue", "Rejected.Throttling", 1);
        var before = OWNER.requests("GetSecretValue");
        assertEquals("first", read(config("http", OWNER.keyId()), name).getSecretData());
        assertEquals(2, OWNER.requests("GetSecretValue") - before);
    }
}
