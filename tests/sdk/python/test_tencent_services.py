"""The generic Python client of Tencent Cloud runs the steps of tencent_services.json, which belong to three services."""

import json
import os
from pathlib import Path

import pytest
from emulator import tenant
from tencent_clients import Access
from test_tencent_life_cycle import take
from three_services import ThreeServices

HERE = Path(__file__).parent


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("sign_method", ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"])
@pytest.mark.parametrize("server", ["KMS_EMULATOR", "KMS_EMULATOR_STRICT"])
def test_every_step_has_the_expected_result(server, sign_method, method):
    with tenant(os.environ[server]) as own:
        text = (HERE / "../tencent_services.json").read_text().replace("{run}", "python")
        client = ThreeServices(sign_method, method)
        access = Access(os.environ[server], own.key_id, own.secret)
        for step in json.loads(text.replace("{account}", own.account)):
            take(client, access, step)
