"""Signed calls of AWS Secrets Manager, AWS IAM and Alibaba Cloud KMS."""

import base64
import hashlib
import hmac
import json
import re
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from urllib.parse import quote, urlencode

REGION = "us-east-1"
ROOT = ("test", "test")


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    headers: dict
    body: str = ""

    def send(self, connection):
        """Returns the body of the reply, which must be a success."""
        connection.request(self.method, self.path, self.body or None, self.headers)
        reply = connection.getresponse()
        body = reply.read().decode()
        if reply.status != 200:
            raise RuntimeError(f"{reply.status}: {body[:300]}")
        return body

    def with_wrong_signature(self):
        """The call with another first character of its signature."""

        def change(text):
            return re.sub(r"(?<=[& ]Signature=).", lambda found: "1" if found[0] == "0" else "0", text)

        headers = {name: change(value) for name, value in self.headers.items()}
        return replace(self, path=change(self.path), headers=headers)


class SecretsManager:
    """AWS Secrets Manager, with Signature Version 4."""

    def __init__(self, key=ROOT):
        self.key = key

    def create(self, name):
        return self._call("CreateSecret", {"Name": name, "SecretString": "correct horse battery staple"})

    def page(self, size, token=None):
        return self._call("ListSecrets", {"MaxResults": size} | ({"NextToken": token} if token else {}))

    def pages(self, connection, count, size):
        """Up to 200 pages from all over the list. Each starts with the token of a page before it."""
        step = min(max(size, count // 200), 100)
        tokens = [None]
        while token := json.loads(self.page(step, tokens[-1]).send(connection)).get("NextToken"):
            tokens.append(token)
        return [self.page(size, token) for token in tokens]

    @staticmethod
    def names(reply):
        return [secret["Name"] for secret in json.loads(reply)["SecretList"]]

    def _call(self, action, parameters):
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"secretsmanager.{action}"}
        return aws_call("secretsmanager", headers, json.dumps(parameters), self.key)


def aws_call(service, headers, body, key):
    """A POST with Signature Version 4."""
    now = datetime.now(timezone.utc)
    time, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    headers = headers | {"host": f"{service}.{REGION}.amazonaws.com", "x-amz-date": time}
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"POST\n/\n\n{lines}\n{names}\n{sha256(body)}"
    scope = f"{day}/{REGION}/{service}/aws4_request"
    signing_key = ("AWS4" + key[1]).encode()
    for part in scope.split("/"):
        signing_key = hmac.digest(signing_key, part.encode(), "sha256")
    signed = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{sha256(canonical)}"
    signature = hmac.digest(signing_key, signed.encode(), "sha256").hex()
    authorization = f"AWS4-HMAC-SHA256 Credential={key[0]}/{scope}, SignedHeaders={names}, Signature={signature}"
    return Call("POST", "/", headers | {"authorization": authorization}, body)


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def create_user(connection):
    """Creates a user of AWS IAM that may list and create secrets. Returns an access key."""

    def call(action, **parameters):
        body = urlencode({"Action": action, "Version": "2010-05-08", "UserName": "user"} | parameters)
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        return aws_call("iam", headers, body, ROOT).send(connection)

    call("CreateUser")
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    call("PutUserPolicy", PolicyName="all", PolicyDocument=policy)
    reply = call("CreateAccessKey")
    return tuple(re.search(f"<{name}>(.+?)</{name}>", reply)[1] for name in ("AccessKeyId", "SecretAccessKey"))


class Kms:
    """Alibaba Cloud KMS, with Signature Version 1."""

    def __init__(self, key=ROOT):
        self.key = key

    def create(self, name):
        value = "correct horse battery staple"
        return self._call("CreateSecret", {"SecretName": name, "VersionId": "v1", "SecretData": value})

    def page(self, size, number=1):
        return self._call("ListSecrets", {"PageSize": size, "PageNumber": number})

    def pages(self, connection, count, size):
        """All pages of the list."""
        return [self.page(size, number) for number in range(1, count // size + 1)]

    @staticmethod
    def names(reply):
        return [secret["SecretName"] for secret in json.loads(reply)["SecretList"]["Secret"]]

    def _call(self, action, parameters):
        common = {
            "Action": action,
            "Version": "2016-01-20",
            "Format": "JSON",
            "AccessKeyId": self.key[0],
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": str(uuid.uuid4()),
            "Timestamp": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        query = urlencode(sorted((common | parameters).items()), quote_via=quote, safe="~")
        signed = f"GET&%2F&{quote(query, safe='~')}"
        signature = hmac.digest((self.key[1] + "&").encode(), signed.encode(), "sha1")
        signature = quote(base64.b64encode(signature), safe="")
        return Call("GET", f"/?{query}&Signature={signature}", {"host": "kms.cn-hangzhou.aliyuncs.com"})
