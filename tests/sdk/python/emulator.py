"""Calls the control API of the servers under test, over plain HTTP."""

import json
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection


@dataclass(frozen=True)
class Tenant:
    """An account with an access key for both clouds."""

    account: str
    key_id: str
    secret: str


@contextmanager
def tenant(address):
    """Creates an account with a KMS instance for the block and deletes it afterwards."""
    # The time to live deletes the account if the process is killed.
    instances = {"KmsInstances": {"KmsInstance": [{"KmsInstanceId": "kst-hzz65f176a0ogplgq0000"}]}}
    created = json.loads(control(address, "POST", "tenants", {"ttl": "30m", "fixture": instances}))
    try:
        yield Tenant(created["account"], created["access_key_id"], created["access_key_secret"])
    finally:
        control(address, "DELETE", f"tenants/{created['account']}")


def authority(address):
    """The certificate of the server's authority, for https."""
    return control(address, "GET", "ca.pem")


def control(address, method, path, body=None):
    with closing(HTTPConnection(address, timeout=60)) as connection:
        connection.request(method, f"/_emulator/{path}", None if body is None else json.dumps(body))
        reply = connection.getresponse()
        content = reply.read()
    assert reply.status in (200, 201), (method, path, content)
    return content
