import com.google.gson.JsonParser;
import com.tencentcloudapi.common.CommonClient;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.provider.DefaultCredentialsProvider;
import com.tencentcloudapi.common.provider.STSCredential;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Lists secrets with the default credential chain of Tencent Cloud, before and after its key expires by the emulator's clock. */
class TencentChain {
    static final long LIFETIME = Long.parseLong(System.getenv("LIFETIME"));
    static final String ROLE = System.getenv("ROLE");

    /** The default chain, or the provider that assumes a role. */
    static Credential chain() throws TencentCloudSDKException {
        return ROLE != null ? new STSCredential("test", "test", ROLE, "program")
                : new DefaultCredentialsProvider().getCredentials();
    }

    static void list(Credential credential) throws TencentCloudSDKException {
        var client = new CommonClient("ssm", "2019-09-23", credential, "ap-guangzhou");
        var reply = client.call("ListSecrets", "{\"Limit\":1}");
        var response = JsonParser.parseString(reply).getAsJsonObject().getAsJsonObject("Response");
        Chain.check(response.get("TotalCount").getAsInt() == 6, reply);
    }

    public static void main(String[] args) throws Exception {
        var credential = chain();
        list(credential);
        if (LIFETIME == 0) {
            // The key of the environment or of a profile does not expire.
            Chain.check(credential.getSecretId().equals("test"), credential.getSecretId());
            System.out.println("ok");
            return;
        }
        var first = new Credential(credential.getSecretId(), credential.getSecretKey(), credential.getToken());
        Chain.check(first.getSecretId().startsWith("AKID") && !first.getToken().isEmpty(), first.getSecretId());
        // A key is used until shortly before it expires.
        Chain.check(credential.getSecretId().equals(first.getSecretId()), "another key is used");
        list(first);

        // With the emulator's clock behind, a new key expires within the time in which the SDK refreshes. The SDK then
        // refreshes for the id, the secret and the token separately, so a key must last longer to sign a request.
        var start = Instant.now().plusSeconds(100 - LIFETIME).truncatedTo(ChronoUnit.SECONDS);
        Chain.control("PUT", "clock", "{\"now\":\"" + start + "\"}");
        credential = chain();
        var old = credential.getSecretId();

        Chain.control("POST", "clock/advance", "{\"by\":\"" + 2 * LIFETIME + "s\"}");
        try {
            list(first);
            throw new AssertionError("the old key is still valid");
        } catch (TencentCloudSDKException error) {
            Chain.check(error.getErrorCode().equals("AuthFailure.TokenFailure"), error.toString());
        }
        list(credential);
        Chain.check(!credential.getSecretId().equals(old), "the key was not refreshed");
        System.out.println("ok");
    }
}
