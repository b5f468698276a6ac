import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.aliyun.kms20160120.Client;
import com.aliyun.kms20160120.models.CreateSecretRequest;
import com.aliyun.kms20160120.models.DeleteSecretRequest;
import com.aliyun.kms20160120.models.GetSecretValueRequest;
import com.aliyun.tea.TeaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SecretsTest {
    @RegisterExtension
    final KmsEmulator emulator = new KmsEmulator();

    private Client client;

    /** The program under test: it retries when it is throttled. */
    static String readSecret(Client client, String name) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return client.getSecretValue(new GetSecretValueRequest().setSecretName(name)).body.secretData;
            } catch (TeaException e) {
                if (!e.getCode().equals("Rejected.Throttling") || attempt == 3) {
                    throw e;
                }
            }
        }
    }

    @BeforeEach
    void createSecret() throws Exception {
        client = emulator.client();
        client.createSecret(new CreateSecretRequest().setSecretName("db").setVersionId("v1").setSecretData("hunter2"));
    }

    @Test
    void readIsRetriedWhenThrottled() throws Exception {
        var fault = emulator.throttle("GetSecretValue", 2);
        assertEquals("hunter2", readSecret(client, "db"));
        assertEquals(2, emulator.hits(fault));
        assertEquals(3, emulator.requests("GetSecretValue"));
    }

    @Test
    void secretIsDeletedAfterItsRecoveryWindow() throws Exception {
        client.deleteSecret(new DeleteSecretRequest().setSecretName("db").setRecoveryWindowInDays("7"));
        assertRejected("Rejected.ResourceInDeleteWindow");
        emulator.advanceClock("8d");
        assertRejected("Forbidden.ResourceNotFound");
    }

    private void assertRejected(String code) {
        assertEquals(code, assertThrows(TeaException.class, () -> readSecret(client, "db")).getCode());
    }
}
