"""Lists secrets with the default credential chain, before and after its key expires by the emulator's clock."""

import json
import os
import urllib.request
from datetime import datetime, timedelta, timezone

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_kms20160120.client import Client
from alibabacloud_kms20160120.models import ListSecretsRequest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config

ENDPOINT = "kms.cn-hangzhou.aliyuncs.com"


def control(method: str, path: str, body: dict | None = None) -> None:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{os.environ['CONTROL']}/{path}", data, method=method)
    urllib.request.urlopen(request, timeout=10).close()


def listed(client: Client) -> int:
    return client.list_secrets(ListSecretsRequest(page_size=1)).body.total_count


def key_id(credentials: Credentials) -> str:
    return credentials.get_credential().access_key_id


# A key is used until shortly before it expires.
credentials = Credentials()
client = Client(Config(credential=credentials, endpoint=ENDPOINT))
first = key_id(credentials)
assert first.startswith("STS."), first
assert listed(client) == 8
assert key_id(credentials) == first

# With the emulator's clock behind, a new key expires within the time in which SDKs refresh.
end = datetime.now(timezone.utc) + timedelta(seconds=100)
start = end - timedelta(seconds=int(os.environ["LIFETIME"]))
control("PUT", "clock", {"now": start.strftime("%Y-%m-%dT%H:%M:%SZ")})
credentials = Credentials()
client = Client(Config(credential=credentials, endpoint=ENDPOINT))
old = credentials.get_credential()
assert listed(client) == 8
with_old_key = Client(
    Config(
        access_key_id=old.access_key_id,
        access_key_secret=old.access_key_secret,
        security_token=old.security_token,
        endpoint=ENDPOINT,
    )
)
assert listed(with_old_key) == 8

control("POST", "clock/advance", {"by": f"{os.environ['LIFETIME']}s"})
try:
    listed(with_old_key)
    raise SystemExit("the old key is still valid")
except AlibabaCloudException as error:
    assert error.code == "InvalidAccessKeyId.NotFound", error.code
# The program sees that its source of keys fails, and gets a new key when the source answers again. The provider for ECS
# uses the old key while the metadata service fails.
if "SOURCE" in os.environ:
    fault = {"match": {"action": os.environ["SOURCE"]}, "error": "ServerError", "status": 500}
    control("POST", "faults", fault)
    try:
        listed(client)
        raise SystemExit("the source of keys did not fail")
    except Exception as error:
        assert "ServerError" in str(error), error
    control("DELETE", "faults")
assert listed(client) == 8
assert key_id(credentials) != old.access_key_id
print("ok")
