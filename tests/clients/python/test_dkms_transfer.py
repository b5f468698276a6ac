"""alibabacloud-dkms-transfer-python, with which programs for the shared gateway use a KMS instance: it sends GetSecretValue and
operations with keys to the instance with messages of Protocol Buffers, and translates the replies and the errors.
"""

import base64
import hashlib

import pytest
from alibabacloud_dkms_transfer.kms_transfer_acs_client import KmsTransferAcsClient
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkkms.request.v20160120.AsymmetricSignRequest import AsymmetricSignRequest
from aliyunsdkkms.request.v20160120.AsymmetricVerifyRequest import AsymmetricVerifyRequest
from aliyunsdkkms.request.v20160120.DecryptRequest import DecryptRequest
from aliyunsdkkms.request.v20160120.EncryptRequest import EncryptRequest
from aliyunsdkkms.request.v20160120.GenerateDataKeyRequest import GenerateDataKeyRequest
from aliyunsdkkms.request.v20160120.GetPublicKeyRequest import GetPublicKeyRequest
from aliyunsdkkms.request.v20160120.GetSecretValueRequest import GetSecretValueRequest
from aliyunsdkkms.request.v20160120.ListSecretsRequest import ListSecretsRequest
from conftest import ADDRESS, CLIENT_KEY, OWNER, exported, own_key, send
from openapi.models import Config
from OpenSSL import crypto


def transfer(client_key, key_id="none", secret="none"):
    """A client with a client key for the instance, and an access key for the shared gateway."""
    content, password = client_key
    config = Config(protocol="http", endpoint=ADDRESS, client_key_content=content, password=password)
    return KmsTransferAcsClient(config, key_id, secret, "cn-hangzhou", auto_retry=False)


@pytest.fixture
def client(client_key):
    return transfer(client_key)


def other_key():
    key = crypto.PKey()
    key.generate_key(crypto.TYPE_RSA, 2048)
    return key


def code(client, request, **parameters):
    with pytest.raises(ServerException) as caught:
        send(client, request, **parameters)
    return caught.value.get_http_status(), caught.value.get_error_code()


def test_value_is_read_from_the_instance(client, secret):
    reply = send(client, GetSecretValueRequest(), SecretName=secret)
    assert (reply["SecretName"], reply["SecretData"], reply["SecretDataType"]) == (secret, "first", "text")
    assert (reply["VersionId"], reply["VersionStages"]) == ("v1", {"VersionStage": ["ACSCurrent"]})
    reply = send(client, GetSecretValueRequest(), SecretName=secret, VersionStage="ACSCurrent", FetchExtendedConfig=True)
    assert (reply["SecretData"], reply["ExtendedConfig"]) == ("first", "")


def test_errors_are_translated(client):
    absent = code(client, GetSecretValueRequest(), SecretName="absent")
    assert absent == (404, "Forbidden.ResourceNotFound")
    assert code(client, EncryptRequest(), KeyId="absent", Plaintext="aGVsbG8=") == (404, "Forbidden.KeyNotFound")


@pytest.mark.parametrize("context", [None, '{"order": "17"}'])
def test_data_is_encrypted_by_the_instance(client, context):
    key = own_key("Aliyun_AES_256", "ENCRYPT/DECRYPT")
    optional = {"EncryptionContext": context} if context else {}
    encrypted = send(client, EncryptRequest(), KeyId=key, Plaintext="aGVsbG8=", **optional)
    assert encrypted["KeyId"] == key
    # The client puts the version of the key before the ciphertext, and sends it in a header.
    ciphertext = encrypted["CiphertextBlob"]
    assert base64.b64decode(ciphertext).startswith(encrypted["KeyVersionId"].encode())
    decrypted = send(client, DecryptRequest(), CiphertextBlob=ciphertext, **optional)
    assert (decrypted["KeyId"], decrypted["Plaintext"]) == (key, "aGVsbG8=")
    other = {"EncryptionContext": '{"order": "18"}'}
    assert code(client, DecryptRequest(), CiphertextBlob=ciphertext, **other) == (400, "InvalidParameter")


def test_data_key_is_encrypted_by_the_instance(client):
    key = own_key("Aliyun_AES_256", "ENCRYPT/DECRYPT")
    generated = send(client, GenerateDataKeyRequest(), KeyId=key, KeySpec="AES_128")
    assert len(base64.b64decode(generated["Plaintext"])) == 16
    decrypted = send(client, DecryptRequest(), CiphertextBlob=generated["CiphertextBlob"])
    assert decrypted["Plaintext"] == generated["Plaintext"]


def test_digest_is_signed_by_the_instance(client):
    key = own_key("EC_P256", "SIGN/VERIFY")
    digest = base64.b64encode(hashlib.sha256(b"a message").digest()).decode()
    parameters = {"KeyId": key, "Algorithm": "ECDSA_SHA_256", "Digest": digest}
    signed = send(client, AsymmetricSignRequest(), **parameters)
    parameters["KeyVersionId"] = signed["KeyVersionId"]
    verified = send(client, AsymmetricVerifyRequest(), Value=signed["Value"], **parameters)
    assert verified["Value"] is True
    public_key = send(client, GetPublicKeyRequest(), KeyId=key, KeyVersionId=signed["KeyVersionId"])
    assert public_key["PublicKey"].startswith("-----BEGIN PUBLIC KEY-----")


def test_throttled_request_is_repeated(client, secret):
    OWNER.fail("GetSecretValue", error="Rejected.Throttling", times=1)
    assert send(client, GetSecretValueRequest(), SecretName=secret)["SecretData"] == "first"


def test_another_private_key_is_an_incomplete_signature(secret):
    other = transfer(exported(other_key(), CLIENT_KEY))
    assert code(other, GetSecretValueRequest(), SecretName=secret)[1] == "IncompleteSignature"


def test_unknown_client_key_is_an_unknown_access_key(secret):
    other = transfer(exported(other_key(), "KAAP.unknown"))
    assert code(other, GetSecretValueRequest(), SecretName=secret)[1] == "InvalidAccessKeyId.NotFound"


def test_other_operations_use_the_shared_gateway(client_key, account):
    account.call("CreateSecret", SecretName="app/password", VersionId="v1", SecretData="first")
    listed = send(transfer(client_key, account.key_id, account.secret), ListSecretsRequest())
    assert [secret["SecretName"] for secret in listed["SecretList"]["Secret"]] == ["app/password"]
