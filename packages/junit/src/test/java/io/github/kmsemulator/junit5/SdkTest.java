package io.github.kmsemulator.junit5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.aliyun.tea.TeaException;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.FormatType;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.ssm.v20190923.SsmClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The official SDKs as the program under test: a throttled read, and a deletion whose recovery window ends. */
@KmsEmulator(args = {"--auth", "strict"})
class SdkTest {
    /** Reads and deletes secrets with an SDK. */
    private interface Client {
        String read(String name) throws Exception;

        void deleteIn7Days(String name) throws Exception;
    }

    enum Sdk {
        ALIYUN_JAVA_SDK_KMS("Rejected.Throttling", "Rejected.ResourceInDeleteWindow", "Forbidden.ResourceNotFound") {
            @Override
            Client client(Tenant tenant) {
                var profile = DefaultProfile.getProfile("cn-hangzhou", tenant.accessKeyId(), tenant.accessKeySecret());
                profile.getHttpClientConfig().setProtocolType(ProtocolType.HTTP);
                var client = new DefaultAcsClient(profile);
                client.setAutoRetry(false);
                return new Client() {
                    @Override
                    public String read(String name) throws ClientException {
                        var request = new com.aliyuncs.kms.model.v20160120.GetSecretValueRequest();
                        request.setSecretName(name);
                        return send(request).getSecretData();
                    }

                    @Override
                    public void deleteIn7Days(String name) throws ClientException {
                        var request = new com.aliyuncs.kms.model.v20160120.DeleteSecretRequest();
                        request.setSecretName(name);
                        request.setRecoveryWindowInDays("7");
                        send(request);
                    }

                    private <T extends com.aliyuncs.AcsResponse> T send(com.aliyuncs.RpcAcsRequest<T> request)
                            throws ClientException {
                        request.setSysEndpoint(tenant.endpoint());
                        request.setSysProtocol(ProtocolType.HTTP);
                        request.setAcceptFormat(FormatType.JSON);
                        return client.getAcsResponse(request);
                    }
                };
            }

            @Override
            String code(Exception e) {
                return ((ClientException) e).getErrCode();
            }
        },

        KMS20160120("Rejected.Throttling", "Rejected.ResourceInDeleteWindow", "Forbidden.ResourceNotFound") {
            @Override
            Client client(Tenant tenant) throws Exception {
                var client = new com.aliyun.kms20160120.Client(new com.aliyun.teaopenapi.models.Config()
                        .setEndpoint(tenant.endpoint())
                        .setProtocol("HTTP")
                        .setAccessKeyId(tenant.accessKeyId())
                        .setAccessKeySecret(tenant.accessKeySecret()));
                return new Client() {
                    @Override
                    public String read(String name) throws Exception {
                        var request = new com.aliyun.kms20160120.models.GetSecretValueRequest().setSecretName(name);
                        return client.getSecretValue(request).body.secretData;
                    }

                    @Override
                    public void deleteIn7Days(String name) throws Exception {
                        client.deleteSecret(new com.aliyun.kms20160120.models.DeleteSecretRequest()
                                .setSecretName(name)
                                .setRecoveryWindowInDays("7"));
                    }
                };
            }

            @Override
            String code(Exception e) {
                return ((TeaException) e).getCode();
            }
        },

        TENCENTCLOUD_SDK_JAVA_SSM("RequestLimitExceeded", "ResourceUnavailable.ResourcePendingDeleted", "ResourceNotFound") {
            @Override
            Client client(Tenant tenant) {
                var http = new HttpProfile();
                http.setProtocol(HttpProfile.REQ_HTTP);
                http.setEndpoint(tenant.endpoint());
                var credential = new Credential(tenant.accessKeyId(), tenant.accessKeySecret());
                var profile = new ClientProfile(ClientProfile.SIGN_TC3_256, http);
                var client = new SsmClient(credential, "ap-guangzhou", profile);
                return new Client() {
                    @Override
                    public String read(String name) throws TencentCloudSDKException {
                        var request = new com.tencentcloudapi.ssm.v20190923.models.GetSecretValueRequest();
                        request.setSecretName(name);
                        request.setVersionId("v1");
                        return client.GetSecretValue(request).getSecretString();
                    }

                    @Override
                    public void deleteIn7Days(String name) throws TencentCloudSDKException {
                        var disable = new com.tencentcloudapi.ssm.v20190923.models.DisableSecretRequest();
                        disable.setSecretName(name);
                        client.DisableSecret(disable);
                        var delete = new com.tencentcloudapi.ssm.v20190923.models.DeleteSecretRequest();
                        delete.setSecretName(name);
                        delete.setRecoveryWindowInDays(7L);
                        client.DeleteSecret(delete);
                    }
                };
            }

            @Override
            String code(Exception e) {
                return ((TencentCloudSDKException) e).getErrorCode();
            }
        };

        final String throttled;
        final String pending;
        final String deleted;

        Sdk(String throttled, String pending, String deleted) {
            this.throttled = throttled;
            this.pending = pending;
            this.deleted = deleted;
        }

        abstract Client client(Tenant tenant) throws Exception;

        abstract String code(Exception e);
    }

    @BeforeEach
    void seed(Tenant tenant) {
        tenant.secrets(Map.of("db", "hunter2"));
    }

    @ParameterizedTest
    @EnumSource
    void throttledReadSucceedsWhenItIsRepeated(Sdk sdk, Tenant tenant, Faults faults, Journal journal) throws Exception {
        var client = sdk.client(tenant);
        var fault = faults.add(FaultRule.on("GetSecretValue").secret("d*").error(sdk.throttled).times(1));
        assertCode(sdk, sdk.throttled, () -> client.read("db"));
        assertEquals("hunter2", client.read("db"));
        assertEquals(1, fault.hits());
        assertEquals(2, journal.count("GetSecretValue"));
        assertEquals(1, journal.count(new JournalFilter().parameter("SecretName", "db").code(sdk.throttled)));
    }

    @ParameterizedTest
    @EnumSource
    void secretIsDeletedWhenItsRecoveryWindowIsOver(Sdk sdk, Tenant tenant, Clock clock) throws Exception {
        var client = sdk.client(tenant);
        client.deleteIn7Days("db");
        assertCode(sdk, sdk.pending, () -> client.read("db"));
        clock.freeze();
        var before = clock.now();
        clock.advance(Duration.ofDays(8));
        assertEquals(before.plus(Duration.ofDays(8)), clock.now());
        // Strict mode rejects the time stamp of the client until the clock is set back.
        clock.reset();
        assertCode(sdk, sdk.deleted, () -> client.read("db"));
    }

    private static void assertCode(Sdk sdk, String code, org.junit.jupiter.api.function.Executable call) {
        assertEquals(code, sdk.code(assertThrows(Exception.class, call)));
    }
}
