import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** The servers under test and their secrets. Expected values are written by hand, not copied from replies. */
enum Emulator {
    LENIENT("KMS_EMULATOR", "http"),
    STRICT("KMS_EMULATOR_STRICT", "http"),
    STRICT_OVER_HTTPS("KMS_EMULATOR_STRICT", "https"),
    /** Each server has its own certificate authority, and clients trust only that of the strict server. */
    UNTRUSTED("KMS_EMULATOR", "https");

    /** All servers that clients can connect to. */
    static final List<Emulator> ALL = List.of(LENIENT, STRICT, STRICT_OVER_HTTPS);

    // Java reads its trust store once, before the first connection over https. Every test loads this class before that.
    static {
        try {
            STRICT.trust();
        } catch (Exception e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String variable;
    private final String scheme;

    Emulator(String variable, String scheme) {
        this.variable = variable;
        this.scheme = scheme;
    }

    String address() {
        assertNotNull(System.getenv(variable), variable + " must be the address of a running emulator");
        return System.getenv(variable);
    }

    boolean isHttps() {
        return scheme.equals("https");
    }

    /** Calls the control API over plain HTTP, and returns the reply. */
    String control(String method, String path, String body) throws IOException {
        var url = URI.create("http://" + address() + "/_emulator/" + path).toURL();
        var connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout(60_000);
        connection.setReadTimeout(60_000);
        if (body != null) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        try (var reply = connection.getInputStream()) { // throws an exception for the status of an error
            return new String(reply.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Configures this JVM to trust only the server's authority. */
    private void trust() throws Exception {
        var directory = Files.createTempDirectory("authority");
        var authority = directory.resolve("ca.pem");
        var store = directory.resolve("ca.p12");
        Files.writeString(authority, control("GET", "ca.pem", null));
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-importcert", "-noprompt", "-alias", "kms-emulator", "-file", authority.toString(),
                        "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", "changeit")
                .redirectErrorStream(true)
                .start();
        var output = new String(keytool.getInputStream().readAllBytes());
        assertEquals(0, keytool.waitFor(), output);
        System.setProperty("javax.net.ssl.trustStore", store.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
        for (var file : List.of(directory, authority, store)) {
            file.toFile().deleteOnExit(); // files are deleted in reverse order
        }
    }

    /** The listed secrets of fixtures/seed.json, ordered by creation time, then by name. */
    static final List<Session.Secret> SEED = List.of(
            new Session.Secret("shop/db/password", "Generic", "2024-03-04T08:15:30Z", "2025-09-01T02:00:11Z", null,
                    List.of("env=prod", "team=shop")),
            new Session.Secret("shop/db/readonly", "Generic", "2024-03-04T08:16:02Z", "2024-03-04T08:16:02Z", null,
                    List.of("env=staging", "team=shop")),
            new Session.Secret("payment.api-cert", "Generic", "2024-05-20T11:00:00Z", "2024-05-20T11:00:00Z", null,
                    List.of()),
            new Session.Secret("payment.api-key", "Generic", "2024-05-20T11:00:00Z", "2024-05-20T11:00:00Z", null,
                    List.of("env=prod")),
            new Session.Secret("orders/rds", "Rds", "2024-11-11T00:30:00Z", "2025-11-11T00:30:00Z", null,
                    List.of("env=prod", "team=orders")),
            new Session.Secret("acs/ram/user/deployer", "RAMCredentials", "2025-01-15T06:45:59Z", "2025-06-15T06:45:59Z", null,
                    List.of()),
            new Session.Secret("acs/ecs/bastion", "ECS", "2025-02-01T23:59:59Z", "2025-02-01T23:59:59Z", null,
                    List.of("env=staging")),
            new Session.Secret("legacy-token", "Generic", "2025-07-07T07:07:07Z", "2025-08-08T08:08:08Z", "2099-08-08T08:08:08Z",
                    List.of()));

    static final List<String> NAMES = SEED.stream().map(Session.Secret::name).toList();

    /** Requires the SDK's own exception. A null message matches any message. */
    static void assertRefused(Session session, int status, String code, String message, Executable call) {
        var refusal = session.refusal(assertThrows(Exception.class, call));
        assertEquals(status, refusal.status());
        assertEquals(code, refusal.code());
        if (message != null) {
            assertEquals(message, refusal.message());
        }
        assertRequestId(refusal.requestId());
    }

    static void assertRequestId(String id) {
        assertTrue(id.matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"), id);
    }
}
