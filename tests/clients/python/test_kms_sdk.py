"""alibabacloud-kms-python-sdk, the SDK for KMS instances, with the operations that it sends to the shared gateway; and
alibabacloud-dkms-gcs, with which it uses an instance, with messages of Protocol Buffers.
"""

import pytest
from alibabacloud_kms20160120 import models
from alibabacloud_kms_kms20160120.client import Client
from alibabacloud_kms_kms20160120.models import KmsRuntimeOptions
from alibabacloud_kms_kms20160120.transfer_client import TransferClient
from alibabacloud_tea_openapi.models import Config
from conftest import ADDRESS, OWNER, own_key
from darabonba.policy.retry import RetryCondition, RetryOptions
from openapi.models import Config as InstanceConfig
from sdk.client import Client as InstanceClient
from sdk.models import (
    AdvanceDecryptRequest,
    AdvanceEncryptRequest,
    DecryptRequest,
    EncryptRequest,
    GenerateDataKeyRequest,
    GetPublicKeyRequest,
    GetSecretValueRequest,
    SignRequest,
    VerifyRequest,
)
from Tea.exceptions import TeaException


@pytest.fixture(params=["http", "https"])
def settings(request, ca):
    """Builds the settings of a client with an access key."""

    def build(key_id, secret):
        config = Config(region_id="cn-hangzhou", endpoint=ADDRESS, access_key_id=key_id, access_key_secret=secret)
        config.protocol = request.param
        config.ca = ca if request.param == "https" else None
        return config

    return build


@pytest.fixture
def client(account, settings):
    return Client(open_api_config=settings(account.key_id, account.secret))


def create(client, name="app/password"):
    return client.create_secret(
        models.CreateSecretRequest(
            secret_name=name, version_id="v1", secret_data="first", tags='[{"TagKey":"team","TagValue":"shop"}]'
        )
    ).body


def read(client, **parameters):
    return client.get_secret_value_by_shared_endpoint(models.GetSecretValueRequest(**parameters)).body


def refused(error):
    return error.value.statusCode, error.value.code


def test_value_is_stored_and_read(client):
    created = create(client)
    assert (created.secret_name, created.version_id, created.secret_type) == ("app/password", "v1", "Generic")
    body = read(client, secret_name="app/password")
    assert (body.secret_data, body.secret_data_type, body.version_id) == ("first", "text", "v1")
    assert body.version_stages.version_stage == ["ACSCurrent"]


def test_versions_are_stored_listed_and_moved(client):
    create(client)
    put = models.PutSecretValueRequest(secret_name="app/password", version_id="v2", secret_data="second")
    assert client.put_secret_value(put).body.version_stages.version_stage == ["ACSCurrent"]
    assert read(client, secret_name="app/password").secret_data == "second"
    assert read(client, secret_name="app/password", version_id="v1").secret_data == "first"
    assert read(client, secret_name="app/password", version_stage="ACSPrevious").secret_data == "first"

    client.update_secret_version_stage(
        models.UpdateSecretVersionStageRequest(
            secret_name="app/password", version_stage="ACSCurrent", move_to_version="v1", remove_from_version="v2"
        )
    )
    listed = client.list_secret_version_ids(models.ListSecretVersionIdsRequest(secret_name="app/password")).body
    stages = {version.version_id: version.version_stages.version_stage for version in listed.version_ids.version_id}
    assert stages == {"v1": ["ACSCurrent"], "v2": ["ACSPrevious"]}


def test_secret_is_described_updated_and_tagged(client):
    create(client)
    client.update_secret(models.UpdateSecretRequest(secret_name="app/password", description="of the shop"))
    client.tag_resource(models.TagResourceRequest(secret_name="app/password", tags='[{"TagKey":"env","TagValue":"prod"}]'))
    client.untag_resource(models.UntagResourceRequest(secret_name="app/password", tag_keys='["team"]'))
    described = client.describe_secret(models.DescribeSecretRequest(secret_name="app/password", fetch_tags="true")).body
    assert described.description == "of the shop"
    assert [(tag.tag_key, tag.tag_value) for tag in described.tags.tag] == [("env", "prod")]


def test_secrets_are_listed_in_pages(client):
    names = [f"app/{number}" for number in range(5)]
    for name in names:
        create(client, name)
    pages = [
        client.list_secrets(models.ListSecretsRequest(page_number=number, page_size=2, fetch_tags="true")).body
        for number in (1, 2, 3)
    ]
    assert [[secret.secret_name for secret in page.secret_list.secret] for page in pages] == [
        names[:2],
        names[2:4],
        names[4:],
    ]
    assert [page.total_count for page in pages] == [5, 5, 5]
    assert pages[0].secret_list.secret[0].tags.tag[0].tag_key == "team"


def test_deleted_secret_is_restored(client):
    create(client)
    deleted = client.delete_secret(models.DeleteSecretRequest(secret_name="app/password", recovery_window_in_days="7"))
    assert deleted.body.planned_delete_time
    with pytest.raises(TeaException) as caught:
        read(client, secret_name="app/password")
    assert refused(caught) == (409, "Rejected.ResourceInDeleteWindow")
    client.restore_secret(models.RestoreSecretRequest(secret_name="app/password"))
    assert read(client, secret_name="app/password").secret_data == "first"


def test_random_password_is_generated(client):
    request = models.GetRandomPasswordRequest(password_length="20", exclude_punctuation="true")
    runtime = KmsRuntimeOptions()
    reply = client.do_action(request.to_map(), "GetRandomPassword", runtime)
    assert reply["body"]["RandomPassword"].isalnum()
    assert len(reply["body"]["RandomPassword"]) == 20


def test_missing_secret_is_an_error(client):
    with pytest.raises(TeaException) as caught:
        read(client, secret_name="absent")
    assert refused(caught) == (404, "Forbidden.ResourceNotFound")


def test_wrong_key_is_an_error(account, settings):
    with pytest.raises(TeaException) as caught:
        read(Client(open_api_config=settings(account.key_id, "wrong")), secret_name="absent")
    assert refused(caught) == (400, "IncompleteSignature")


# `autoretry` of the runtime options has no effect in this version of the core.
def test_throttled_request_is_repeated_with_retry_options(account, settings):
    config = settings(account.key_id, account.secret)
    condition = RetryCondition(max_attempts=3, error_code=["Rejected.Throttling"])
    config.retry_options = RetryOptions(retry_condition=[condition])
    client = Client(open_api_config=config)
    create(client)
    account.fail("GetSecretValue", error="Rejected.Throttling", times=2)
    assert read(client, secret_name="app/password").secret_data == "first"
    assert account.requests("GetSecretValue") == 3


def test_transfer_client_uses_the_shared_gateway(client, account, settings):
    create(client)
    transfer = TransferClient(config=settings(account.key_id, account.secret))
    request = models.GetSecretValueRequest(secret_name="app/password")
    assert transfer.get_secret_value(request).body.secret_data == "first"
    listed = transfer.list_secrets(models.ListSecretsRequest()).body
    assert [secret.secret_name for secret in listed.secret_list.secret] == ["app/password"]


@pytest.fixture(params=["http", "https"])
def instance(request, client_key, ca):
    content, password = client_key
    config = InstanceConfig(protocol=request.param, endpoint=ADDRESS, client_key_content=content, password=password)
    config.ca_file_path = ca if request.param == "https" else None
    return config


def test_instance_client_reads_a_value(instance, secret):
    reply = InstanceClient(instance).get_secret_value(GetSecretValueRequest(secret_name=secret))
    assert (reply.secret_name, reply.secret_data, reply.secret_data_type) == (secret, "first", "text")
    assert (reply.version_id, reply.version_stages, reply.secret_type) == ("v1", ["ACSCurrent"], "Generic")
    assert len(reply.request_id) == 36


def test_instance_client_gets_errors(instance):
    with pytest.raises(TeaException) as caught:
        InstanceClient(instance).get_secret_value(GetSecretValueRequest(secret_name="absent"))
    assert (caught.value.code, caught.value.message) == ("Forbidden.ResourceNotFound", "Resource not found.")
    assert caught.value.data["httpCode"] == 404


def test_instance_client_encrypts_and_decrypts(instance):
    client = InstanceClient(instance)
    key = own_key("Aliyun_AES_256", "ENCRYPT/DECRYPT")
    sealed = client.encrypt(EncryptRequest(key_id=key, plaintext=b"a card number", aad=b"order 17"))
    assert (sealed.key_id, sealed.algorithm, len(sealed.iv)) == (key, "AES_GCM", 12)
    request = DecryptRequest(key_id=key, ciphertext_blob=sealed.ciphertext_blob, iv=sealed.iv, aad=b"order 17")
    assert client.decrypt(request).plaintext == b"a card number"
    request.aad = b"order 18"
    with pytest.raises(TeaException) as caught:
        client.decrypt(request)
    assert caught.value.code == "InvalidParameter"
    advanced = client.advance_encrypt(AdvanceEncryptRequest(key_id=key, plaintext=b"a card number"))
    opened = client.advance_decrypt(AdvanceDecryptRequest(ciphertext_blob=advanced.ciphertext_blob))
    assert (opened.plaintext, opened.key_version_id) == (b"a card number", advanced.key_version_id)


def test_instance_client_generates_a_data_key(instance):
    client = InstanceClient(instance)
    key = own_key("Aliyun_AES_256", "ENCRYPT/DECRYPT")
    generated = client.generate_data_key(GenerateDataKeyRequest(key_id=key, number_of_bytes=16))
    request = DecryptRequest(key_id=key, ciphertext_blob=generated.ciphertext_blob, iv=generated.iv)
    assert len(generated.plaintext) == 16
    assert client.decrypt(request).plaintext == generated.plaintext


@pytest.mark.parametrize("spec", ["EC_P256", "EC_SM2"])
def test_instance_client_signs_and_verifies(instance, spec):
    client = InstanceClient(instance)
    key = own_key(spec, "SIGN/VERIFY")
    signed = client.sign(SignRequest(key_id=key, message=b"a message", message_type="RAW"))
    for message, is_valid in [(b"a message", True), (b"another message", False)]:
        request = VerifyRequest(
            key_id=key,
            message=message,
            message_type="RAW",
            algorithm=signed.algorithm,
            signature=signed.signature,
        )
        assert client.verify(request).value is is_valid
    public_key = client.get_public_key(GetPublicKeyRequest(key_id=key)).public_key
    assert public_key.startswith("-----BEGIN PUBLIC KEY-----")


def test_instance_client_repeats_a_throttled_request(instance, secret):
    OWNER.fail("GetSecretValue", error="Rejected.Throttling", times=1)
    reply = InstanceClient(instance).get_secret_value(GetSecretValueRequest(secret_name=secret))
    assert reply.secret_data == "first"


def test_transfer_client_reads_from_the_instance(instance, account, settings, secret):
    transfer = TransferClient(config=settings(account.key_id, account.secret), kms_config=instance)
    reply = transfer.get_secret_value(models.GetSecretValueRequest(secret_name=secret))
    assert reply.body.secret_data == "first"
