import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.aliyun.auth.credentials.Credential;
import com.aliyun.auth.credentials.provider.StaticCredentialProvider;
import com.aliyun.core.http.ProxyOptions;
import com.aliyun.httpcomponent.httpclient.ApacheAsyncHttpClientBuilder;
import com.aliyun.sdk.gateway.pop.exception.PopClientException;
import com.aliyun.sdk.service.kms20160120.AsyncClient;
import com.aliyun.sdk.service.kms20160120.models.CreateSecretRequest;
import com.aliyun.sdk.service.kms20160120.models.DeleteSecretRequest;
import com.aliyun.sdk.service.kms20160120.models.DescribeSecretRequest;
import com.aliyun.sdk.service.kms20160120.models.GetSecretValueRequest;
import com.aliyun.sdk.service.kms20160120.models.ListSecretVersionIdsRequest;
import com.aliyun.sdk.service.kms20160120.models.ListSecretsRequest;
import com.aliyun.sdk.service.kms20160120.models.ListSecretsResponseBody;
import com.aliyun.sdk.service.kms20160120.models.PutSecretValueRequest;
import com.aliyun.sdk.service.kms20160120.models.RestoreSecretRequest;
import com.aliyun.sdk.service.kms20160120.models.UpdateSecretRequest;
import com.aliyun.sdk.service.kms20160120.models.UpdateSecretVersionStageRequest;
import darabonba.core.client.ClientOverrideConfiguration;
import darabonba.core.policy.retry.RetryPolicy;
import darabonba.core.policy.retry.backoff.FixedDelayBackoffStrategy;
import darabonba.core.policy.retry.conditions.StatusCodeCondition;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** alibabacloud-kms20160120, the asynchronous generation of the SDK. */
class AsyncClientTest {
    private static final String NAME = "app/password";

    /** How a client reaches the server. Its authority is in the trust store of the JVM. */
    enum Way {
        HTTP,
        HTTPS,
        /** With the host of the cloud, and the server as its proxy. */
        PROXY;

        AsyncClient client(String keyId, String secret) {
            var credential = Credential.builder().accessKeyId(keyId).accessKeySecret(secret).build();
            var builder = AsyncClient.builder()
                    .region("cn-hangzhou")
                    .credentialsProvider(StaticCredentialProvider.create(credential));
            var address = Account.address();
            // By default, replies with the code Rejected.Throttling are not repeated.
            var retries = RetryPolicy.builder()
                    .numRetries(3) // with the first try
                    .retryCondition(StatusCodeCondition.create(429))
                    .backoffStrategy(FixedDelayBackoffStrategy.create(Duration.ofMillis(1)))
                    .build();
            var configuration = ClientOverrideConfiguration.create().setRetryPolicy(retries);
            if (this == PROXY) {
                var proxy = URI.create("http://" + address);
                var options = new ProxyOptions(
                        ProxyOptions.Type.HTTP, new InetSocketAddress(proxy.getHost(), proxy.getPort()));
                builder.httpClient(new ApacheAsyncHttpClientBuilder().proxy(options).build());
                configuration.setEndpointOverride("kms.cn-hangzhou.aliyuncs.com");
            } else {
                configuration.setProtocol(name()).setEndpointOverride(address);
            }
            return builder.overrideConfiguration(configuration).build();
        }
    }

    private Account account;

    @BeforeEach
    void createAccount() throws Exception {
        account = Account.create();
    }

    @AfterEach
    void deleteAccount() throws Exception {
        account.close();
    }

    private AsyncClient client(Way way) {
        return way.client(account.keyId(), account.secret());
    }

    private static void create(AsyncClient client, String name) throws Exception {
        var request = CreateSecretRequest.builder()
                .secretName(name)
                .versionId("v1")
                .secretData("first")
                .tags("[{\"TagKey\":\"team\",\"TagValue\":\"shop\"}]")
                .build();
        assertEquals(name, client.createSecret(request).get().getBody().getSecretName());
    }

    private static GetSecretValueRequest read(String name) {
        return GetSecretValueRequest.builder().secretName(name).build();
    }

    private static void assertRefused(String code, CompletableFuture<?> reply) {
        var error = assertThrows(ExecutionException.class, reply::get);
        var cause = assertInstanceOf(PopClientException.class, error.getCause());
        assertEquals(code, cause.getErrCode());
        assertNotNull(cause.getRequestId());
    }

    @ParameterizedTest
    @EnumSource
    void versionsAreStoredReadAndMoved(Way way) throws Exception {
        try (var client = client(way)) {
            create(client, NAME);
            var put = PutSecretValueRequest.builder().secretName(NAME).versionId("v2").secretData("p@ss w+rd/~*é'()!");
            assertEquals(
                    List.of("ACSCurrent"),
                    client.putSecretValue(put.build()).get().getBody().getVersionStages().getVersionStage());
            var current = client.getSecretValue(read(NAME)).get().getBody();
            assertEquals("p@ss w+rd/~*é'()!", current.getSecretData());
            assertEquals("v2", current.getVersionId());
            assertEquals("text", current.getSecretDataType());
            var first = GetSecretValueRequest.builder().secretName(NAME).versionId("v1").build();
            assertEquals("first", client.getSecretValue(first).get().getBody().getSecretData());

            client.updateSecretVersionStage(UpdateSecretVersionStageRequest.builder()
                            .secretName(NAME)
                            .versionStage("ACSCurrent")
                            .moveToVersion("v1")
                            .removeFromVersion("v2")
                            .build())
                    .get();
            var list = ListSecretVersionIdsRequest.builder().secretName(NAME).build();
            var stages = new TreeMap<String, List<String>>();
            for (var version : client.listSecretVersionIds(list).get().getBody().getVersionIds().getVersionId()) {
                stages.put(version.getVersionId(), version.getVersionStages().getVersionStage());
            }
            assertEquals("{v1=[ACSCurrent], v2=[ACSPrevious]}", stages.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void secretsAreListedInPages(Way way) throws Exception {
        try (var client = client(way)) {
            var names = List.of("app/1", "app/2", "app/3");
            for (var name : names) {
                create(client, name);
            }
            var pages = new ArrayList<List<String>>();
            for (int number = 1; number <= 3; number++) {
                var request = ListSecretsRequest.builder().pageNumber(number).pageSize(2).fetchTags("true").build();
                var page = client.listSecrets(request).get().getBody();
                assertEquals(3, page.getTotalCount());
                var secrets = page.getSecretList().getSecret();
                for (var secret : secrets) {
                    assertEquals("team", secret.getTags().getTag().get(0).getTagKey());
                }
                pages.add(secrets.stream().map(ListSecretsResponseBody.Secret::getSecretName).toList());
            }
            assertEquals(List.of(names.subList(0, 2), names.subList(2, 3), List.of()), pages);
        }
    }

    @ParameterizedTest
    @EnumSource
    void secretIsUpdatedDeletedAndRestored(Way way) throws Exception {
        try (var client = client(way)) {
            create(client, NAME);
            client.updateSecret(UpdateSecretRequest.builder().secretName(NAME).description("of the shop").build())
                    .get();
            var delete = DeleteSecretRequest.builder().secretName(NAME).recoveryWindowInDays("7").build();
            assertNotNull(client.deleteSecret(delete).get().getBody().getPlannedDeleteTime());
            assertRefused("Rejected.ResourceInDeleteWindow", client.getSecretValue(read(NAME)));

            var describe = DescribeSecretRequest.builder().secretName(NAME).build();
            var described = client.describeSecret(describe).get().getBody();
            assertEquals("of the shop", described.getDescription());
            assertNotNull(described.getPlannedDeleteTime());
            client.restoreSecret(RestoreSecretRequest.builder().secretName(NAME).build()).get();
            assertEquals("first", client.getSecretValue(read(NAME)).get().getBody().getSecretData());
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsRunAtTheSameTime(Way way) throws Exception {
        try (var client = client(way)) {
            create(client, NAME);
            var replies = Stream.generate(() -> client.getSecretValue(read(NAME))).limit(20).toList();
            for (var reply : replies) {
                assertEquals("first", reply.get().getBody().getSecretData());
            }
        }
        assertEquals(20, account.requests("GetSecretValue"));
    }

    @ParameterizedTest
    @EnumSource
    void errorsHaveTheCodeOfTheService(Way way) throws Exception {
        try (var client = client(way);
                var withWrongKey = way.client(account.keyId(), "wrong");
                var withUnknownKey = way.client("LTAIunknown", "wrong")) {
            assertRefused("Forbidden.ResourceNotFound", client.getSecretValue(read("absent")));
            assertRefused("IncompleteSignature", withWrongKey.getSecretValue(read(NAME)));
            assertRefused("InvalidAccessKeyId.NotFound", withUnknownKey.getSecretValue(read(NAME)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void throttledRequestIsRepeated(Way way) throws Exception {
        try (var client = client(way)) {
            create(client, NAME);
            account.fail("GetSecretValue", "Rejected.Throttling", 2);
            assertEquals("first", client.getSecretValue(read(NAME)).get().getBody().getSecretData());
        }
        assertEquals(3, account.requests("GetSecretValue"));
    }
}
