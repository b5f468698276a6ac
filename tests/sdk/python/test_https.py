"""Every official Python client works over https, and trusts only the given authority."""

import os
import shutil
import socket
import ssl
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
