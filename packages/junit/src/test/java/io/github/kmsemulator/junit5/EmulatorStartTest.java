package io.github.kmsemulator.junit5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmulatorStartTest {
    private static String failure(Map<String, String> environment) {
        return assertThrows(KmsEmulatorException.class, () -> Emulator.builder(environment).start()).getMessage();
    }

    static boolean accepts(String endpoint) {
        var uri = URI.create("http://" + endpoint);
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void errorWithoutABinaryNamesTheWaysToGetOne(@TempDir Path empty) {
        var message = failure(Map.of("PATH", empty.toString()));
        for (var way : List.of("binary", "KMS_EMULATOR_BIN", "PATH", "KMS_EMULATOR_ENDPOINT")) {
            assertTrue(message.contains(way), message);
        }
    }

    @Test
    void errorForAWrongPathNamesItsSource() {
        var message = failure(Map.of("KMS_EMULATOR_BIN", "/nonexistent/kms-emulator"));
        assertTrue(message.contains("/nonexistent/kms-emulator") && message.contains("KMS_EMULATOR_BIN"), message);
        var builder = Emulator.builder(Map.of()).binary(Path.of("/nonexistent/kms-emulator"));
        message = assertThrows(KmsEmulatorException.class, builder::start).getMessage();
        assertTrue(message.contains("binary"), message);
    }

    @Test
    void binaryIsFoundInPath(@TempDir Path directory) throws IOException {
        Files.createSymbolicLink(directory.resolve("kms-emulator"), Path.of(System.getenv("KMS_EMULATOR_BIN")));
        try (var emulator = Emulator.builder(Map.of("PATH", "/nonexistent:" + directory)).start()) {
            assertTrue(accepts(emulator.endpoint()));
        }
    }

    @Test
    void errorOfTheServerIsReported() {
        var builder = Emulator.builder().fixtures(List.of(Path.of("no-such-file.json")));
        var message = assertThrows(KmsEmulatorException.class, builder::start).getMessage();
        assertTrue(message.contains("exited with 2") && message.contains("no-such-file.json"), message);
    }

    @Test
    void settingsOfOtherServersDoNotApply() {
        var environment = new HashMap<>(System.getenv());
        environment.put("KMS_EMULATOR_PORT", "1");
        environment.put("KMS_EMULATOR_DATABASE", "/nonexistent/directory/kms.db");
        Emulator.builder(environment).start().close();
    }

    @Test
    void runningServerIsUsedWithItsTokenAndNotStopped() {
        try (var running = Emulator.builder().controlToken("secret-token").start()) {
            var environment = new HashMap<>(Map.of("KMS_EMULATOR_ENDPOINT", running.endpoint()));
            try (var emulator = Emulator.builder(environment).start()) {
                var message = assertThrows(KmsEmulatorException.class, emulator::createTenant).getMessage();
                assertTrue(message.contains("Unauthorized"), message);
            }
            environment.put("KMS_EMULATOR_CONTROL_TOKEN", "secret-token");
            try (var emulator = Emulator.builder(environment).start()) {
                assertEquals(running.uri(), emulator.uri());
                emulator.createTenant().close();
            }
            assertTrue(accepts(running.endpoint()));
            var builder = Emulator.builder(environment).args("--auth", "strict");
            assertThrows(KmsEmulatorException.class, builder::start);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://127.0.0.1:1", "http://", "http://127.0.0.1:1/path", "http://a b"})
    void endpointMustBeAnAddress(String endpoint) {
        var message = failure(Map.of("KMS_EMULATOR_ENDPOINT", endpoint));
        assertTrue(message.contains("endpoint"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0", "PT0.000000001S, 1ms", "PT0.2S, 200ms", "PT90S, 1m 30s", "P8D, 8d", "P1DT2H3M4.005S, 1d 2h 3m 4s 5ms"
    })
    void durationsAreWrittenInPartsOfAtMostFourDigits(Duration duration, String expected) {
        assertEquals(expected, ControlApi.format(duration));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "P10000D"})
    void durationOutOfBoundsIsAnError(Duration duration) {
        assertThrows(IllegalArgumentException.class, () -> ControlApi.format(duration));
    }

    /** Starts a server and waits until it is killed. */
    static final class Child {
        public static void main(String[] arguments) throws Exception {
            var emulator = Emulator.builder().start();
            System.out.println(emulator.endpoint());
            Thread.sleep(Duration.ofHours(1).toMillis());
        }
    }

    @Test
    void serverStopsWhenTheJvmIsKilled() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var child = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Child.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String endpoint;
        try (var output = new BufferedReader(new InputStreamReader(child.getInputStream()))) {
            var first = CompletableFuture.supplyAsync(() -> output.lines().findFirst().orElse("nothing"));
            endpoint = first.get(1, TimeUnit.MINUTES);
            assertTrue(accepts(endpoint), endpoint);
        } finally {
            assertTrue(child.destroyForcibly().waitFor(1, TimeUnit.MINUTES));
        }
        for (var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos(); accepts(endpoint); Thread.sleep(20)) {
            assertFalse(System.nanoTime() > deadline, endpoint + " still accepts connections");
        }
    }
}
