#include <iostream>
#include <alibabacloud/core/AlibabaCloud.h>
#include <alibabacloud/kms/KmsClient.h>

using namespace AlibabaCloud;
using namespace AlibabaCloud::Kms;

int main() {
    InitializeSdk();
    ClientConfiguration configuration("cn-hangzhou");
    configuration.setEndpoint("127.0.0.1:8080");
    KmsClient client("test", "test", configuration);
    Model::ListSecretsRequest request;
    request.setScheme("http");
    auto reply = client.listSecrets(request);
    if (!reply.isSuccess()) {
        std::cerr << reply.error().errorCode() << ": " << reply.error().errorMessage() << std::endl;
        return 1;
    }
    for (auto &secret : reply.result().getSecretList()) {
        std::cout << secret.secretName << std::endl;
    }
    ShutdownSdk();
}
