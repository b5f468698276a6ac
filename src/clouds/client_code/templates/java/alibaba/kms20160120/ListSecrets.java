import com.aliyun.kms20160120.Client;
{% for model in models %}
import com.aliyun.kms20160120.models.{{ model }};
{% endfor %}
import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teautil.Common;
{% for collection in collections %}
import java.util.{{ collection }};
{% endfor %}

class {{ class }} {
    public static void main(String[] args) throws Exception {
        var client = new Client(new Config()
                .setEndpoint({{ address }})
                .setProtocol({{ protocol|upper }})
                .setAccessKeyId({{ key_id }})
                .setAccessKeySecret({{ key_secret }}));
{% if request %}
        var request = {{ request }};
{% endif %}
        try {
            var reply = client.{{ method }}({% if request %}request{% endif %});
            System.out.println(Common.toJSONString(reply.body.toMap()));
        } catch (TeaException e) {
            System.err.println(e.getCode() + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
