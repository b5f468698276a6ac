import json
{% if environment %}
import os
{% endif %}
import sys

from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

credential = Credential({{ key_id }}, {{ key_secret }})
http = HttpProfile(
    protocol={{ protocol }},
    endpoint={{ address }},
{% if https %}
    certification={{ ca }},
{% endif %}
)
profile = ClientProfile(httpProfile=http)
client = CommonClient({{ service }}, {{ version }}, credential, {{ region }}, profile)

parameters = {{ parameters }}

try:
    reply = client.call_json({{ action }}, parameters)
except TencentCloudSDKException as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(reply["Response"], ensure_ascii=False, indent=2))
