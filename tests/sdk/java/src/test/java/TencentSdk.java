import static com.tencentcloudapi.common.profile.ClientProfile.SIGN_SHA1;
import static com.tencentcloudapi.common.profile.ClientProfile.SIGN_SHA256;
import static com.tencentcloudapi.common.profile.ClientProfile.SIGN_TC3_256;
import static com.tencentcloudapi.common.profile.HttpProfile.REQ_GET;
import static com.tencentcloudapi.common.profile.HttpProfile.REQ_POST;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.annotations.SerializedName;
import com.tencentcloudapi.common.AbstractClient;
import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.common.CommonClient;
import com.tencentcloudapi.common.CommonRequest;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.common.profile.Language;
import com.tencentcloudapi.ssm.v20190923.SsmClient;
import com.tencentcloudapi.ssm.v20190923.models.ListSecretsRequest;
import com.tencentcloudapi.ssm.v20190923.models.ListSecretsResponse;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Each client of com.tencentcloudapi:tencentcloud-sdk-java with each of its signature methods. */
enum TencentSdk {
    SSM_CLIENT_POSTING_TC3(SIGN_TC3_256, REQ_POST),
    SSM_CLIENT_POSTING_TC3_OVER_AN_UNSIGNED_PAYLOAD(SIGN_TC3_256, REQ_POST) {
        TencentSession session(Credential credential, ClientProfile profile) {
            profile.setUnsignedPayload(true);
            return super.session(credential, profile);
        }
    },
    SSM_CLIENT_GETTING_TC3(SIGN_TC3_256, REQ_GET),
    SSM_CLIENT_POSTING_HMAC_SHA256(SIGN_SHA256, REQ_POST),
    SSM_CLIENT_GETTING_HMAC_SHA256(SIGN_SHA256, REQ_GET),
    SSM_CLIENT_POSTING_HMAC_SHA1(SIGN_SHA1, REQ_POST),
    SSM_CLIENT_GETTING_HMAC_SHA1(SIGN_SHA1, REQ_GET),
    // With other signature methods, the generic client cannot send parameters without a model.
    COMMON_CLIENT_POSTING_TC3(SIGN_TC3_256, REQ_POST) {
        TencentSession session(Credential credential, ClientProfile profile) {
            return new Common(new CommonClient("ssm", "2019-09-23", credential, REGION, profile));
        }
    },
    ANY_CLIENT_CALLING_WITH_TEXT(SIGN_TC3_256, REQ_POST) {
        TencentSession session(Credential credential, ClientProfile profile) {
            return new Text(new SsmClient(credential, REGION, profile));
        }
    };

    private static final String REGION = "ap-guangzhou";

    private final String signMethod;
    private final String httpMethod;

    TencentSdk(String signMethod, String httpMethod) {
        this.signMethod = signMethod;
        this.httpMethod = httpMethod;
    }

    TencentSession session(Credential credential, ClientProfile profile) {
        return new Typed(new SsmClient(credential, REGION, profile));
    }

    TencentSession connect(Emulator server, String id, String key) {
        var http = new HttpProfile();
        http.setProtocol(server.isHttps() ? HttpProfile.REQ_HTTPS : HttpProfile.REQ_HTTP);
        http.setEndpoint(server.address());
        http.setReqMethod(httpMethod);
        var profile = new ClientProfile(signMethod, http);
        profile.setLanguage(Language.EN_US);
        return session(new Credential(id, key), profile);
    }

    private record Typed(SsmClient client) implements TencentSession {
        public ListSecretsResponse listSecrets(ListSecretsRequest request) throws Exception {
            return client.ListSecrets(request);
        }

        public JsonObject call(String action, JsonObject parameters) throws Exception {
            var type = model(action, "Request");
            var request = AbstractModel.fromJsonString(parameters.toString(), type);
            try {
                var reply = SsmClient.class.getMethod(action, type).invoke(client, request);
                return object(AbstractModel.toJsonString((AbstractModel) reply));
            } catch (InvocationTargetException e) {
                throw (Exception) e.getCause();
            }
        }

        public List<String> notOffered(String action, JsonObject parameters) {
            if (Arrays.stream(SsmClient.class.getMethods()).noneMatch(m -> m.getName().equals(action))) {
                return List.of(action);
            }
            return missing(model(action, "Request"), action, parameters);
        }

        public List<String> notShown(String action, JsonElement reply) {
            return missing(model(action, "Response"), action, reply);
        }

        private static Class<?> model(String action, String suffix) {
            try {
                return Class.forName("com.tencentcloudapi.ssm.v20190923.models." + action + suffix);
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            }
        }

        private static List<String> missing(Class<?> model, String path, JsonElement json) {
            var missing = new ArrayList<String>();
            if (json.isJsonArray()) {
                json.getAsJsonArray().forEach(item -> missing.addAll(missing(model.componentType(), path, item)));
            } else if (json.isJsonObject()) {
                for (var member : json.getAsJsonObject().entrySet()) {
                    var inner = path + "." + member.getKey();
                    Arrays.stream(model.getDeclaredFields())
                            .filter(f -> f.getAnnotation(SerializedName.class).value().equals(member.getKey()))
                            .findFirst()
                            .ifPresentOrElse(
                                    field -> missing.addAll(missing(field.getType(), inner, member.getValue())),
                                    () -> missing.add(inner));
                }
            }
            return missing;
        }
    }

    /** A client without models, so it lacks no action and no member. */
    private interface Generic extends TencentSession {
        default List<String> notOffered(String action, JsonObject parameters) {
            return List.of();
        }

        default List<String> notShown(String action, JsonElement reply) {
            return List.of();
        }
    }

    private record Common(CommonClient client) implements Generic {
        /** A client of the service that has an operation. */
        private CommonClient clientOf(String action) {
            if (action.contains("ResourceTag")) {
                return of("tag");
            }
            if (action.startsWith("AssumeRole") || List.of("GetCallerIdentity", "GetFederationToken").contains(action)) {
                return of("sts");
            }
            return client;
        }

        private CommonClient of(String product) {
            var profile = client.getClientProfile();
            return new CommonClient(product, "2018-08-13", client.getCredential(), client.getRegion(), profile);
        }

        public ListSecretsResponse listSecrets(ListSecretsRequest request) throws Exception {
            return client.commonRequest(request, "ListSecrets", ListSecretsResponse.class);
        }

        public JsonObject call(String action, JsonObject parameters) throws Exception {
            var reply = clientOf(action).commonRequest(new CommonRequest(parameters.toString()), action);
            return object(reply).getAsJsonObject("Response");
        }
    }

    private record Text(AbstractClient client) implements Generic {
        public ListSecretsResponse listSecrets(ListSecretsRequest request) throws Exception {
            var reply = call("ListSecrets", object(AbstractModel.toJsonString(request)));
            return AbstractModel.fromJsonString(reply.toString(), ListSecretsResponse.class);
        }

        public JsonObject call(String action, JsonObject parameters) throws Exception {
            return object(client.call(action, parameters.toString())).getAsJsonObject("Response");
        }
    }

    private static JsonObject object(String json) {
        return JsonParser.parseString(json).getAsJsonObject();
    }
}
