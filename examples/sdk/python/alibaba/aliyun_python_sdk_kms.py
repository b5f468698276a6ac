import json
import sys

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkkms.request.v20160120.ListSecretsRequest import ListSecretsRequest

client = AcsClient(
    "test",
    "test",
    "cn-hangzhou",
)
request = ListSecretsRequest()
request.set_endpoint("127.0.0.1:8080")
request.set_protocol_type("http")
request.set_PageSize(10)

try:
    reply = client.do_action_with_exception(request)
except ServerException as error:
    sys.exit(f"{error.error_code}: {error.message}")
print(json.dumps(json.loads(reply), ensure_ascii=False, indent=2))
