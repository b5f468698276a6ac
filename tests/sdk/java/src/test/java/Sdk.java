import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.aliyun.kms20160120.Client;
import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import com.aliyuncs.AcsRequest;
import com.aliyuncs.AcsResponse;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.auth.SignatureVersion;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.FormatType;
import com.aliyuncs.http.HttpResponse;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import java.util.List;

/** Each SDK under test with each way it can sign, behind one interface so that one set of tests serves all of them. */
enum Sdk {
    KMS20160120_SIGNING_ACS3("IncompleteSignature") {
        Session connect(String host, String id, String secret) throws Exception {
            return new Tea(new Config(), host, id, secret);
        }
    },
    KMS20160120_SIGNING_V1("IncompleteSignature") {
        Session connect(String host, String id, String secret) throws Exception {
            return new Tea(new Config().setSignatureAlgorithm("v2"), host, id, secret);
        }
    },
    KMS20160120_SIGNING_ACS4("IncompleteSignature") {
        Session connect(String host, String id, String secret) throws Exception {
            return new Tea(new Config().setSignatureVersion("v4"), host, id, secret);
        }
    },
    // This SDK compares the server's string to sign with its own: if they are equal, it must be the secret.
    ALIYUN_JAVA_SDK_SIGNING_V1("SDK.InvalidAccessKeySecret") {
        Session connect(String host, String id, String secret) {
            return new Classic(SignatureVersion.V1, FormatType.JSON, host, id, secret);
        }
    },
    ALIYUN_JAVA_SDK_SIGNING_V1_READING_XML("SDK.InvalidAccessKeySecret") {
        Session connect(String host, String id, String secret) {
            return new Classic(SignatureVersion.V1, FormatType.XML, host, id, secret);
        }
    },
    ALIYUN_JAVA_SDK_SIGNING_ACS3("IncompleteSignature") {
        Session connect(String host, String id, String secret) {
            return new Classic(SignatureVersion.V3, FormatType.JSON, host, id, secret);
        }
    };

    /** The code the SDK reports for a wrong secret. */
    final String wrongSecret;

    Sdk(String wrongSecret) {
        this.wrongSecret = wrongSecret;
    }

    abstract Session connect(String host, String id, String secret) throws Exception;

    /** The current generation: kms20160120 on tea-openapi. */
    private static class Tea implements Session {
        private final Client client;

        Tea(Config config, String host, String id, String secret) throws Exception {
            client = new Client(
                    config.setEndpoint(host).setProtocol("HTTP").setAccessKeyId(id).setAccessKeySecret(secret));
        }

        public Page listSecrets(Query query) throws Exception {
            var reply = client.listSecrets(new com.aliyun.kms20160120.models.ListSecretsRequest()
                    .setPageNumber(query.number())
                    .setPageSize(query.size())
                    .setFilters(query.filters())
                    .setFetchTags(query.fetchTags()));
            var body = reply.body;
            assertEquals(body.requestId, reply.headers.get("x-acs-request-id"));
            var secrets = body.secretList.secret.stream()
                    .map(s -> new Secret(s.secretName, s.secretType, s.createTime, s.updateTime, s.plannedDeleteTime,
                            s.tags == null
                                    ? List.of()
                                    : s.tags.tag.stream().map(t -> t.tagKey + "=" + t.tagValue).toList()))
                    .toList();
            return new Page(secrets, body.pageNumber, body.pageSize, body.totalCount, body.requestId);
        }

        public void listKeys() throws Exception {
            client.listKeys(new com.aliyun.kms20160120.models.ListKeysRequest());
        }

        public Refusal refusal(Exception exception) {
            var e = assertInstanceOf(TeaException.class, exception);
            var requestId = String.valueOf(e.getData().get("RequestId"));
            // The SDK puts the status before and the request id behind the server's message.
            var message = e.getMessage()
                    .replaceFirst("^code: " + e.getStatusCode() + ", ", "")
                    .replaceFirst(" request id: " + requestId + "$", "");
            return new Refusal(e.getStatusCode(), e.getCode(), message, requestId);
        }
    }

    /** The generation before: aliyun-java-sdk-kms on aliyun-java-sdk-core. */
    static class Classic extends DefaultAcsClient implements Session {
        private final String host;
        private final FormatType format;
        private int status; // of the last reply: the SDK's exceptions do not tell

        Classic(SignatureVersion signing, FormatType format, String host, String id, String secret) {
            super(DefaultProfile.getProfile("cn-hangzhou", id, secret));
            setSignatureVersion(signing);
            this.host = host;
            this.format = format;
        }

        @Override
        public <T extends AcsResponse> HttpResponse doAction(AcsRequest<T> request) throws ClientException {
            request.setSysEndpoint(host);
            request.setSysProtocol(ProtocolType.HTTP);
            request.setSysAcceptFormat(format);
            var reply = super.doAction(request);
            status = reply.getStatus();
            assertEquals(format, reply.getHttpContentType());
            return reply;
        }

        public Page listSecrets(Query query) throws Exception {
            var request = new com.aliyuncs.kms.model.v20160120.ListSecretsRequest();
            request.setPageNumber(query.number());
            request.setPageSize(query.size());
            request.setFilters(query.filters());
            request.setFetchTags(query.fetchTags());
            var reply = getAcsResponse(request);
            var secrets = reply.getSecretList().stream()
                    .map(s -> new Secret(s.getSecretName(), s.getSecretType(), s.getCreateTime(), s.getUpdateTime(),
                            s.getPlannedDeleteTime(),
                            s.getTags().stream().map(t -> t.getTagKey() + "=" + t.getTagValue()).toList()))
                    .toList();
            return new Page(
                    secrets, reply.getPageNumber(), reply.getPageSize(), reply.getTotalCount(), reply.getRequestId());
        }

        public void listKeys() throws Exception {
            getAcsResponse(new com.aliyuncs.kms.model.v20160120.ListKeysRequest());
        }

        public Refusal refusal(Exception exception) {
            assertEquals(ClientException.class, exception.getClass()); // ServerException is for 5xx
            var e = (ClientException) exception;
            return new Refusal(status, e.getErrCode(), e.getErrMsg(), e.getRequestId());
        }
    }
}
