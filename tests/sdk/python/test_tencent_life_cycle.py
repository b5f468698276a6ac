"""Every official Python client of Tencent Cloud runs the steps of tencent_life_cycle.json."""

import json
import os
from pathlib import Path

import pytest
from emulator import tenant
from tencent_clients import Access, TencentCloudSDKException, assert_is_request_id, on_each_client

HERE = Path(__file__).parent


@on_each_client
@pytest.mark.parametrize("server", ["KMS_EMULATOR", "KMS_EMULATOR_STRICT"])
def test_every_step_has_the_expected_result(client, server):
    with tenant(os.environ[server]) as own:
        go_through(client, Access(os.environ[server], own.key_id, own.secret), own.account)


def go_through(client, access, account):
    scenario = (HERE / "../tencent_life_cycle.json").read_text().replace("{run}", "python")
    steps = json.loads(scenario.replace('"{account as a number}"', account).replace("{account}", account))
    lacks = {name for step in steps for name in client.lacks(step)}
    not_offered = json.loads((HERE / "../tencent_not_offered.json").read_text())
    assert sorted(lacks) == not_offered.get(client.package, [])
    for step in steps:
        take(client, access, step)


def take(client, access, step):
    try:
        reply = client.call(access, step["action"], step["parameters"])
    except TencentCloudSDKException as error:
        assert {"code": error.get_code(), "message": error.get_message()} == step.get("error"), step["name"]
        assert_is_request_id(error.get_request_id())
    else:
        assert "error" not in step, (step["name"], reply)
        assert_contains(reply, step["reply"], step.get("more", False), step["name"])
        assert_is_request_id(reply["RequestId"])


def assert_contains(got, want, more, name):
    assert type(got) is type(want), (name, got)
    if isinstance(want, dict):
        for member, value in want.items():
            assert_contains(got.get(member), value, more, f"{name}: {member}")
    elif isinstance(want, list):
        assert len(got) == len(want) or (more and len(got) > len(want)), (name, got)
        for item, wanted in zip(got, want, strict=False):
            assert_contains(item, wanted, more, name)
    else:
        assert got == want, name
