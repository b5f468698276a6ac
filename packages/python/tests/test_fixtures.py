"""Each fixture, with the official SDKs."""

from datetime import datetime, timedelta, timezone

import pytest
from clients import Refused, Tea, Tencent, every_client


@every_client
def test_secret_of_a_dict_is_read(client_type, kms_tenant, kms_secrets):
    kms_secrets({"db-password": "hunter2"})
    assert client_type(kms_tenant).value("db-password") == "hunter2"


def test_secrets_can_differ_between_the_clouds(kms_tenant, kms_secrets):
    kms_secrets({"both": "same"}, alibaba={"db/password": "one"}, tencent={"db-password": "two"})
    alibaba, tencent = Tea(kms_tenant), Tencent(kms_tenant)
    assert [alibaba.value("both"), alibaba.value("db/password")] == ["same", "one"]
    assert [tencent.value("both"), tencent.value("db-password")] == ["same", "two"]
    with pytest.raises(Refused, match="Forbidden.ResourceNotFound"):
        alibaba.value("db-password")


def test_secret_of_the_same_name_is_replaced(kms_tenant, kms_secrets):
    kms_secrets({"a": "old"})
    kms_secrets({"a": "new"})
    kms_secrets({})
    assert Tea(kms_tenant).value("a") == "new"


def test_fixture_is_loaded_from_a_file_and_from_parsed_json(kms_tenant, kms_secrets, tmp_path):
    path = tmp_path / "secrets.json"
    path.write_text('{"SecretList": {"Secret": [{"SecretName": "a", "Versions": [{"SecretData": "1"}]}]}}')
    kms_secrets.load(path)
    kms_secrets.load(str(path))
    kms_secrets.load({"SecretMetadatas": [{"SecretName": "b", "Versions": [{"VersionId": "v1", "SecretString": "2"}]}]})
    assert Tea(kms_tenant).value("a") == "1"
    assert Tencent(kms_tenant).value("b") == "2"


@every_client
def test_request_is_throttled_as_often_as_the_rule_says(client_type, kms_tenant, kms_secrets, kms_fault, kms_journal):
    kms_secrets({"db": "hunter2"})
    client = client_type(kms_tenant)
    fault = kms_fault(client.throttling, action="GetSecretValue", secret="d*", cloud=client.cloud, times=2)
    for _ in range(2):
        with pytest.raises(Refused, match=client.throttling):
            client.value("db")
    assert client.value("db") == "hunter2"
    assert fault.hits == 2
    assert kms_journal.count(action="GetSecretValue") == 3
    assert kms_journal.count(code=client.throttling, fault=fault) == 2
    assert [entry["code"] for entry in kms_journal(cloud=client.cloud, code="OK")] == ["OK"]


def test_rule_is_only_for_requests_of_its_tenant(kms_emulator, kms_tenant, kms_secrets, kms_fault):
    kms_secrets({"db": "mine"})
    fault = kms_fault("Rejected.Throttling")
    with kms_emulator.tenant() as other:
        other.secrets({"db": "theirs"})
        assert Tea(other).value("db") == "theirs"
        assert fault.seen == 0
        with pytest.raises(Refused, match="Rejected.Throttling"):
            Tea(kms_tenant).value("db")
    assert fault.seen == fault.hits == 1


def test_every_condition_and_effect_is_sent(kms_emulator, kms_tenant, kms_fault):
    rule = {"message": "again", "status": 503, "latency": {"min": "1ms", "max": "2ms"}, "when": "after", "times": 3}
    match = {
        "cloud": "alibaba",
        "action": "PutSecretValue",
        "secret": "a*",
        "region": "cn-shanghai",
        "probability": 0.5,
        "seed": 7,
    }
    fault = kms_fault("Any.Code", **rule, **match)
    sent = kms_emulator.control("GET", f"faults/{fault.id}")["rule"]
    assert sent == {"error": "Any.Code", **rule, "match": {**match, "access_key_id": kms_tenant.access_key_id}}
    fault = kms_fault(reset=True, nth=2)
    assert kms_emulator.control("GET", f"faults/{fault.id}")["rule"]["match"]["nth"] == 2
    fault = kms_fault(truncate=5, every=3)
    assert kms_emulator.control("GET", f"faults/{fault.id}")["rule"]["truncate"] == 5


def test_rule_that_is_removed_fires_no_more(kms_tenant, kms_secrets, kms_fault):
    kms_secrets({"db": "hunter2"})
    fault = kms_fault("Rejected.Throttling")
    fault.remove()
    fault.remove()
    assert Tea(kms_tenant).value("db") == "hunter2"


@every_client
def test_deletion_happens_when_the_clock_of_the_tenant_is_advanced(
    client_type, kms_emulator, kms_tenant, kms_secrets, kms_clock
):
    with kms_emulator.tenant() as other:
        for tenant in (kms_tenant, other):
            tenant.secrets({"db": "hunter2"})
            client_type(tenant).delete("db", 7)
        before = kms_clock.now()
        after = kms_clock.advance("8d")
        assert after - before >= timedelta(days=8)
        with pytest.raises(Refused) as gone:
            client_type(kms_tenant).value("db")
        with pytest.raises(Refused) as planned:
            client_type(other).value("db")
        assert client_type.not_found in str(gone.value)
        assert client_type.not_found not in str(planned.value)
        assert other.clock.now() < before + timedelta(days=1)
        assert kms_emulator.clock.now() < before + timedelta(days=1)


def test_clock_is_set_stopped_and_reset(kms_clock):
    noon = datetime(2030, 1, 1, 12, 0, 0, 500_000, tzinfo=timezone.utc)
    assert kms_clock.set(noon, frozen=True) == noon
    assert kms_clock.now() == noon
    later = noon + timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=5)
    assert kms_clock.advance(later - noon) == later
    assert kms_clock.resume() >= later
    frozen = kms_clock.freeze()
    assert kms_clock.now() == frozen
    assert kms_clock.set("2031-02-03").date().isoformat() == "2031-02-03"
    assert kms_clock.reset() < datetime(2030, 1, 1, tzinfo=timezone.utc)


def test_clock_refuses_times_that_are_not_defined(kms_clock):
    with pytest.raises(ValueError, match="time zone"):
        kms_clock.set(datetime(2030, 1, 1))
    with pytest.raises(ValueError, match="negative"):
        kms_clock.advance(timedelta(seconds=-1))


def test_journal_has_only_requests_of_the_tenant(kms_emulator, kms_tenant, kms_secrets, kms_journal):
    kms_secrets({"db": "hunter2"})
    with kms_emulator.tenant() as other:
        other.secrets({"db": "hunter2"})
        Tea(other).value("db")
    Tea(kms_tenant).value("db")
    (entry,) = kms_journal()
    assert entry["access_key_id"] == kms_tenant.access_key_id
    assert entry["parameters"]["SecretName"] == "db"
    assert kms_journal.count(parameter="SecretName=db", status=200, verdict="valid") == 1
    assert kms_journal(limit=1) == [entry]
    kms_journal.clear()
    assert kms_journal.count() == 0


@pytest.mark.parametrize("number", range(2))
def test_each_test_has_a_tenant_without_secrets(number, kms_emulator, kms_tenant, kms_secrets):
    ready = kms_emulator.control("GET", "ready")["scopes"]
    assert not [scope for scope in ready if scope["account"] == kms_tenant.account and scope["secrets"]]
    kms_secrets({"left over": "x"})


def test_settings_and_environment_name_the_keys_of_the_tenant(kms_emulator, kms_tenant):
    for settings in (kms_tenant.alibaba, kms_tenant.tencent):
        assert settings.endpoint == kms_emulator.endpoint
        assert settings.access_key_id == kms_tenant.access_key_id
        assert settings.access_key_secret == kms_tenant.access_key_secret
        assert settings.access_key_secret not in repr(settings)
    assert kms_tenant.access_key_secret not in repr(kms_tenant)
    defaults = {cloud["cloud"]: cloud["default_region"] for cloud in kms_emulator.control("GET", "settings")["clouds"]}
    assert {"alibaba": kms_tenant.alibaba.region, "tencent": kms_tenant.tencent.region} == defaults
    assert kms_tenant.environ == {
        "KMS_EMULATOR_ENDPOINT": kms_emulator.url,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": kms_tenant.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": kms_tenant.access_key_secret,
        "ALIBABA_CLOUD_REGION_ID": kms_tenant.alibaba.region,
        "ALIBABA_CLOUD_REGION": kms_tenant.alibaba.region,
        "ALIBABA_CLOUD_ENDPOINT": kms_emulator.endpoint,
        "TENCENTCLOUD_SECRET_ID": kms_tenant.access_key_id,
        "TENCENTCLOUD_SECRET_KEY": kms_tenant.access_key_secret,
        "TENCENTCLOUD_REGION": kms_tenant.tencent.region,
    }
