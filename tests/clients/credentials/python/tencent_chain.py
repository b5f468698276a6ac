"""Lists secrets with the default credential chain of Tencent Cloud, before and after its key expires by the
emulator's clock."""

import json
import os
import urllib.request
from datetime import datetime, timedelta, timezone

from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential, DefaultCredentialProvider, STSAssumeRoleCredential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

LIFETIME = int(os.environ["LIFETIME"])


def control(method: str, path: str, body: dict | None = None) -> None:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{os.environ['CONTROL']}/{path}", data, method=method)
    urllib.request.urlopen(request, timeout=10).close()


def chain():
    """The default chain, or the provider that assumes a role."""
    if "ROLE" in os.environ:
        return STSAssumeRoleCredential("test", "test", os.environ["ROLE"], "program")
    return DefaultCredentialProvider().get_credential()


def listed(credential) -> int:
    client = CommonClient("ssm", "2019-09-23", credential, "ap-guangzhou")
    return client.call_json("ListSecrets", {"Limit": 1})["Response"]["TotalCount"]


credential = chain()
assert listed(credential) == 6
if LIFETIME == 0:
    # The key of the environment or of a profile does not expire.
    assert credential.secret_id == "test", credential.secret_id
else:
    first = credential.secret_id
    assert first.startswith("AKID") and credential.token, first
    # A key is used until shortly before it expires; the provider of a role renews it long before.
    assert "ROLE" in os.environ or credential.secret_id == first

    # With the emulator's clock behind, a new key expires within the time in which the SDK refreshes.
    end = datetime.now(timezone.utc) + timedelta(seconds=100)
    start = end - timedelta(seconds=LIFETIME)
    control("PUT", "clock", {"now": start.strftime("%Y-%m-%dT%H:%M:%SZ")})
    credential = chain()
    old = Credential(*credential.get_credential_info())
    assert listed(credential) == 6
    assert listed(old) == 6

    control("POST", "clock/advance", {"by": f"{LIFETIME}s"})
    try:
        listed(old)
        raise SystemExit("the old key is still valid")
    except TencentCloudSDKException as error:
        assert error.code == "AuthFailure.TokenFailure", error

    # The program sees that its source of keys fails, and gets a new key when the source answers again.
    control("POST", "faults", {"match": {"action": os.environ["SOURCE"]}, "error": "ServerError", "status": 500})
    try:
        listed(credential)
        raise SystemExit("the source of keys did not fail")
    except TencentCloudSDKException:
        pass
    control("DELETE", "faults")
    assert listed(credential) == 6
    assert credential.secret_id != old.secret_id
print("ok")
