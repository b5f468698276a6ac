"""Each error code in the SDK of Tencent Cloud SSM can be injected: a newer SDK with a new code fails here."""

import json
import os

import pytest
from emulator import control, tenant
from tencent_clients import Access, TencentCloudSDKException, Typed
from tencentcloud.ssm.v20190923 import errorcodes

CODES = sorted(code for name, code in vars(errorcodes).items() if name.isupper())
ADDRESS = os.environ["KMS_EMULATOR"]
CLIENT = Typed("TC3-HMAC-SHA256", "POST")


def test_the_sdk_has_a_list_of_codes():
    assert {"ResourceNotFound", "ResourcesSoldOut", "OperationDenied.UinNotMatch"} <= set(CODES)


@pytest.fixture(scope="module")
def own():
    with tenant(ADDRESS) as own:
        yield own


@pytest.mark.parametrize("code", CODES)
def test_an_injected_code_is_raised(own, code):
    # Other tests run at the same time: the rule applies to the key of this tenant only.
    rule = {"match": {"cloud": "tencent", "access_key_id": own.key_id}, "error": code, "times": 1}
    fault = json.loads(control(ADDRESS, "POST", "faults", rule))
    with pytest.raises(TencentCloudSDKException) as raised:
        CLIENT.call(Access(ADDRESS, own.key_id, own.secret), "ListSecrets", {})
    control(ADDRESS, "DELETE", f"faults/{fault['id']}")
    assert raised.value.get_code() == code
    assert raised.value.get_message()
