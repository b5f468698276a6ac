import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.kms.secretsmanager.client.SecretCacheClient;
import com.aliyuncs.kms.secretsmanager.client.SecretCacheClientBuilder;
import com.aliyuncs.kms.secretsmanager.client.exception.CacheSecretException;
import com.aliyuncs.kms.secretsmanager.client.model.RegionInfo;
import com.aliyuncs.kms.secretsmanager.client.service.BaseSecretManagerClientBuilder;
import com.aliyuncs.kms.secretsmanager.client.service.FullJitterBackoffStrategy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * alibabacloud-secretsmanager-client, Alibaba Cloud's cache of secrets. It always uses https, to the endpoint of its
 * settings, and does not check certificates.
 */
class SecretCacheTest {
    private static final String NAME = "app/password";
    private Account account;

    @BeforeEach
    void createAccount() throws Exception {
        account = Account.create();
        account.call("CreateSecret", Map.of("SecretName", NAME, "VersionId", "v1", "SecretData", "first"));
        account.call("CreateSecret", Map.of("SecretName", "app/old", "VersionId", "v1", "SecretData", "old"));
        account.call("DeleteSecret", Map.of("SecretName", "app/old", "RecoveryWindowInDays", 7));
    }

    @AfterEach
    void deleteAccount() throws Exception {
        account.close();
    }

    private SecretCacheClientBuilder builder(String keyId, String secret) throws CacheSecretException {
        var client = BaseSecretManagerClientBuilder.standard()
                .withAccessKey(keyId, secret)
                .addRegion(new RegionInfo("cn-hangzhou", Account.address()))
                // Retries after some milliseconds instead of seconds.
                .withBackoffStrategy(new FullJitterBackoffStrategy(5, 1, 10))
                .build();
        return SecretCacheClientBuilder.newCacheClientBuilder(client);
    }

    private SecretCacheClient cache() throws CacheSecretException {
        return builder(account.keyId(), account.secret()).build();
    }

    private void storeSecondVersion() throws Exception {
        account.call("PutSecretValue", Map.of("SecretName", NAME, "VersionId", "v2", "SecretData", "second"));
    }

    @Test
    void valueIsReadOnceAndCached() throws Exception {
        try (var cache = cache()) {
            for (int i = 0; i < 3; i++) {
                assertEquals("first", cache.getStringValue(NAME));
            }
        }
        assertEquals(1, account.requests("GetSecretValue"));
    }

    @Test
    void membersOfAManagedSecretAreDecoded() throws Exception {
        account.call("CreateSecret", Map.of(
                "SecretName", "$Auto",
                "SecretType", "RAMCredentials",
                "VersionId", "v1",
                "SecretData", "{\"AccessKeys\":[{\"AccessKeyId\":\"id\",\"AccessKeySecret\":\"secret\"}]}",
                "ExtendedConfig", "{\"SecretSubType\":\"RamUserAccessKey\",\"UserName\":\"deployer\"}",
                "EnableAutomaticRotation", "true",
                "RotationInterval", "7d"));
        try (var cache = cache()) {
            var info = cache.getSecretInfo("acs/ram/user/deployer");
            assertEquals("acs/ram/user/deployer", info.getSecretName());
            assertEquals("RAMCredentials", info.getSecretType());
            assertEquals("text", info.getSecretDataType());
            assertEquals("Enabled", info.getAutomaticRotation());
            assertEquals("604800s", info.getRotationInterval());
            assertNotNull(info.getNextRotationDate());
            assertTrue(info.getExtendedConfig().contains("\"UserName\":\"deployer\""), info.getExtendedConfig());
        }
    }

    @Test
    void binaryValueIsRead() throws Exception {
        account.call("CreateSecret", Map.of(
                "SecretName", "key", "VersionId", "v1", "SecretData", "AAEC/w==", "SecretDataType", "binary"));
        try (var cache = cache()) {
            assertEquals("AAEC/w==", StandardCharsets.UTF_8.decode(cache.getBinaryValue("key")).toString());
            assertThrows(IllegalArgumentException.class, () -> cache.getStringValue("key"));
        }
    }

    @Test
    void refreshReadsTheNewVersion() throws Exception {
        try (var cache = cache()) {
            assertEquals("first", cache.getStringValue(NAME));
            storeSecondVersion();
            assertEquals("first", cache.getStringValue(NAME));
            assertTrue(cache.refreshNow(NAME));
            assertEquals("second", cache.getStringValue(NAME));
        }
    }

    @Test
    void stageSelectsTheVersion() throws Exception {
        storeSecondVersion();
        try (var cache = builder(account.keyId(), account.secret()).withCacheStage("ACSPrevious").build()) {
            assertEquals("first", cache.getStringValue(NAME));
        }
    }

    @Test
    void clientIsConfiguredByAFile(@TempDir Path directory) throws Exception {
        var file = directory.resolve("secretsmanager.properties");
        Files.writeString(file, """
                credentials_type=ak
                credentials_access_key_id=%s
                credentials_access_secret=%s
                cache_client_region_id=[{"regionId":"cn-hangzhou","endpoint":"%s","vpc":""}]
                """.formatted(account.keyId(), account.secret(), Account.address()));
        var client = BaseSecretManagerClientBuilder.standard().withCustomConfigFile(file.toString()).build();
        try (var cache = SecretCacheClientBuilder.newCacheClientBuilder(client).build()) {
            assertEquals("first", cache.getStringValue(NAME));
        }
    }

    /**
     * The thread of the retries signals that it has a reply before it returns it. If the other thread looks in between,
     * the cache drops the reply and reports its own timeout.
     */
    @Test
    void throttledRequestIsRepeated() throws Exception {
        account.fail("GetSecretValue", "Rejected.Throttling", 2);
        try (var cache = cache()) {
            try {
                assertEquals("first", cache.getStringValue(NAME));
            } catch (CacheSecretException e) {
                assertEquals("SDK.ReadTimeout", ((ClientException) e.getCause()).getErrCode());
            }
            assertEquals(3, account.requests("GetSecretValue"));
            assertEquals("first", cache.getStringValue(NAME));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "missing, absent, , , Forbidden.ResourceNotFound",
        "pending deletion, app/old, , , Rejected.ResourceInDeleteWindow",
        // The core compares the string to sign in the message with its own. They are equal, so the key must be wrong.
        "wrong key, app/password, , wrong, SDK.InvalidAccessKeySecret",
        "unknown key, app/password, LTAIunknown, wrong, InvalidAccessKeyId.NotFound",
    })
    void errorIsThatOfTheService(String title, String name, String keyId, String secret, String code) throws Exception {
        var builder = builder(
                keyId == null ? account.keyId() : keyId, secret == null ? account.secret() : secret);
        try (var cache = builder.build()) {
            var error = assertThrows(CacheSecretException.class, () -> cache.getStringValue(name));
            var cause = (ClientException) error.getCause();
            assertEquals(code, cause.getErrCode());
        }
    }
}
