"""The official SDKs, unmodified, with the settings of a tenant."""

from __future__ import annotations

import json

import pytest
from alibabacloud_kms20160120 import client as kms_client
from alibabacloud_kms20160120 import models as kms_models
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkkms.request.v20160120.DeleteSecretRequest import DeleteSecretRequest
from aliyunsdkkms.request.v20160120.GetSecretValueRequest import GetSecretValueRequest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssm.v20190923 import models as ssm_models
from tencentcloud.ssm.v20190923.ssm_client import SsmClient


class Refused(Exception):
    """The error code of a reply."""


class Tea:
    """alibabacloud_kms20160120."""

    cloud = "alibaba"
    throttling = "Rejected.Throttling"
    not_found = "Forbidden.ResourceNotFound"

    def __init__(self, tenant):
        self.client = kms_client.Client(Config(**tenant.alibaba.config))

    def value(self, name):
        request = kms_models.GetSecretValueRequest(secret_name=name)
        return self.send(self.client.get_secret_value, request).secret_data

    def delete(self, name, days):
        request = kms_models.DeleteSecretRequest(secret_name=name, recovery_window_in_days=str(days))
        self.send(self.client.delete_secret, request)

    @staticmethod
    def send(method, request):
        try:
            return method(request).body
        except AlibabaCloudException as error:
            raise Refused(error.code) from error


class Classic:
    """aliyun-python-sdk-kms."""

    cloud = "alibaba"
    throttling = "Rejected.Throttling"
    not_found = "Forbidden.ResourceNotFound"

    def __init__(self, tenant):
        self.settings = tenant.alibaba
        self.client = AcsClient(**tenant.alibaba.acs_client)

    def value(self, name):
        request = GetSecretValueRequest()
        request.set_SecretName(name)
        return self.send(request)["SecretData"]

    def delete(self, name, days):
        request = DeleteSecretRequest()
        request.set_SecretName(name)
        request.set_RecoveryWindowInDays(days)
        self.send(request)

    def send(self, request):
        request.set_endpoint(self.settings.endpoint)
        request.set_protocol_type(self.settings.protocol)
        try:
            return json.loads(self.client.do_action_with_exception(request))
        except ServerException as error:
            raise Refused(error.error_code) from error


class Tencent:
    """tencentcloud-sdk-python-ssm."""

    cloud = "tencent"
    throttling = "RequestLimitExceeded"
    not_found = "ResourceNotFound"

    def __init__(self, tenant):
        profile = ClientProfile(httpProfile=HttpProfile(**tenant.tencent.http_profile))
        credential = Credential(**tenant.tencent.credential)
        self.client = SsmClient(credential, tenant.tencent.region, profile)

    def value(self, name):
        request = ssm_models.GetSecretValueRequest()
        request.SecretName = name
        request.VersionId = "v1"
        return self.send(self.client.GetSecretValue, request).SecretString

    def delete(self, name, days):
        disable = ssm_models.DisableSecretRequest()
        disable.SecretName = name
        self.send(self.client.DisableSecret, disable)
        request = ssm_models.DeleteSecretRequest()
        request.SecretName = name
        request.RecoveryWindowInDays = days
        self.send(self.client.DeleteSecret, request)

    @staticmethod
    def send(method, request):
        try:
            return method(request)
        except TencentCloudSDKException as error:
            raise Refused(error.code) from error


every_client = pytest.mark.parametrize("client_type", [Tea, Classic, Tencent], ids=lambda kind: kind.__doc__)
