"""ssm-rotation-sdk: reads the account of a database that is in use, and sees that it was rotated."""

import json

import emulator
import pytest
from conftest import ADDRESS
from ssm_rotation_sdk import SsmAccount
from ssm_rotation_sdk.requester import get_current_account


@pytest.fixture
def tenant():
    """An account with its own clock."""
    created = json.loads(emulator.control(ADDRESS, "POST", "tenants", {"ttl": "30m", "clock": True}))
    yield created
    emulator.control(ADDRESS, "DELETE", f"tenants/{created['account']}")


def call(tenant, action, **parameters):
    body = {"cloud": "tencent", "action": action, "parameters": parameters, "account": tenant["account"]}
    reply = json.loads(emulator.control(ADDRESS, "POST", "call", body))["reply"]
    return json.loads(reply["body"])["Response"]


def advance(tenant):
    emulator.control(ADDRESS, "POST", f"clock/advance?account={tenant['account']}", {"by": "2s"})


def current(tenant):
    key = (tenant["access_key_id"], tenant["access_key_secret"], "ap-guangzhou")
    account = SsmAccount.with_permanent_credential(*key).with_endpoint(f"http://{ADDRESS}")
    return get_current_account("orders", account)


def test_a_rotation_is_seen(tenant):
    call(
        tenant,
        "CreateProductSecret",
        SecretName="orders",
        UserNamePrefix="orders",
        ProductName="Mysql",
        InstanceID="cdb-1",
        Domains=["%"],
        PrivilegesList=[{"PrivilegeName": "GlobalPrivileges", "Privileges": ["SELECT"]}],
    )
    account, error = current(tenant)
    assert account is None
    assert "ResourceUninitialized" in error.message or "not initialized" in error.message
    advance(tenant)
    first, error = current(tenant)
    assert error is None
    assert first.user_name.startswith("orders_SSM_") and len(first.password) == 32
    call(tenant, "RotateProductSecret", SecretName="orders")
    assert current(tenant)[0].user_name == first.user_name
    advance(tenant)
    second, error = current(tenant)
    assert error is None
    assert second.user_name.startswith("orders_SSM_") and second.user_name != first.user_name
    assert second.password != first.password
