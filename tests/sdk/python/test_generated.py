"""Runs programs that the emulator generates for calls, without changes."""

import json
import os
from pathlib import Path

import pytest
import test_life_cycle
import test_tencent_life_cycle
from clients import CLIENTS, Access
from emulator import authority, control, tenant
from generated import Refusal, program, run
from tencent_clients import CLIENTS as TENCENT_CLIENTS
from tencent_clients import Access as TencentAccess

HERE = Path(__file__).parent
GENERIC = {
    "alibaba": next(client for client in CLIENTS if client.name.endswith("call_api, ACS3, POST, form body")),
    "tencent": next(client for client in TENCENT_CLIENTS if client.name == "common, TC3-HMAC-SHA256, POST"),
}
STEPS = {"alibaba": "life_cycle.json", "tencent": "tencent_life_cycle.json"}
# An operation that the SDK has no class for, and the code of its error.
NOT_SUPPORTED = {"alibaba": ("ListPolicies", "UnsupportedOperation"), "tencent": ("RotateSecret", "InvalidAction")}
for_each_cloud_and_language = pytest.mark.parametrize(
    ("cloud", "language"), [("alibaba", "python"), ("tencent", "python"), ("tencent", "shell")]
)
# Characters with a special meaning in a programming language, in JSON or in a query string.
SPECIAL = "-it's \"quoted\" \\n \\u0041 \\ $HOME ${HOME} `id` %s {} #{1} «a» <&+%20> \n\ttabbed\r\nend: 密码 🔑\u2028\u200d\x7f"


@pytest.fixture
def own():
    with tenant(os.environ["KMS_EMULATOR_STRICT"]) as own:
        yield own


def call(cloud, own, action, parameters):
    """Calls with an SDK directly, without a program."""
    address = os.environ["KMS_EMULATOR_STRICT"]
    if cloud == "alibaba":
        return GENERIC[cloud].wire_call(Access(address, own.key_id, own.secret), action, parameters)
    return GENERIC[cloud].call(TencentAccess(address, own.key_id, own.secret), action, parameters)


@pytest.fixture
def runs(own, tmp_path):
    """Generates a program for a call, and runs it."""

    def runs(cloud, language, action, parameters, *, refused=False, **more):
        request = {"cloud": cloud, "action": action, "parameters": parameters, "account": own.account, **more}
        reply = run(program(os.environ["KMS_EMULATOR_STRICT"], language, request), language, own, tmp_path)
        assert isinstance(reply, Refusal) == refused, reply
        return reply

    return runs


@for_each_cloud_and_language
def test_generated_programs_run_the_life_cycle(cloud, language, own, runs):
    """One program per operation and set of parameters, or per operation for tccli, which is slow. The other steps are
    called with an SDK."""
    scenario = (HERE / ".." / STEPS[cloud]).read_text().replace("{run}", "python")
    steps = json.loads(scenario.replace('"{account as a number}"', own.account).replace("{account}", own.account))
    check = {"alibaba": test_life_cycle, "tencent": test_tencent_life_cycle}[cloud].assert_contains
    done, saved = set(), {}
    for step in steps:
        step = test_life_cycle.filled(step, saved)
        action, parameters = step["action"], step["parameters"]
        signature = (action,) if language == "shell" else (action, *sorted(parameters))
        if signature in done:
            take(cloud, own, step, saved)
            continue
        done.add(signature)
        reply = runs(cloud, language, action, parameters, refused="error" in step)
        if "error" in step:
            assert reply == Refusal(step["error"]["code"], step["error"]["message"]), step["name"]
        else:
            check(reply, step["reply"], step.get("more", False), step["name"])
            test_life_cycle.save(step, reply, saved)
    supported = operations(cloud)
    assert supported - {action for action, *_ in done} == set()


def take(cloud, own, step, saved):
    client = GENERIC[cloud]
    address = os.environ["KMS_EMULATOR_STRICT"]
    if cloud == "alibaba":
        test_life_cycle.take(client, Access(address, own.key_id, own.secret), step, saved)
    else:
        test_tencent_life_cycle.take(client, TencentAccess(address, own.key_id, own.secret), step)


def operations(cloud):
    found = json.loads(control(os.environ["KMS_EMULATOR"], "GET", f"operations?cloud={cloud}"))
    product = {"alibaba": "Kms", "tencent": "ssm"}[cloud]
    return {operation["action"] for operation in found["operations"] if operation["product"] == product}


@for_each_cloud_and_language
def test_special_characters_arrive_unchanged(cloud, language, own, runs):
    text, name = {"alibaba": "SecretData", "tencent": "SecretString"}[cloud], "special"
    runs(cloud, language, "CreateSecret", {"SecretName": name, "VersionId": "1", text: SPECIAL, "Description": "-"})
    held = call(cloud, own, "GetSecretValue", {"SecretName": name, "VersionId": "1"})
    assert held[text] == SPECIAL
    held = call(cloud, own, "DescribeSecret", {"SecretName": name})
    assert held["Description"] == "-"
    assert runs(cloud, language, "GetSecretValue", {"SecretName": name, "VersionId": "1"})[text] == SPECIAL


@for_each_cloud_and_language
def test_binary_values_arrive_unchanged(cloud, language, own, runs):
    value = {
        "alibaba": {"SecretData": "AAEC//4n", "SecretDataType": "binary"},
        "tencent": {"SecretBinary": "AAEC//4n"},
    }[cloud]
    runs(cloud, language, "CreateSecret", {"SecretName": "binary", "VersionId": "1", **value})
    assert call(cloud, own, "GetSecretValue", {"SecretName": "binary", "VersionId": "1"}).items() >= value.items()


def test_documents_and_lists_arrive_unchanged_at_alibaba(own, runs):
    for name, tags in ("a", '[{"TagKey":"a/b:@","TagValue":"+v@w:x/y"}]'), ("b", '[{"TagKey":"k","TagValue":"v"}]'):
        secret = {"SecretName": name, "VersionId": "1", "SecretData": "x", "Tags": tags}
        call("alibaba", own, "CreateSecret", secret)
    filters = [{"Key": "TagKey", "Values": ["a/b:@"]}, {"Key": "TagValue", "Values": ["+v@w:x/y", "other"]}]
    for written in (filters, json.dumps(filters), json.dumps(filters, ensure_ascii=False)):
        listed = runs("alibaba", "python", "ListSecrets", {"PageSize": "10", "Filters": written})
        assert [secret["SecretName"] for secret in listed["SecretList"]["Secret"]] == ["a"]
    tags = [{"Key": "new\\", "Value": "+v\\n"}, {"Key": "empty", "Value": ""}]
    resources = {"ResourceType": "secret", "ResourceId": ["a", "b"]}
    runs("alibaba", "python", "TagResources", {**resources, "Tag": tags, "RegionId": "cn-hangzhou"})
    found = runs("alibaba", "python", "ListTagResources", {**resources, "Tag": tags[:1], "RegionId": "cn-hangzhou"})
    assert {row["ResourceId"] for row in found["TagResources"]["TagResource"]} == {"a", "b"}
    # Only this SDK has a class for these.
    wanted = [{"SecretName": "a", "FetchExtendedConfig": True}, {"SecretName": "b", "VersionStage": "ACSCurrent"}]
    read = runs("alibaba", "python", "BatchGetSecretValue", {"SecretsList": wanted})
    assert [secret["SecretName"] for secret in read["SecretValues"]] == ["a", "b"]


def test_extended_configuration_arrives_unchanged_at_alibaba(own, runs):
    config = {"SecretSubType": "SingleUser", "DBInstanceId": "rm-1", "CustomData": {"a": "it's"}}
    data = json.dumps({"Accounts": [{"AccountName": "u", "AccountPassword": "密\"p"}]}, ensure_ascii=False)
    secret = {"SecretName": "rds", "VersionId": "1", "SecretType": "Rds", "SecretData": data}
    made = runs("alibaba", "python", "CreateSecret", {**secret, "ExtendedConfig": config})
    assert made["SecretType"] == "Rds", made
    custom = {"SecretName": "rds", "ExtendedConfig.CustomData": '{"b":"$x"}'}
    runs("alibaba", "python", "UpdateSecret", custom)
    held = call("alibaba", own, "DescribeSecret", {"SecretName": "rds"})
    assert json.loads(held["ExtendedConfig"])["CustomData"] == {"b": "$x"}, held


@pytest.mark.parametrize("language", ["python", "shell"])
def test_tags_and_filters_arrive_unchanged_at_tencent(language, own, runs):
    tags = [{"TagKey": "k 密", "TagValue": "it's \"v\""}, {"TagKey": "k2", "TagValue": "$HOME \\n"}]
    runs("tencent", language, "CreateSecret", {"SecretName": "a", "VersionId": "1", "SecretString": "x", "Tags": tags})
    call("tencent", own, "CreateSecret", {"SecretName": "b", "VersionId": "1", "SecretString": "x"})
    filters = [{"TagKey": "k 密", "TagValue": ["it's \"v\"", "other"]}, {"TagKey": "k2"}]
    listed = runs("tencent", language, "ListSecrets", {"TagFilters": filters, "Limit": 5})
    assert [secret["SecretName"] for secret in listed["SecretMetadatas"]] == ["a"]


@for_each_cloud_and_language
def test_invalid_values_and_unsupported_operations_reach_the_server(cloud, language, own, runs):
    """Values of a type that the SDK does not have, and operations that it does not have."""
    if language == "shell":
        return  # tccli rejects both
    action, code = NOT_SUPPORTED[cloud]
    refused = runs(cloud, language, action, {"SecretName": "x"}, refused=True)
    assert refused.code == code
    wrong = {"alibaba": {"PageSize": "ten"}, "tencent": {"Limit": "ten"}}[cloud]
    expected = sent(cloud, own, "ListSecrets", wrong)
    assert runs(cloud, language, "ListSecrets", wrong, refused=True) == expected


def sent(cloud, own, action, parameters):
    """The error of the same call when the emulator sends it."""
    request = {"cloud": cloud, "action": action, "parameters": parameters, "account": own.account}
    # The default of the SDK.
    request |= {"language": "zh-CN"} if cloud == "tencent" else {}
    result = json.loads(control(os.environ["KMS_EMULATOR_STRICT"], "POST", "call", request))
    body = json.loads(result["reply"]["body"])
    error = body["Response"]["Error"] if cloud == "tencent" else body
    return Refusal(error["Code"], error["Message"])


@pytest.mark.parametrize("cloud", ["alibaba", "tencent"])
def test_generated_programs_use_https_and_verify_the_certificate(cloud, runs, tmp_path):
    def trust(server):
        (tmp_path / "ca.pem").write_bytes(authority(os.environ[server]))

    trust("KMS_EMULATOR_STRICT")
    listed = runs(cloud, "python", "ListSecrets", {}, https=True)
    assert listed["TotalCount"] == 0
    # The SDK has no class for this operation, so the program uses the generic client.
    action, code = NOT_SUPPORTED[cloud]
    refused = runs(cloud, "python", action, {}, refused=True, https=True)
    assert refused.code == code
    trust("KMS_EMULATOR")
    if cloud == "tencent":
        refused = runs(cloud, "python", "ListSecrets", {}, refused=True, https=True)
        assert refused.code == "ClientNetworkError" and "CERTIFICATE_VERIFY_FAILED" in refused.message
    else:
        with pytest.raises(AssertionError, match="CERTIFICATE_VERIFY_FAILED"):
            runs(cloud, "python", "ListSecrets", {}, https=True)


@for_each_cloud_and_language
def test_installation_command_has_the_pinned_versions(cloud, language):
    request = {"cloud": cloud, "action": "ListSecrets"}
    install = program(os.environ["KMS_EMULATOR"], language, request).install
    pins = {"python": "requirements.txt", "shell": "requirements-tccli.txt"}[language]
    assert install.removeprefix("pip install ") in (HERE / pins).read_text().splitlines()
