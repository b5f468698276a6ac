"""Every official Python client of Tencent Cloud lists the secrets of fixtures/seed-tencent.json."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tencent_clients import (
    TCCLI,
    Access,
    TencentCloudSDKException,
    Unsigned,
    assert_is_request_id,
    on_each_client,
)

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[2] / "examples/sdk"
SEED = json.loads((HERE / "../../../fixtures/seed-tencent.json").read_text())["Response"]["SecretMetadatas"]

# The custom secrets, newest first; secrets of the same age by name.
NAMES = [
    "shop-legacy-token",
    "payment-api-cert",
    "payment-api-key",
    "mail-relay",
    "shop-db-readonly",
    "shop-db-password",
]


SERVERS = {"lenient": "KMS_EMULATOR", "strict": "KMS_EMULATOR_STRICT"}


@pytest.fixture(params=SERVERS)
def access(request):
    return Access(os.environ[SERVERS[request.param]])


def secret(name):
    """A secret as it is listed: all members except those that only a fixture has."""
    [found] = [secret for secret in SEED if secret["SecretName"] == name]
    return {member: value for member, value in found.items() if member not in ("Tags", "Versions")}


def tag(key, *values):
    return {"TagKey": key, "TagValue": list(values)}


LISTS = {
    "everything, newest first": ({}, NAMES, 6),
    "a first page of four": ({"Limit": 4}, NAMES[:4], 6),
    "a second page of four": ({"Limit": 4, "Offset": 4}, NAMES[4:], 6),
    "a page past the end": ({"Offset": 6}, [], 6),
    "oldest first": ({"OrderType": 1}, NAMES[::-1], 6),
    "disabled secrets": ({"State": 2}, ["shop-db-readonly"], 1),
    "secrets pending deletion": ({"State": 3}, ["shop-legacy-token"], 1),
    "part of a name": ({"SearchSecretName": "shop-db"}, ["shop-db-readonly", "shop-db-password"], 2),
    "two tags, both of which must match": (
        {"TagFilters": [tag("env", "prod"), tag("team", "shop")]},
        ["shop-db-password"],
        1,
    ),
    "a tag with two values, one of which must match": (
        {"TagFilters": [tag("env", "prod", "staging")]},
        [name for name in NAMES if name != "mail-relay"],
        5,
    ),
    "secrets of cloud products": ({"SecretType": 1}, ["mysql-reports", "mysql-orders"], 2),
}


@on_each_client
@pytest.mark.parametrize(("parameters", "names", "total"), LISTS.values(), ids=LISTS)
def test_lists(client, access, parameters, names, total):
    reply = client.call(access, "ListSecrets", parameters)
    assert_is_request_id(reply["RequestId"])
    wanted = {
        "TotalCount": total,
        "SecretMetadatas": [secret(name) for name in names],
        "RequestId": reply["RequestId"],
    }
    # Compared as text, because in Python `False == 0`.
    assert json.dumps(reply, sort_keys=True) == json.dumps(wanted, sort_keys=True)


@on_each_client
def test_list_has_the_time_of_a_planned_deletion(client, access):
    [secret] = client.call(access, "ListSecrets", {"State": 3})["SecretMetadatas"]
    assert (secret["SecretName"], secret["DeleteTime"]) == ("shop-legacy-token", 4070908800)


UNSIGNED = [Unsigned("TC3-HMAC-SHA256", method) for method in ("POST", "GET")]

REFUSALS = {
    "a wrong secret key": (
        {"secret_key": "wrong"},
        "AuthFailure.SignatureFailure",
        "The provided credentials could not be validated. Please check your signature is correct.",
    ),
    "a wrong secret key, in Chinese": (
        {"secret_key": "wrong", "language": "zh-CN"},
        "AuthFailure.SignatureFailure",
        "请求签名验证失败，请检查您的签名计算是否正确。",
    ),
    "an unknown secret id": (
        {"secret_id": "unknown"},
        "AuthFailure.SecretIdNotFound",
        "The SecretId is not found, please ensure that your SecretId is correct.",
    ),
}


@on_each_client
@pytest.mark.parametrize(("changes", "code", "message"), REFUSALS.values(), ids=REFUSALS)
def test_strict_mode_rejects(client, changes, code, message):
    refusal = refusal_of(client, Access(os.environ["KMS_EMULATOR_STRICT"], **changes))
    assert (refusal.get_code(), refusal.get_message()) == (code, message)


@on_each_client
def test_strict_mode_rejects_an_unknown_region(client):
    refusal = refusal_of(client, Access(os.environ["KMS_EMULATOR_STRICT"], region="ap-nowhere"))
    assert refusal.get_code() == "InvalidParameterValue"
    assert refusal.get_message() == (
        f"A value specified in `{client.region_parameter}` is not valid, is unsupported, or cannot be used."
    )


@pytest.mark.parametrize("client", UNSIGNED, ids=lambda client: client.name)
def test_lenient_mode_answers_an_unsigned_request(client):
    reply = client.call(Access(os.environ["KMS_EMULATOR"]), "ListSecrets", {})
    assert [secret["SecretName"] for secret in reply["SecretMetadatas"]] == NAMES


@pytest.mark.parametrize("client", UNSIGNED, ids=lambda client: client.name)
def test_strict_mode_rejects_an_unsigned_request(client):
    refusal = refusal_of(client, Access(os.environ["KMS_EMULATOR_STRICT"]))
    assert refusal.get_code() == "AuthFailure.InvalidAuthorization"


def refusal_of(client, access):
    with pytest.raises(TencentCloudSDKException) as caught:
        client.call(access, "ListSecrets", {"Limit": 10})
    assert_is_request_id(caught.value.get_request_id())
    return caught.value


@pytest.mark.parametrize("path", sorted([*EXAMPLES.glob("python/tencent/*"), *EXAMPLES.glob("shell/tencent/*")]), ids=lambda path: path.name)
def test_example_program_prints_every_secret(path, tmp_path):
    program = tmp_path / "program"
    program.write_text(path.read_text().replace("127.0.0.1:8080", os.environ["KMS_EMULATOR"]))
    environment = {"PATH": f"{TCCLI}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    command = {".py": [sys.executable], ".sh": ["bash"]}[path.suffix]
    run = subprocess.run([*command, program], env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    assert [secret["SecretName"] for secret in json.loads(run.stdout)["SecretMetadatas"]] == NAMES
