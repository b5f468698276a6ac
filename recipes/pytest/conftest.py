"""Connects tests to a running emulator, and creates an account for each test."""

import json
import os
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass

import pytest
from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi.models import Config

URL = os.environ.get("KMS_EMULATOR_ENDPOINT", "http://127.0.0.1:8080")


def control(method, path, body=None):
    """Sends a request to the control API and returns the reply; raises `urllib.error.HTTPError`."""
    request = urllib.request.Request(f"{URL}/_emulator/{path}", method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)


@dataclass
class Tenant:
    """An account with an access key."""

    account: str
    access_key_id: str
    access_key_secret: str

    def client(self):
        return Client(
            Config(
                access_key_id=self.access_key_id,
                access_key_secret=self.access_key_secret,
                endpoint=URL.removeprefix("http://"),
                protocol="HTTP",
            )
        )

    def requests(self, **filters):
        """Counts the requests of this tenant in the journal."""
        query = urllib.parse.urlencode({**filters, "access_key_id": self.access_key_id, "limit": 0})
        return control("GET", f"journal?{query}")["count"]


@pytest.fixture(scope="session")
def emulator():
    """Waits until the emulator has loaded its fixtures."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return control("GET", "ready")
        except OSError:  # not listening yet, or status 503
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.fixture  # scope="session": one tenant for all tests
def tenant(emulator):
    created = control("POST", "tenants", {})
    yield Tenant(created["account"], created["access_key_id"], created["access_key_secret"])
    control("DELETE", f"tenants/{created['account']}")


@pytest.fixture
def fault(tenant):
    """Adds fault rules for this tenant only, and removes them after the test."""
    added = []

    def add(match, **effects):
        match = {**match, "access_key_id": tenant.access_key_id}
        added.append(control("POST", "faults", {"match": match, **effects})["id"])
        return lambda: control("GET", f"faults/{added[-1]}")["hits"]

    yield add
    for number in added:
        control("DELETE", f"faults/{number}")


@pytest.fixture
def clock(emulator):
    """Advances the clock, which all tenants share, and resets it after the test."""
    yield lambda by: control("POST", "clock/advance", {"by": by})
    control("DELETE", "clock")
