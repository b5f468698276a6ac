import com.aliyun.kms20160120.Client;
import com.aliyun.teaopenapi.models.Config;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Connects tests to a running emulator, and creates an account for each test. */
class KmsEmulator implements BeforeEachCallback, AfterEachCallback {
    private static final String URL =
            System.getenv().getOrDefault("KMS_EMULATOR_ENDPOINT", "http://127.0.0.1:8080");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Gson GSON = new Gson();

    /** Actions to undo after the test, the latest first. */
    private final Deque<String> toDelete = new ArrayDeque<>();
    private String accessKeyId;
    private String accessKeySecret;

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        awaitReady();
        var created = control("POST", "tenants", Map.of());
        toDelete.push("tenants/" + created.get("account").getAsString());
        accessKeyId = created.get("access_key_id").getAsString();
        accessKeySecret = created.get("access_key_secret").getAsString();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        while (!toDelete.isEmpty()) {
            control("DELETE", toDelete.pop(), null);
        }
    }

    /** A client with the access key of the test's tenant. */
    Client client() throws Exception {
        return new Client(new Config()
                .setEndpoint(URL.replace("http://", ""))
                .setProtocol("HTTP")
                .setAccessKeyId(accessKeyId)
                .setAccessKeySecret(accessKeySecret));
    }

    /** Throttles the next requests of the tenant for an action; returns the number of the fault rule. */
    long throttle(String action, int times) throws Exception {
        var id = control("POST", "faults", Map.of(
                        "match", Map.of("action", action, "access_key_id", accessKeyId),
                        "error", "Rejected.Throttling",
                        "times", times))
                .get("id").getAsLong();
        toDelete.push("faults/" + id);
        return id;
    }

    /** How often a fault rule has fired. */
    int hits(long fault) throws Exception {
        return control("GET", "faults/" + fault, null).get("hits").getAsInt();
    }

    /** Counts the requests of the tenant for an action in the journal. */
    int requests(String action) throws Exception {
        var path = "journal?limit=0&action=" + action + "&access_key_id=" + accessKeyId;
        return control("GET", path, null).get("count").getAsInt();
    }

    /** Advances the clock, which all tenants share, and resets it after the test. */
    void advanceClock(String by) throws Exception {
        toDelete.push("clock");
        control("POST", "clock/advance", Map.of("by", by));
    }

    /** Waits until the emulator has loaded its fixtures. */
    private static void awaitReady() throws Exception {
        for (var deadline = Instant.now().plusSeconds(30); ; Thread.sleep(100)) {
            try {
                control("GET", "ready", null);
                return;
            } catch (IOException e) { // not listening yet, or status 503
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
            }
        }
    }

    private static JsonObject control(String method, String path, Object body) throws Exception {
        var sent = body == null ? "" : GSON.toJson(body);
        var request = HttpRequest.newBuilder(URI.create(URL + "/_emulator/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(sent))
                .timeout(Duration.ofSeconds(10))
                .build();
        var reply = HTTP.send(request, BodyHandlers.ofString());
        if (reply.statusCode() >= 300) {
            throw new IOException(method + " " + path + ": " + reply.statusCode() + " " + reply.body());
        }
        return GSON.fromJson(reply.body(), JsonObject.class);
    }
}
