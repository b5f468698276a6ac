"""Asks every control without the token, and with another one.

    without_token.py URL DOCUMENT

What the document says to need the token answers 401 as it is described there; all else does not.
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
    # Any value will do for a parameter of the path.
    request = urllib.request.Request(url + re.sub(r"\{\w+\}", "0", path), method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


asked = 0
for path, operations in document["paths"].items():
    for method, operation in operations.items():
        for given in [{}, {"Authorization": "Bearer loud"}, {"Authorization": "Basic aHVzaDo="}]:
            status, headers, body = ask(method.upper(), path, given)
            where = f"{method} {path} {given}: {status} {body[:200]}"
            if "security" in operation:
                assert status == 401 and "401" in operation["responses"], where
                assert headers["WWW-Authenticate"] == "Bearer", where
                error = json.loads(body)
                assert error["code"] == "Unauthorized", where
                assert error.keys() == document["components"]["schemas"]["Error"]["properties"].keys(), where
            else:
                assert status != 401 and "401" not in operation["responses"], where
            asked += 1
assert asked > 90, asked
print(f"without the token: {asked} requests answered as described")
