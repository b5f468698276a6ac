"""Wraps every official Python client of Tencent Cloud in the same interface, so that all of them run the same tests.

`call` returns the members of the reply by their wire names, or raises the SDK's exception. `lacks` returns the
operations and members that the classes of the SDK do not have.
"""

import asyncio
import functools
import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssm.v20190923 import models, ssm_client, ssm_client_async

VERSION = "2019-09-23"
TCCLI = Path(__file__).parent / ".venv-tccli/bin"


@dataclass(frozen=True)
class Access:
    """Address, access key and settings for a request."""

    address: str
    secret_id: str = "test"
    secret_key: str = "test"
    region: str = "ap-guangzhou"
    language: str = "en-US"
    scheme: str = "http"
    ca: str | None = None  # path of the certificate of a trusted authority


def lost(value, kept, name):
    """The paths of the members of `value` that are not in `kept`."""
    if isinstance(value, dict):
        for member, inner in value.items():
            if member in kept:
                yield from lost(inner, kept[member], f"{name}.{member}")
            else:
                yield f"{name}.{member}"
    elif isinstance(value, list):
        for item, kept_item in zip(value, kept, strict=True):
            yield from lost(item, kept_item, name)


class Typed:
    """The operations of `tencentcloud-sdk-python-ssm`."""

    package = "tencentcloud-sdk-python-ssm"
    module = ssm_client

    def __init__(self, sign_method, method, variant="", *, as_url=False, unsigned=False):
        self.name = f"{type(self).__name__.lower()}, {sign_method}, {method}{variant}"
        self.sign_method = sign_method
        self.method = method
        self.as_url = as_url
        self.unsigned = unsigned
        self.region_parameter = "X-TC-Region" if sign_method.startswith("TC3") else "Region"

    def profile(self, access):
        protocol, endpoint = access.scheme, access.address
        if self.as_url:
            # The SDK then ignores the protocol, so the wrong one is set.
            protocol, endpoint = {"http": "https", "https": "http"}[protocol], f"{protocol}://{endpoint}"
        http = HttpProfile(protocol, endpoint, self.method, certification=access.ca)
        profile = ClientProfile(self.sign_method, http, access.language)
        profile.unsignedPayload = self.unsigned
        return profile

    @functools.cache
    def client(self, access):
        """Cached, because some clients are slow to create."""
        return self.connect(Credential(access.secret_id, access.secret_key), access.region, self.profile(access))

    def connect(self, *settings):
        return self.module.SsmClient(*settings)

    def lacks(self, step):
        action = step["action"]
        if not hasattr(self.module.SsmClient, action):
            return [action]
        return [
            name
            for kind, value in (("Request", step["parameters"]), ("Response", step.get("reply", {})))
            for name in lost(value, json.loads(self.model(action, kind, value).to_json_string()), action)
        ]

    def model(self, action, kind, value):
        model = getattr(models, f"{action}{kind}")()
        model.from_json_string(json.dumps(value))
        return model

    def call(self, access, action, parameters):
        operation = getattr(self.client(access), action)
        reply = self.result(operation(self.model(action, "Request", parameters)))
        assert type(reply) is getattr(models, f"{action}Response")
        return json.loads(reply.to_json_string())

    def result(self, reply):
        return reply


class Asynchronous(Typed):
    """The asynchronous operations, which use another HTTP library."""

    module = ssm_client_async

    def connect(self, credential, region, profile):
        # The client uses this setting as its own certificate (see test_https.py). Its HTTP library reads a variable
        # for the trusted authority.
        ca, profile.httpProfile.certification = profile.httpProfile.certification, None
        with pytest.MonkeyPatch.context() as patch:
            if ca is not None:
                patch.setenv("SSL_CERT_FILE", ca)
            return super().connect(credential, region, profile)

    def call(self, access, action, parameters):
        # In a query, the SDK signs `True` but sends `true`.
        is_flag = any(isinstance(value, bool) for value in parameters.values())
        if is_flag and self.method == "GET" and self.sign_method.startswith("Hmac"):
            return Asynchronous(self.sign_method, "POST").call(access, action, parameters)
        return super().call(access, action, parameters)

    def result(self, reply):
        return asyncio.run(reply)


class Common(Typed):
    """The generic client for all products."""

    options = None

    def connect(self, *settings):
        return CommonClient("ssm", VERSION, *settings)

    def lacks(self, step):
        return []

    def call(self, access, action, parameters):
        reply = self.client(access).call_json(action, parameters, options=self.options)
        assert list(reply) == ["Response"]
        return reply["Response"]


class Unsigned(Common):
    """The generic client without signatures."""

    options = {"SkipSign": True}


class Tccli:
    """The command line client. It only sends POST with TC3-HMAC-SHA256, and has no setting for an authority."""

    name = package = "tccli"
    region_parameter = "X-TC-Region"

    def lacks(self, step):
        return []  # a missing one fails the step: tccli rejects unknown options and omits unknown members of a reply

    def __init__(self, **variables):
        self.home = tempfile.TemporaryDirectory()
        self.variables = variables

    def call(self, access, action, parameters):
        command = [TCCLI / "tccli", "ssm", action, "--endpoint", f"{access.scheme}://{access.address}"]
        command += ["--language", access.language]
        for name, value in parameters.items():
            command += [f"--{name}", value if isinstance(value, str) else json.dumps(value)]
        environment = self.variables | {
            "HOME": self.home.name,
            "TENCENTCLOUD_SECRET_ID": access.secret_id,
            "TENCENTCLOUD_SECRET_KEY": access.secret_key,
            "TENCENTCLOUD_REGION": access.region,
        }
        run = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=120)
        if run.returncode == 0:
            return json.loads(run.stdout)
        error = re.fullmatch(r"(?s)\[TencentCloudSDKException\] code:(.*) message:(.*) requestId:(.*)\n", run.stderr)
        assert error, (command, run.stdout, run.stderr)
        raise TencentCloudSDKException(*error.groups())


SIGNING = [
    (sign_method, method)
    for sign_method in ("TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256")
    for method in ("POST", "GET")
]
CLIENTS = [
    Tccli(),  # first, because it is the slowest: half a second per call
    *(Typed(*signing) for signing in SIGNING),
    *(Typed(*signing, ", endpoint as URL", as_url=True) for signing in SIGNING),
    *(Typed("TC3-HMAC-SHA256", method, ", UNSIGNED-PAYLOAD", unsigned=True) for method in ("POST", "GET")),
    *(Asynchronous(*signing) for signing in SIGNING),
    *(Common(*signing) for signing in SIGNING),
]
on_each_client = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)


def assert_is_request_id(text):
    assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", text)
