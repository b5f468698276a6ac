"""Fixtures for pytest. pytest loads this module by itself if the package is installed."""

from __future__ import annotations

import os
import shlex
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# The rest of the package is imported when a fixture is used: every run of pytest loads this module.
if TYPE_CHECKING:
    from . import Clock, Emulator, Faults, Journal, Secrets, Tenant

# The server deletes a tenant after this time, if the test run is killed and the server was started elsewhere.
_TTL = "1d"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("kms-emulator", "emulator of Alibaba Cloud KMS and Tencent Cloud SSM")
    group.addoption(
        "--kms-emulator-bin",
        metavar="PATH",
        help="program to start [default: $KMS_EMULATOR_BIN, the one of the package kms-emulator, or the one in PATH]",
    )
    group.addoption(
        "--kms-emulator-endpoint",
        metavar="URL",
        help="use the emulator that runs at this URL, and start none [default: $KMS_EMULATOR_ENDPOINT]",
    )
    group.addoption(
        "--kms-emulator-fixtures",
        metavar="PATH",
        action="append",
        help="file or directory with secrets that each tenant gets; can be repeated",
    )
    group.addoption(
        "--kms-emulator-https",
        action="store_true",
        default=None,
        help="give clients settings for https, with the certificate to trust",
    )
    group.addoption(
        "--kms-emulator-args",
        metavar="FLAGS",
        help="further flags for the program, such as '--auth strict'",
    )
    parser.addini("kms_emulator_bin", "program to start, relative to the root directory")
    parser.addini(
        "kms_emulator_fixtures",
        "files and directories with secrets that each tenant gets, relative to this file",
        type="paths",
        default=[],
    )
    parser.addini("kms_emulator_https", "give clients settings for https", type="bool", default=False)
    parser.addini("kms_emulator_args", "further flags for the program", type="args", default=[])


@pytest.fixture(scope="session")
def kms_emulator(pytestconfig: pytest.Config) -> Iterator[Emulator]:
    """The emulator: a server of this test session, or the one at `KMS_EMULATOR_ENDPOINT`.

    With pytest-xdist, each worker has its own server.
    """
    from . import KmsEmulatorError

    try:
        emulator = _emulator(pytestconfig)
    except KmsEmulatorError as error:
        # One line instead of the calls that led to it.
        pytest.fail(str(error), pytrace=False)
    with emulator:
        yield emulator


@pytest.fixture
def kms_tenant(kms_emulator: Emulator, request: pytest.FixtureRequest) -> Iterator[Tenant]:
    """An account with its own access key and clock, deleted after the test."""
    fixtures = _fixtures(request.config)
    is_own = kms_emulator.pid is not None
    tenant = kms_emulator.tenant(start_fixtures=is_own and bool(fixtures), ttl=None if is_own else _TTL)
    with tenant:
        if not is_own:
            for path in _files(fixtures):
                tenant.secrets.load(path)
        request.node.stash[_TENANT] = tenant
        yield tenant


@pytest.fixture
def kms_secrets(kms_tenant: Tenant) -> Secrets:
    """Creates secrets of the tenant: `kms_secrets({"name": "value"})`."""
    return kms_tenant.secrets


@pytest.fixture
def kms_fault(kms_tenant: Tenant) -> Faults:
    """Adds fault rules for requests of the tenant: `kms_fault("Rejected.Throttling", times=1)`."""
    return kms_tenant.faults


@pytest.fixture
def kms_clock(kms_tenant: Tenant) -> Clock:
    """The clock of the tenant: `kms_clock.advance("8d")`."""
    return kms_tenant.clock


@pytest.fixture
def kms_journal(kms_tenant: Tenant) -> Journal:
    """The requests of the tenant: `kms_journal(action="GetSecretValue")`."""
    return kms_tenant.journal


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """Adds the requests of the tenant to the report of a failed test."""
    outcome = yield
    tenant = item.stash.get(_TENANT, None)
    if tenant is None or call.when != "call":
        return
    report: pytest.TestReport = outcome.get_result()
    if report.failed:
        requests = _requests(tenant)
        if requests:
            report.sections.append(("Requests to kms-emulator", requests))


_TENANT = pytest.StashKey["Tenant"]()


def _emulator(config: pytest.Config) -> Emulator:
    from . import connect, start

    option = config.getoption
    https = option("--kms-emulator-https")
    if https is None:
        https = config.getini("kms_emulator_https")
    endpoint = option("--kms-emulator-endpoint") or os.environ.get("KMS_EMULATOR_ENDPOINT")
    if endpoint:
        return connect(endpoint, https=https)
    args = option("--kms-emulator-args")
    return start(
        binary=_binary(config),
        fixtures=_fixtures(config),
        args=config.getini("kms_emulator_args") if args is None else shlex.split(args),
        https=https,
    )


def _binary(config: pytest.Config) -> Path | None:
    given = config.getoption("--kms-emulator-bin")
    if given:
        return Path(given)
    ini = config.getini("kms_emulator_bin")
    # A variable overrides the configuration file.
    if ini and not os.environ.get("KMS_EMULATOR_BIN"):
        return config.rootpath / str(ini)
    return None


def _fixtures(config: pytest.Config) -> list[Path]:
    given = config.getoption("--kms-emulator-fixtures")
    if given:
        return [Path(path) for path in given]
    return list(config.getini("kms_emulator_fixtures"))


def _files(fixtures: list[Path]) -> Iterator[Path]:
    """The files of directories, as the program selects them."""
    for path in fixtures:
        if path.is_dir():
            yield from sorted(path.glob("*.json"))
        else:
            yield path


def _requests(tenant: Tenant) -> str:
    """The requests of a tenant, one in a line; secret values are masked by the server."""
    from . import KmsEmulatorError

    try:
        entries = tenant.journal()
    except KmsEmulatorError as error:
        return str(error)
    lines = []
    for entry in entries:
        parameters = " ".join(f"{name}={value}" for name, value in (entry["parameters"] or {}).items())
        line = f"{entry['cloud']} {entry['action']} {parameters}: {entry['status']} {entry['code']}"
        if entry["fault"] is not None:
            line += f", fault rule {entry['fault']}"
        if entry["mismatch"]:
            line += f", {entry['mismatch']['diagnosis']}"
        lines.append(line)
    return "\n".join(lines)
