import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the steps of tencent_life_cycle.json and tencent_services.json, as the suites of all languages do. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TencentLifeCycleTest {
    static List<Arguments> everyClientOnEveryServer() {
        var all = new ArrayList<Arguments>();
        for (var sdk : TencentSdk.values()) {
            for (var server : Emulator.ALL) {
                all.add(Arguments.of(sdk, server));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyClientOnEveryServer")
    void every_step_has_the_expected_result(TencentSdk sdk, Emulator server) throws Exception {
        var missing = new TreeSet<String>();
        try (var own = Tenant.of(server)) {
            var session = sdk.connect(server, own.id(), own.secret());
            var generic = TencentSdk.COMMON_CLIENT_POSTING_TC3.connect(server, own.id(), own.secret());
            for (var each : scenario("tencent_life_cycle.json", own.account())) {
                var step = each.getAsJsonObject();
                var notOffered = session.notOffered(step.get("action").getAsString(), step.getAsJsonObject("parameters"));
                missing.addAll(notOffered);
                // The generic client runs steps that the client lacks, because later steps depend on them.
                var capable = notOffered.isEmpty() ? session : generic;
                assertAll(step.get("name").getAsString(), () -> missing.addAll(take(capable, step)));
            }
        }
        var listed = new ArrayList<String>();
        if (sdk.name().startsWith("SSM_CLIENT")) {
            var names = JsonParser.parseString(read("tencent_not_offered.json")).getAsJsonObject();
            names.getAsJsonArray("com.tencentcloudapi:tencentcloud-sdk-java").forEach(n -> listed.add(n.getAsString()));
        }
        assertEquals(listed, List.copyOf(missing));
    }

    @ParameterizedTest
    @MethodSource("everyServer")
    void every_step_of_several_services_has_the_expected_result(Emulator server) throws Exception {
        try (var own = Tenant.of(server)) {
            var session = TencentSdk.COMMON_CLIENT_POSTING_TC3.connect(server, own.id(), own.secret());
            for (var step : scenario("tencent_services.json", own.account())) {
                var name = step.getAsJsonObject().get("name").getAsString();
                assertAll(name, () -> take(session, step.getAsJsonObject()));
            }
        }
    }

    static List<Emulator> everyServer() {
        return Emulator.ALL;
    }

    private static JsonArray scenario(String file, String account) throws Exception {
        var text = read(file)
                .replace("{run}", "java")
                .replace("\"{account as a number}\"", account)
                .replace("{account}", account);
        return JsonParser.parseString(text).getAsJsonArray();
    }

    private static String read(String file) throws Exception {
        return Files.readString(Path.of("..", file));
    }

    /** Runs a step, and returns the members of the reply that the client does not have. */
    private static List<String> take(TencentSession session, JsonObject step) throws Exception {
        var action = step.get("action").getAsString();
        var parameters = step.getAsJsonObject("parameters");
        if (step.get("error") instanceof JsonObject error) {
            TencentSession.assertRefused(error.get("code").getAsString(), error.get("message").getAsString(),
                    () -> session.call(action, parameters));
            return List.of();
        }
        var want = step.getAsJsonObject("reply");
        var reply = session.call(action, parameters);
        var hidden = session.notShown(action, want);
        assertContains(reply, want, action, hidden, step.has("more"));
        Emulator.assertRequestId(reply.get("RequestId").getAsString());
        return hidden;
    }

    private static void assertContains(
            JsonElement got, JsonElement want, String path, List<String> hidden, boolean more) {
        assertNotNull(got, path);
        if (want instanceof JsonObject members) {
            for (var member : members.entrySet()) {
                var inner = path + "." + member.getKey();
                if (!hidden.contains(inner)) {
                    var value = got.getAsJsonObject().get(member.getKey());
                    assertContains(value, member.getValue(), inner, hidden, more);
                }
            }
        } else if (want.isJsonArray()) {
            var list = got.getAsJsonArray();
            var items = want.getAsJsonArray();
            assertTrue(more ? list.size() >= items.size() : list.size() == items.size(), path + ": " + got);
            for (int i = 0; i < items.size(); i++) {
                assertContains(list.get(i), items.get(i), path, hidden, more);
            }
        } else {
            assertEquals(want, got, path);
        }
    }
}
