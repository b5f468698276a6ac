import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alibaba.nacos.api.exception.NacosException;
import com.alibaba.nacos.client.config.filter.impl.ConfigFilterChainManager;
import com.alibaba.nacos.client.config.filter.impl.ConfigRequest;
import com.alibaba.nacos.client.config.filter.impl.ConfigResponse;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * nacos-client-mse-extension, which encrypts configurations of Nacos. The prefix of a configuration's id selects the
 * method: a data key of 128 or 256 bits, or encryption by the service itself.
 */
class NacosConfigTest {
    private static final String CONTENT = "password: 密码 p@ss w+rd/=";
    private Account account;
    private String key;

    @BeforeEach
    void createAccount() throws Exception {
        account = Account.create();
        key = account.call("CreateKey", Map.of()).getAsJsonObject("KeyMetadata").get("KeyId").getAsString();
    }

    @AfterEach
    void deleteAccount() throws Exception {
        account.close();
    }

    /** The filters of a client, which finds the extension itself. */
    private ConfigFilterChainManager filters(String keyId) throws Exception {
        var settings = new Properties();
        settings.put("keyId", keyId);
        settings.put("kms_region_id", "cn-hangzhou");
        settings.put("kmsEndpoint", Account.address());
        settings.put("kmsCaFileContent", Account.authority());
        settings.put("kmsAccessKey", account.keyId());
        settings.put("kmsSecretKey", account.secret());
        return new ConfigFilterChainManager(settings);
    }

    /** What the client publishes. */
    private ConfigRequest encrypt(String id, String content) throws Exception {
        return encrypt(filters(key), id, content);
    }

    private static ConfigRequest encrypt(ConfigFilterChainManager filters, String id, String content)
            throws NacosException {
        var request = new ConfigRequest();
        request.setDataId(id);
        request.setGroup("g");
        request.setContent(content);
        filters.doFilter(request, null);
        assertNotEquals(content, request.getContent());
        return request;
    }

    /** What another client reads. */
    private String decrypt(ConfigRequest published) throws Exception {
        var response = new ConfigResponse();
        response.setDataId(published.getDataId());
        response.setGroup("g");
        response.setContent(published.getContent());
        response.setEncryptedDataKey(published.getEncryptedDataKey());
        filters(key).doFilter(null, response);
        return response.getContent();
    }

    @ParameterizedTest
    @CsvSource({"cipher-kms-aes-128-app.yaml, 16", "cipher-kms-aes-256-app.yaml, 32"})
    void contentIsEncryptedWithADataKey(String id, int length) throws Exception {
        var published = encrypt(id, CONTENT);
        assertEquals(CONTENT, decrypt(published));
        assertEquals(1, account.requests("GenerateDataKey"));
        assertEquals(1, account.requests("Decrypt"));
        var reply = account.call("Decrypt", Map.of("CiphertextBlob", published.getEncryptedDataKey()));
        assertEquals(length, Base64.getDecoder().decode(reply.get("Plaintext").getAsString()).length);
    }

    /** The extension sends the content as it is, although the vendor's page wants Base64. */
    @ParameterizedTest
    @ValueSource(strings = {CONTENT, "root", "123456", "aGVsbG8="})
    void contentIsEncryptedByTheService(String content) throws Exception {
        assertEquals(content, decrypt(encrypt("cipher-app.yaml", content)));
        assertEquals(1, account.requests("Encrypt"));
        assertEquals(1, account.requests("Decrypt"));
    }

    @Test
    void unknownKeyIsAnError() throws Exception {
        var filters = filters("key-unknown");
        var error = assertThrows(NacosException.class, () -> encrypt(filters, "cipher-app.yaml", CONTENT));
        assertTrue(error.getMessage().contains("404, The specified Key is not found."), error.getMessage());
    }

    @Test
    void disabledKeyDecryptsNothing() throws Exception {
        var published = encrypt("cipher-app.yaml", CONTENT);
        account.call("DisableKey", Map.of("KeyId", key));
        var error = assertThrows(NacosException.class, () -> decrypt(published));
        assertTrue(error.getMessage().contains("409, The request was rejected because the key state is Disabled."), error.getMessage());
    }
}
