"""Checks that a binary starts on this machine: it prints the version of Cargo.toml, serves a secret over http and https, and
stops when its standard input ends.

    python3 scripts/smoke.py BINARY...
"""

import json
import ssl
import subprocess
import sys

from server import LIMIT_SECONDS, environment, fetch, start, stop
from version import version

SECRET = "not a real password"


def printed(command):
    options = {"check": True, "capture_output": True, "text": True, "timeout": LIMIT_SECONDS, "env": environment()}
    return subprocess.run(command, **options).stdout.strip()


def check(binary):
    text = printed([binary, "--version"])
    assert text == f"kms-emulator {version()}", text
    command = [binary, "--exit-with-stdin", "--listen", "127.0.0.1:0", "--log", "warn", "--secret", f"db={SECRET}"]
    server, url = start(command, stdin=subprocess.PIPE)
    try:
        request = "/?Action=GetSecretValue&Format=JSON&SecretName=db"
        assert json.loads(fetch(url + request))["SecretData"] == SECRET
        context = ssl.create_default_context(cadata=fetch(url + "/_emulator/ca.pem"))
        assert json.loads(fetch(url.replace("http:", "https:") + request, context))["SecretData"] == SECRET
        printed([binary, "healthcheck", url])
        assert printed([binary, "get", "db", "--endpoint", url]) == SECRET
        server.stdin.close()
        assert server.wait(LIMIT_SECONDS) == 0, server.returncode
    finally:
        stop(server)
    print(f"{binary} works")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for argument in sys.argv[1:]:
        check(argument)
