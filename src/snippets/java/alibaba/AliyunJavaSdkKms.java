import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.kms.model.v20160120.ListSecretsRequest;
import com.aliyuncs.profile.DefaultProfile;

class AliyunJavaSdkKms {
    public static void main(String[] args) throws Exception {
        DefaultProfile.addEndpoint("cn-hangzhou", "Kms", "127.0.0.1:8080");
        var client = new DefaultAcsClient(DefaultProfile.getProfile("cn-hangzhou", "test", "test"));
        var request = new ListSecretsRequest();
        request.setSysProtocol(ProtocolType.HTTP);
        request.setPageSize(10);
        for (var secret : client.getAcsResponse(request).getSecretList()) {
            System.out.println(secret.getSecretName());
        }
    }
}
