import json
import sys

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssm.v20190923.models import ListSecretsRequest
from tencentcloud.ssm.v20190923.ssm_client import SsmClient

credential = Credential("test", "test")
http = HttpProfile(
    protocol="http",
    endpoint="127.0.0.1:8080",
)
client = SsmClient(credential, "ap-guangzhou", ClientProfile(httpProfile=http))

request = ListSecretsRequest()
parameters = {"Limit": 10}
request.from_json_string(json.dumps(parameters))

try:
    reply = client.ListSecrets(request)
except TencentCloudSDKException as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(json.loads(reply.to_json_string()), ensure_ascii=False, indent=2))
