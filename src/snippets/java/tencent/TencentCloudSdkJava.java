import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.ssm.v20190923.SsmClient;
import com.tencentcloudapi.ssm.v20190923.models.ListSecretsRequest;

class TencentCloudSdkJava {
    public static void main(String[] args) throws Exception {
        var http = new HttpProfile();
        http.setProtocol(HttpProfile.REQ_HTTP);
        http.setEndpoint("127.0.0.1:8080");
        var profile = new ClientProfile(ClientProfile.SIGN_TC3_256, http);
        var client = new SsmClient(new Credential("test", "test"), "ap-guangzhou", profile);
        for (var secret : client.ListSecrets(new ListSecretsRequest()).getSecretMetadatas()) {
            System.out.println(secret.getSecretName());
        }
    }
}
