"""Wraps every official Python client in the same interface, so that all of them run the same tests.

`call` calls an action with parameters in the style of the SDK. `page` converts the SDK's reply to a `Page`, and
`refusal` converts the SDK's exception to a `Refusal`.
"""

import asyncio
import importlib
import json
import re
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from alibabacloud_kms20160120 import models
from alibabacloud_kms20160120.client import Client as KmsClient
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from alibabacloud_tea_openapi.utils import Utils
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from aliyunsdkkms.request.v20160120.ListPoliciesRequest import ListPoliciesRequest
from aliyunsdkkms.request.v20160120.ListSecretsRequest import ListSecretsRequest
from darabonba.exceptions import UnretryableException
from darabonba.runtime import RuntimeOptions

REGION = "cn-hangzhou"
VERSION = "2016-01-20"


@dataclass(frozen=True)
class Access:
    """Address and access key for a request."""

    address: str
    key_id: str = "test"
    secret: str = "test"
    scheme: str = "http"
    ca: str | None = None  # path of the certificate of a trusted authority


@dataclass(frozen=True)
class Secret:
    name: str
    type: str
    created: str
    updated: str
    planned_delete: str | None = None
    owing_service: str | None = None
    tags: tuple | None = None  # None: the reply has no `Tags` member at all

    def without_tags(self):
        return replace(self, tags=None)


@dataclass(frozen=True)
class Page:
    number: int
    size: int
    total: int
    request_id: str
    secrets: list[Secret]

    @property
    def names(self):
        return [secret.name for secret in self.secrets]


@dataclass(frozen=True)
class Refusal:
    status: int
    code: str
    message: str
    request_id: str


def page_from_map(reply):
    """Reads a reply that an SDK returns as plain JSON."""

    def secret(item):
        tags = item.get("Tags")
        return Secret(
            item["SecretName"],
            item["SecretType"],
            item["CreateTime"],
            item["UpdateTime"],
            item.get("PlannedDeleteTime"),
            item.get("OwingService"),
            tags and tuple((tag["TagKey"], tag["TagValue"]) for tag in tags["Tag"]),
        )

    return Page(
        reply["PageNumber"],
        reply["PageSize"],
        reply["TotalCount"],
        reply["RequestId"],
        [secret(item) for item in reply["SecretList"]["Secret"]],
    )


def flattened(parameters):
    """Encodes parameters as the generated code of the current generation does: objects as JSON, lists with numbers."""
    return Utils.query(
        {name: json.dumps(value) if isinstance(value, dict) else value for name, value in parameters.items()}
    )


def snake(action):
    return re.sub("(?<!^)(?=[A-Z])", "_", action).lower()


def wire_names(parameters):
    return {name.title().replace("_", ""): value for name, value in parameters.items()}


class Core:
    """The classic generation: `aliyun-python-sdk-core` with `aliyun-python-sdk-kms`, always V1."""

    name = "aliyun-python-sdk-kms"
    is_generic = False
    exception = ServerException
    requests = {"ListSecrets": ListSecretsRequest, "ListPolicies": ListPoliciesRequest}

    def call(self, access, action, **parameters):
        return self.send(access, self.request(access, action, parameters))

    def request(self, access, action, parameters):
        request = self.requests[action]()
        request.set_endpoint(access.address)
        request.set_protocol_type(access.scheme)
        for name, value in wire_names(parameters).items():
            getattr(request, f"set_{name}")(value)
        return request

    def wire_call(self, access, action, parameters):
        """Calls with parameters by their wire names; returns the reply likewise, or None if the SDK lacks the operation."""
        try:
            module = importlib.import_module(f"aliyunsdkkms.request.v20160120.{action}Request")
        except ModuleNotFoundError:
            return None
        request = getattr(module, f"{action}Request")()
        request.set_endpoint(access.address)
        request.set_protocol_type(access.scheme)
        for name, value in parameters.items():
            if name == "RegionId":
                continue  # the client adds it
            if isinstance(value, list):
                name += "s"
            getattr(request, f"set_{name}")(json.dumps(value) if isinstance(value, dict) else value)
        return self.send(access, request)

    def send(self, access, request):
        client = AcsClient(access.key_id, access.secret, REGION, verify=access.ca)
        return json.loads(client.do_action_with_exception(request))

    def page(self, reply):
        return page_from_map(reply)

    def refusal(self, error):
        return Refusal(error.http_status, error.error_code, error.message, error.request_id)


class CoreCommonRequest(Core):
    """The classic generation without request classes; parameters are sent in a form body."""

    name = "aliyun-python-sdk-core CommonRequest, form body"
    is_generic = True

    def request(self, access, action, parameters):
        request = CommonRequest(domain=access.address, version=VERSION, action_name=action)
        request.set_protocol_type(access.scheme)
        request.set_method("POST")
        for name, value in wire_names(parameters).items():
            request.add_body_params(name, value)
        return request

    def wire_call(self, access, action, parameters):
        request = self.request(access, action, {})
        for name, value in flattened(parameters).items():
            if name != "RegionId":  # the client adds it
                request.add_body_params(name, value)
        return self.send(access, request)


class XmlError(Exception):
    """An error in XML. The SDK parses only JSON errors, so this suite raises its own exception."""


class CoreXml(Core):
    """The classic generation with XML. The SDK does not parse XML, so this class reads the bodies."""

    name = "aliyun-python-sdk-kms, XML"
    exception = XmlError

    def send(self, access, request):
        request.set_accept_format("XML")
        client = AcsClient(access.key_id, access.secret, REGION, verify=access.ca)
        status, headers, body = client.get_response(request)
        assert headers["Content-Type"] == "text/xml;charset=utf-8"
        assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
        root = ElementTree.fromstring(body)
        assert root.tag == "KMS"
        if status != 200:
            raise XmlError(status, root)
        return root

    def wire_call(self, access, action, parameters):
        root = super().wire_call(access, action, parameters)
        return None if root is None else self.members(root)

    def members(self, element):
        """Converts an element to its text, or to a dict with the list of child elements of each name."""
        if len(element) == 0:
            return element.text or ""
        members = {}
        for child in element:
            members.setdefault(child.tag, []).append(self.members(child))
        return members

    def page(self, root):
        def secret(item):
            tags = item.find("Tags")
            return Secret(
                item.findtext("SecretName"),
                item.findtext("SecretType"),
                item.findtext("CreateTime"),
                item.findtext("UpdateTime"),
                item.findtext("PlannedDeleteTime"),
                item.findtext("OwingService"),
                None
                if tags is None
                else tuple((tag.findtext("TagKey"), tag.findtext("TagValue")) for tag in tags.findall("Tag")),
            )

        assert [child.tag for child in root].count("SecretList") == 1
        return Page(
            int(root.findtext("PageNumber")),
            int(root.findtext("PageSize")),
            int(root.findtext("TotalCount")),
            root.findtext("RequestId"),
            [secret(item) for item in root.findall("SecretList/Secret")],
        )

    def refusal(self, error):
        status, root = error.args
        assert root.findtext("HttpStatus") == str(status)
        return Refusal(status, *map(root.findtext, ["Code", "Message", "RequestId"]))


class Tea:
    """The current generation, `alibabacloud_kms20160120`, with its typed operations."""

    is_generic = False
    operations = {
        "ListSecrets": ("list_secrets", models.ListSecretsRequest),
        "ListPolicies": ("list_policies", models.ListPoliciesRequest),
    }

    def __init__(self, variant, exception=ClientException, **settings):
        self.name = f"alibabacloud_kms20160120, {variant}"
        self.exception = exception
        self.settings = settings

    def client(self, access):
        return KmsClient(
            Config(
                access_key_id=access.key_id,
                access_key_secret=access.secret,
                endpoint=access.address,
                protocol=access.scheme.upper(),
                ca=access.ca,
                region_id=REGION,
                **self.settings,
            )
        )

    def call(self, access, action, **parameters):
        method, request = self.operations[action]
        return getattr(self.client(access), method)(request(**parameters)).body

    def wire_call(self, access, action, parameters):
        operation = getattr(self.client(access), self.suffixed(snake(action)), None)
        if operation is None:
            return None
        if not hasattr(models, f"{action}Request"):
            return self.result(operation()).body.to_map()
        if action == "BatchGetSecretValue":  # here the SDK takes objects and encodes them as JSON
            parameters = {"SecretsList": json.loads(parameters["SecretsList"])}
        request = getattr(models, f"{action}Request")().from_map(parameters)
        assert request.to_map().keys() >= parameters.keys(), f"{action} of the SDK lacks a parameter"
        return self.result(operation(request)).body.to_map()

    def suffixed(self, method):
        return method

    def result(self, reply):
        return reply

    def page(self, body):
        def secret(item):
            return Secret(
                item.secret_name,
                item.secret_type,
                item.create_time,
                item.update_time,
                item.planned_delete_time,
                item.owing_service,
                item.tags and tuple((tag.tag_key, tag.tag_value) for tag in item.tags.tag),
            )

        return Page(
            body.page_number,
            body.page_size,
            body.total_count,
            body.request_id,
            [secret(item) for item in body.secret_list.secret],
        )

    def refusal(self, error):
        # The SDK wraps the server's message: "code: 400, <message> request id: <id>".
        text = re.fullmatch(r"code: (\d+), (.*) request id: (\S+)", error.message, re.DOTALL)
        assert text[1] == str(error.statusCode)
        return Refusal(error.statusCode, error.code, text[2], text[3])


class TeaAsync(Tea):
    """The asynchronous operations, which use another HTTP library."""

    def call(self, access, action, **parameters):
        method, request = self.operations[action]
        return asyncio.run(getattr(self.client(access), f"{method}_async")(request(**parameters))).body

    def suffixed(self, method):
        return f"{method}_async"

    def result(self, reply):
        return asyncio.run(reply)


class TeaGeneric(Tea):
    """Calls through `call_api` with any method and any place of the parameters."""

    is_generic = True

    def __init__(self, variant, method, place, body_type="formData", **settings):
        super().__init__(f"call_api, {variant}", **settings)
        self.method = method
        self.place = place
        self.body_type = body_type

    def call(self, access, action, **parameters):
        values = wire_names(parameters)
        return self.send(access, action, Utils.query(values) if self.place == "query" else values)

    def wire_call(self, access, action, parameters):
        return self.send(access, action, parameters if self.body_type == "json" else flattened(parameters))

    def send(self, access, action, values):
        params = Params(
            action=action,
            version=VERSION,
            protocol=access.scheme.upper(),
            pathname="/",
            # SetSecretPolicy can only be called with POST.
            method="POST" if action == "SetSecretPolicy" else self.method,
            auth_type="AK",
            style="RPC",
            req_body_type=self.body_type,
            body_type="json",
        )
        request = OpenApiRequest(**{self.place: values})
        return self.client(access).call_api(params, request, RuntimeOptions())["body"]

    def page(self, reply):
        return page_from_map(reply)


CLIENTS = [
    Core(),
    CoreXml(),
    CoreCommonRequest(),
    Tea("ACS3"),
    TeaAsync("ACS3, asyncio"),
    Tea("ACS3 with SM3", signature_algorithm="ACS3-HMAC-SM3"),
    Tea("V1", signature_algorithm="v2"),
    # With ACS4, the SDK raises this exception for errors of the service.
    Tea("ACS4", signature_version="v4", exception=UnretryableException),
    Tea("ACS4 with SM3", signature_version="v4", signature_algorithm="ACS4-HMAC-SM3", exception=UnretryableException),
    TeaGeneric("ACS3, GET, query", "GET", "query"),
    TeaGeneric("ACS3, POST, form body", "POST", "body"),
    TeaGeneric("ACS3, POST, JSON body", "POST", "body", "json"),
    TeaGeneric("V1, POST, form body", "POST", "body", signature_algorithm="v2"),
]
