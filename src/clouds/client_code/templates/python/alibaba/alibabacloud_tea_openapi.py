import json
{% if environment %}
import os
{% endif %}
import sys

from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

config = Config(
    access_key_id={{ key_id }},
    access_key_secret={{ key_secret }},
    endpoint={{ address }},
    protocol={{ protocol|upper }},
{% if https %}
    ca={{ ca }},
{% endif %}
)
params = Params(
    action={{ action }},
    version={{ version }},
    protocol={{ protocol|upper }},
    pathname="/",
    method="POST",
    auth_type="AK",
    style="RPC",
    req_body_type="formData",
    body_type="json",
)
request = {{ request }}

try:
    reply = Client(config).call_api(params, request, RuntimeOptions())
except AlibabaCloudException as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(reply["body"], ensure_ascii=False, indent=2))
