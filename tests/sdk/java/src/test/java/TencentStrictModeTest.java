import com.tencentcloudapi.common.profile.Language;
import com.tencentcloudapi.ssm.v20190923.models.ListSecretsRequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TencentStrictModeTest {
    @ParameterizedTest
    @EnumSource
    void rejects_a_wrong_key(TencentSdk sdk) {
        var session = sdk.connect(Emulator.STRICT, "test", "wrong");
        TencentSession.assertRefused("AuthFailure.SignatureFailure",
                "The provided credentials could not be validated. Please check your signature is correct.",
                () -> session.listSecrets(new ListSecretsRequest()));
    }

    @ParameterizedTest
    @EnumSource
    void rejects_a_wrong_key_in_chinese(TencentSdk sdk) {
        var session = sdk.connect(Emulator.STRICT, "test", "wrong");
        session.client().getClientProfile().setLanguage(Language.ZH_CN);
        TencentSession.assertRefused("AuthFailure.SignatureFailure", "请求签名验证失败，请检查您的签名计算是否正确。",
                () -> session.listSecrets(new ListSecretsRequest()));
    }

    @ParameterizedTest
    @EnumSource
    void rejects_an_unknown_id(TencentSdk sdk) {
        var session = sdk.connect(Emulator.STRICT, "unknown", "test");
        TencentSession.assertRefused("AuthFailure.SecretIdNotFound",
                "The SecretId is not found, please ensure that your SecretId is correct.",
                () -> session.listSecrets(new ListSecretsRequest()));
    }

    @ParameterizedTest
    @EnumSource
    void rejects_an_unknown_region(TencentSdk sdk) {
        var session = sdk.connect(Emulator.STRICT, "test", "test");
        session.client().setRegion("ap-nowhere");
        var name = sdk.name().contains("HMAC") ? "Region" : "X-TC-Region";
        TencentSession.assertRefused("InvalidParameterValue",
                "A value specified in `" + name + "` is not valid, is unsupported, or cannot be used.",
                () -> session.listSecrets(new ListSecretsRequest()));
    }
}
