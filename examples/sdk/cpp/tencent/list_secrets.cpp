#include <iostream>
#include <tencentcloud/core/Credential.h>
#include <tencentcloud/core/TencentCloud.h>
#include <tencentcloud/core/profile/ClientProfile.h>
#include <tencentcloud/ssm/v20190923/SsmClient.h>

using namespace TencentCloud;
using namespace TencentCloud::Ssm::V20190923;

int main() {
    TencentCloud::InitAPI();
    HttpProfile http;
    http.SetEndpoint("127.0.0.1:8080");
    http.SetProtocol(HttpProfile::Scheme::HTTP);
    SsmClient client(Credential("test", "test"), "ap-guangzhou", ClientProfile(http));
    auto reply = client.ListSecrets(Model::ListSecretsRequest());
    if (!reply.IsSuccess()) {
        std::cerr << reply.GetError().PrintAll() << std::endl;
        return 1;
    }
    for (auto &secret : reply.GetResult().GetSecretMetadatas()) {
        std::cout << secret.GetSecretName() << std::endl;
    }
    TencentCloud::ShutdownAPI();
}
