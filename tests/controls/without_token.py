"""Sends every request of the control API without the token, and with a wrong one.

    without_token.py URL DOCUMENT

Requests with a `security` entry in the OpenAPI document must get a 401 as described there, and no others.
"""

import json
import re
import sys
import urllib.error
import urllib.request

url, path = sys.argv[1:]
with open(path) as file:
    document = json.load(file)


def ask(method, path, headers):
    # The value of a path parameter does not matter.
    request = urllib.request.Request(url + re.sub(r"\{\w+\}", "0", path), method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


count = 0
for path, operations in document["paths"].items():
    for method, operation in operations.items():
        for authorization in [{}, {"Authorization": "Bearer loud"}, {"Authorization": "Basic aHVzaDo="}]:
            status, headers, body = ask(method.upper(), path, authorization)
            where = f"{method} {path} {authorization}: {status} {body[:200]}"
            if "security" in operation:
                assert status == 401 and "401" in operation["responses"], where
                assert headers["WWW-Authenticate"] == "Bearer", where
                error = json.loads(body)
                assert error["code"] == "Unauthorized", where
                assert error.keys() == document["components"]["schemas"]["Error"]["properties"].keys(), where
            else:
                assert status != 401 and "401" not in operation["responses"], where
            count += 1
assert count > 90, count
print(f"without the token: {count} requests answered as described")
