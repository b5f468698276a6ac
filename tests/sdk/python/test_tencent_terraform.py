"""The calls of terraform-provider-tencentcloud for secrets, in its order: create, read, update, import, rotate, destroy.

Read in `tencentcloud/services/ssm` and `services/tag` of the provider, August 2026. After a change the provider reads
the resource again. It stops retrying at any code but a few, of which these operations return none.
"""

import json
import os

import pytest
from emulator import control, tenant
from tencent_clients import Access, TencentCloudSDKException
from three_services import ThreeServices


class Provider:
    """Calls as the provider does, in a tenant with its own clock."""

    def __init__(self, address):
        created = json.loads(control(address, "POST", "tenants", {"ttl": "30m", "clock": True}))
        self.address, self.account = address, created["account"]
        self.access = Access(address, created["access_key_id"], created["access_key_secret"])
        self.client = ThreeServices()

    def close(self):
        control(self.address, "DELETE", f"tenants/{self.account}")

    def call(self, action, **parameters):
        return self.client.call(self.access, action, parameters)

    def wait(self, flow_id):
        """Polls a task; between two polls, the clock advances by the provider's interval."""
        for _ in range(10):
            if self.call("DescribeAsyncRequestInfo", FlowID=flow_id)["TaskStatus"] == 1:
                return
            control(self.address, "POST", f"clock/advance?account={self.account}", {"by": "1s"})
        pytest.fail("the task does not end")

    def resource_id(self, name):
        secret = self.call("DescribeSecret", SecretName=name)
        return f"creatorUin/{secret['CreateUin']}/{secret['SecretName']}"

    def modify_tags(self, name, replace, delete=()):
        parameters = {"Resource": f"qcs::ssm:ap-guangzhou:uin/:secret/{self.resource_id(name)}"}
        if replace:
            parameters["ReplaceTags"] = [{"TagKey": key, "TagValue": value} for key, value in replace.items()]
        if delete:
            parameters["DeleteTags"] = [{"TagKey": key} for key in delete]
        self.call("ModifyResourceTags", **parameters)

    def tags(self, name):
        resource_id = self.resource_id(name)
        tags, offset, count = {}, 0, 20
        while count == 20:
            page = self.call(
                "DescribeResourceTagsByResourceIds",
                ServiceType="ssm",
                ResourcePrefix="secret",
                ResourceRegion="ap-guangzhou",
                ResourceIds=[resource_id],
                Limit=20,
                Offset=offset,
            )["Tags"]
            tags |= {tag["TagKey"]: tag["TagValue"] for tag in page if tag["ResourceId"] == resource_id}
            count = len(page)
            offset += count
        return tags

    def listed(self, name, secret_type):
        """The first secret of a list, as the resources of product secrets and key pairs read it."""
        reply = self.call("ListSecrets", SearchSecretName=name, SecretType=secret_type, Offset=0, Limit=20)
        return reply["SecretMetadatas"][0] if reply["SecretMetadatas"] else None


@pytest.fixture(params=["KMS_EMULATOR", "KMS_EMULATOR_STRICT"])
def provider(request):
    own = Provider(os.environ[request.param])
    yield own
    own.close()


def test_a_secret_with_tags_and_a_version(provider):
    provider.call(
        "CreateSecret", SecretName="tf-a", Description="first", SecretType=0, VersionId="default", SecretString="default"
    )
    provider.call("DeleteSecretVersion", SecretName="tf-a", VersionId="default")
    provider.modify_tags("tf-a", {"createBy": "terraform", "env": "dev"})
    secret = provider.call("DescribeSecret", SecretName="tf-a")
    assert (secret["Description"], secret["SecretType"], secret["Status"]) == ("first", 0, "Enabled")
    assert secret["AdditionalConfig"] == "" and secret["KmsKeyId"]
    assert provider.tags("tf-a") == {"createBy": "terraform", "env": "dev"}

    provider.call("PutSecretValue", SecretName="tf-a", VersionId="v1", SecretString="one")
    versions = provider.call("ListSecretVersionIds", SecretName="tf-a")["Versions"]
    assert [version["VersionId"] for version in versions] == ["v1"]
    value = provider.call("GetSecretValue", SecretName="tf-a", VersionId="v1")
    assert (value["SecretString"], value["SecretBinary"]) == ("one", "")
    provider.call("UpdateSecret", SecretName="tf-a", VersionId="v1", SecretString="two")

    provider.call("UpdateDescription", SecretName="tf-a", Description="second")
    provider.call("DisableSecret", SecretName="tf-a")
    provider.call("EnableSecret", SecretName="tf-a")
    provider.modify_tags("tf-a", {"env": "prod"}, ["createBy"])
    assert provider.tags("tf-a") == {"env": "prod"}

    provider.call("DeleteSecretVersion", SecretName="tf-a", VersionId="v1")
    provider.call("DisableSecret", SecretName="tf-a")
    provider.call("DeleteSecret", SecretName="tf-a", RecoveryWindowInDays=0)
    with pytest.raises(TencentCloudSDKException) as error:
        provider.call("DescribeSecret", SecretName="tf-a")
    assert error.value.get_code() == "ResourceNotFound"


def test_more_than_a_page_of_tags(provider):
    provider.call("CreateSecret", SecretName="tf-b", VersionId="default", SecretString="default")
    wanted = {f"key-{number}": "value" for number in range(40)}
    for start in range(0, 40, 10):
        provider.modify_tags("tf-b", dict(list(wanted.items())[start : start + 10]))
    assert provider.tags("tf-b") == wanted


def test_a_redis_secret(provider):
    config = json.dumps({"InstanceId": "crs-1", "Privilege": "r", "ReadonlyPolicy": ["master"], "Region": "ap-guangzhou"})
    provider.call("CreateSecret", SecretName="tf-redis", SecretType=4, AdditionalConfig=config)
    provider.modify_tags("tf-redis", {"createdBy": "terraform"})
    secret = provider.call("DescribeSecret", SecretName="tf-redis")
    assert (secret["SecretType"], secret["AdditionalConfig"], secret["Status"]) == (4, config, "Enabled")
    assert provider.tags("tf-redis") == {"createdBy": "terraform"}


def test_a_product_secret_that_is_rotated(provider):
    created = provider.call(
        "CreateProductSecret",
        SecretName="tf-db",
        UserNamePrefix="prefix",
        ProductName="Mysql",
        InstanceID="cdb-1a2b3c4d",
        Domains=["10.0.0.0"],
        PrivilegesList=[
            {
                "PrivilegeName": "GlobalPrivileges",
                "Privileges": ["ALTER ROUTINE"],
                "Database": "",
                "TableName": "",
                "ColumnName": "",
            }
        ],
        Description="for ssm product test",
        RotationBeginTime="2023-08-05 20:54:33",
        EnableRotation=True,
        RotationFrequency=30,
    )
    provider.wait(created["FlowID"])
    provider.modify_tags("tf-db", {"createdBy": "terraform"})
    secret = provider.listed("tf-db", 1)
    assert (secret["ProductName"], secret["ResourceID"], secret["Status"]) == ("Mysql", "cdb-1a2b3c4d", "Enabled")
    assert (secret["RotationBeginTime"], secret["RotationStatus"]) == ("2023-08-05 20:54:33", 1)
    assert secret["RotationFrequency"] == 30
    assert provider.tags("tf-db") == {"createdBy": "terraform"}

    detail = provider.call("DescribeRotationDetail", SecretName="tf-db")
    assert detail["EnableRotation"] is True and detail["LatestRotateTime"] and detail["NextRotateBeginTime"]
    provider.wait(provider.call("RotateProductSecret", SecretName="tf-db")["FlowID"])
    assert len(provider.call("DescribeRotationHistory", SecretName="tf-db")["VersionIDs"]) == 1

    provider.call("UpdateDescription", SecretName="tf-db", Description="changed")
    provider.call("UpdateRotationStatus", SecretName="tf-db", EnableRotation=False, Frequency=31)
    secret = provider.listed("tf-db", 1)
    assert (secret["RotationStatus"], secret["RotationFrequency"], secret["Description"]) == (0, 31, "changed")
    provider.call("DisableSecret", SecretName="tf-db")
    provider.call("DeleteSecret", SecretName="tf-db")
    assert provider.listed("tf-db", 1) is None


def test_an_ssh_key_pair_that_is_created_disabled(provider):
    created = provider.call(
        "CreateSSHKeyPairSecret", SecretName="tf-ssh", ProjectId=0, Description="desc.", SSHKeyName="tf_example_ssh"
    )
    provider.call("DisableSecret", SecretName="tf-ssh")
    provider.modify_tags("tf-ssh", {"createdBy": "terraform"})

    def read():
        secret = provider.listed("tf-ssh", 2)
        assert (secret["ResourceName"], secret["ProjectID"]) == ("tf_example_ssh", 0)
        assert secret["ResourceID"] == created["SSHKeyID"]
        pair = provider.call("GetSSHKeyPairValue", SecretName="tf-ssh")
        assert pair["SSHKeyID"] == created["SSHKeyID"]
        assert pair["PrivateKey"].startswith("-----BEGIN RSA PRIVATE KEY-----")
        assert provider.call("GetSSHKeyPairValue", SSHKeyId=created["SSHKeyID"])["PublicKey"] == pair["PublicKey"]
        return secret["Status"], secret["Description"], provider.tags("tf-ssh")

    assert read() == ("Disabled", "desc.", {"createdBy": "terraform"})
    provider.call("UpdateDescription", SecretName="tf-ssh", Description="update desc.")
    provider.call("EnableSecret", SecretName="tf-ssh")
    provider.modify_tags("tf-ssh", {"createdBy": "terraformUpdate"})
    assert read() == ("Enabled", "update desc.", {"createdBy": "terraformUpdate"})
    provider.call("DisableSecret", SecretName="tf-ssh")
    provider.call("DeleteSecret", SecretName="tf-ssh", CleanSSHKey=True)
    assert provider.listed("tf-ssh", 2) is None


def test_an_account_does_not_see_the_tags_of_another_one(provider):
    provider.call("CreateSecret", SecretName="tf-c", VersionId="default", SecretString="default")
    provider.modify_tags("tf-c", {"env": "dev"})
    resource = f"qcs::ssm:ap-guangzhou:uin/{provider.account}:secret/{provider.resource_id('tf-c')}"
    with tenant(provider.address) as other, pytest.raises(TencentCloudSDKException) as error:
        access = Access(provider.address, other.key_id, other.secret)
        ThreeServices().call(access, "DeleteResourceTag", {"Resource": resource, "TagKey": "env"})
    assert error.value.get_code() == "InvalidParameterValue.ResourceDescriptionError"
    assert provider.tags("tf-c") == {"env": "dev"}
