import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.tencentcloudapi.ssm.v20190923.models.ListSecretsRequest;
import com.tencentcloudapi.ssm.v20190923.models.ListSecretsResponse;
import com.tencentcloudapi.ssm.v20190923.models.SecretMetadata;
import com.tencentcloudapi.ssm.v20190923.models.TagFilter;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TencentListSecretsTest {
    /** The listed custom secrets of fixtures/seed-tencent.json, newest first. */
    static final List<String> NAMES = List.of("shop-legacy-token", "payment-api-cert", "payment-api-key", "mail-relay",
            "shop-db-readonly", "shop-db-password");

    /** Runs on all servers, which must give the same replies. */
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @MethodSource("everyClientOnEveryServer")
    @interface TestEveryClientOnEveryServer {}

    static List<Named<TencentSession>> everyClientOnEveryServer() {
        var sessions = new ArrayList<Named<TencentSession>>();
        for (var sdk : TencentSdk.values()) {
            for (var server : Emulator.ALL) {
                sessions.add(Named.of(sdk + " on " + server, sdk.connect(server, "test", "test")));
            }
        }
        return sessions;
    }

    @TestEveryClientOnEveryServer
    void lists_every_secret_newest_first(TencentSession session) throws Exception {
        var reply = session.listSecrets(new ListSecretsRequest());
        assertEquals(NAMES, names(reply));
        assertEquals(6, reply.getTotalCount());
        Emulator.assertRequestId(reply.getRequestId());
    }

    @TestEveryClientOnEveryServer
    void typed_client_returns_every_field_of_its_model(TencentSession session) throws Exception {
        var secret = session.listSecrets(new ListSecretsRequest()).getSecretMetadatas()[2];
        assertEquals("payment-api-key", secret.getSecretName());
        assertEquals("Key of the payment gateway", secret.getDescription());
        assertEquals("31da3478-85b2-11f1-9b54-525400f44230", secret.getKmsKeyId());
        assertEquals(100012345678L, secret.getCreateUin());
        assertEquals("Enabled", secret.getStatus());
        assertEquals(0, secret.getDeleteTime());
        assertEquals(1716202800, secret.getCreateTime());
        assertEquals("CUSTOMER", secret.getKmsKeyType());
        assertEquals(0, secret.getRotationStatus());
        assertEquals(0, secret.getNextRotationTime());
        assertEquals(0, secret.getSecretType());
        assertEquals("default", secret.getProductName());
        assertEquals("", secret.getResourceName());
        assertEquals(0, secret.getProjectID());
        assertArrayEquals(new String[0], secret.getAssociatedInstanceIDs());
        assertEquals(0, secret.getTargetUin());
        assertEquals(0, secret.getRotationFrequency());
        assertEquals("1250000000_100012345678_customize_1716202800182311000_RcI", secret.getResourceID());
        assertEquals("", secret.getRotationBeginTime());
    }

    @ParameterizedTest
    @MethodSource("everyGenericClientOnEveryServer")
    void generic_client_returns_every_field(TencentSession session) throws Exception {
        var reply = session.call("ListSecrets", new JsonObject());
        var want = JsonParser.parseString("""
                {"SecretName": "payment-api-key", "Description": "Key of the payment gateway",
                 "KmsKeyId": "31da3478-85b2-11f1-9b54-525400f44230", "CreateUin": 100012345678, "Status": "Enabled",
                 "DeleteTime": 0, "CreateTime": 1716202800, "KmsKeyType": "CUSTOMER", "RotationStatus": 0,
                 "NextRotationTime": 0, "SecretType": 0, "ProductName": "default", "ResourceName": "", "ProjectID": 0,
                 "AssociatedInstanceIDs": [], "TargetUin": 0, "RotationFrequency": 0,
                 "ResourceID": "1250000000_100012345678_customize_1716202800182311000_RcI", "RotationBeginTime": "",
                 "EncryptType": 0, "EncryptSwitching": false, "CreateUinString": "100012345678",
                 "TargetUinString": "0"}""");
        assertEquals(want, reply.getAsJsonArray("SecretMetadatas").get(2));
    }

    static List<Arguments> everyGenericClientOnEveryServer() {
        return everyClientOnEveryServer().stream()
                .filter(session -> !session.getName().startsWith("SSM_CLIENT"))
                .map(Arguments::of)
                .toList();
    }

    @TestEveryClientOnEveryServer
    void pages_have_every_secret_once(TencentSession session) throws Exception {
        assertListed(session, NAMES.subList(0, 4), 6, r -> r.setLimit(4L));
        assertListed(session, NAMES.subList(4, 6), 6, r -> {
            r.setOffset(4L);
            r.setLimit(4L);
        });
        assertListed(session, List.of(), 6, r -> r.setOffset(6L));
    }

    @TestEveryClientOnEveryServer
    void lists_the_oldest_first_on_request(TencentSession session) throws Exception {
        var oldest = List.of("shop-db-password", "shop-db-readonly", "mail-relay", "payment-api-key",
                "payment-api-cert", "shop-legacy-token");
        assertListed(session, oldest, 6, r -> r.setOrderType(1L));
    }

    @TestEveryClientOnEveryServer
    void filters_by_state(TencentSession session) throws Exception {
        assertListed(session, List.of("shop-db-readonly"), 1, r -> r.setState(2L));
        var pending = assertListed(session, List.of("shop-legacy-token"), 1, r -> r.setState(3L));
        assertEquals(4070908800L, pending.getSecretMetadatas()[0].getDeleteTime());
    }

    @TestEveryClientOnEveryServer
    void filters_by_part_of_the_name(TencentSession session) throws Exception {
        assertListed(session, List.of("shop-db-readonly", "shop-db-password"), 2, r -> r.setSearchSecretName("shop-db"));
        // Matches nothing. The signature methods encode these characters differently, and strict mode checks the signature.
        assertListed(session, List.of(), 0, r -> r.setSearchSecretName("a+b *~'()!%2F&=?é密\"<>"));
    }

    @TestEveryClientOnEveryServer
    void filters_by_tags(TencentSession session) throws Exception {
        // both of two keys
        assertListed(session, List.of("shop-db-password"), 1,
                r -> r.setTagFilters(new TagFilter[] {tag("env", "prod"), tag("team", "shop")}));
        // any of several values
        var tagged = List.of("shop-legacy-token", "payment-api-cert", "payment-api-key", "shop-db-readonly",
                "shop-db-password");
        assertListed(session, tagged, 5, r -> r.setTagFilters(new TagFilter[] {tag("env", "prod", "staging")}));
    }

    @TestEveryClientOnEveryServer
    void filters_by_the_type_of_cloud_products(TencentSession session) throws Exception {
        assertListed(session, List.of("mysql-reports", "mysql-orders"), 2, r -> r.setSecretType(1L));
    }

    @ParameterizedTest
    @EnumSource(names = "UNTRUSTED", mode = EnumSource.Mode.EXCLUDE)
    void rejects_an_unknown_action(Emulator server) {
        var session = TencentSdk.ANY_CLIENT_CALLING_WITH_TEXT.connect(server, "test", "test");
        TencentSession.assertRefused("InvalidAction",
                "The request action=`ListSecret` is invalid or not found in service=`ssm` and version=`2019-09-23`.",
                () -> session.call("ListSecret", new JsonObject()));
    }

    private static ListSecretsResponse assertListed(
            TencentSession session, List<String> names, long total, Consumer<ListSecretsRequest> query) throws Exception {
        var request = new ListSecretsRequest();
        query.accept(request);
        var reply = session.listSecrets(request);
        assertEquals(names, names(reply));
        assertEquals(total, reply.getTotalCount());
        return reply;
    }

    private static List<String> names(ListSecretsResponse reply) {
        return Arrays.stream(reply.getSecretMetadatas()).map(SecretMetadata::getSecretName).toList();
    }

    private static TagFilter tag(String key, String... values) {
        var filter = new TagFilter();
        filter.setTagKey(key);
        filter.setTagValue(values);
        return filter;
    }
}
