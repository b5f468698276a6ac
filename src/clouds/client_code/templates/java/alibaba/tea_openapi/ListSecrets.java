import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.Common;
import com.aliyun.teautil.models.RuntimeOptions;
import java.util.HashMap;

class {{ class }} {
    public static void main(String[] args) throws Exception {
        var client = new Client(new Config()
                .setEndpoint({{ address }})
                .setProtocol({{ protocol|upper }})
                .setAccessKeyId({{ key_id }})
                .setAccessKeySecret({{ key_secret }}));
        var params = new Params()
                .setAction({{ action }})
                .setVersion({{ version }})
                .setProtocol({{ protocol|upper }})
                .setPathname("/")
                .setMethod("POST")
                .setAuthType("AK")
                .setStyle("RPC")
                .setReqBodyType("formData")
                .setBodyType("json");
        var body = new HashMap<String, Object>();
{% for entry in entries %}
        body.put({{ entry }});
{% endfor %}
        try {
            var reply = client.callApi(params, new OpenApiRequest().setBody(body), new RuntimeOptions());
            System.out.println(Common.toJSONString(reply.get("body")));
        } catch (TeaException e) {
            System.err.println(e.getCode() + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
