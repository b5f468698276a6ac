"""Every official Python client works over https, and trusts only the given authority."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
from functools import partial
from pathlib import Path

import clients
import emulator
import pytest
import tencent_clients
import test_life_cycle
import test_list_secrets
import test_tencent_life_cycle
import test_tencent_list_secrets
from tencent_clients import TCCLI, ClientProfile, Credential, HttpProfile, Tccli, TencentCloudSDKException
from tencentcloud.ssm.v20190923.ssm_client_async import SsmClient

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
sys.path.append(str(SCRIPTS))

import server  # noqa: E402

ADDRESS = os.environ["KMS_EMULATOR_STRICT"]
# alibabacloud_kms20160120 shares connections to an address, with their trusted authority, among all clients of the
# process. So clients without an authority use another address.
OTHER_ADDRESS = os.environ["KMS_EMULATOR"]

on_each_client = pytest.mark.parametrize("client", clients.CLIENTS, ids=lambda client: client.name)
# Tencent's command line client has no setting for an authority; it has its own tests below.
on_each_tencent_client = pytest.mark.parametrize(
    "client",
    [client for client in tencent_clients.CLIENTS if not isinstance(client, Tccli)],
    ids=lambda client: client.name,
)


@pytest.fixture(scope="session")
def ca(tmp_path_factory):
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    path.write_bytes(emulator.authority(ADDRESS))
    return str(path)


@pytest.fixture
def access(ca):
    return partial(clients.Access, ADDRESS, scheme="https", ca=ca)


@pytest.fixture
def tencent_access(ca):
    return partial(tencent_clients.Access, ADDRESS, scheme="https", ca=ca)


@pytest.mark.parametrize("name", ["cn-hangzhou.localhost", "host.docker.internal", "kms.cn-hangzhou.aliyuncs.com"])
def test_certificate_is_valid_for_host_name(ca, name):
    context = ssl.create_default_context(cafile=ca)
    with socket.create_connection(ADDRESS.rsplit(":", 1)) as connection:
        context.wrap_socket(connection, server_hostname=name).close()


@on_each_client
def test_pages_are_listed(client, access):
    test_list_secrets.test_three_pages_of_three_have_every_secret_once(client, access())


@on_each_client
def test_steps_of_the_life_cycle(client, access):
    with emulator.tenant(ADDRESS) as own:
        test_life_cycle.go_through(client, access(own.key_id, own.secret))


@on_each_client
def test_error_raises_the_exception_of_the_sdk(client, access):
    test_list_secrets.test_page_size_above_100_is_rejected(client, access())


@on_each_client
def test_client_without_the_authority_does_not_connect(client):
    with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        client.call(clients.Access(OTHER_ADDRESS, scheme="https"), "ListSecrets")


@on_each_tencent_client
@pytest.mark.parametrize("page", ["a first page of four", "a second page of four", "a page past the end"])
def test_pages_are_listed_by_tencent_clients(client, tencent_access, page):
    test_tencent_list_secrets.test_lists(client, tencent_access(), *test_tencent_list_secrets.LISTS[page])


@on_each_tencent_client
def test_steps_of_the_life_cycle_by_tencent_clients(client, tencent_access):
    with emulator.tenant(ADDRESS) as own:
        test_tencent_life_cycle.go_through(client, tencent_access(own.key_id, own.secret), own.account)


@on_each_tencent_client
def test_error_raises_the_exception_of_the_tencent_sdk(client, tencent_access):
    refusal = test_tencent_list_secrets.refusal_of(client, tencent_access(secret_key="wrong"))
    assert refusal.get_code() == "AuthFailure.SignatureFailure"


@on_each_tencent_client
def test_tencent_client_without_the_authority_does_not_connect(client):
    with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        client.call(tencent_clients.Access(OTHER_ADDRESS, scheme="https"), "ListSecrets", {})


@pytest.mark.filterwarnings("ignore:.cert=")
def test_asynchronous_tencent_client_uses_the_authority_setting_as_a_client_certificate(tencent_access):
    access = tencent_access()
    profile = ClientProfile(httpProfile=HttpProfile(certification=access.ca))
    with pytest.raises(ssl.SSLError):
        SsmClient(Credential(access.secret_id, access.secret_key), access.region, profile)


def test_tccli_ignores_environment_variables_for_authorities(tencent_access):
    access = tencent_access()
    variables = dict.fromkeys(["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"], access.ca)
    with pytest.raises(TencentCloudSDKException, match="CERTIFICATE_VERIFY_FAILED") as caught:
        Tccli(**variables).call(access, "ListSecrets", {})
    assert caught.value.get_code() == "ClientNetworkError"


def test_tccli_trusts_an_authority_added_to_certifi(tencent_access, tmp_path):
    [installed] = TCCLI.parent.glob("lib/python*/site-packages/certifi")
    certifi = Path(shutil.copytree(installed, tmp_path / "certifi"))
    with (certifi / "cacert.pem").open("a") as trusted:
        trusted.write(Path(tencent_access().ca).read_text())
    client = Tccli(PYTHONPATH=str(tmp_path))

    for page in ("a first page of four", "a second page of four"):
        test_tencent_list_secrets.test_lists(client, tencent_access(), *test_tencent_list_secrets.LISTS[page])
    refusal = test_tencent_list_secrets.refusal_of(client, tencent_access(secret_key="wrong"))
    assert refusal.get_code() == "AuthFailure.SignatureFailure"
    with emulator.tenant(ADDRESS) as own:
        access, secret = tencent_access(own.key_id, own.secret), {"SecretName": "encrypted"}
        client.call(access, "CreateSecret", {**secret, "VersionId": "v1", "SecretString": "on its way"})
        read = client.call(access, "GetSecretValue", {**secret, "VersionId": "v1"})
        assert read["SecretString"] == "on its way"
        client.call(access, "DisableSecret", secret)
        client.call(access, "DeleteSecret", secret)
        assert client.call(access, "ListSecrets", {})["TotalCount"] == 0


@pytest.fixture(scope="session")
def program():
    """The emulator's program, which the servers under test run."""
    command = [SCRIPTS / "target-directory"]
    directory = subprocess.run(command, capture_output=True, check=True, text=True, timeout=60).stdout.strip()
    return f"{directory}/debug/kms-emulator"


@pytest.fixture
def public_authority(tmp_path):
    """A list of authorities with that of another server, like the one of a server on the internet."""
    path = tmp_path / "public.pem"
    path.write_bytes(emulator.authority(OTHER_ADDRESS))
    return str(path)


@pytest.fixture
def own_server(program, public_authority):
    """A server on a machine that trusts the public authority."""
    environment = {**server.environment(), "SSL_CERT_FILE": public_authority}
    with server.running([program, "--listen", "127.0.0.1:0", "--log", "error"], env=environment) as url:
        yield url.removeprefix("http://")


CONNECT = """
import sys, urllib.request
import requests
for get in (urllib.request.urlopen, requests.get):
    try:
        get(sys.argv[1], timeout=30)
        print("trusted")
    except Exception as error:
        print("CERTIFICATE_VERIFY_FAILED" if "CERTIFICATE_VERIFY_FAILED" in str(error) else repr(error))
"""


def connections(script, address, environment):
    """Whether urllib and requests, which pip uses, trust a server, in a shell after a script."""
    url = f"https://{address}/_emulator/health"
    shell = ["sh", "-c", f'{script}\nexec "$0" "$@"', sys.executable, "-c", CONNECT, url]
    ran = subprocess.run(shell, env=environment, capture_output=True, text=True, check=True, timeout=120)
    return ran.stdout.split()


def test_variables_of_env_change_no_list_of_other_programs_and_the_bundle_has_both(
    program, own_server, public_authority, tmp_path
):
    machine = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KMS_EMULATOR")},
        "SSL_CERT_FILE": public_authority,
        "REQUESTS_CA_BUNDLE": public_authority,
        "ADDRESS": own_server,
        "PROGRAM": program,
        "CA": str(tmp_path / "ca.pem"),
    }
    (tmp_path / "ca.pem").write_bytes(emulator.authority(own_server))
    with_env = 'eval "$("$PROGRAM" env --https --endpoint "$ADDRESS" --ca "$CA")"; test -n "$NODE_EXTRA_CA_CERTS"'
    assert connections(with_env, OTHER_ADDRESS, machine) == ["trusted", "trusted"]
    assert connections(with_env, own_server, machine) == ["CERTIFICATE_VERIFY_FAILED"] * 2

    (tmp_path / "bundle.pem").write_bytes(emulator.control(own_server, "GET", "ca-bundle.pem"))
    bundle = str(tmp_path / "bundle.pem")
    with_bundle = machine | {"SSL_CERT_FILE": bundle, "REQUESTS_CA_BUNDLE": bundle}
    for address in (OTHER_ADDRESS, own_server):
        assert connections(with_env, address, with_bundle) == ["trusted", "trusted"], address

    # With the authority alone, as `env --https` once set it, other servers cannot be used.
    alone = machine | {"SSL_CERT_FILE": machine["CA"], "REQUESTS_CA_BUNDLE": machine["CA"]}
    assert connections(with_env, OTHER_ADDRESS, alone) == ["CERTIFICATE_VERIFY_FAILED"] * 2


TEA = """
import sys
from alibabacloud_kms20160120.client import Client
from alibabacloud_kms20160120.models import ListSecretsRequest
from alibabacloud_tea_openapi.models import Config
config = Config(access_key_id="test", access_key_secret="test", endpoint=sys.argv[1], protocol="HTTPS")
try:
    print(Client(config).list_secrets(ListSecretsRequest()).status_code)
except Exception as error:
    print("CERTIFICATE_VERIFY_FAILED" if "CERTIFICATE_VERIFY_FAILED" in str(error) else repr(error))
"""


@pytest.mark.parametrize(
    ("variable", "output"),
    [("SSL_CERT_FILE", "200"), ("REQUESTS_CA_BUNDLE", "CERTIFICATE_VERIFY_FAILED")],
)
def test_tea_reads_only_one_of_the_variables_for_authorities(variable, output, ca):
    unset = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    command = [sys.executable, "-c", TEA, ADDRESS]
    ran = subprocess.run(
        command, env=environment | {variable: ca}, capture_output=True, text=True, check=True, timeout=120
    )
    assert ran.stdout.strip() == output
