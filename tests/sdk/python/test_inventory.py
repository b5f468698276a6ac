"""An inventory of an account, as programs that scan clouds make it: instances first, then keys, then secrets."""

import json
import os
from urllib.parse import urlencode

import emulator
import pytest
from clients import CLIENTS, Access
from test_life_cycle import member

ADDRESS = os.environ["KMS_EMULATOR_STRICT"]


def listed(reply, *path):
    """The items of a list in a reply. In XML each element is in a list, and an empty list is an empty element."""
    items = reply
    for name in path:
        items = items[0] if isinstance(items, list) else items
        items = items.get(name, []) if isinstance(items, dict) else []
    return items


def pages(client, access, action, *path):
    """The items of all pages."""
    items, number = [], 1
    while True:
        reply = client.wire_call(access, action, {"PageNumber": number, "PageSize": 2})
        items += listed(reply, *path)
        if len(items) >= int(member(reply, "TotalCount")):
            return items
        number += 1


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_inventory_has_every_key_and_secret(client):
    with emulator.tenant(ADDRESS) as own:
        access = Access(ADDRESS, own.key_id, own.secret)
        for number in range(3):
            client.wire_call(access, "CreateKey", {"Description": f"key {number}"})
            secret = {"SecretName": f"secret/{number}", "VersionId": "v1", "SecretData": "x"}
            client.wire_call(access, "CreateSecret", secret)
        start = count(own)

        instances = pages(client, access, "ListKmsInstances", "KmsInstances", "KmsInstance")
        keys = [member(key, "KeyId") for key in pages(client, access, "ListKeys", "Keys", "Key")]
        described = [client.wire_call(access, "DescribeKey", {"KeyId": key}) for key in keys]
        secrets = [
            member(secret, "SecretName") for secret in pages(client, access, "ListSecrets", "SecretList", "Secret")
        ]
        details = [client.wire_call(access, "DescribeSecret", {"SecretName": secret}) for secret in secrets]

        assert [member(instance, "KmsInstanceId") for instance in instances] == ["kst-hzz65f176a0ogplgq0000"]
        descriptions = {member(key, "KeyMetadata.Description") for key in described}
        assert descriptions >= {f"key {number}" for number in range(3)}
        assert {member(key, "KeyMetadata.KeyState") for key in described} == {"Enabled"}
        assert secrets == [f"secret/{number}" for number in range(3)]
        assert [member(secret, "SecretName") for secret in details] == secrets
        actions = [entry["action"] for entry in journal(own, count(own) - start)]
        assert list(dict.fromkeys(actions)) == [
            "ListKmsInstances", "ListKeys", "DescribeKey", "ListSecrets", "DescribeSecret",
        ]


def count(own):
    return journal_reply(own, 0)["count"]


def journal(own, limit):
    """The latest requests of the account, oldest first."""
    requests = journal_reply(own, limit)["requests"]
    return sorted(requests, key=lambda entry: entry["number"])


def journal_reply(own, limit):
    query = urlencode({"access_key_id": own.key_id, "limit": limit})
    return json.loads(emulator.control(ADDRESS, "GET", f"journal?{query}"))
