"""Every official Python client reaches the server under the host name of the cloud, with the server as its proxy."""

import os

import clients
import emulator
import pytest
import tencent_clients
import test_list_secrets
import test_tencent_list_secrets
from tencent_clients import Tccli

ADDRESS = os.environ["KMS_EMULATOR_STRICT"]
KMS = "kms.cn-hangzhou.aliyuncs.com"
SSM = "ssm.tencentcloudapi.com"


@pytest.fixture(scope="module")
def ca(tmp_path_factory):
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    path.write_bytes(emulator.authority(ADDRESS))
    return str(path)


@pytest.fixture(autouse=True)
def proxy(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://{ADDRESS}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def ids(client):
    return client.name


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("client", clients.CLIENTS, ids=ids)
def test_pages_are_listed(client, scheme, ca):
    access = clients.Access(KMS, scheme=scheme, ca=ca if scheme == "https" else None)
    test_list_secrets.test_three_pages_of_three_have_every_secret_once(client, access)


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize(
    "client", [client for client in tencent_clients.CLIENTS if not isinstance(client, Tccli)], ids=ids
)
def test_pages_are_listed_by_tencent_clients(client, scheme, ca):
    access = tencent_clients.Access(SSM, scheme=scheme, ca=ca if scheme == "https" else None)
    test_tencent_list_secrets.test_lists(client, access, *test_tencent_list_secrets.LISTS["a first page of four"])
