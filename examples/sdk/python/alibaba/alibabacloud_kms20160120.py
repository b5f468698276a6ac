import json
import sys

from alibabacloud_kms20160120.client import Client
from alibabacloud_kms20160120.models import ListSecretsRequest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config

config = Config(
    access_key_id="test",
    access_key_secret="test",
    endpoint="127.0.0.1:8080",
    protocol="HTTP",
)
request = ListSecretsRequest(page_size=10)

try:
    reply = Client(config).list_secrets(request)
except AlibabaCloudException as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(reply.body.to_map(), ensure_ascii=False, indent=2))
