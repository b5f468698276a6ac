"""The servers to compare: how they are installed, started and set."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import calls

# From PyPI and crates.io.
VERSIONS = {"moto": "5.2.5", "ministack": "1.5.33", "fakecloud": "0.51.0"}

# LocalStack: its package starts a container image, which needs an account. It is not compared.


@dataclass
class Configuration:
    """A server with settings. `{port}` and `{data}` are replaced by a free port and an empty directory."""

    name: str
    command: list
    data: str
    environment: dict = field(default_factory=dict)
    installed: Path = None
    api: type = calls.SecretsManager
    # Called before the measurement, with a connection; returns the access key. Signatures with the key `test`
    # are not checked by MiniStack and fakecloud.
    prepare: object = lambda connection: calls.ROOT


def kms_emulator(directory, program):
    listen = [str(program), "--listen", "127.0.0.1:{port}"]
    common = {"installed": program, "api": calls.Kms}
    return [
        Configuration("kms-emulator", listen, "in memory", **common),
        Configuration("kms-emulator `--auth off`", [*listen, "--auth", "off"], "in memory", **common),
        Configuration(
            "kms-emulator `--database`",
            [*listen, "--database", "{data}/kms.db"],
            "in a file, before the reply",
            **common,
        ),
    ]


def moto(directory, _):
    environment = python_package(directory, "moto", "moto[server]")
    command = [str(environment / "bin/moto_server"), "-H", "127.0.0.1", "-p", "{port}"]

    def check_signatures(connection):
        key = calls.create_user(connection)
        connection.request("POST", "/moto-api/reset-auth", "0")
        connection.getresponse().read()
        return key

    return [
        Configuration("moto server", command, "in memory", installed=environment),
        Configuration(
            "moto server, `POST /moto-api/reset-auth`",
            command,
            "in memory",
            installed=environment,
            prepare=check_signatures,
        ),
    ]


def ministack(directory, _):
    environment = python_package(directory, "ministack", "ministack")
    command = [str(environment / "bin/ministack")]
    # The last two keep it on loopback addresses.
    local = {
        "GATEWAY_PORT": "{port}",
        "TMPDIR": "{data}",
        "S3_DATA_DIR": "{data}/s3",
        "STATE_DIR": "{data}",
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
    }
    checked = local | {"AUTH": "true", "PERSIST_STATE": "1"}
    return [
        Configuration("MiniStack", command, "in memory", local, environment),
        Configuration(
            "MiniStack `AUTH=true` `PERSIST_STATE=1`",
            command,
            "in files, when it stops",
            checked,
            environment,
            prepare=calls.create_user,
        ),
    ]


def fakecloud(directory, _):
    root = directory / "fakecloud"
    program = root / "bin/fakecloud"
    if not program.exists():
        version = ["--version", VERSIONS["fakecloud"]]
        subprocess.run(["cargo", "install", "--locked", "--root", root, *version, "fakecloud"], check=True)
    command = [str(program), "--addr", "127.0.0.1:{port}"]
    return [
        Configuration("fakecloud", command, "in memory", installed=program),
        Configuration(
            "fakecloud `--verify-sigv4` `--storage-mode persistent`",
            [*command, "--verify-sigv4", "--storage-mode", "persistent", "--data-path", "{data}"],
            "in files",
            installed=program,
            prepare=calls.create_user,
        ),
    ]


def python_package(directory, name, requirement):
    """Installs a package into a virtual environment."""
    environment = directory / name
    if not (environment / "bin/pip").exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    requirement = f"{requirement}=={VERSIONS[name]}"
    subprocess.run([environment / "bin/pip", "install", "--quiet", requirement], check=True)
    return environment


# Each installs a server into a directory, and returns its configurations. The program of kms-emulator is given.
SERVERS = {"kms-emulator": kms_emulator, "moto": moto, "ministack": ministack, "fakecloud": fakecloud}


class Server:
    """A running server. It is stopped at the end of a `with` block."""

    def __init__(self, configuration, data):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

        def fill(text):
            return text.replace("{port}", str(self.port)).replace("{data}", str(data))

        environment = {name: fill(value) for name, value in configuration.environment.items()}
        start = time.monotonic()
        self.process = subprocess.Popen(
            [fill(part) for part in configuration.command],
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=data,
        )
        try:
            self.wait_for_reply(configuration.api())
        except BaseException:
            self.stop()
            raise
        self.start_seconds = time.monotonic() - start

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def wait_for_reply(self, api):
        """Waits for the first reply to a list request."""
        end = time.monotonic() + 60
        while True:
            try:
                return api.page(10).send(self.connect())
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.001)

    def memory(self):
        """The private memory of the process and its children, in MiB."""
        total = 0
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                if os.getsid(int(status.parent.name)) == self.process.pid:
                    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
                    total += int(lines.get("RssAnon", "0").split()[0])
            except (FileNotFoundError, ProcessLookupError):
                pass
        return total / 1024

    def stop(self):
        """Stops the server, so that it can store its data."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
