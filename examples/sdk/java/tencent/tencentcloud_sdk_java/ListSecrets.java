import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.ssm.v20190923.SsmClient;
import com.tencentcloudapi.ssm.v20190923.models.ListSecretsRequest;

class ListSecrets {
    public static void main(String[] args) {
        var credential = new Credential("test", "test");
        var http = new HttpProfile();
        http.setProtocol(HttpProfile.REQ_HTTP);
        http.setEndpoint("127.0.0.1:8080");
        var profile = new ClientProfile(ClientProfile.SIGN_TC3_256, http);
        var client = new SsmClient(credential, "ap-guangzhou", profile);
        var request = new ListSecretsRequest();
        request.setLimit(10L);
        try {
            var reply = client.ListSecrets(request);
            System.out.println(AbstractModel.toJsonString(reply));
        } catch (TencentCloudSDKException e) {
            System.err.println(e.getErrorCode() + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
