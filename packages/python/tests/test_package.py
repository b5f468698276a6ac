"""The installed wheel, and the examples of the README."""

import importlib.metadata
import os
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest
from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi.models import Config
from aliyunsdkcore.client import AcsClient
from aliyunsdkkms.request.v20160120.GetSecretValueRequest import GetSecretValueRequest
from clients import Refused, Tea
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssm.v20190923.ssm_client import SsmClient

PACKAGE = Path(__file__).parent.parent
README = (PACKAGE / "README.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def output(*command):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout


def cargo_version():
    return re.search(r'^version = "(.*)"$', (PACKAGE / "../../Cargo.toml").read_text(), flags=re.MULTILINE)[1]


def test_version_is_that_of_cargo_toml():
    assert importlib.metadata.version("kms-emulator") == cargo_version()


def test_installed_program_is_of_the_same_version():
    program = Path(sys.executable).parent / "kms-emulator"
    expected = f"kms-emulator {cargo_version()}\n"
    assert output(program, "--version") == expected
    assert output(sys.executable, "-m", "kms_emulator", "--version") == expected


def test_nothing_but_the_standard_library_is_required():
    required = importlib.metadata.requires("kms-emulator") or []
    assert [requirement for requirement in required if "extra ==" not in requirement] == []


def test_uvx_runs_the_program_of_the_wheel(tmp_path):
    """pipx does the same: it installs the wheel into an empty environment, and runs the program of its name."""
    wheel = os.environ["KMS_EMULATOR_WHEEL"]
    uvx = [Path(sys.executable).parent / "uvx", "--offline", "--no-config", "--cache-dir", tmp_path]
    command = [*uvx, "--python", sys.executable, "--from", wheel, "kms-emulator", "--version"]
    assert output(*command) == f"kms-emulator {cargo_version()}\n"


@pytest.mark.parametrize("python", ["3.10", "3.14"])
def test_package_is_typed(tmp_path, python):
    mypy = [sys.executable, "-m", "mypy", "--strict", "--python-version", python, "--cache-dir", tmp_path / "cache"]
    program = tmp_path / "typed.py"
    program.write_text(
        "from kms_emulator import Clock, Emulator, Fault, Faults, Journal, Secrets, Tenant, start\n"
        "def test_it(\n"
        "    kms_emulator: Emulator, kms_tenant: Tenant, kms_secrets: Secrets, kms_fault: Faults,\n"
        "    kms_clock: Clock, kms_journal: Journal,\n"
        ") -> None:\n"
        "    kms_secrets({'a': 'b'})\n"
        "    fault: Fault = kms_fault('Rejected.Throttling', times=1)\n"
        "    hits: int = fault.hits\n"
        "    code: str = kms_journal(fault=fault)[0]['code']\n"
        "    reveal_type(kms_clock.advance('8d'))\n"
        "with start(https=True) as emulator, emulator.tenant() as tenant:\n"
        "    reveal_type(tenant.alibaba.config)\n"
    )
    assert 'Revealed type is "datetime.datetime"' in output(*mypy, program)
    output(*mypy, "-p", "kms_emulator")
    program.write_text("from kms_emulator import start\nstart(https='yes')\n")
    wrong = subprocess.run([*mypy, program], text=True, stdout=subprocess.PIPE)
    assert wrong.returncode == 1 and "arg-type" in wrong.stdout


def test_first_example_is_a_short_test_that_passes(pytester):
    lines = [line for line in EXAMPLES[0].splitlines() if line]
    assert len(lines) <= 15
    pytester.makepyfile(EXAMPLES[0])
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_other_examples_run_in_their_order(kms_emulator, kms_tenant, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secrets.json").write_text('{"seeded": "hunter2"}')
    (tmp_path / "app.py").write_text("import os; os.environ['ALIBABA_CLOUD_ACCESS_KEY_ID']")
    names = {
        **globals(),
        "kms_tenant": kms_tenant,
        "kms_secrets": kms_tenant.secrets,
        "kms_fault": kms_tenant.faults,
        "kms_clock": kms_tenant.clock,
        "kms_journal": kms_tenant.journal,
        "request": GetSecretValueRequest(),
    }
    assert len(EXAMPLES) == 9
    for example in EXAMPLES[1:]:
        exec(example, names)
        if "secrets.load" in example:
            assert Tea(kms_tenant).value("db/password") == "one"
            assert Tea(kms_tenant).value("seeded") == "hunter2"
        if "fault =" in example:
            with pytest.raises(Refused, match="Rejected.Throttling"):
                Tea(kms_tenant).value("db/password")
    shown = capsys.readouterr().out
    assert "GetSecretValue 200 OK" in shown
    assert "GetSecretValue 429 Rejected.Throttling" in shown
    assert "http://127.0.0.1:" in shown
