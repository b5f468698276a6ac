"""The generic Python client of Tencent Cloud, for the services SSM and Tag at one address."""

from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile


class TwoServices:
    """Sends a call to the service that has the operation."""

    def __init__(self, sign_method="TC3-HMAC-SHA256", method="POST"):
        self.sign_method = sign_method
        self.method = method

    def call(self, access, action, parameters):
        product, version = ("tag", "2018-08-13") if "ResourceTag" in action else ("ssm", "2019-09-23")
        http = HttpProfile(protocol=access.scheme, endpoint=access.address, reqMethod=self.method)
        profile = ClientProfile(signMethod=self.sign_method, httpProfile=http, language=access.language)
        credential = Credential(access.secret_id, access.secret_key)
        client = CommonClient(product, version, credential, access.region, profile)
        return client.call_json(action, parameters)["Response"]
