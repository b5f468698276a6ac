import json

from aliyunsdkcore.client import AcsClient
from aliyunsdkkms.request.v20160120.ListSecretsRequest import ListSecretsRequest

client = AcsClient("test", "test", "cn-hangzhou")

request = ListSecretsRequest()
request.set_endpoint("127.0.0.1:8080")
request.set_protocol_type("http")
request.set_PageSize(10)

reply = json.loads(client.do_action_with_exception(request))
for secret in reply["SecretList"]["Secret"]:
    print(secret["SecretName"])
