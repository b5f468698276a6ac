import com.aliyun.kms20160120.Client;
import com.aliyun.kms20160120.models.ListSecretsRequest;
import com.aliyun.teaopenapi.models.Config;

class Kms20160120 {
    public static void main(String[] args) throws Exception {
        var client = new Client(new Config()
                .setEndpoint("127.0.0.1:8080")
                .setProtocol("HTTP")
                .setAccessKeyId("test")
                .setAccessKeySecret("test"));
        var reply = client.listSecrets(new ListSecretsRequest().setPageSize(10));
        for (var secret : reply.body.secretList.secret) {
            System.out.println(secret.secretName);
        }
    }
}
