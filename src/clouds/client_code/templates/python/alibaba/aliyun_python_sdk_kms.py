import json
import sys

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkkms.request.v20160120.ListSecretsRequest import ListSecretsRequest

client = AcsClient(
    {{ key_id }},
    {{ key_secret }},
    {{ region }},
{% if https %}
    verify={{ ca }},
{% endif %}
)
request = ListSecretsRequest()
request.set_endpoint({{ address }})
request.set_protocol_type({{ protocol }})
request.set_PageSize(10)

try:
    reply = client.do_action_with_exception(request)
except ServerException as error:
    sys.exit(f"{error.error_code}: {error.message}")
print(json.dumps(json.loads(reply), ensure_ascii=False, indent=2))
