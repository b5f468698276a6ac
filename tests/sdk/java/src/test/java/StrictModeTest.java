import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StrictModeTest {
    @ParameterizedTest
    @EnumSource
    void rejects_a_wrong_secret(Sdk sdk) throws Exception {
        var session = sdk.connect(Emulator.STRICT, "test", "wrong");
        Emulator.assertRefused(session, 400, sdk.wrongSecret, null, () -> session.listSecrets(Session.Query.ALL));
    }

    @ParameterizedTest
    @EnumSource
    void rejects_an_unknown_key_id(Sdk sdk) throws Exception {
        var session = sdk.connect(Emulator.STRICT, "unknown", "test");
        Emulator.assertRefused(session, 404, "InvalidAccessKeyId.NotFound", null, () -> session.listSecrets(Session.Query.ALL));
    }
}
