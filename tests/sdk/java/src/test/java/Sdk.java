import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.aliyun.kms20160120.Client;
import com.aliyun.tea.NameInMap;
import com.aliyun.tea.TeaException;
import com.aliyun.tea.TeaModel;
import com.aliyun.teaopenapi.models.Config;
import com.aliyuncs.AcsRequest;
import com.aliyuncs.AcsResponse;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.auth.AlibabaCloudCredentials;
import com.aliyuncs.auth.BasicCredentials;
import com.aliyuncs.auth.SignatureVersion;
import com.aliyuncs.auth.signers.SignatureAlgorithm;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.FormatType;
import com.aliyuncs.http.HttpResponse;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import com.google.gson.Gson;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Each SDK with each of its signature versions, with the same interface, so that all of them run the same tests. */
enum Sdk {
    KMS20160120_SIGNING_ACS3("IncompleteSignature") {
        Session connect(Emulator server, String id, String secret) throws Exception {
            return new Tea(new Config(), server, id, secret);
        }
    },
    KMS20160120_SIGNING_ACS3_WITH_SM3("IncompleteSignature") {
        Session connect(Emulator server, String id, String secret) throws Exception {
            return new Tea(new Config().setSignatureAlgorithm("ACS3-HMAC-SM3"), server, id, secret);
        }
    },
    KMS20160120_SIGNING_V1("IncompleteSignature") {
        Session connect(Emulator server, String id, String secret) throws Exception {
            return new Tea(new Config().setSignatureAlgorithm("v2"), server, id, secret);
        }
    },
    KMS20160120_SIGNING_ACS4("IncompleteSignature") {
        Session connect(Emulator server, String id, String secret) throws Exception {
            return new Tea(new Config().setSignatureVersion("v4"), server, id, secret);
        }
    },
    KMS20160120_SIGNING_ACS4_WITH_SM3("IncompleteSignature") {
        Session connect(Emulator server, String id, String secret) throws Exception {
            var config = new Config().setSignatureVersion("v4").setSignatureAlgorithm("ACS4-HMAC-SM3");
            return new Tea(config, server, id, secret);
        }
    },
    // This SDK compares the string to sign in the error with its own. If they are equal, the secret is wrong.
    ALIYUN_JAVA_SDK_SIGNING_V1("SDK.InvalidAccessKeySecret") {
        Session connect(Emulator server, String id, String secret) {
            return new Classic(SignatureVersion.V1, FormatType.JSON, server, id, secret);
        }
    },
    ALIYUN_JAVA_SDK_SIGNING_V1_READING_XML("SDK.InvalidAccessKeySecret") {
        Session connect(Emulator server, String id, String secret) {
            return new Classic(SignatureVersion.V1, FormatType.XML, server, id, secret);
        }
    },
    ALIYUN_JAVA_SDK_SIGNING_ACS3("IncompleteSignature") {
        Session connect(Emulator server, String id, String secret) {
            return new Classic(SignatureVersion.V3, FormatType.JSON, server, id, secret);
        }
    },
    ALIYUN_JAVA_SDK_SIGNING_ACS3_WITH_SM3("IncompleteSignature") {
        Session connect(Emulator server, String id, String secret) {
            var session = new Classic(SignatureVersion.V3, FormatType.JSON, server, id, secret);
            session.setSignatureAlgorithm(SignatureAlgorithm.ACS3_HMAC_SM3);
            return session;
        }
    };

    /** The error code that the SDK reports for a wrong secret. */
    final String wrongSecret;

    Sdk(String wrongSecret) {
        this.wrongSecret = wrongSecret;
    }

    abstract Session connect(Emulator server, String id, String secret) throws Exception;

    /** The current generation: kms20160120 on tea-openapi. */
    static class Tea implements Session {
        private final Client client;

        Tea(Config config, Emulator server, String id, String secret) throws Exception {
            client = new Client(config.setEndpoint(server.address())
                    .setProtocol(server.isHttps() ? "HTTPS" : "HTTP")
                    .setAccessKeyId(id)
                    .setAccessKeySecret(secret));
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

        public void listPolicies() throws Exception {
            client.listPolicies(new com.aliyun.kms20160120.models.ListPoliciesRequest());
        }

        public Map<String, ?> call(String action, Map<String, ?> parameters) throws Exception {
            var name = Character.toLowerCase(action.charAt(0)) + action.substring(1);
            var found = Arrays.stream(Client.class.getMethods()).filter(m -> m.getName().equals(name)).findFirst();
            if (found.isEmpty()) {
                return null;
            }
            var arguments = new ArrayList<Object>();
            for (var type : found.get().getParameterTypes()) {
                var members = Arrays.stream(type.getFields()).map(f -> f.getAnnotation(NameInMap.class).value()).toList();
                if (!members.containsAll(parameters.keySet())) {
                    return null;
                }
                arguments.add(TeaModel.build(parameters, (TeaModel) type.getConstructor().newInstance()));
            }
            try {
                var reply = found.get().invoke(client, arguments.toArray());
                return ((TeaModel) reply.getClass().getField("body").get(reply)).toMap();
            } catch (InvocationTargetException e) {
                throw (Exception) e.getCause();
            }
        }

        public Refusal refusal(Exception exception) {
            var e = assertInstanceOf(TeaException.class, exception);
            var requestId = String.valueOf(e.getData().get("RequestId"));
            // The SDK adds the status before the server's message and the request id after it.
            var message = e.getMessage()
                    .replaceFirst("^code: " + e.getStatusCode() + ", ", "")
                    .replaceFirst(" request id: " + requestId + "$", "");
            return new Refusal(e.getStatusCode(), e.getCode(), message, requestId);
        }
    }

    /** The previous generation: aliyun-java-sdk-kms on aliyun-java-sdk-core. */
    static class Classic extends DefaultAcsClient implements Session {
        private final Emulator server;
        private final FormatType format;
        private int status; // of the last reply, because the SDK's exceptions do not have it
        private String content;

        Classic(SignatureVersion signing, FormatType format, Emulator server, String id, String secret) {
            this(signing, format, server, new BasicCredentials(id, secret));
        }

        Classic(SignatureVersion signing, FormatType format, Emulator server, AlibabaCloudCredentials credentials) {
            super(DefaultProfile.getProfile("cn-hangzhou"), credentials);
            setSignatureVersion(signing);
            this.server = server;
            this.format = format;
        }

        @Override
        public <T extends AcsResponse> HttpResponse doAction(AcsRequest<T> request) throws ClientException {
            request.setSysEndpoint(server.address());
            request.setSysProtocol(server.isHttps() ? ProtocolType.HTTPS : ProtocolType.HTTP);
            request.setSysAcceptFormat(format);
            var reply = super.doAction(request);
            status = reply.getStatus();
            content = reply.getHttpContentString();
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

        public void listPolicies() throws Exception {
            getAcsResponse(new com.aliyuncs.kms.model.v20160120.ListPoliciesRequest());
        }

        public Map<String, ?> call(String action, Map<String, ?> parameters) throws Exception {
            AcsRequest<?> request;
            try {
                var type = Class.forName("com.aliyuncs.kms.model.v20160120." + action + "Request");
                request = (AcsRequest<?>) type.getConstructor().newInstance();
            } catch (ClassNotFoundException e) {
                return null;
            }
            for (var parameter : parameters.entrySet()) {
                if (!parameter.getKey().equals("RegionId")) { // the client adds it if it is needed
                    set(request, parameter.getKey(), parameter.getValue());
                }
            }
            getAcsResponse(request); // also checks that the SDK can decode the reply
            return format == FormatType.XML ? Xml.read(content) : new Gson().fromJson(content, Map.class);
        }

        private static void set(Object object, String name, Object value) throws Exception {
            var setter = "set" + name + (value instanceof List ? "s" : "");
            var method = Arrays.stream(object.getClass().getMethods())
                    .filter(m -> m.getName().equals(setter))
                    .findFirst()
                    .orElseThrow();
            var type = method.getGenericParameterTypes()[0];
            Object argument = value instanceof Map ? new Gson().toJson(value) : String.valueOf(value);
            if (type == Integer.class) {
                argument = Integer.valueOf((String) argument);
            } else if (type == Long.class) {
                argument = Long.valueOf((String) argument);
            } else if (type == Boolean.class) {
                argument = Boolean.valueOf((String) argument);
            } else if (value instanceof List<?> list) {
                var item = (Class<?>) ((ParameterizedType) type).getActualTypeArguments()[0];
                var items = new ArrayList<Object>();
                for (var each : list) {
                    if (each instanceof Map<?, ?> members) {
                        var inner = item.getConstructor().newInstance();
                        for (var member : members.entrySet()) {
                            set(inner, (String) member.getKey(), member.getValue());
                        }
                        items.add(inner);
                    } else {
                        items.add(each);
                    }
                }
                argument = items;
            }
            method.invoke(object, argument);
        }

        public Refusal refusal(Exception exception) {
            assertEquals(ClientException.class, exception.getClass()); // ServerException is for 5xx
            var e = (ClientException) exception;
            return new Refusal(status, e.getErrCode(), e.getErrMsg(), e.getRequestId());
        }
    }
}
