"""aliyun_encryption_sdk, Alibaba Cloud's envelope encryption: data keys, several keys, data keys in secrets, signatures.

It always uses https, and has no setting for the endpoint: its requests reach the emulator through HTTPS_PROXY.
"""

import base64
import hashlib
import json
from itertools import product

import pytest
from aliyun_encryption_sdk.cache.local import LocalDataKeyMaterialCache
from aliyun_encryption_sdk.ckm.cache import CachingCryptoKeyManager
from aliyun_encryption_sdk.ckm.default import DefaultCryptoKeyManager
from aliyun_encryption_sdk.client import AliyunCrypto
from aliyun_encryption_sdk.kms import AliyunConfig
from aliyun_encryption_sdk.kms.kms import AliyunKms
from aliyun_encryption_sdk.model import Algorithm, ContentType, SignatureAlgorithm
from aliyun_encryption_sdk.provider.default import DefaultDataKeyProvider
from aliyun_encryption_sdk.provider.secret_manager import SecretManagerDataKeyProvider
from aliyun_encryption_sdk.provider.signature.base import KmsAsymmetricKeyProvider
from aliyunsdkcore.acs_exception.exceptions import ServerException
from conftest import ADDRESS

TEXT = b"not a real secret: \x00\xff" * 100
CONTEXT = {"purpose": "test", "用途": "测试", "a": "1"}

@pytest.fixture(autouse=True)
def proxy(ca, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://{ADDRESS}")
    monkeypatch.setenv("ALIBABA_CLOUD_CA_BUNDLE", ca)


def config(account, secret=None):
    return AliyunConfig(account.key_id, secret or account.secret, region="cn-hangzhou")


def crypto(account, secret=None, **settings):
    return AliyunCrypto(config(account, secret), **settings)


def create(account, region="cn-hangzhou", **parameters):
    """The ARN of a new key."""
    return account.call("CreateKey", region, **parameters)["KeyMetadata"]["Arn"]


def key_id(arn):
    return arn.split("/")[-1]


@pytest.mark.parametrize("algorithm", list(Algorithm), ids=lambda algorithm: algorithm.name)
def test_data_is_encrypted_with_a_data_key(account, algorithm):
    arn = create(account)
    # Without padding, CBC needs whole blocks.
    text = TEXT[: len(TEXT) // 16 * 16]
    encrypted, _ = crypto(account).encrypt(DefaultDataKeyProvider(arn, algorithm=algorithm), text, dict(CONTEXT))
    assert text[:16] not in encrypted
    decrypted, _ = crypto(account).decrypt(DefaultDataKeyProvider(arn), encrypted)
    assert decrypted == text
    assert account.requests("GenerateDataKey") == account.requests("Decrypt") == 1


def test_each_of_several_keys_decrypts(account):
    first, second, other = create(account), create(account), create(account, "cn-shanghai")
    encrypted, _ = crypto(account).encrypt(DefaultDataKeyProvider(first, keys={second, other}), TEXT, dict(CONTEXT))
    # In the region of the first key, the SDK encrypts the data key again without its plaintext.
    assert account.requests("ReEncrypt") == account.requests("Encrypt") == 1
    for arn in (first, second, other):
        decrypted, _ = crypto(account).decrypt(DefaultDataKeyProvider(arn), encrypted)
        assert decrypted == TEXT


def test_data_key_is_kept_in_a_secret(account):
    arn = create(account)
    provider = lambda: SecretManagerDataKeyProvider(arn, "app/data-key", kms=AliyunKms(config(account)))
    # The SDK does not recognize that the secret is missing, so that it does not store a data key itself.
    keys = DefaultDataKeyProvider(arn, kms=AliyunKms(config(account)))
    material = DefaultCryptoKeyManager().get_encrypt_dataKey_material(keys, dict(CONTEXT), 0)
    provider().store_cipher_header(material)
    encrypted = [crypto(account).encrypt(provider(), TEXT, dict(CONTEXT))[0] for _ in range(2)]
    for text in encrypted:
        assert crypto(account).decrypt(provider(), text)[0] == TEXT
    assert account.requests("GenerateDataKey") == account.requests("CreateSecret") == 1
    described = account.call("DescribeSecret", SecretName="app/data-key")
    assert described["EncryptionKeyId"] == key_id(arn)


def test_data_key_is_cached(account):
    arn = create(account)
    client = crypto(account, crypto_key_manager=CachingCryptoKeyManager(LocalDataKeyMaterialCache()))
    encrypted = [client.encrypt(DefaultDataKeyProvider(arn), TEXT, dict(CONTEXT))[0] for _ in range(3)]
    assert [client.decrypt(DefaultDataKeyProvider(arn), text)[0] for text in encrypted] == [TEXT] * 3
    assert account.requests("GenerateDataKey") == account.requests("Decrypt") == 1


@pytest.mark.parametrize(
    ("algorithm", "content"), product(SignatureAlgorithm, ContentType), ids=lambda value: value.name
)
def test_signature_is_verified_by_the_service(account, algorithm, content):
    arn = create(account, KeySpec=algorithm.key_spec)
    versions = account.call("ListKeyVersions", KeyId=key_id(arn))["KeyVersions"]["KeyVersion"]
    provider = lambda: KmsAsymmetricKeyProvider(arn, versions[0]["KeyVersionId"], algorithm)
    message = lambda text: hashlib.sha256(text).digest() if content is ContentType.DIGEST else text
    signature = crypto(account).sign(provider(), message(TEXT), content)
    assert crypto(account).verify(provider(), message(TEXT), signature, content) is True
    assert crypto(account).verify(provider(), message(TEXT + b"x"), signature, content) is False


def test_error_is_that_of_the_service(account):
    arn, disabled = create(account), create(account)
    account.call("DisableKey", KeyId=key_id(disabled))
    for provider_arn, secret, code in (
        (f"{arn}0", None, "Forbidden.KeyNotFound"),
        (disabled, None, "Rejected.Disabled"),
        (arn, "wrong", "IncompleteSignature"),
        # The SDK repeats requests only after another type of error.
        (arn, None, "Rejected.Throttling"),
    ):
        if code == "Rejected.Throttling":
            account.fail("GenerateDataKey", error=code, times=1)
        with pytest.raises(ServerException) as caught:
            crypto(account, secret).encrypt(DefaultDataKeyProvider(provider_arn), TEXT)
        assert caught.value.get_error_code() == code


def test_data_is_not_decrypted_while_the_key_is_disabled(account):
    arn = create(account)
    encrypted, _ = crypto(account).encrypt(DefaultDataKeyProvider(arn), TEXT)
    account.call("DisableKey", KeyId=key_id(arn))
    # The SDK ignores the error, and has no data key then.
    with pytest.raises(AttributeError):
        crypto(account).decrypt(DefaultDataKeyProvider(arn), encrypted)
    account.call("EnableKey", KeyId=key_id(arn))
    assert crypto(account).decrypt(DefaultDataKeyProvider(arn), encrypted)[0] == TEXT


def test_context_is_compared_as_an_object(account):
    arn = create(account)
    context = {"b": "2", "a": "1"}
    _, material = crypto(account).encrypt(DefaultDataKeyProvider(arn), TEXT, context)
    [data_key] = material.cipher_header.encrypted_data_keys
    reply = account.call(
        "Decrypt", CiphertextBlob=data_key.encrypted_data_key.decode(), EncryptionContext=json.dumps({"a": "1", "b": "2"})
    )
    assert len(base64.b64decode(reply["Plaintext"])) == 32
