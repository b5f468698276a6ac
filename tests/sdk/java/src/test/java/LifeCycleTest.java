import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.ToNumberPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.crypto.Cipher;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the steps of life_cycle.json, as the suites of all languages do. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LifeCycleTest {
    private static final Gson GSON =
            new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();

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
            var saved = new HashMap<String, String>();
            for (var template : (List<?>) read("life_cycle.json")) {
                var step = fill((Map<?, ?>) template, saved);
                if (!take(session, step, saved)) {
                    missing.add((String) step.get("action"));
                }
            }
        }
        var artefact = sdk.name().startsWith("KMS20160120") ? "com.aliyun:kms20160120" : "aliyun-java-sdk-kms";
        var listed = ((Map<?, ?>) read("not_offered.json")).get(artefact);
        assertEquals(listed == null ? List.of() : listed, List.copyOf(missing), artefact);
    }

    private static Object read(String file) throws Exception {
        var text = Files.readString(Path.of("..", file)).replace("{run}", "java");
        return GSON.fromJson(text, Object.class);
    }

    /** A step with the values that earlier steps have saved, and those that it encrypts with a saved public key. */
    private static Map<?, ?> fill(Map<?, ?> step, Map<String, String> saved) throws Exception {
        if (step.get("encrypt") instanceof Map<?, ?> names) {
            for (var name : names.entrySet()) {
                var der = Base64.getDecoder().decode(saved.get(name.getValue()));
                var key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
                var cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
                cipher.init(Cipher.ENCRYPT_MODE, key);
                saved.put((String) name.getKey(), Base64.getEncoder().encodeToString(cipher.doFinal(new byte[32])));
            }
        }
        var text = GSON.toJson(step);
        for (var value : saved.entrySet()) {
            text = text.replace("{" + value.getKey() + "}", value.getValue());
        }
        return GSON.fromJson(text, Map.class);
    }

    /** A member of a reply, by its path. The first item of each list. */
    private static String member(Object reply, String path) {
        for (var name : path.split("\\.")) {
            var members = (Map<?, ?>) (reply instanceof List<?> list ? list.get(0) : reply);
            reply = members.get(name);
        }
        return (String) (reply instanceof List<?> list ? list.get(0) : reply);
    }

    /** Runs a step, saves values of its reply, and returns whether the SDK has the operation. */
    @SuppressWarnings("unchecked")
    private static boolean take(Session session, Map<?, ?> step, Map<String, String> saved) throws Exception {
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
            if (step.get("save") instanceof Map<?, ?> names) {
                names.forEach((value, path) -> saved.put((String) value, member(reply, (String) path)));
            }
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
