"""The calls of terraform-provider-alicloud for keys, aliases and secrets, in its order: create, read, update, list, destroy.

Read in the provider, August 2026: the resources and data sources `alicloud_kms_*`, with the steps of their acceptance tests.
It sends forms with the signature V1. After a change it reads the resource again. It treats only the codes below as absent.
"""

import json
import os

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from clients import Access, CoreCommonRequest
from emulator import tenant

POLICY = {
    "Statement": [
        {"Action": ["kms:*"], "Effect": "Allow", "Principal": {"RAM": ["acs:ram::{}:*"]}, "Resource": ["*"], "Sid": "Key"}
    ],
    "Version": "1",
}


class Provider:
    def __init__(self, address, own):
        self.access, self.account = Access(address, own.key_id, own.secret), own.account
        self.policy = json.dumps(POLICY).replace("{}", own.account)
        self.client = CoreCommonRequest()

    def call(self, action, **parameters):
        return self.client.wire_call(self.access, action, parameters)

    def code(self, action, **parameters):
        with pytest.raises(ServerException) as error:
            self.call(action, **parameters)
        return error.value.get_error_code()

    def create_key(self, **parameters):
        return self.call("CreateKey", ProtectionLevel="SOFTWARE", **parameters)["KeyMetadata"]["KeyId"]

    def key(self, key_id):
        return self.call("DescribeKey", KeyId=key_id)["KeyMetadata"]

    def tags(self, resource_type, resource_id):
        reply = self.call("ListTagResources", ResourceType=resource_type, **{"ResourceId.1": resource_id})
        assert reply["NextToken"] == ""
        return {tag["TagKey"]: tag["TagValue"] for tag in reply["TagResources"]["TagResource"]}

    def set_tags(self, resource_type, resource_id, added, removed=()):
        resource = {"ResourceType": resource_type, "ResourceId.1": resource_id}
        if removed:
            keys = {f"TagKey.{number}": key for number, key in enumerate(removed, 1)}
            self.call("UntagResources", **resource, **keys)
        pairs = {}
        for number, (key, value) in enumerate(added.items(), 1):
            pairs |= {f"Tag.{number}.Key": key, f"Tag.{number}.Value": value}
        self.call("TagResources", **resource, **pairs)

    def alias(self, name):
        """The alias in a page of 20, as the provider finds it."""
        aliases = self.call("ListAliases", PageNumber=1, PageSize=20)["Aliases"]["Alias"]
        return next((alias["KeyId"] for alias in aliases if alias["AliasName"] == name), None)


@pytest.fixture(params=["KMS_EMULATOR", "KMS_EMULATOR_STRICT"])
def provider(request):
    address = os.environ[request.param]
    with tenant(address) as own:
        yield Provider(address, own)


def test_a_key(provider):
    key_id = provider.create_key()
    key = provider.key(key_id)
    required = ["Arn", "Creator", "CreationDate", "KeySpec", "KeyUsage", "LastRotationDate", "Origin", "PrimaryKeyVersion"]
    assert all(key[name] for name in required)
    assert (key["KeyState"], key["AutomaticRotation"], key["ProtectionLevel"]) == ("Enabled", "Disabled", "SOFTWARE")
    assert provider.tags("key", key_id) == {}

    provider.call("UpdateRotationPolicy", KeyId=key_id, EnableAutomaticRotation=True, RotationInterval="605800s")
    key = provider.key(key_id)
    assert (key["AutomaticRotation"], key["RotationInterval"]) == ("Enabled", "605800s") and key["NextRotationDate"]
    provider.call("UpdateRotationPolicy", KeyId=key_id, EnableAutomaticRotation=False)
    key = provider.key(key_id)
    assert key["AutomaticRotation"] == "Disabled" and "RotationInterval" not in key and "NextRotationDate" not in key

    provider.call("SetDeletionProtection", KeyId=key_id, EnableDeletionProtection=True)
    provider.call("SetDeletionProtection", KeyId=key_id, EnableDeletionProtection=True, DeletionProtectionDescription="why")
    key = provider.key(key_id)
    assert (key["DeletionProtection"], key["DeletionProtectionDescription"]) == ("Enabled", "why")
    provider.call("SetDeletionProtection", KeyId=key_id, EnableDeletionProtection=False)
    key = provider.key(key_id)
    assert (key["DeletionProtection"], key["DeletionProtectionDescription"]) == ("Disabled", "")

    provider.call("DisableKey", KeyId=key_id)
    assert provider.key(key_id)["KeyState"] == "Disabled"
    provider.call("EnableKey", KeyId=key_id)
    assert provider.key(key_id)["KeyState"] == "Enabled"
    provider.call("UpdateKeyDescription", KeyId=key_id, Description="changed")
    provider.set_tags("key", key_id, {"Created": "TF", "For": "Test"})
    provider.set_tags("key", key_id, {"For": "Test-update"}, ["Created"])
    assert provider.tags("key", key_id) == {"For": "Test-update"}
    provider.call("ScheduleKeyDeletion", KeyId=key_id, PendingWindowInDays=7)
    key = provider.key(key_id)
    assert (key["KeyState"], key["Description"]) == ("PendingDeletion", "changed") and key["DeleteDate"]


def test_a_key_with_all_arguments(provider):
    key_id = provider.create_key(
        KeyUsage="ENCRYPT/DECRYPT",
        Origin="Aliyun_KMS",
        KeySpec="Aliyun_AES_256",
        EnableAutomaticRotation=True,
        RotationInterval="605800s",
        Description="all",
        Policy=provider.policy,
        DKMSInstanceId="kst-hzz65f176a0ogplgq0000",
        Tags='[{"TagKey":"Created","TagValue":"TF"}]',
    )
    key = provider.key(key_id)
    assert (key["DKMSInstanceId"], key["RotationInterval"]) == ("kst-hzz65f176a0ogplgq0000", "605800s")
    assert json.loads(provider.call("GetKeyPolicy", KeyId=key_id)["Policy"]) == json.loads(provider.policy)
    provider.call("SetKeyPolicy", KeyId=key_id, Policy=provider.policy.replace('"Key"', '"Changed"'))
    assert '"Changed"' in provider.call("GetKeyPolicy", KeyId=key_id)["Policy"]
    assert provider.tags("key", key_id) == {"Created": "TF"}
    instances = provider.call("ListKmsInstances", PageSize=50, PageNumber=1)["KmsInstances"]["KmsInstance"]
    assert [instance["KmsInstanceId"] for instance in instances] == ["kst-hzz65f176a0ogplgq0000"]


def test_an_alias_and_a_ciphertext(provider):
    first, second = provider.create_key(Description="first"), provider.create_key(Description="second")
    provider.call("CreateAlias", AliasName="alias/tf", KeyId=first)
    assert provider.alias("alias/tf") == first
    # The acceptance tests encrypt this text as it is, without Base64.
    context = '{"name":"value"}'
    encrypted = provider.call("Encrypt", KeyId=first, Plaintext="plaintext", EncryptionContext=context)
    decrypted = provider.call("Decrypt", CiphertextBlob=encrypted["CiphertextBlob"], EncryptionContext=context)
    assert decrypted["Plaintext"] == "plaintext"
    # Without a context the provider sends an empty object.
    encrypted = provider.call("Encrypt", KeyId="alias/tf", Plaintext="plaintext", EncryptionContext="{}")
    decrypted = provider.call("Decrypt", CiphertextBlob=encrypted["CiphertextBlob"], EncryptionContext="{}")
    assert decrypted["Plaintext"] == "plaintext"

    provider.call("UpdateAlias", AliasName="alias/tf", KeyId=second)
    assert provider.alias("alias/tf") == second
    keys = provider.call("ListKeys", PageSize=50, PageNumber=1)["Keys"]["Key"]
    assert {key["KeyId"] for key in keys} == {first, second}
    assert all(key["KeyArn"].endswith(f"key/{key['KeyId']}") for key in keys)
    provider.call("DeleteAlias", AliasName="alias/tf")
    assert provider.alias("alias/tf") is None


def test_a_version_of_a_key(provider):
    key_id = provider.create_key(KeySpec="RSA_2048", KeyUsage="SIGN/VERIFY")
    created = provider.call("CreateKeyVersion", KeyId=key_id)["KeyVersion"]["KeyVersionId"]
    described = provider.call("DescribeKeyVersion", KeyId=key_id, KeyVersionId=created)["KeyVersion"]
    assert described["KeyId"] == key_id
    listed = provider.call("ListKeyVersions", KeyId=key_id, PageSize=50, PageNumber=1)["KeyVersions"]["KeyVersion"]
    assert len(listed) == 2 and created in {version["KeyVersionId"] for version in listed}


def test_a_secret(provider):
    key_id = provider.create_key()
    # The acceptance test stores a text that is not Base64 as a binary value.
    provider.call(
        "CreateSecret",
        SecretName="tf-a",
        SecretData="tf-a_text",
        VersionId="v1",
        SecretType="Generic",
        SecretDataType="binary",
        EncryptionKeyId=key_id,
        EnableAutomaticRotation=False,
        Tags='[{"TagKey":"Created","TagValue":"TF"}]',
    )
    secret = provider.call("DescribeSecret", SecretName="tf-a")
    assert secret["EncryptionKeyId"] == key_id and secret["Arn"] and secret["CreateTime"]
    put = {"SecretName": "tf-a", "SecretData": "tf-a_text-update", "SecretDataType": "binary"}
    provider.call("PutSecretValue", **put, VersionId="v2")
    provider.call("PutSecretValue", **put, VersionId="v5", VersionStages='["ACSCurrent","ACSNext"]')
    value = provider.call("GetSecretValue", SecretName="tf-a")
    assert (value["SecretData"], value["SecretDataType"], value["VersionId"]) == ("tf-a_text-update", "binary", "v5")
    assert sorted(value["VersionStages"]["VersionStage"]) == ["ACSCurrent", "ACSNext"]
    provider.call("UpdateSecret", SecretName="tf-a", Description="changed")
    provider.set_tags("secret", "tf-a", {"For": "Secret"}, ["Created"])
    assert provider.tags("secret", "tf-a") == {"For": "Secret"}

    listed = provider.call("ListSecrets", FetchTags=True, PageSize=50, PageNumber=1)["SecretList"]["Secret"]
    assert [(secret["SecretName"], secret["Tags"]["Tag"][0]["TagKey"]) for secret in listed] == [("tf-a", "For")]
    versions = provider.call("ListSecretVersionIds", SecretName="tf-a", PageSize=50, PageNumber=1)
    assert {version["VersionId"] for version in versions["VersionIds"]["VersionId"]} >= {"v5", "v2"}
    # The provider sends both parameters.
    provider.call("DeleteSecret", SecretName="tf-a", ForceDeleteWithoutRecovery=False, RecoveryWindowInDays=7)
    assert provider.call("DescribeSecret", SecretName="tf-a")["PlannedDeleteTime"]


def test_a_managed_secret(provider):
    instance = "kst-hzz65f176a0ogplgq0000"
    key_id = provider.create_key(DKMSInstanceId=instance)
    config = '{"CustomData":{"a":"b"},"DBInstanceId":"rm-1","SecretSubType":"SingleUser"}'
    provider.call(
        "CreateSecret",
        SecretName="tf-rds",
        SecretData='{"Accounts":[{"AccountName":"tf","AccountPassword":"not a real password"}]}',
        VersionId="v1",
        SecretType="Rds",
        SecretDataType="text",
        EncryptionKeyId=key_id,
        DKMSInstanceId=instance,
        ExtendedConfig=config,
        Policy=provider.policy,
    )
    secret = provider.call("DescribeSecret", SecretName="tf-rds")
    assert (secret["DKMSInstanceId"], secret["AutomaticRotation"]) == (instance, "Disabled")
    assert json.loads(secret["ExtendedConfig"]) == json.loads(config)
    provider.call("UpdateSecretRotationPolicy", SecretName="tf-rds", EnableAutomaticRotation=True, RotationInterval="605800s")
    secret = provider.call("DescribeSecret", SecretName="tf-rds")
    assert (secret["AutomaticRotation"], secret["RotationInterval"]) == ("Enabled", "605800s")
    provider.call("UpdateSecretRotationPolicy", SecretName="tf-rds", EnableAutomaticRotation=False)
    assert "RotationInterval" not in provider.call("DescribeSecret", SecretName="tf-rds")
    provider.call("SetSecretPolicy", SecretName="tf-rds", Policy=provider.policy)
    assert json.loads(provider.call("GetSecretPolicy", SecretName="tf-rds")["Policy"]) == json.loads(provider.policy)
    provider.call("DeleteSecret", SecretName="tf-rds", ForceDeleteWithoutRecovery=True, RecoveryWindowInDays=30)
    assert provider.code("DescribeSecret", SecretName="tf-rds") == "Forbidden.ResourceNotFound"


def test_absent_resources_have_the_codes_that_the_provider_knows(provider):
    assert provider.code("DescribeKey", KeyId="key-hzz62f1cb66fa42qo0000") == "Forbidden.KeyNotFound"
    assert provider.code("DescribeKey", KeyId="alias/absent") == "Forbidden.AliasNotFound"
    assert provider.code("DeleteSecret", SecretName="absent") == "Forbidden.ResourceNotFound"
    assert provider.code("OpenKmsService") == "Forbidden.Opened"
    assert provider.call("ListAliases", PageNumber=1, PageSize=20)["Aliases"]["Alias"] == []
