import com.tencentcloudapi.common.CommonClient;
import com.tencentcloudapi.common.CommonRequest;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;

class {{ class }} {
    public static void main(String[] args) {
        var credential = new Credential({{ key_id }}, {{ key_secret }});
        var http = new HttpProfile();
        http.setProtocol(HttpProfile.REQ_HTTP{% if https %}S{% endif %});
        http.setEndpoint({{ address }});
        var profile = new ClientProfile(ClientProfile.SIGN_TC3_256, http);
        var client = new CommonClient({{ service }}, {{ version }}, credential, {{ region }}, profile);
        var request = new CommonRequest({{ parameters }});
        try {
            System.out.println(client.commonRequest(request, {{ action }}));
        } catch (TencentCloudSDKException e) {
            System.err.println(e.getErrorCode() + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
