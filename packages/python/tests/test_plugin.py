"""pytest with the options of the plugin, in separate processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import kms_emulator
import pytest
from clients import Tea
from processes import eventually, is_running

HERE = str(Path(__file__).parent)
SECRETS = '{"SecretList": {"Secret": [{"SecretName": "seeded", "Versions": [{"SecretData": "hunter2"}]}]}}'

USES_EVERY_FIXTURE = """
    import pytest
    from clients import Refused, every_client

    @every_client
    def test_everything(client_type, kms_emulator, kms_tenant, kms_secrets, kms_fault, kms_clock, kms_journal):
        kms_secrets({"db": "hunter2"})
        client = client_type(kms_tenant)
        kms_fault(client.throttling, action="GetSecretValue", times=1)
        with pytest.raises(Refused, match=client.throttling):
            client.value("db")
        assert client.value("db") == "hunter2"
        assert kms_journal.count(action="GetSecretValue") == 2
        client.delete("db", 7)
        kms_clock.advance("8d")
        with pytest.raises(Refused, match=client.not_found):
            client.value("db")
"""
READS_THE_SEEDED_SECRET = """
    import pytest

    @pytest.mark.parametrize("number", range(2))
    def test_it(number, kms_emulator, kms_tenant):
        query = {"account": kms_tenant.account, "values": "true"}
        (fixture,) = kms_emulator.control("GET", "state", query=query)
        (secret,) = fixture["SecretList"]["Secret"]
        assert (secret["SecretName"], secret["Versions"][0]["SecretData"]) == ("seeded", "hunter2")
        kms_tenant.secrets({"seeded": "changed"})
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest with the modules of this directory, and checks the number of tests with each outcome."""
    monkeypatch.setenv("PYTHONPATH", HERE)
    # Workers of the outer run must not look like workers to the inner one.
    for name in [name for name in os.environ if name.startswith("PYTEST_XDIST_")]:
        monkeypatch.delenv(name)

    def run(*args, **outcomes):
        result = pytester.runpytest_subprocess("-p", "no:cacheprovider", *args)
        result.assert_outcomes(**outcomes)
        return result

    return run


@pytest.fixture(scope="module")
def elsewhere():
    """An emulator that was not started by the plugin."""
    with kms_emulator.start() as emulator:
        yield emulator


def left(emulator):
    """What tests have left on a server."""
    return emulator.control("GET", "tenants")["tenants"] + emulator.control("GET", "faults")["faults"]


def test_options_are_in_the_help(pytester):
    text = pytester.runpytest_subprocess("--help").stdout.str()
    for name in ("bin=PATH", "endpoint=URL", "fixtures=PATH", "https ", "args=FLAGS"):
        assert f"--kms-emulator-{name}" in text
    for name in ("kms_emulator_bin (string)", "kms_emulator_fixtures (paths)", "kms_emulator_https (bool)"):
        assert name in text


def test_fixtures_are_described(pytester):
    pytester.runpytest_subprocess("--fixtures").stdout.fnmatch_lines(["kms_tenant -- *pytest_plugin.py:*"])


@pytest.mark.parametrize("where", ["option", "ini"])
def test_every_sdk_works_with_https(run, pytester, where):
    pytester.makepyfile(
        USES_EVERY_FIXTURE
        + """
    def test_clients_trust_the_certificate(kms_emulator, kms_tenant):
        assert kms_emulator.url.startswith("https://")
        assert kms_tenant.alibaba.protocol == kms_tenant.tencent.protocol == "https"
        assert "BEGIN CERTIFICATE" in open(kms_tenant.tencent.ca_file).read()
"""
    )
    if where == "ini":
        pytester.makeini("[pytest]\nkms_emulator_https = true\n")
    run(*(["--kms-emulator-https"] if where == "option" else []), passed=4)


def test_each_worker_of_xdist_has_a_server_of_its_own(run, pytester):
    pytester.makepyfile(
        """
    import os
    import pytest

    @pytest.mark.parametrize("number", range(12))
    def test_it(number, kms_emulator, kms_tenant, kms_secrets, kms_clock):
        kms_secrets({"same name": str(number)})
        assert kms_clock.advance("8d") < kms_emulator.clock.now() + __import__("datetime").timedelta(days=9)
        with open("servers", "a") as servers:
            servers.write(f"{os.environ['PYTEST_XDIST_WORKER']} {kms_emulator.pid}\\n")
    """
    )
    run("-n", "4", passed=12)
    pairs = set((pytester.path / "servers").read_text().splitlines())
    workers, servers = zip(*(pair.split() for pair in pairs))
    assert len(set(workers)) == len(set(servers)) == len(pairs) > 1
    for server in servers:
        assert not is_running(int(server))


@pytest.mark.parametrize("workers", [[], ["-n", "4"]], ids=["one process", "xdist"])
@pytest.mark.parametrize("https", [False, True], ids=["http", "https"])
def test_server_of_the_variable_is_used_and_left_as_it_was(run, pytester, monkeypatch, elsewhere, workers, https):
    scheme = "https" if https else "http"
    monkeypatch.setenv("KMS_EMULATOR_ENDPOINT", f"{scheme}://{elsewhere.endpoint}")
    pytester.makepyfile(
        USES_EVERY_FIXTURE
        + f"""
    def test_it_is_not_started_here(kms_emulator):
        assert kms_emulator.url == "{scheme}://{elsewhere.endpoint}"
        assert kms_emulator.pid is None
"""
    )
    run(*workers, passed=4)
    assert left(elsewhere) == []


def test_tenants_on_a_server_elsewhere_expire(run, pytester, elsewhere):
    pytester.makepyfile(
        """
    def test_it(kms_emulator, kms_tenant):
        (tenant,) = [
            tenant for tenant in kms_emulator.control("GET", "tenants")["tenants"]
            if tenant["account"] == kms_tenant.account
        ]
        assert tenant["expires_at"]
    """
    )
    run("--kms-emulator-endpoint", elsewhere.url, passed=1)


@pytest.mark.parametrize("place", ["file", "directory", "ini"])
@pytest.mark.parametrize("own", [True, False], ids=["own server", "server elsewhere"])
def test_each_tenant_has_the_fixtures(run, pytester, elsewhere, place, own):
    pytester.makepyfile(READS_THE_SEEDED_SECRET)
    directory = pytester.mkdir("seeds")
    (directory / "secrets.json").write_text(SECRETS)
    option = {"file": ["seeds/secrets.json"], "directory": ["seeds"], "ini": []}[place]
    if place == "ini":
        pytester.makeini("[pytest]\nkms_emulator_fixtures = seeds\n")
    arguments = [argument for path in option for argument in ("--kms-emulator-fixtures", path)]
    run(*arguments, *([] if own else ["--kms-emulator-endpoint", elsewhere.endpoint]), passed=2)
    assert left(elsewhere) == []


@pytest.mark.parametrize("where", ["option", "ini"])
def test_flags_are_given_to_the_server_and_variables_are_not(run, pytester, monkeypatch, where):
    monkeypatch.setenv("KMS_EMULATOR_AUTH", "off")
    monkeypatch.setenv("KMS_EMULATOR_JOURNAL", "7")
    pytester.makepyfile(
        """
    def test_it(kms_emulator):
        settings = kms_emulator.control("GET", "settings")
        assert settings["auth"] == "strict"
        assert settings["journal"] == 250
    """
    )
    if where == "ini":
        pytester.makeini("[pytest]\nkms_emulator_args = --auth strict\n")
    run(*(["--kms-emulator-args", "--auth strict"] if where == "option" else []), passed=1)


def test_program_of_the_ini_file_is_relative_to_the_root(run, pytester, monkeypatch):
    program = kms_emulator.find_binary()
    monkeypatch.delenv("KMS_EMULATOR_BIN", raising=False)
    pytester.mkdir("bin").joinpath("kms").symlink_to(program)
    pytester.makeini("[pytest]\nkms_emulator_bin = bin/kms\n")
    pytester.makepyfile(
        """
    def test_it(kms_emulator):
        assert open(f"/proc/{kms_emulator.pid}/cmdline").read().startswith(f"{__import__('os').getcwd()}/bin/kms")
    """
    )
    run(passed=1)


@pytest.mark.parametrize("where", ["option", "variable", "ini"])
def test_missing_program_is_an_error_of_one_line(run, pytester, monkeypatch, where):
    monkeypatch.delenv("KMS_EMULATOR_BIN", raising=False)
    pytester.makepyfile("def test_it(kms_tenant): pass\ndef test_other(): pass\n")
    if where == "variable":
        monkeypatch.setenv("KMS_EMULATOR_BIN", "/no/such/program")
    if where == "ini":
        pytester.makeini("[pytest]\nkms_emulator_bin = /no/such/program\n")
    arguments = ["--kms-emulator-bin", "/no/such/program"] if where == "option" else []
    result = run(*arguments, errors=1, passed=1)
    source = "KMS_EMULATOR_BIN" if where == "variable" else "the given path"
    result.stdout.fnmatch_lines([f"{source} names a program that does not exist: /no/such/program"])
    assert "pytest_plugin.py" not in result.stdout.str()


def test_wrong_flag_is_reported_with_the_text_of_the_server(run, pytester):
    pytester.makepyfile("def test_it(kms_tenant): pass\n")
    result = run("--kms-emulator-args", "--auth perhaps", errors=1)
    result.stdout.fnmatch_lines(["*ended: error: *perhaps*"])


def test_report_of_a_failed_test_has_the_requests_without_secret_values(run, pytester):
    pytester.makepyfile(
        """
    from alibabacloud_kms20160120.models import CreateSecretRequest
    from clients import Tea

    def test_it(kms_tenant, kms_fault):
        client = Tea(kms_tenant)
        create = CreateSecretRequest(secret_name="db", version_id="v1", secret_data="hunter" + "2")
        client.send(client.client.create_secret, create)
        fault = kms_fault("Rejected.Throttling")
        try:
            client.value("db")
        finally:
            assert False

    def test_that_passes(kms_tenant, kms_secrets):
        kms_secrets({"other": "x"})
        assert Tea(kms_tenant).value("other") == "x"
    """
    )
    result = run(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [
            "*Requests to kms-emulator*",
            "alibaba CreateSecret *SecretData=[*][*][*]*SecretName=db*: 200 OK",
            "alibaba GetSecretValue *SecretName=db*: 429 Rejected.Throttling, fault rule 1",
        ]
    )
    assert "hunter2" not in result.stdout.str()
    assert "SecretName=other" not in result.stdout.str()


WAITS = """
    import pathlib, time

    def test_it(kms_emulator, kms_tenant):
        pathlib.Path("new").write_text(str(kms_emulator.pid))
        pathlib.Path("new").rename("server")
        while True:
            time.sleep(0.1)
"""


def start_pytest(pytester, *args):
    """Starts pytest with a test that does not end, in a separate process group."""
    pytester.makepyfile(WAITS)
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # A suite that runs in the background ignores SIGINT, and so would this process.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        cwd=pytester.path,
    )
    server = pytester.path / "server"
    eventually(lambda: server.exists() or process.poll() is not None, "the test runs")
    assert process.poll() is None, process.stdout.read()
    pid = int(server.read_text())
    assert is_running(pid)
    return process, pid


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "xdist"])
def test_server_ends_when_pytest_is_killed(run, pytester, workers):
    process, server = start_pytest(pytester, *workers)
    process.kill()
    process.wait(60)
    eventually(lambda: not is_running(server), "the server ends")


def test_interrupt_from_the_keyboard_ends_without_errors(run, pytester):
    process, server = start_pytest(pytester)
    # The terminal sends the signal to every process of the group.
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == pytest.ExitCode.INTERRUPTED, output
    assert "KmsEmulatorError" not in output and "ERROR" not in output, output
    assert not is_running(server)
