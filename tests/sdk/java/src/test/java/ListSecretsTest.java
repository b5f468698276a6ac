import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ListSecretsTest {
    /** Runs on all servers, which must give the same replies. */
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @MethodSource("everySdkOnEveryServer")
    @interface TestEverySdkOnEveryServer {}

    static List<Named<Session>> everySdkOnEveryServer() throws Exception {
        var sessions = new ArrayList<Named<Session>>();
        for (var sdk : Sdk.values()) {
            for (var server : Emulator.ALL) {
                sessions.add(Named.of(sdk + " on " + server, sdk.connect(server, "test", "test")));
            }
        }
        return sessions;
    }

    @TestEverySdkOnEveryServer
    void lists_every_secret_in_order_of_creation_with_its_fields(Session session) throws Exception {
        var page = session.listSecrets(Session.Query.ALL);
        assertEquals(withoutTags(Emulator.SEED), page.secrets());
        assertPage(page, 1, 10);
    }

    @TestEverySdkOnEveryServer
    void fetches_tags_only_on_request(Session session) throws Exception {
        assertEquals(Emulator.SEED, session.listSecrets(Session.Query.fetchTags("true")).secrets());
        assertEquals(withoutTags(Emulator.SEED), session.listSecrets(Session.Query.fetchTags("false")).secrets());
    }

    @TestEverySdkOnEveryServer
    void pages_have_every_secret_once(Session session) throws Exception {
        var names = Emulator.NAMES;
        var pages = List.of(names.subList(0, 3), names.subList(3, 6), names.subList(6, 8), List.of()); // the last page is past the end
        for (int number = 1; number <= pages.size(); number++) {
            var page = session.listSecrets(Session.Query.page(number, 3));
            assertEquals(pages.get(number - 1), page.names());
            assertPage(page, number, 3);
        }
        assertEquals(names, session.listSecrets(Session.Query.page(null, 100)).names());
    }

    @TestEverySdkOnEveryServer
    void filters_narrow_the_list(Session session) throws Exception {
        var team = filter("TagKey", "team");
        assertFiltered(session, List.of("shop/db/password", "shop/db/readonly", "orders/rds"), team);
        // both of two keys
        assertFiltered(session, List.of("shop/db/password", "shop/db/readonly"), team, filter("SecretType", "Generic"));
        // any of several values
        assertFiltered(session, List.of("shop/db/readonly", "orders/rds", "acs/ecs/bastion"),
                filter("TagValue", "orders", "staging"));
        // the whole name and not a part
        assertFiltered(session, List.of("shop/db/password"), filter("SecretName", "shop/db/password"));
        assertFiltered(session, List.of(), filter("SecretName", "shop/db"));
        assertFiltered(session, List.of("payment.api-cert"), filter("Description", "Client certificate, PKCS#12"));
        // Matches nothing. The SDKs encode these characters differently, and strict mode checks the signature.
        assertFiltered(session, List.of(), filter("Description", "a+b *~'()!%2F&=?é密"));
    }

    @TestEverySdkOnEveryServer
    void an_invalid_page_size_is_the_SDKs_own_exception(Session session) {
        Emulator.assertRefused(session, 400, "InvalidParameter", "The specified parameter PageSize is not valid.",
                () -> session.listSecrets(Session.Query.page(1, 101)));
    }

    @TestEverySdkOnEveryServer
    void an_action_not_emulated_is_the_SDKs_own_exception(Session session) {
        Emulator.assertRefused(session, 400, "UnsupportedOperation", "This action is not supported.",
                () -> session.listPolicies());
    }

    private static String filter(String key, String... values) {
        return "{\"Key\":\"" + key + "\",\"Values\":[\"" + String.join("\",\"", values) + "\"]}";
    }

    private static void assertFiltered(Session session, List<String> names, String... filters) throws Exception {
        var page = session.listSecrets(Session.Query.filters("[" + String.join(",", filters) + "]"));
        assertEquals(names, page.names());
        assertEquals(names.size(), page.total());
    }

    private static void assertPage(Session.Page page, int number, int size) {
        assertEquals(List.of(number, size, 8), List.of(page.number(), page.size(), page.total()));
        Emulator.assertRequestId(page.requestId());
    }

    private static List<Session.Secret> withoutTags(List<Session.Secret> secrets) {
        return secrets.stream()
                .map(s -> new Session.Secret(s.name(), s.type(), s.created(), s.updated(), s.plannedDelete(), List.of()))
                .toList();
    }
}
