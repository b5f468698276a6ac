import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** An account of the server for one test, with the requests to the control API that tests need. */
record Account(String account, String keyId, String secret) implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Gson GSON = new Gson();

    /** The host:port of the server. */
    static String address() {
        var address = System.getenv("KMS_EMULATOR_STRICT");
        assertNotNull(address, "KMS_EMULATOR_STRICT must be the host:port of a server");
        return address;
    }

    static Account create() throws Exception {
        // The time to live deletes the account if the process is killed.
        var created = control("POST", "tenants", Map.of("ttl", "30m"));
        return new Account(
                created.get("account").getAsString(),
                created.get("access_key_id").getAsString(),
                created.get("access_key_secret").getAsString());
    }

    /** The certificate of the server's authority. */
    static String authority() throws IOException, InterruptedException {
        return send("GET", "ca.pem", null);
    }

    /** Executes an operation of Alibaba Cloud KMS in the account, and returns the reply. */
    JsonObject call(String action, Map<String, ?> parameters) throws Exception {
        var body = Map.of("cloud", "alibaba", "action", action, "parameters", parameters, "account", account);
        var reply = control("POST", "call", body).getAsJsonObject("reply");
        assertEquals(200, reply.get("status").getAsInt(), reply.toString());
        return GSON.fromJson(reply.get("body").getAsString(), JsonObject.class);
    }

    /** Loads a fixture file of Alibaba Cloud KMS into the account. */
    void load(Map<String, ?> fixture) throws Exception {
        control("POST", "state?account=" + account, fixture);
    }

    /** Lets the next requests for an operation fail with an error code. */
    void fail(String action, String code, int times) throws Exception {
        var match = Map.of("access_key_id", keyId, "action", action);
        control("POST", "faults", Map.of("match", match, "error", code, "times", times));
    }

    /** The number of requests for an operation. */
    int requests(String action) throws Exception {
        var query = "journal?limit=0&action=" + action + "&access_key_id="
                + URLEncoder.encode(keyId, StandardCharsets.UTF_8);
        return control("GET", query, null).get("count").getAsInt();
    }

    @Override
    public void close() throws Exception {
        control("DELETE", "tenants/" + account, null);
    }

    private static JsonObject control(String method, String path, Object body) throws IOException, InterruptedException {
        return GSON.fromJson(send(method, path, body), JsonObject.class);
    }

    private static String send(String method, String path, Object body) throws IOException, InterruptedException {
        var content = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(GSON.toJson(body));
        var request = HttpRequest.newBuilder(URI.create("http://" + address() + "/_emulator/" + path))
                .timeout(Duration.ofMinutes(1))
                .method(method, content)
                .build();
        var reply = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(2, reply.statusCode() / 100, path + ": " + reply.body());
        return reply.body();
    }
}
