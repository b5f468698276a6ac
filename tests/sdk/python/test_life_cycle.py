"""Every official Python client runs the steps of life_cycle.json."""

import base64
import json
import os
from pathlib import Path

import pytest
from clients import CLIENTS, Access
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_der_public_key
from emulator import tenant

HERE = Path(__file__).parent


@pytest.mark.parametrize("server", ["KMS_EMULATOR", "KMS_EMULATOR_STRICT"])
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_every_step_has_the_expected_result(client, server):
    with tenant(os.environ[server]) as own:
        go_through(client, Access(os.environ[server], own.key_id, own.secret))


def go_through(client, access):
    steps = json.loads((HERE / "../life_cycle.json").read_text().replace("{run}", "python"))
    saved = {}
    missing = {step["action"] for step in steps if not take(client, access, filled(step, saved), saved)}
    not_offered = json.loads((HERE / "../not_offered.json").read_text())
    assert sorted(missing) == ([] if client.is_generic else not_offered.get(client.name.split(",")[0], []))


def filled(step, saved):
    """A step with the values that earlier steps have saved, and those that it encrypts with a saved public key."""
    for name, key in step.get("encrypt", {}).items():
        public_key = load_der_public_key(base64.b64decode(saved[key]))
        saved[name] = base64.b64encode(public_key.encrypt(bytes(32), PKCS1v15())).decode()
    text = json.dumps(step)
    for name, value in saved.items():
        text = text.replace(f"{{{name}}}", value)
    return json.loads(text)


def member(reply, path):
    """A member of a reply, by its path. The first item of each list."""
    for name in path.split("."):
        reply = reply[name]
        while isinstance(reply, list):
            reply = reply[0]
    return reply


def take(client, access, step, saved):
    """Runs a step, saves values of its reply, and returns whether the SDK has the operation."""
    try:
        reply = client.wire_call(access, step["action"], step["parameters"])
    except client.exception as error:
        refusal = client.refusal(error)
        answered = {"status": refusal.status, "code": refusal.code, "message": refusal.message}
        assert answered == step.get("error"), step["name"]
        return True
    if reply is not None:
        assert "error" not in step, (step["name"], reply)
        assert_contains(reply, step["reply"], step.get("more", False), step["name"])
        assert reply["RequestId"]
        save(step, reply, saved)
    return reply is not None


def save(step, reply, saved):
    """Saves the members of a reply that later steps use."""
    saved.update({name: member(reply, path) for name, path in step.get("save", {}).items()})


def assert_contains(got, want, more, name):
    if isinstance(got, list) and len(got) == 1 and not isinstance(want, list):
        [got] = got  # in XML, a list of one item looks like the item
    if isinstance(want, dict):
        for member, value in want.items():
            # In XML, an empty list is an empty element.
            inner = got.get(member) if isinstance(got, dict) else None
            assert_contains(inner, value, more, f"{name}: {member}")
    elif isinstance(want, list):
        items = got or []
        assert len(items) == len(want) or (more and len(items) > len(want)), (name, got)
        for item, wanted in zip(items, want, strict=False):
            assert_contains(item, wanted, more, name)
    else:
        assert as_text(got) == as_text(want), name


def as_text(value):
    """A value as in XML."""
    return json.dumps(value) if isinstance(value, bool) else str(value)
