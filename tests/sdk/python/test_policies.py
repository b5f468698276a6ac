"""Policies allow and deny requests of every official Python client, and of the temporary key of an assumed role."""

import json
import os

import pytest
from alibabacloud_kms20160120 import models
from alibabacloud_kms20160120.client import Client as KmsClient
from alibabacloud_tea_openapi.models import Config
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from clients import CLIENTS, REGION, Access
from darabonba.exceptions import DaraException
from emulator import control, tenant
from tencent_clients import CLIENTS as TENCENT_CLIENTS
from tencent_clients import Access as TencentAccess
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

NAME = "policies"
VALUE = "a +*~é"


@pytest.fixture(params=["KMS_EMULATOR", "KMS_EMULATOR_STRICT"])
def server(request):
    return os.environ[request.param]


@pytest.fixture
def own(server):
    with tenant(server) as own:
        yield own


def attach(server, policy, **callers):
    return control(server, "POST", "policies", {"policy": policy, **callers})


def ram(action):
    return {"Version": "1", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def cam(action):
    return {"version": "2.0", "statement": [{"effect": "allow", "action": action, "resource": "*"}]}


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_request_without_permission_is_refused(server, own, client):
    access = Access(server, own.key_id, own.secret)
    client.wire_call(access, "CreateSecret", {"SecretName": NAME, "SecretData": VALUE, "VersionId": "v1"})
    attach(server, ram("kms:List*"), access_key_ids=[own.key_id])
    assert client.page(client.call(access, "ListSecrets")).names == [NAME]
    with pytest.raises(client.exception) as raised:
        if client.wire_call(access, "GetSecretValue", {"SecretName": NAME}) is None:
            pytest.skip("the SDK lacks the operation")
    refusal = client.refusal(raised.value)
    assert (refusal.status, refusal.code) == (403, "Forbidden.NoPermission")
    arn = f"acs:kms:cn-hangzhou:{own.account}:secret/{NAME}"
    assert refusal.message.rstrip() == f"This operation for {arn} is forbidden by permission system."


def test_the_key_of_an_assumed_role_has_the_policies_of_role_and_session(server, own):
    role = f"acs:ram::{own.account}:role/reader"
    access = Access(server, own.key_id, own.secret)
    CLIENTS[0].wire_call(access, "CreateSecret", {"SecretName": NAME, "SecretData": VALUE, "VersionId": "v1"})

    def assume(**parameters):
        request = CommonRequest(domain=server, version="2015-04-01", action_name="AssumeRole")
        request.set_protocol_type("http")
        request.set_method("POST")
        for name, value in {"RoleArn": role, "RoleSessionName": "test", **parameters}.items():
            request.add_body_params(name, value)
        reply = AcsClient(own.key_id, own.secret, REGION).do_action_with_exception(request)
        key = json.loads(reply)["Credentials"]
        return KmsClient(
            Config(
                access_key_id=key["AccessKeyId"],
                access_key_secret=key["AccessKeySecret"],
                security_token=key["SecurityToken"],
                endpoint=server,
                protocol="HTTP",
                region_id=REGION,
            )
        )

    def value(client):
        return client.get_secret_value(models.GetSecretValueRequest(secret_name=NAME)).body.secret_data

    def listed(client):
        return client.list_secrets(models.ListSecretsRequest()).body.total_count

    def assert_refused(operation, client):
        with pytest.raises(DaraException) as raised:
            operation(client)
        assert raised.value.code == "Forbidden.NoPermission"

    restricted = assume(Policy=json.dumps(ram("kms:List*")))
    assert listed(restricted) == 1
    assert_refused(value, restricted)

    attach(server, ram("kms:Get*"), roles=[role])
    assert_refused(listed, restricted)
    client = assume()
    assert value(client) == VALUE
    assert_refused(listed, client)


@pytest.mark.parametrize("client", TENCENT_CLIENTS, ids=lambda client: client.name)
def test_a_request_to_tencent_cloud_without_permission_is_refused(server, own, client):
    access = TencentAccess(server, own.key_id, own.secret)
    client.call(access, "CreateSecret", {"SecretName": NAME, "VersionId": "v1", "SecretString": VALUE})
    attach(server, cam("name/ssm:ListSecrets"), access_key_ids=[own.key_id])
    assert client.call(access, "ListSecrets", {})["TotalCount"] == 1
    with pytest.raises(TencentCloudSDKException) as raised:
        client.call(access, "GetSecretValue", {"SecretName": NAME, "VersionId": "v1"})
    assert raised.value.code == "UnauthorizedOperation"
    resource = f"qcs::ssm:ap-guangzhou:uin/{own.account}:secret/creatorUin/{own.account}/{NAME}"
    for part in ("you are not authorized to perform operation (ssm:GetSecretValue)", resource):
        assert part in raised.value.message


def test_the_key_of_a_role_of_tencent_cloud_has_the_policies_of_role_and_session(server, own):
    role = f"qcs::cam::uin/{own.account}:roleName/reader"
    profile = ClientProfile("TC3-HMAC-SHA256", HttpProfile("http", server))

    def client(product, version, *key):
        return CommonClient(product, version, Credential(*key), "ap-guangzhou", profile)

    def assume(**parameters):
        sts = client("sts", "2018-08-13", own.key_id, own.secret)
        reply = sts.call_json("AssumeRole", {"RoleArn": role, "RoleSessionName": "test", **parameters})
        key = reply["Response"]["Credentials"]
        return client("ssm", "2019-09-23", key["TmpSecretId"], key["TmpSecretKey"], key["Token"])

    def value(client):
        reply = client.call_json("GetSecretValue", {"SecretName": NAME, "VersionId": "v1"})
        return reply["Response"]["SecretString"]

    def listed(client):
        return client.call_json("ListSecrets", {})["Response"]["TotalCount"]

    def assert_refused(operation, client):
        with pytest.raises(TencentCloudSDKException) as raised:
            operation(client)
        assert raised.value.code == "UnauthorizedOperation"

    creator = client("ssm", "2019-09-23", own.key_id, own.secret)
    creator.call_json("CreateSecret", {"SecretName": NAME, "VersionId": "v1", "SecretString": VALUE})
    restricted = assume(Policy=json.dumps(cam("ssm:List*")))
    assert listed(restricted) == 1
    assert_refused(value, restricted)

    attach(server, cam("ssm:Get*"), roles=[role])
    assert_refused(listed, restricted)
    unrestricted = assume()
    assert value(unrestricted) == VALUE
    assert_refused(listed, unrestricted)
