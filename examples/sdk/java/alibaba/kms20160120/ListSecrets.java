import com.aliyun.kms20160120.Client;
import com.aliyun.kms20160120.models.ListSecretsRequest;
import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teautil.Common;

class ListSecrets {
    public static void main(String[] args) throws Exception {
        var client = new Client(new Config()
                .setEndpoint("127.0.0.1:8080")
                .setProtocol("HTTP")
                .setAccessKeyId("test")
                .setAccessKeySecret("test"));
        var request = new ListSecretsRequest()
                .setPageSize(10);
        try {
            var reply = client.listSecrets(request);
            System.out.println(Common.toJSONString(reply.body.toMap()));
        } catch (TeaException e) {
            System.err.println(e.getCode() + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
