import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.ssm.v20190923.SsmClient;
{% for model in models %}
import com.tencentcloudapi.ssm.v20190923.models.{{ model }};
{% endfor %}

class {{ class }} {
    public static void main(String[] args) {
        var credential = new Credential({{ key_id }}, {{ key_secret }});
        var http = new HttpProfile();
        http.setProtocol(HttpProfile.REQ_HTTP{% if https %}S{% endif %});
        http.setEndpoint({{ address }});
        var profile = new ClientProfile(ClientProfile.SIGN_TC3_256, http);
        var client = new SsmClient(credential, {{ region }}, profile);
        var request = new {{ operation }}Request();
{% for statement in statements %}
        {{ statement }};
{% endfor %}
        try {
            var reply = client.{{ operation }}(request);
            System.out.println(AbstractModel.toJsonString(reply));
        } catch (TencentCloudSDKException e) {
            System.err.println(e.getErrorCode() + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
