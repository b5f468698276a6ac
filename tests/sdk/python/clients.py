"""Gives every official Python client the same face, so that one set of checks fits all of them.

A client makes a `call` (an action and its parameters, in the SDK's own way) and turns the SDK's
answer into a `Page` and the SDK's own exception into a `Refusal`.
"""

import asyncio
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
from aliyunsdkkms.request.v20160120.ListKeysRequest import ListKeysRequest
from aliyunsdkkms.request.v20160120.ListSecretsRequest import ListSecretsRequest
from darabonba.exceptions import UnretryableException
from darabonba.runtime import RuntimeOptions

REGION = "cn-hangzhou"
VERSION = "2016-01-20"


@dataclass(frozen=True)
class Access:
    """Where to send a request, and whose it is."""

    address: str
    key_id: str = "test"
    secret: str = "test"


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
    """Reads a reply which an SDK hands over as plain JSON."""

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


def wire_names(parameters):
    return {name.title().replace("_", ""): value for name, value in parameters.items()}


class Core:
    """The classic generation: `aliyun-python-sdk-core` with `aliyun-python-sdk-kms`, always V1."""

    name = "aliyun-python-sdk-kms"
    is_generic = False
    exception = ServerException
    requests = {"ListSecrets": ListSecretsRequest, "ListKeys": ListKeysRequest}

    def call(self, access, action, **parameters):
        return self.send(access, self.request(access, action, parameters))

    def request(self, access, action, parameters):
        request = self.requests[action]()
        request.set_endpoint(access.address)
        request.set_protocol_type("http")
        for name, value in wire_names(parameters).items():
            getattr(request, f"set_{name}")(value)
        return request

    def send(self, access, request):
        client = AcsClient(access.key_id, access.secret, REGION)
        return json.loads(client.do_action_with_exception(request))

    def page(self, reply):
        return page_from_map(reply)

    def refusal(self, error):
        return Refusal(error.http_status, error.error_code, error.message, error.request_id)


class CoreCommonRequest(Core):
    """The classic generation without request classes; the parameters go into a form body."""

    name = "aliyun-python-sdk-core CommonRequest, form body"
    is_generic = True

    def request(self, access, action, parameters):
        request = CommonRequest(domain=access.address, version=VERSION, action_name=action)
        request.set_protocol_type("http")
        request.set_method("POST")
        for name, value in wire_names(parameters).items():
            request.add_body_params(name, value)
        return request


class XmlError(Exception):
    """What this suite raises, as the SDK itself only understands JSON errors."""


class CoreXml(Core):
    """The classic generation asked for XML. It does not parse that, so its raw bodies are read here."""

    name = "aliyun-python-sdk-kms, XML"
    exception = XmlError

    def send(self, access, request):
        request.set_accept_format("XML")
        client = AcsClient(access.key_id, access.secret, REGION)
        status, headers, body = client.get_response(request)
        assert headers["Content-Type"] == "text/xml;charset=utf-8"
        assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
        root = ElementTree.fromstring(body)
        assert root.tag == "KMS"
        if status != 200:
            raise XmlError(status, root)
        return root

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
        "ListKeys": ("list_keys", models.ListKeysRequest),
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
                protocol="HTTP",
                region_id=REGION,
                **self.settings,
            )
        )

    def call(self, access, action, **parameters):
        method, request = self.operations[action]
        return getattr(self.client(access), method)(request(**parameters)).body

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
    """The asynchronous operations travel over another HTTP library."""

    def call(self, access, action, **parameters):
        method, request = self.operations[action]
        return asyncio.run(getattr(self.client(access), f"{method}_async")(request(**parameters))).body


class TeaGeneric(Tea):
    """Hand-written calls through `call_api`, which can use any method and put parameters anywhere."""

    is_generic = True

    def __init__(self, variant, method, place, body_type="formData", **settings):
        super().__init__(f"call_api, {variant}", **settings)
        self.method = method
        self.place = place
        self.body_type = body_type

    def call(self, access, action, **parameters):
        params = Params(
            action=action,
            version=VERSION,
            protocol="HTTP",
            pathname="/",
            method=self.method,
            auth_type="AK",
            style="RPC",
            req_body_type=self.body_type,
            body_type="json",
        )
        values = wire_names(parameters)
        if self.place == "query":
            values = Utils.query(values)
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
    Tea("V1", signature_algorithm="v2"),
    # The ACS4 code path knows no better exception than this one for a refusal.
    Tea("ACS4", signature_version="v4", exception=UnretryableException),
    TeaGeneric("ACS3, GET, query", "GET", "query"),
    TeaGeneric("ACS3, POST, form body", "POST", "body"),
    TeaGeneric("ACS3, POST, JSON body", "POST", "body", "json"),
    TeaGeneric("V1, POST, form body", "POST", "body", signature_algorithm="v2"),
]
