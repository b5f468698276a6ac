import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.kms.model.v20160120.ListSecretsRequest;
import com.aliyuncs.profile.DefaultProfile;
import com.google.gson.Gson;

class ListSecrets {
    public static void main(String[] args) throws Exception {
        DefaultProfile.addEndpoint("cn-hangzhou", "Kms", "127.0.0.1:8080");
        var profile = DefaultProfile.getProfile("cn-hangzhou", "test", "test");
        var client = new DefaultAcsClient(profile);
        var request = new ListSecretsRequest();
        request.setSysProtocol(ProtocolType.HTTP);
        request.setPageSize(10);
        try {
            System.out.println(new Gson().toJson(client.getAcsResponse(request)));
        } catch (ClientException e) {
            System.err.println(e.getErrCode() + ": " + e.getErrMsg());
            System.exit(1);
        }
    }
}
