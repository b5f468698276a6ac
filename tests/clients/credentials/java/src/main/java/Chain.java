import com.aliyun.credentials.models.CredentialModel;
import com.aliyun.kms20160120.Client;
import com.aliyun.kms20160120.models.ListSecretsRequest;
import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Lists secrets with the default credential chain, before and after its key expires by the emulator's clock. */
class Chain {
    static final String ENDPOINT = "kms.cn-hangzhou.aliyuncs.com";
    static final long LIFETIME = Long.parseLong(System.getenv("LIFETIME"));

    static void control(String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(System.getenv("CONTROL") + "/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
        var reply = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        check(reply.statusCode() == 200, reply.body());
    }

    static void check(boolean condition, String text) {
        if (!condition) throw new AssertionError(text);
    }

    static void list(Client client) throws Exception {
        var reply = client.listSecrets(new ListSecretsRequest().setPageSize(1));
        check(reply.body.totalCount == 8, "listed " + reply.body.totalCount);
    }

    static Client client(Config config) throws Exception {
        return new Client(config.setEndpoint(ENDPOINT));
    }

    static String idOf(CredentialModel key) {
        return key.getAccessKeyId();
    }

    public static void main(String[] args) throws Exception {
        // A key is used until shortly before it expires.
        var credential = new com.aliyun.credentials.Client();
        var fresh = client(new Config().setCredential(credential));
        var first = idOf(credential.getCredential());
        check(first.startsWith("STS."), first);
        list(fresh);
        check(idOf(credential.getCredential()).equals(first), "another key is used");

        // With the emulator's clock behind, a new key expires within the time in which SDKs refresh.
        var start = Instant.now().plusSeconds(100 - LIFETIME).truncatedTo(ChronoUnit.SECONDS);
        control("PUT", "clock", "{\"now\":\"" + start + "\"}");
        credential = new com.aliyun.credentials.Client();
        var refreshing = client(new Config().setCredential(credential));
        var old = credential.getCredential();
        list(refreshing);
        var withOldKey = client(new Config().setAccessKeyId(old.getAccessKeyId())
                .setAccessKeySecret(old.getAccessKeySecret()).setSecurityToken(old.getSecurityToken()));
        list(withOldKey);

        control("POST", "clock/advance", "{\"by\":\"" + LIFETIME + "s\"}");
        try {
            list(withOldKey);
            throw new AssertionError("the old key is still valid");
        } catch (TeaException error) {
            check(error.getCode().equals("InvalidAccessKeyId.NotFound"), error.getCode());
        }
        list(refreshing);
        check(!idOf(credential.getCredential()).equals(idOf(old)), "the key was not refreshed");
        System.out.println("ok");
        // A provider may have a thread that refreshes keys.
        System.exit(0);
    }
}
