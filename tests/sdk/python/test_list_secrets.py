"""Every official Python client lists the secrets of fixtures/seed.json."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from clients import CLIENTS, Access, Core, Page, Secret
from emulator import control, tenant

# The secrets of fixtures/seed.json, oldest first; secrets of the same age by name.
SECRETS = [
    Secret(
        "shop/db/password", "Generic", "2024-03-04T08:15:30Z", "2025-09-01T02:00:11Z",
        tags=(("env", "prod"), ("team", "shop")),
    ),
    Secret(
        "shop/db/readonly", "Generic", "2024-03-04T08:16:02Z", "2024-03-04T08:16:02Z",
        tags=(("env", "staging"), ("team", "shop")),
    ),
    Secret("payment.api-cert", "Generic", "2024-05-20T11:00:00Z", "2024-05-20T11:00:00Z", tags=()),
    Secret(
        "payment.api-key", "Generic", "2024-05-20T11:00:00Z", "2024-05-20T11:00:00Z",
        tags=(("env", "prod"),),
    ),
    Secret(
        "orders/rds", "Rds", "2024-11-11T00:30:00Z", "2025-11-11T00:30:00Z",
        tags=(("env", "prod"), ("team", "orders")),
    ),
    Secret("acs/ram/user/deployer", "RAMCredentials", "2025-01-15T06:45:59Z", "2025-06-15T06:45:59Z", tags=()),
    Secret(
        "acs/ecs/bastion", "ECS", "2025-02-01T23:59:59Z", "2025-02-01T23:59:59Z",
        owing_service="ecs", tags=(("env", "staging"),),
    ),
    Secret(
        "legacy-token", "Generic", "2025-07-07T07:07:07Z", "2025-08-08T08:08:08Z",
        planned_delete="2099-08-08T08:08:08Z", tags=(),
    ),
]
NAMES = [secret.name for secret in SECRETS]
EXAMPLES = Path(__file__).parents[3] / "examples/sdk/python/alibaba"

SERVERS = {"lenient": "KMS_EMULATOR", "strict": "KMS_EMULATOR_STRICT"}

on_each_client = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
on_each_generic_client = pytest.mark.parametrize(
    "client", [client for client in CLIENTS if client.is_generic], ids=lambda client: client.name
)


@pytest.fixture(params=SERVERS)
def access(request):
    return Access(os.environ[SERVERS[request.param]])


@pytest.fixture
def strict():
    return os.environ["KMS_EMULATOR_STRICT"]


def list_secrets(client, access, **parameters):
    page = client.page(client.call(access, "ListSecrets", **parameters))
    assert_is_request_id(page.request_id)
    return page


def refusal_of(client, access, action, **parameters):
    with pytest.raises(client.exception) as caught:
        client.call(access, action, **parameters)
    assert type(caught.value) is client.exception
    refusal = client.refusal(caught.value)
    assert_is_request_id(refusal.request_id)
    return refusal


def assert_is_request_id(text):
    assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", text)


@on_each_client
def test_lists_every_secret_in_order_of_creation(client, access):
    page = list_secrets(client, access)
    assert page == Page(1, 10, 8, page.request_id, [secret.without_tags() for secret in SECRETS])


@on_each_client
@pytest.mark.parametrize("wanted", ["true", True], ids=repr)
def test_fetches_tags_on_request_and_an_empty_list_for_an_untagged_secret(client, access, wanted):
    assert list_secrets(client, access, fetch_tags=wanted).secrets == SECRETS


@on_each_client
def test_three_pages_of_three_have_every_secret_once(client, access):
    pages = [list_secrets(client, access, page_number=number, page_size=3) for number in (1, 2, 3)]
    assert [page.names for page in pages] == [NAMES[0:3], NAMES[3:6], NAMES[6:8]]
    assert [(page.number, page.size, page.total) for page in pages] == [(1, 3, 8), (2, 3, 8), (3, 3, 8)]


@on_each_client
def test_page_past_the_end_is_empty_and_has_the_total(client, access):
    page = list_secrets(client, access, page_number=4, page_size=3)
    assert page == Page(4, 3, 8, page.request_id, [])


FILTERS = {
    "a tag key": (
        [("TagKey", ["team"])],
        ["shop/db/password", "shop/db/readonly", "orders/rds"],
    ),
    "two keys, both of which must match": (
        [("TagKey", ["team"]), ("TagValue", ["prod"])],
        ["shop/db/password", "orders/rds"],
    ),
    "two values, one of which must match": (
        [("SecretName", ["legacy-token", "orders/rds"])],
        ["orders/rds", "legacy-token"],
    ),
    "a name with slashes": ([("SecretName", ["shop/db/password"])], ["shop/db/password"]),
    "part of a name, which matches nothing": ([("SecretName", ["shop/db"])], []),
    "two types": (
        [("SecretType", ["RAMCredentials", "ECS"])],
        ["acs/ram/user/deployer", "acs/ecs/bastion"],
    ),
    "an instance": ([("DKMSInstanceId", ["kst-hzz65f176a0ogplgq0000"])], ["orders/rds"]),
    "a description with spaces, a comma and a hash": (
        [("Description", ["Client certificate, PKCS#12"])],
        ["payment.api-cert"],
    ),
    # The SDKs encode some of these differently, and all are part of the signature.
    "characters that need encoding": ([("Description", ["~*'()!+%&=?/ \"é中"])], []),
}


@on_each_client
@pytest.mark.parametrize(("conditions", "names"), FILTERS.values(), ids=FILTERS)
def test_filters_by(client, access, conditions, names):
    filters = json.dumps([{"Key": key, "Values": values} for key, values in conditions], ensure_ascii=False)
    page = list_secrets(client, access, filters=filters)
    assert (page.names, page.total) == (names, len(names))


@on_each_client
def test_page_size_above_100_is_rejected(client, access):
    refusal = refusal_of(client, access, "ListSecrets", page_size=101)
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")
    assert refusal.message == 'The specified parameter PageSize is not valid.'


@on_each_client
def test_operation_that_the_emulator_lacks_is_unsupported(client, access):
    refusal = refusal_of(client, access, "ListPolicies")
    assert (refusal.status, refusal.code) == (400, "UnsupportedOperation")
    assert refusal.message == "This action is not supported."


@on_each_generic_client
def test_unknown_action_is_not_found(client, access):
    refusal = refusal_of(client, access, "ListSecretz")
    assert (refusal.status, refusal.code) == (404, "InvalidAction.NotFound")


@on_each_client
def test_strict_mode_rejects_a_wrong_secret(client, strict):
    refusal = refusal_of(client, Access(strict, secret="wrong"), "ListSecrets", page_size=10)
    assert (refusal.status, refusal.code) == (400, "IncompleteSignature")


@on_each_client
def test_strict_mode_rejects_an_unknown_access_key(client, strict):
    refusal = refusal_of(client, Access(strict, key_id="unknown"), "ListSecrets", page_size=10)
    assert (refusal.status, refusal.code) == (404, "InvalidAccessKeyId.NotFound")


def test_error_for_a_v1_signature_has_the_string_that_the_sdk_signed(strict):
    client = Core()
    access = Access(strict, secret="wrong")
    request = client.request(access, "ListSecrets", {"filters": "~*'()!+%&=?/ \"é中"})
    with pytest.raises(client.exception) as caught:
        client.send(access, request)
    assert caught.value.message.endswith(f"server string to sign is:{request.string_to_sign}")


@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "IncompleteSignature"])
def test_classic_sdk_raises_an_injected_signature_error(code):
    # The SDK splits the message at "string to sign is:" and raises an IndexError if that is absent.
    address = os.environ["KMS_EMULATOR"]
    client = Core()
    with tenant(address) as own:
        rule = {"match": {"access_key_id": own.key_id}, "error": code}
        created = json.loads(control(address, "POST", "faults", rule))
        access = Access(address, key_id=own.key_id, secret=own.secret)
        try:
            with pytest.raises(client.exception) as caught:
                client.send(access, client.request(access, "ListSecrets", {}))
        finally:
            control(address, "DELETE", f"faults/{created['id']}")
    assert caught.value.error_code == code


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_example_program_prints_every_secret(path, tmp_path):
    program = tmp_path / "program.py"  # its original name could shadow a package of the SDK
    program.write_text(path.read_text().replace("127.0.0.1:8080", os.environ["KMS_EMULATOR"]))
    run = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    assert [secret["SecretName"] for secret in json.loads(run.stdout)["SecretList"]["Secret"]] == NAMES
