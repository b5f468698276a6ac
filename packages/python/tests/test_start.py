"""The package without pytest's fixtures."""

import http.server
import os
import subprocess
import sys
import threading

import kms_emulator
import pytest
from clients import Tea, every_client
from kms_emulator import _binary
from processes import is_running


@every_client
def test_server_is_started_and_stopped(client_type):
    with kms_emulator.start() as emulator, emulator.tenant() as tenant:
        tenant.secrets({"db": "hunter2"})
        assert client_type(tenant).value("db") == "hunter2"
        pid = emulator.pid
        assert is_running(pid)
    assert not is_running(pid)
    emulator.stop()


def test_https_leaves_no_file():
    with kms_emulator.start(https=True) as emulator, emulator.tenant() as tenant:
        tenant.secrets({"db": "hunter2"})
        assert Tea(tenant).value("db") == "hunter2"
        assert os.path.exists(emulator.ca_file)
        assert tenant.environ["KMS_EMULATOR_ENDPOINT"] == emulator.url == f"https://{emulator.endpoint}"
        assert tenant.environ["NODE_EXTRA_CA_CERTS"] == tenant.environ["ALIBABA_CLOUD_CA_BUNDLE"] == emulator.ca_file
    assert not os.path.exists(emulator.ca_file)


def test_start_fixtures_are_loaded_for_a_tenant(tmp_path):
    (tmp_path / "a.json").write_text('{"db": "hunter2"}')
    with kms_emulator.start(fixtures=[tmp_path], args=["--region", "cn-beijing"]) as emulator:
        with emulator.tenant(start_fixtures=True) as tenant:
            assert tenant.alibaba.region == "cn-beijing"
            assert Tea(tenant).value("db") == "hunter2"
        with emulator.tenant(fixture={"SecretList": {"db": "other"}}) as tenant:
            assert Tea(tenant).value("db") == "other"


def test_tenant_is_gone_after_its_context():
    with kms_emulator.start() as emulator:
        with emulator.tenant() as tenant:
            fault = tenant.faults("Rejected.Throttling")
        assert emulator.control("GET", "tenants") == {"tenants": []}
        with pytest.raises(kms_emulator.ControlError) as gone:
            _ = fault.hits
        assert gone.value.status == 404
        tenant.delete()


def test_server_ends_although_another_process_has_a_copy_of_its_pipe():
    with kms_emulator.start() as emulator:
        pipe = emulator._process._process.stdin.fileno()
        other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[pipe])
    try:
        assert not is_running(emulator.pid)
    finally:
        other.communicate(timeout=60)


def test_log_of_the_server_can_be_read():
    with kms_emulator.start() as emulator, emulator.tenant() as tenant:
        tenant.secrets({"db": "hunter2"})
        Tea(tenant).value("db")
    assert 'action="GetSecretValue"' in emulator.log
    assert "hunter2" not in emulator.log


def test_proxy_of_the_environment_is_not_used(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with kms_emulator.start() as emulator:
        assert emulator.control("GET", "health")


def test_token_of_the_control_api_is_sent(monkeypatch):
    monkeypatch.setenv("KMS_EMULATOR_CONTROL_TOKEN", "a token")
    with kms_emulator.start(args=["--control-token", "a token"]) as emulator:
        with kms_emulator.connect(emulator.url).tenant() as tenant:
            tenant.secrets({"db": "hunter2"})
        monkeypatch.delenv("KMS_EMULATOR_CONTROL_TOKEN")
        with pytest.raises(kms_emulator.ControlError) as refused:
            emulator.control("GET", "faults")
        assert (refused.value.status, refused.value.code) == (401, "Unauthorized")
        monkeypatch.setenv("KMS_EMULATOR_CONTROL_TOKEN", "a token")


def test_error_of_the_control_api_names_the_mistake():
    with kms_emulator.start() as emulator, emulator.tenant() as tenant:
        with pytest.raises(kms_emulator.ControlError) as error:
            tenant.faults("Rejected.Throtling")
    assert error.value.status == 400
    assert error.value.code == "InvalidBody"
    assert error.value.place == "body.error"
    assert "did you mean `Rejected.Throttling`" in str(error.value)


def test_connect_uses_the_variable(monkeypatch):
    with kms_emulator.start() as emulator:
        monkeypatch.setenv("KMS_EMULATOR_ENDPOINT", emulator.url)
        with kms_emulator.connect() as connected:
            assert connected.url == emulator.url
        assert is_running(emulator.pid)


def test_server_that_does_not_answer_is_an_error(monkeypatch):
    with kms_emulator.start() as emulator:
        pass
    with pytest.raises(kms_emulator.StartError, match="no emulator is ready at " + emulator.url):
        kms_emulator.connect(emulator.url, timeout=0)
    with pytest.raises(kms_emulator.StartError, match="not a URL"):
        kms_emulator.connect("ftp://127.0.0.1")
    with pytest.raises(kms_emulator.StartError, match="KMS_EMULATOR_ENDPOINT"):
        kms_emulator.connect()


@pytest.mark.parametrize(("ready_status", "message"), [(404, "no emulator is ready"), (200, "not JSON")])
def test_other_server_at_the_address_is_an_error(ready_status, message):
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if ready_status != 200:
                self.send_error(ready_status)
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *_):
            pass

    other = http.server.HTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        with pytest.raises(kms_emulator.KmsEmulatorError, match=message):
            kms_emulator.connect(f"http://127.0.0.1:{other.server_port}")
    finally:
        other.shutdown()
        other.server_close()


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("#!/bin/sh\necho no >&2\nexit 3\n", "ended: no"),
        ("#!/bin/sh\nexit 0\n", "ended: it printed nothing"),
        ("not a program", "cannot start"),
    ],
)
def test_program_that_is_no_server_is_an_error(tmp_path, program, message):
    path = tmp_path / "program"
    path.write_text(program)
    path.chmod(0o755)
    with pytest.raises(kms_emulator.StartError, match=message):
        kms_emulator.start(binary=path)


def test_program_that_is_never_ready_is_stopped_at_the_deadline(tmp_path):
    path = tmp_path / "program"
    path.write_text(f"#!/bin/sh\necho $$ >{tmp_path}/pid\nexec cat\n")
    path.chmod(0o755)
    with pytest.raises(kms_emulator.StartError, match="not ready after 0.5 s"):
        kms_emulator.start(binary=path, timeout=0.5)
    assert not is_running(int((tmp_path / "pid").read_text()))


def test_keys_in_flags_are_not_in_errors():
    with pytest.raises(kms_emulator.StartError) as error:
        kms_emulator.start(args=["--access-key", "id:hunter2", "--auth", "perhaps"])
    assert "perhaps" in str(error.value)
    assert "hunter2" not in str(error.value)


def test_program_is_found_in_the_documented_order(monkeypatch, tmp_path):
    given, variable, path = (tmp_path / name for name in ("given", "variable", "path"))
    for directory in (given, variable, path):
        directory.mkdir()
        (directory / "kms-emulator").touch(mode=0o755)
    monkeypatch.setenv("KMS_EMULATOR_BIN", str(variable / "kms-emulator"))
    monkeypatch.setenv("PATH", str(path))
    assert kms_emulator.find_binary(given / "kms-emulator").parent == given
    assert kms_emulator.find_binary().parent == variable
    monkeypatch.delenv("KMS_EMULATOR_BIN")
    installed = kms_emulator.find_binary()
    assert installed.parent == _binary.Path(sys.executable).parent
    monkeypatch.setattr(_binary.metadata, "files", lambda _: None)
    assert kms_emulator.find_binary().parent == path
    monkeypatch.setenv("PATH", str(given / "empty"))
    with pytest.raises(kms_emulator.BinaryNotFound, match="KMS_EMULATOR_BIN is not set"):
        kms_emulator.find_binary()
