import json
{% if environment %}
import os
{% endif %}
import sys

from alibabacloud_kms20160120.client import Client
{% if models %}
from alibabacloud_kms20160120.models import {{ models }}
{% endif %}
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config

config = Config(
    access_key_id={{ key_id }},
    access_key_secret={{ key_secret }},
    endpoint={{ address }},
    protocol={{ protocol|upper }},
{% if https %}
    ca={{ ca }},
{% endif %}
)
{% if models %}
request = {{ request }}
{% endif %}

try:
    reply = Client(config).{{ method }}({% if models %}request{% endif %})
except AlibabaCloudException as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(reply.body.to_map(), ensure_ascii=False, indent=2))
