import json
{% if environment %}
import os
{% endif %}
import sys

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssm.v20190923.models import {{ operation }}Request
from tencentcloud.ssm.v20190923.ssm_client import SsmClient

credential = Credential({{ key_id }}, {{ key_secret }})
http = HttpProfile(
    protocol={{ protocol }},
    endpoint={{ address }},
{% if https %}
    certification={{ ca }},
{% endif %}
)
client = SsmClient(credential, {{ region }}, ClientProfile(httpProfile=http))

request = {{ operation }}Request()
{% if parameters %}
parameters = {{ parameters }}
request.from_json_string(json.dumps(parameters))
{% endif %}

try:
    reply = client.{{ operation }}(request)
except TencentCloudSDKException as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(json.loads(reply.to_json_string()), ensure_ascii=False, indent=2))
