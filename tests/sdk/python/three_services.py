"""The generic Python client of Tencent Cloud, for the services SSM, STS and Tag at one address."""

from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile


def service_of(action):
    """The product and the version of the service that has an operation."""
    if "ResourceTag" in action:
        return "tag", "2018-08-13"
    if action.startswith("AssumeRole") or action in ("GetCallerIdentity", "GetFederationToken"):
        return "sts", "2018-08-13"
    return "ssm", "2019-09-23"


class ThreeServices:
    """Sends a call to the service that has the operation."""

    def __init__(self, sign_method="TC3-HMAC-SHA256", method="POST"):
        self.sign_method = sign_method
        self.method = method

    def call(self, access, action, parameters):
        product, version = service_of(action)
        http = HttpProfile(protocol=access.scheme, endpoint=access.address, reqMethod=self.method)
        profile = ClientProfile(signMethod=self.sign_method, httpProfile=http, language=access.language)
        credential = Credential(access.secret_id, access.secret_key)
        client = CommonClient(product, version, credential, access.region, profile)
        return client.call_json(action, parameters)["Response"]
