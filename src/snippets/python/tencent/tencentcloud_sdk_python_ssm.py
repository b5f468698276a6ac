from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssm.v20190923.models import ListSecretsRequest
from tencentcloud.ssm.v20190923.ssm_client import SsmClient

http = HttpProfile(protocol="http", endpoint="127.0.0.1:8080")
client = SsmClient(Credential("test", "test"), "ap-guangzhou", ClientProfile(httpProfile=http))

reply = client.ListSecrets(ListSecretsRequest())
for secret in reply.SecretMetadatas:
    print(secret.SecretName)
