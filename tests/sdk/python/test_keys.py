"""Every official Python client calls the operations on keys with the ids of keys that it has created."""

import base64
import os
import subprocess

import pytest
from clients import CLIENTS, Access
from emulator import tenant

DIGEST = base64.b64encode(bytes(range(32))).decode()
POLICY = (
    '{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1000000000000000:*"]},'
    '"Action":["kms:*"],"Resource":["*"]}]}'
)


class Session:
    def __init__(self, client, access):
        self.client, self.access = client, access

    def call(self, action, **parameters):
        """The reply, or None if the SDK lacks the operation."""
        return self.client.wire_call(self.access, action, parameters)

    def member(self, action, *path, **parameters):
        return member(self.call(action, **parameters), *path)

    def create(self, **parameters):
        return self.member("CreateKey", "KeyMetadata", "KeyId", **parameters)

    def version(self, key):
        return self.member("ListKeyVersions", "KeyVersions", "KeyVersion", "KeyVersionId", KeyId=key)


def member(reply, *path):
    """A member of a reply; None without a reply. In XML each element is in a list."""
    for name in path:
        reply = reply and reply[name]
        while isinstance(reply, list):
            reply = reply[0]
    return reply


@pytest.fixture(params=["KMS_EMULATOR", "KMS_EMULATOR_STRICT"])
def server(request):
    return os.environ[request.param]


@pytest.fixture(params=CLIENTS, ids=lambda client: client.name)
def session(request, server):
    with tenant(server) as own:
        yield Session(request.param, Access(server, own.key_id, own.secret))


def test_a_key_goes_through_its_states(session):
    key = session.create(Description="d", DKMSInstanceId="kst-1")
    state = lambda: session.member("DescribeKey", "KeyMetadata", "KeyState", KeyId=key)
    for action, expected in (
        ("DisableKey", "Disabled"),
        ("EnableKey", "Enabled"),
        ("ScheduleKeyDeletion", "PendingDeletion"),
        ("CancelKeyDeletion", "Enabled"),
    ):
        more = {"PendingWindowInDays": 7} if action == "ScheduleKeyDeletion" else {}
        session.call(action, KeyId=key, **more)
        assert state() == expected
    session.call("UpdateKeyDescription", KeyId=key, Description="new")
    arn = session.member("DescribeKey", "KeyMetadata", "Arn", KeyId=key)
    session.call("SetDeletionProtection", ProtectedResourceArn=arn, EnableDeletionProtection=True)
    assert session.member("DescribeKey", "KeyMetadata", "Description", KeyId=key) == "new"
    session.call("TagResource", KeyId=key, Tags='[{"TagKey":"k","TagValue":"v"}]')
    assert session.member("ListResourceTags", "Tags", "Tag", "TagValue", KeyId=key) == "v"
    session.call("SetKeyPolicy", KeyId=key, PolicyName="default", Policy=POLICY)
    assert session.member("GetKeyPolicy", "Policy", KeyId=key, PolicyName="default") in (POLICY, None)
    assert session.member("GetKmsInstance", "KmsInstance", "Status", KmsInstanceId="kst-1") in ("Connected", None)
    session.call("GetKmsInstanceQuotaInfos", KmsInstanceId="kst-1", ResourceType="key")


def test_a_key_encrypts_and_decrypts(session):
    key = session.create()
    session.call("CreateAlias", KeyId=key, AliasName="alias/a")
    encrypted = session.call("Encrypt", KeyId="alias/a", Plaintext="aGVsbG8=", EncryptionContext={"a": "b"})
    ciphertext = member(encrypted, "CiphertextBlob")
    decrypted = session.call("Decrypt", CiphertextBlob=ciphertext, EncryptionContext={"a": "b"})
    assert member(decrypted, "Plaintext") == "aGVsbG8="
    assert member(decrypted, "KeyId") == key
    again = session.member("ReEncrypt", "CiphertextBlob", CiphertextBlob=ciphertext, DestinationKeyId=key,
                           SourceEncryptionContext={"a": "b"})
    assert again is None or session.member("Decrypt", "Plaintext", CiphertextBlob=again) == "aGVsbG8="
    with pytest.raises(session.client.exception) as raised:
        session.call("Decrypt", CiphertextBlob=ciphertext, EncryptionContext={"a": "c"})
    refusal = session.client.refusal(raised.value)
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")
    generated = session.call("GenerateDataKey", KeyId=key, KeySpec="AES_128")
    plaintext = session.member("Decrypt", "Plaintext", CiphertextBlob=member(generated, "CiphertextBlob"))
    assert plaintext == member(generated, "Plaintext")
    assert len(base64.b64decode(plaintext)) == 16
    session.call("GenerateDataKeyWithoutPlaintext", KeyId=key, NumberOfBytes=16)
    other = session.create()
    session.call("UpdateAlias", KeyId=other, AliasName="alias/a")
    listed = session.member("ListAliasesByKeyId", "Aliases", "Alias", "AliasName", KeyId=other)
    assert listed == "alias/a"
    session.call("DeleteAlias", AliasName="alias/a")


def test_versions_are_created_and_rotated(session):
    key = session.create()
    version = session.version(key)
    session.call("DescribeKeyVersion", KeyId=key, KeyVersionId=version)
    created = session.member("CreateKeyVersion", "KeyVersion", "KeyVersionId", KeyId=key)
    assert session.member("DescribeKey", "KeyMetadata", "PrimaryKeyVersion", KeyId=key) == created
    session.call("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation=True, RotationInterval="365d")
    assert session.member("DescribeKey", "KeyMetadata", "RotationInterval", KeyId=key) == "31536000s"


def test_a_key_pair_signs(session):
    key = session.create(KeySpec="EC_P256")
    pair = {"KeyId": key, "KeyVersionId": session.version(key)}
    public_key = session.member("GetPublicKey", "PublicKey", **pair)
    assert public_key.startswith("-----BEGIN PUBLIC KEY-----")
    common = {**pair, "Algorithm": "ECDSA_SHA_256", "Digest": DIGEST}
    signature = session.member("AsymmetricSign", "Value", **common)
    assert str(session.member("AsymmetricVerify", "Value", **common, Value=signature)).lower() == "true"


def test_a_key_pair_decrypts(session):
    key = session.create(KeySpec="RSA_2048", KeyUsage="ENCRYPT/DECRYPT")
    common = {"KeyId": key, "KeyVersionId": session.version(key), "Algorithm": "RSAES_OAEP_SHA_256"}
    ciphertext = session.member("AsymmetricEncrypt", "CiphertextBlob", **common, Plaintext="aGk=")
    assert session.member("AsymmetricDecrypt", "Plaintext", **common, CiphertextBlob=ciphertext) == "aGk="


def test_material_is_imported_and_data_keys_are_exported(session, tmp_path):
    key = session.create(Origin="EXTERNAL")
    parameters = session.call("GetParametersForImport", KeyId=key, WrappingAlgorithm="RSAES_PKCS1_V1_5",
                              WrappingKeySpec="RSA_2048")
    public_key = member(parameters, "PublicKey")
    (tmp_path / "key").write_bytes(base64.b64decode(public_key))
    command = ["openssl", "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", str(tmp_path / "key")]
    encrypted = subprocess.run(command, input=bytes(32), capture_output=True, check=True).stdout
    session.call("ImportKeyMaterial", KeyId=key, EncryptedKeyMaterial=base64.b64encode(encrypted).decode(),
                 ImportToken=member(parameters, "ImportToken"), KeyMaterialExpireUnix=0)
    wrapping = {"PublicKeyBlob": public_key, "WrappingKeySpec": "RSA_2048", "WrappingAlgorithm": "RSAES_OAEP_SHA_256"}
    ciphertext = session.member("GenerateAndExportDataKey", "CiphertextBlob", KeyId=key, KeySpec="AES_256", **wrapping)
    assert ciphertext is None or session.call("ExportDataKey", CiphertextBlob=ciphertext, **wrapping)
    session.call("DeleteKeyMaterial", KeyId=key)
    assert session.member("DescribeKey", "KeyMetadata", "KeyState", KeyId=key) == "PendingImport"
