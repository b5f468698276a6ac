"""Starts the emulator, or connects to one that runs."""

from __future__ import annotations

import collections
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Callable, Union
from urllib.parse import urlsplit

from ._binary import find_binary
from ._clouds import Alibaba, Tencent
from ._control import Control
from ._errors import ControlError, KmsEmulatorError, StartError
from ._tenant import Clock, Tenant

ENDPOINT_VARIABLE = "KMS_EMULATOR_ENDPOINT"

_READY = "kms-emulator listening on "
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.05
_LOG_LINES = 1000

PathOrText = Union[str, "os.PathLike[str]"]


def start(
    *,
    binary: PathOrText | None = None,
    fixtures: Iterable[PathOrText] = (),
    args: Iterable[str] = (),
    https: bool = False,
    timeout: float = _START_SECONDS,
) -> Emulator:
    """Starts the emulator at a free port of 127.0.0.1, and waits until its fixtures are loaded.

    `binary` is the program; see `find_binary` for the default. `fixtures` are files and directories. `args` are
    further flags of the program. With `https`, clients get settings for https.

    Variables `KMS_EMULATOR_…` do not change the settings of this server. It stops at the end of the context, and at
    the latest when this process ends for any reason.

    Raises `BinaryNotFound` and `StartError`.
    """
    process = Process(find_binary(binary), fixtures, args, timeout)
    try:
        return Emulator(process.url, https=https, process=process)
    except BaseException:
        process.stop()
        raise


def connect(url: str | None = None, *, https: bool = False, timeout: float = _START_SECONDS) -> Emulator:
    """Connects to an emulator that runs, and waits until it is ready.

    `url` is `http://host:port`; without it, the value of the variable `KMS_EMULATOR_ENDPOINT`. With `https`, or if the
    URL begins with `https`, clients get settings for https. If the control API needs a token, it is taken from the
    variable `KMS_EMULATOR_CONTROL_TOKEN`.

    Raises `StartError`.
    """
    url = url or os.environ.get(ENDPOINT_VARIABLE)
    if not url:
        raise StartError(f"there is no URL, and {ENDPOINT_VARIABLE} is not set")
    return Emulator(url, https=https, timeout=timeout)


class Emulator:
    """A running emulator. As a context manager it is stopped at the end, if this package started it."""

    url: str
    """`http://host:port`, or `https://host:port` if clients get settings for https."""
    endpoint: str
    """`host:port`."""
    https: bool
    """Whether clients get settings for https. The server always answers both."""
    clock: Clock
    """The clock of the server, which tenants with their own clock do not follow."""

    def __init__(
        self,
        url: str,
        *,
        https: bool = False,
        process: Process | None = None,
        timeout: float = _START_SECONDS,
    ) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise StartError(f"`{url}` is not a URL such as http://127.0.0.1:8080")
        self.https = https or parts.scheme == "https"
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self.endpoint = f"{host}:{port}"
        self.url = f"{self._protocol}://{self.endpoint}"
        self._process = process
        # The same port answers http, for which no certificate is needed.
        self._control = Control(parts.hostname, port)
        self._files: tempfile.TemporaryDirectory[str] | None = None
        if process is None:
            self._wait(timeout)
        self.clock = Clock(self._control, None)
        clouds = self._control.json("GET", "settings")["clouds"]
        self._regions = {cloud["cloud"]: cloud["default_region"] for cloud in clouds}
        self._ca_file = self._save_ca() if self.https else None

    def __repr__(self) -> str:
        return f"<Emulator {self.url}>"

    def __enter__(self) -> Emulator:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The id of the process; None if the emulator was started elsewhere."""
        return self._process.pid if self._process else None

    @property
    def ca_file(self) -> str | None:
        """The file with the certificate to trust; None with http."""
        return self._ca_file

    @property
    def log(self) -> str:
        """The latest lines of the server's log; empty if the emulator was started elsewhere."""
        return self._process.log if self._process else ""

    def tenant(
        self,
        *,
        clock: bool = True,
        ttl: str | None = None,
        start_fixtures: bool = False,
        fixture: Any | None = None,
    ) -> Tenant:
        """Creates a tenant: an account with its own access key.

        With `clock`, the tenant has its own clock. `ttl` is a time such as `1h` after which the server deletes the
        tenant. `start_fixtures` loads the fixtures that the server was started with, `fixture` the parsed JSON of a
        fixture.
        """
        body = {"clock": clock, "ttl": ttl, "start_fixtures": start_fixtures, "fixture": fixture}
        created = self._control.json("POST", "tenants", body)
        settings = {
            "access_key_id": created["access_key_id"],
            "access_key_secret": created["access_key_secret"],
            "endpoint": self.endpoint,
            "protocol": self._protocol,
            "ca_file": self._ca_file,
        }
        return Tenant(
            self._control,
            created["account"],
            Alibaba(region=self._regions["alibaba"], **settings),
            Tencent(region=self._regions["tencent"], **settings),
        )

    def control(
        self,
        method: str,
        path: str,
        body: Any | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> Any:
        """Sends a request to the control API, such as `("POST", "reset")`, and returns the parsed reply."""
        return self._control.json(method, path, body, query)

    def stop(self) -> None:
        """Stops the server, if this package started it."""
        if self._process:
            self._process.stop()
        if self._files:
            self._files.cleanup()
            self._files = None

    @property
    def _protocol(self) -> str:
        return "https" if self.https else "http"

    def _wait(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while True:
            try:
                self._control.send("GET", "ready")
                return
            except KmsEmulatorError as error:
                # It may not listen yet, or return 503 while it loads its fixtures.
                is_final = isinstance(error, ControlError) and error.status != 503
                if is_final or time.monotonic() > deadline:
                    raise StartError(f"no emulator is ready at {self.url}: {error}") from error
            time.sleep(_POLL_SECONDS)

    def _save_ca(self) -> str:
        self._files = tempfile.TemporaryDirectory(prefix="kms-emulator-")
        path = Path(self._files.name) / "ca.pem"
        path.write_bytes(self._control.send("GET", "ca.pem"))
        return str(path)


class Process:
    """The server's process."""

    url: str

    def __init__(
        self,
        binary: Path,
        fixtures: Iterable[PathOrText],
        args: Iterable[str],
        timeout: float,
    ) -> None:
        command: list[str] = [str(binary), "--listen", "127.0.0.1:0", "--exit-with-stdin"]
        for fixture in fixtures:
            command += ["--fixtures", os.fspath(fixture)]
        command += args
        try:
            # Ctrl-C must not stop the server before the last requests of the tests, so it gets a process group of its
            # own. The end of the pipe stops it when this process is killed.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
                encoding="utf-8",
                errors="replace",
                **_own_group(),
            )
        except OSError as error:
            raise StartError(f"cannot start {binary}: {error}") from error
        assert self._process.stdout and self._process.stderr
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._log: collections.deque[str] = collections.deque(maxlen=_LOG_LINES)
        self._readers = [
            _read(self._process.stdout, self._lines.put, lambda: self._lines.put(None)),
            _read(self._process.stderr, self._log.append, lambda: None),
        ]
        try:
            self.url = self._ready_url(command, timeout)
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return "".join(self._log.copy())

    def stop(self) -> None:
        """Stops the server and waits for its end."""
        process = self._process
        if process.stdin and not process.stdin.closed:
            process.stdin.close()
        if process.poll() is None:
            # A child process of this one may have a copy of the pipe, so its end is not enough.
            process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for reader in self._readers:
            reader.join(_STOP_SECONDS)

    def _ready_url(self, command: Sequence[str], timeout: float) -> str:
        deadline = time.monotonic() + timeout
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise StartError(f"{command[0]} is not ready after {timeout:g} s: {self.log}") from None
            if line is None:
                self._readers[1].join(_STOP_SECONDS)
                raise StartError(f"{command[0]} ended: {self.log.strip() or 'it printed nothing'}")
            if line.startswith(_READY):
                return line[len(_READY) :].strip()


def _environment() -> Mapping[str, str]:
    """The environment without settings of the emulator, so that tests do the same on every machine."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KMS_EMULATOR_")}


def _own_group() -> Mapping[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _read(stream: IO[str], add: Callable[[str], None], at_end: Callable[[], None]) -> threading.Thread:
    """Reads lines in a thread, so that a deadline can be kept and no pipe fills up."""

    def run() -> None:
        with stream:
            for line in stream:
                add(line)
        at_end()

    thread = threading.Thread(target=run, name="kms-emulator", daemon=True)
    thread.start()
    return thread
