package io.github.kmsemulator.junit5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.aliyun.kms20160120.Client;
import com.aliyun.kms20160120.models.GetSecretValueRequest;
import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

@KmsEmulator
class KmsEmulatorExtensionTest {
    static HttpResponse<String> send(URI uri) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    static String read(Tenant tenant, String name) throws Exception {
        var config = new Config()
                .setEndpoint(tenant.endpoint())
                .setProtocol("HTTP")
                .setAccessKeyId(tenant.accessKeyId())
                .setAccessKeySecret(tenant.accessKeySecret());
        return new Client(config).getSecretValue(new GetSecretValueRequest().setSecretName(name)).body.secretData;
    }

    static void assertCode(String code, Executable call) {
        assertEquals(code, assertThrows(TeaException.class, call).getCode());
    }

    private Tenant ofBeforeEach;

    @BeforeEach
    void remember(Tenant tenant) {
        ofBeforeEach = tenant;
    }

    @Test
    void parametersOfATestAreOfOneTenant(Emulator emulator, Tenant tenant, Faults faults, Clock clock, Journal journal) {
        assertSame(ofBeforeEach, tenant);
        assertSame(tenant.faults(), faults);
        assertSame(tenant.clock(), clock);
        assertSame(tenant.journal(), journal);
        assertEquals(emulator.endpoint(), tenant.endpoint());
        assertEquals(URI.create("http://" + tenant.endpoint()), tenant.uri());
        assertTrue(emulator.caCertificate().startsWith("-----BEGIN CERTIFICATE-----"));
    }

    /** Four repetitions wait for each other, each with another value of the same secret. */
    static final CyclicBarrier BARRIER = new CyclicBarrier(4);

    static final Set<String> ACCOUNTS = ConcurrentHashMap.newKeySet();

    @RepeatedTest(4)
    void testsInParallelHaveTenantsOfTheirOwn(Tenant tenant, Clock clock) throws Exception {
        assertTrue(ACCOUNTS.add(tenant.account()));
        tenant.secrets(Map.of("db", tenant.account()));
        clock.set(Instant.parse("2030-01-01T00:00:00Z"));
        clock.advance(Duration.ofDays(ACCOUNTS.size() * 100L));
        clock.freeze();
        var before = clock.now();
        BARRIER.await(60, TimeUnit.SECONDS);
        assertEquals(tenant.account(), read(tenant, "db"));
        assertEquals(before, clock.now());
        clock.resume();
    }

    @Test
    void secretsAreForBothCloudsOrTheOneInTheirName(Tenant tenant) throws Exception {
        tenant.secrets(Map.of("both", "1", "alibaba:app/a", "2", "tencent:t", "3"));
        tenant.secrets(Map.of());
        var state = send(tenant.uri().resolve("/_emulator/state?account=" + tenant.account()));
        var names = new java.util.TreeSet<String>();
        for (var fixture : new JSONArray(state.body())) {
            var scope = (JSONObject) fixture;
            var alibaba = scope.has("SecretList");
            var secrets = alibaba
                    ? scope.getJSONObject("SecretList").getJSONArray("Secret")
                    : scope.getJSONArray("SecretMetadatas");
            secrets.forEach(secret ->
                    names.add((alibaba ? "alibaba:" : "tencent:") + ((JSONObject) secret).getString("SecretName")));
        }
        assertEquals(Set.of("alibaba:app/a", "alibaba:both", "tencent:both", "tencent:t"), names);
    }

    @Test
    void faultAndJournalAreOfTheTenant(Emulator emulator, Tenant tenant, Faults faults, Journal journal, Clock clock)
            throws Exception {
        var moved = Instant.parse("2100-01-01T00:00:00Z");
        clock.set(moved);
        var rule = FaultRule.on("GetSecretValue").cloud("alibaba").error("Any.Code").status(503).message("m").times(1);
        var fault = faults.add(rule);
        try (var other = emulator.createTenant()) {
            other.secrets(Map.of("db", "hunter2"));
            assertEquals("hunter2", read(other, "db"));
        }
        assertEquals(0, fault.seen());
        assertCode("Any.Code", () -> read(tenant, "db"));
        assertCode("Forbidden.ResourceNotFound", () -> read(tenant, "db"));
        assertEquals(1, fault.hits());
        var requests = journal.requests();
        assertEquals(2, requests.size());
        var first = requests.get(0);
        assertEquals("GetSecretValue", first.action());
        assertEquals("alibaba", first.cloud());
        assertEquals("cn-hangzhou", first.region());
        assertEquals(Map.of("SecretName", "db"), first.parameters());
        assertEquals("Any.Code", first.code());
        assertEquals(503, first.status());
        assertEquals(OptionalLong.of(fault.id()), first.fault());
        assertEquals(OptionalLong.empty(), requests.get(1).fault());
        assertTrue(first.number() < requests.get(1).number());
        assertTrue(first.time().isBefore(moved));
        assertFalse(first.tenantTime().isBefore(moved));
        assertEquals(1, journal.requests(new JournalFilter().status(404).cloud("alibaba")).size());
    }

    @Test
    void everyEffectOfARuleIsAccepted(Emulator emulator, Faults faults) throws Exception {
        faults.add(FaultRule.onAll().secret("a?").region("cn-shanghai").nth(2).latency(Duration.ofMillis(1500)));
        faults.add(FaultRule.onAll().every(2).latency(Duration.ZERO, Duration.ofSeconds(2)).truncate(0));
        faults.add(FaultRule.onAll().probability(0.5, 7).reset().after());
        faults.clear();
    }

    @Nested
    class NestedClass {
        @Test
        void hasTheServerOfTheOuterClass(Emulator emulator) {
            assertEquals(ofBeforeEach.endpoint(), emulator.endpoint());
        }
    }

    // The following classes are run by the test kit.

    private static Events run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .configurationParameter("junit.jupiter.conditions.deactivate", "org.junit.*DisabledCondition")
                .execute()
                .testEvents();
    }

    @org.junit.jupiter.api.Disabled("run by the test kit")
    static class OnAMethod {
        static Tenant tenant;

        @Test
        @KmsEmulator
        void annotated(Tenant given) throws Exception {
            given.secrets(Map.of("db", "hunter2"));
            assertEquals("hunter2", read(given, "db"));
            tenant = given;
        }

        @Test
        void notAnnotated(Tenant tenant) {}
    }

    @Test
    void annotationOfAMethodIsForItAlone() {
        run(OnAMethod.class).assertStatistics(statistics -> statistics.succeeded(1).failed(1));
        // The server of the run has stopped.
        assertFalse(EmulatorStartTest.accepts(OnAMethod.tenant.endpoint()));
    }

    @org.junit.jupiter.api.Disabled("run by the test kit")
    @KmsEmulator
    static class OfAClass {
        static Tenant ofClass;
        static Tenant ofTest;

        @BeforeAll
        static void beforeAll(Tenant tenant) {
            ofClass = tenant;
        }

        @Test
        void test(Tenant tenant) {
            ofTest = tenant;
        }

        @AfterAll
        static void tenantOfTheTestIsDeletedBeforeThatOfTheClass(Emulator emulator) throws Exception {
            var tenants = send(emulator.uri().resolve("/_emulator/tenants")).body();
            assertTrue(tenants.contains(ofClass.account()), tenants);
            assertFalse(tenants.contains(ofTest.account()), tenants);
        }
    }

    @Test
    void tenantOfAClassIsNotThatOfItsTests() {
        run(OfAClass.class).assertStatistics(statistics -> statistics.succeeded(1).failed(0));
        assertNotSame(OfAClass.ofClass, OfAClass.ofTest);
        assertNotEquals(OfAClass.ofClass.account(), OfAClass.ofTest.account());
    }

    @org.junit.jupiter.api.Disabled("run by the test kit")
    @ExtendWith(KmsEmulatorExtension.class)
    static class WithoutAnnotation {
        @Test
        void test() {}
    }

    @Test
    void extensionNeedsTheAnnotation() {
        var results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(WithoutAnnotation.class))
                .configurationParameter("junit.jupiter.conditions.deactivate", "org.junit.*DisabledCondition")
                .execute();
        assertEquals(1, results.containerEvents().failed().count());
    }

    @Test
    void tenantHasTheFixturesOfItsServer(@TempDir Path directory) throws Exception {
        var fixture = Files.writeString(directory.resolve("secrets.json"), "{\"app/db\": \"from a file\"}");
        var fixtures = java.util.List.of(fixture);
        try (var own = Emulator.builder().fixtures(fixtures).start();
                var tenant = own.createTenant()) {
            assertEquals("from a file", read(tenant, "app/db"));
            // Another server loads them by the control API.
            try (var same = Emulator.builder().endpoint(own.uri()).fixtures(fixtures).start();
                    var loaded = same.createTenant()) {
                assertEquals("from a file", read(loaded, "app/db"));
            }
            assertEquals(200, send(own.uri().resolve("/_emulator/health")).statusCode());
        }
    }
}
