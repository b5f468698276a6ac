"""The controls of the servers under test, in plain HTTP."""

import json
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection


@dataclass(frozen=True)
class Tenant:
    """An account with its key, which is good for both clouds."""

    account: str
    key_id: str
    secret: str


@contextmanager
def tenant(address):
    """An account that is nobody else's, for as long as the block runs."""
    # Should nothing be left to drop it, it drops itself.
    made = json.loads(control(address, "POST", "tenants", {"ttl": "30m"}))
    try:
        yield Tenant(made["account"], made["access_key_id"], made["access_key_secret"])
    finally:
        control(address, "DELETE", f"tenants/{made['account']}")


def authority(address):
    """The certificate that vouches for the server over https."""
    return control(address, "GET", "ca.pem")


def control(address, method, path, body=None):
    with closing(HTTPConnection(address, timeout=60)) as connection:
        connection.request(method, f"/_emulator/{path}", None if body is None else json.dumps(body))
        reply = connection.getresponse()
        content = reply.read()
    assert reply.status in (200, 201), (method, path, content)
    return content
