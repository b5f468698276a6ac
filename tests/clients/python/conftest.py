"""Fixtures of all client tests: accounts with secrets, injected errors, a client key, and the authority of the server."""

import base64
import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import emulator
import pytest

pytest.register_assert_rewrite("cache_tests")

ADDRESS = os.environ["KMS_EMULATOR_STRICT"]


@dataclass(frozen=True)
class Account:
    """An account with an access key."""

    id: str
    key_id: str
    secret: str

    def call(self, action, region="cn-hangzhou", **parameters):
        """Executes an operation of Alibaba Cloud KMS in the account, and returns the reply."""
        body = {"cloud": "alibaba", "action": action, "parameters": parameters, "account": self.id, "region": region}
        reply = json.loads(emulator.control(ADDRESS, "POST", "call", body))["reply"]
        assert reply["status"] == 200, reply
        return json.loads(reply["body"])

    def fail(self, action, **effect):
        """Lets requests for an operation fail, with the members of a fault rule."""
        rule = {"match": {"access_key_id": self.key_id, "action": action}, **effect}
        emulator.control(ADDRESS, "POST", "faults", rule)

    def requests(self, action):
        """The number of requests for an operation."""
        query = urlencode({"access_key_id": self.key_id, "action": action, "limit": 0})
        return json.loads(emulator.control(ADDRESS, "GET", f"journal?{query}"))["count"]


@pytest.fixture
def account():
    """A new account without secrets."""
    with emulator.tenant(ADDRESS) as own:
        yield Account(own.account, own.key_id, own.secret)


@pytest.fixture
def stored(account):
    """A new account with the secret `app/password`, and with `app/old`, which is pending deletion."""
    account.call("CreateSecret", SecretName="app/password", VersionId="v1", SecretData="first")
    account.call("CreateSecret", SecretName="app/old", VersionId="v1", SecretData="old")
    account.call("DeleteSecret", SecretName="app/old", RecoveryWindowInDays=7)
    return account



def send(client, request, **parameters):
    """Sends a request of a classic SDK to the server, and returns the reply."""
    request.set_endpoint(ADDRESS)
    request.set_protocol_type("http")
    for name, value in parameters.items():
        getattr(request, f"set_{name}")(value)
    return json.loads(client.do_action_with_exception(request))


@pytest.fixture(scope="session")
def ca(tmp_path_factory):
    """A file with the certificate of the server's authority."""
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    path.write_bytes(emulator.authority(ADDRESS))
    return str(path)


# The client key that the suites' servers have, and its account.
CLIENT_KEY = "LTAIrsa"
OWNER = Account("2000000000000000", CLIENT_KEY, "")


def exported(key, key_id):
    """A client key as the console issues it, with the private key in PKCS#12, and its password."""
    from OpenSSL import crypto  # not a dependency of all clients

    store = crypto.PKCS12()
    store.set_privatekey(key)
    data = base64.b64encode(store.export(b"not a real password")).decode()
    return json.dumps({"KeyId": key_id, "PrivateKeyData": data}), "not a real password"


@pytest.fixture(scope="module")
def client_key():
    from OpenSSL import crypto

    pem = (Path(__file__).parent / "../../keys/rsa.pem").read_bytes()
    return exported(crypto.load_privatekey(crypto.FILETYPE_PEM, pem), CLIENT_KEY)


@pytest.fixture
def secret():
    """The name of a new secret in the account of the client key, whose clients only read."""
    name = f"instance/{uuid.uuid4()}"
    version = {"VersionId": "v1", "SecretData": "first", "SecretDataType": "text", "VersionStages": ["ACSCurrent"]}
    secrets = [{"SecretName": name, "SecretType": "Generic", "Versions": [version]}]
    emulator.control(ADDRESS, "POST", f"state?account={OWNER.id}", {"SecretList": {"Secret": secrets}})
    return name


def own_key(spec, usage):
    """The id of a new key in the account of the client key."""
    key = {"KeyId": f"key-{uuid.uuid4()}", "KeySpec": spec, "KeyUsage": usage}
    emulator.control(ADDRESS, "POST", f"state?account={OWNER.id}", {"Keys": {"Key": [key]}})
    return key["KeyId"]
