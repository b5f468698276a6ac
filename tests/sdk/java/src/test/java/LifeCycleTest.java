import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.GsonBuilder;
import com.google.gson.ToNumberPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the steps of life_cycle.json, as the suites of all languages do. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LifeCycleTest {
    static List<Arguments> everySdkOnEveryServer() {
        var all = new ArrayList<Arguments>();
        for (var sdk : Sdk.values()) {
            for (var server : Emulator.ALL) {
                all.add(Arguments.of(sdk, server));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everySdkOnEveryServer")
    void every_step_has_the_expected_result(Sdk sdk, Emulator server) throws Exception {
        var missing = new TreeSet<String>();
        try (var own = Tenant.of(server)) {
            var session = sdk.connect(server, own.id(), own.secret());
            for (var step : (List<?>) read("life_cycle.json")) {
                if (!take(session, (Map<?, ?>) step)) {
                    missing.add((String) ((Map<?, ?>) step).get("action"));
                }
            }
        }
        var artefact = sdk.name().startsWith("KMS20160120") ? "com.aliyun:kms20160120" : "aliyun-java-sdk-kms";
        var listed = ((Map<?, ?>) read("not_offered.json")).get(artefact);
        assertEquals(listed == null ? List.of() : listed, List.copyOf(missing), artefact);
    }

    private static Object read(String file) throws Exception {
        var text = Files.readString(Path.of("..", file)).replace("{run}", "java");
        var gson = new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();
        return gson.fromJson(text, Object.class);
    }

    /** Runs a step, and returns whether the SDK has the operation. */
    @SuppressWarnings("unchecked")
    private static boolean take(Session session, Map<?, ?> step) throws Exception {
        var name = (String) step.get("name");
        var action = (String) step.get("action");
        var parameters = (Map<String, ?>) step.get("parameters");
        if (step.get("error") instanceof Map<?, ?> error) {
            Map<String, ?> reply;
            try {
                reply = session.call(action, parameters);
            } catch (Exception e) {
                var refusal = session.refusal(e);
                assertEquals(error.get("status"), (long) refusal.status(), name);
                assertEquals(error.get("code"), refusal.code(), name);
                assertEquals(error.get("message"), refusal.message(), name);
                Emulator.assertRequestId(refusal.requestId());
                return true;
            }
            assertEquals(null, reply, name);
            return false;
        }
        var reply = session.call(action, parameters);
        if (reply != null) {
            assertContains(reply, step.get("reply"), step.get("more") != null, name);
            assertNotNull(reply.get("RequestId"), name);
        }
        return reply != null;
    }

    private static void assertContains(Object got, Object want, boolean more, String name) {
        if (want instanceof Map<?, ?> members) {
            // In XML, a list of one item looks like the item.
            var one = got instanceof List<?> list && list.size() == 1 ? list.get(0) : got;
            if (members.isEmpty()) {
                return;
            }
            // In XML, an empty list is an empty element.
            var object = one instanceof Map<?, ?> map ? map : Map.of();
            members.forEach((key, value) -> assertContains(object.get(key), value, more, name + ": " + key));
        } else if (want instanceof List<?> items) {
            var list = got instanceof List<?> found ? found : List.of();
            assertTrue(more ? list.size() >= items.size() : list.size() == items.size(), name + ": " + got);
            for (int i = 0; i < items.size(); i++) {
                assertContains(list.get(i), items.get(i), more, name);
            }
        } else {
            var one = got instanceof List<?> list && list.size() == 1 ? list.get(0) : got;
            var text = one instanceof Double number && number % 1 == 0 ? String.valueOf(number.longValue()) : String.valueOf(one);
            assertEquals(String.valueOf(want), text, name);
        }
    }
}
