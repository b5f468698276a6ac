"""Checks that a binary starts on this machine: it prints the version of Cargo.toml, serves a secret over http and https, and
stops when its standard input ends.

    python3 scripts/smoke.py BINARY...
"""

import json
import ssl
import subprocess
import sys
import urllib.request

from archive import version

SECRET = "not a real password"


def fetch(url, context=None):
    with urllib.request.urlopen(url, timeout=30, context=context) as reply:
        return reply.read().decode()


def check(binary):
    printed = subprocess.run([binary, "--version"], check=True, capture_output=True, text=True, timeout=60).stdout
    assert printed.strip() == f"kms-emulator {version()}", printed
    command = [binary, "--exit-with-stdin", "--listen", "127.0.0.1:0", "--log", "warn", "--secret", f"db={SECRET}"]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip().removeprefix("kms-emulator listening on ")
        request = "/?Action=GetSecretValue&Format=JSON&SecretName=db"
        assert json.loads(fetch(url + request))["SecretData"] == SECRET
        context = ssl.create_default_context(cadata=fetch(url + "/_emulator/ca.pem"))
        assert json.loads(fetch(url.replace("http:", "https:") + request, context))["SecretData"] == SECRET
        command = [binary, "get", "db", "--endpoint", url]
        assert subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip() == SECRET
        server.stdin.close()
        assert server.wait(30) == 0, server.returncode
    finally:
        server.kill()
        server.wait()
    print(f"{binary} works")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for argument in sys.argv[1:]:
        check(argument)
