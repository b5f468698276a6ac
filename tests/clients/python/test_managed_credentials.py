"""aliyun-openapi-python-sdk-managed-credentials-provider: a classic client whose access key is the value of a secret.

It reads the secret through the cache of secrets, so always with https and without checking certificates.
"""

import json
from queue import Queue

import emulator
import pytest
from alibaba_cloud_secretsmanager_client.model.region_info import RegionInfo
from alibaba_cloud_secretsmanager_client.service.full_jitter_back_off_strategy import FullJitterBackoffStrategy
from aliyun_sdk_secretsmanager_common_plugin.aliyun_sdk_secretsmanager_plugins_manager import (
    AliyunSdkSecretsManagerPluginsManager,
)
from aliyun_sdk_secretsmanager_common_plugin.model.secretsmanager_plugin_credentials_provider import (
    SecretsManagerPluginCredentialsProvider,
)
from aliyun_sdk_secretsmanager_common_plugin.service.default_secretsmanager_plugin_cache_hook import (
    DefaultSecretsManagerPluginCacheHook,
)
from aliyun_sdk_secretsmanager_common_plugin.service.monitor_memory_cache_secret_store_strategy import (
    MonitorMemoryCacheSecretStoreStrategy,
)
from aliyun_sdk_secretsmanager_common_plugin.service.rotate_ak_secret_refresh_secret_strategy import (
    RotateAKSecretRefreshSecretStrategy,
)
from aliyun_sdk_secretsmanager_common_plugin.service.secret_exchange import SecretExchange
from aliyun_sdk_secretsmanager_common_plugin.service.secret_recovery_strategy import SecretRecoveryStrategy
from aliyun_sdk_secretsmanager_common_plugin.service.secretsmanager_plugin_credentials_loader import (
    SecretsManagerPluginCredentialsLoader,
)
from aliyun_sdk_secretsmanager_sdk_core_plugin.proxy_acs_client import ProxyAcsClient
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import AccessKeyCredential
from aliyunsdkkms.request.v20160120.CreateSecretRequest import CreateSecretRequest
from aliyunsdkkms.request.v20160120.ListSecretsRequest import ListSecretsRequest
from conftest import ADDRESS, Account, send


class Settings(SecretsManagerPluginCredentialsLoader):
    """The settings in code, because the loader for a file opens it in a mode that Python 3.11 does not have."""

    def __init__(self, account):
        self.account = account

    def load(self):
        queue = Queue(1000)
        return SecretsManagerPluginCredentialsProvider(
            AccessKeyCredential(self.account.key_id, self.account.secret),
            [RegionInfo("cn-hangzhou", endpoint=ADDRESS)],
            [],
            SecretExchange(),
            MonitorMemoryCacheSecretStoreStrategy(queue, None, None),
            DefaultSecretsManagerPluginCacheHook(queue, SecretRecoveryStrategy()),
            FullJitterBackoffStrategy(5, 1, 10),
            RotateAKSecretRefreshSecretStrategy(),
            {},
        )


@pytest.fixture(scope="module")
def owner():
    """The account with the secrets. The provider reads its settings once for the process."""
    with emulator.tenant(ADDRESS) as own:
        account = Account(own.account, own.key_id, own.secret)
        AliyunSdkSecretsManagerPluginsManager.init(Settings(account))
        yield account
        AliyunSdkSecretsManagerPluginsManager.shutdown()


@pytest.fixture
def other():
    """A second account, for a new access key."""
    with emulator.tenant(ADDRESS) as own:
        yield Account(own.account, own.key_id, own.secret)


def access_key(account):
    return json.dumps({"AccessKeyId": account.key_id, "AccessKeySecret": account.secret})


def names(client):
    return [secret["SecretName"] for secret in send(client, ListSecretsRequest())["SecretList"]["Secret"]]


def test_client_signs_with_the_key_in_the_secret(owner, account):
    owner.call("CreateSecret", SecretName="keys/first", VersionId="v1", SecretData=access_key(account))
    client = ProxyAcsClient(secret_name="keys/first", region_id="cn-hangzhou")
    send(client, CreateSecretRequest(), SecretName="app/password", VersionId="v1", SecretData="first")
    assert names(client) == ["app/password"]
    assert account.requests("ListSecrets") == 1


def test_client_reads_the_secret_again_when_the_key_is_unknown(owner, account, other):
    other.call("CreateSecret", SecretName="of/the/other", VersionId="v1", SecretData="value")
    owner.call("CreateSecret", SecretName="keys/second", VersionId="v1", SecretData=access_key(account))
    client = ProxyAcsClient(secret_name="keys/second", region_id="cn-hangzhou")
    assert names(client) == []
    owner.call("PutSecretValue", SecretName="keys/second", VersionId="v2", SecretData=access_key(other))
    assert names(client) == []

    account.fail("ListSecrets", error="InvalidAccessKeyId.NotFound", times=1)
    assert names(client) == ["of/the/other"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("keys/absent", "Forbidden.ResourceNotFound"), ("keys/old", "Rejected.ResourceInDeleteWindow")],
    ids=["missing", "pending_deletion"],
)
def test_secret_without_a_key_is_an_error(owner, account, name, code):
    owner.call("CreateSecret", SecretName="keys/old", VersionId="v1", SecretData=access_key(account))
    owner.call("DeleteSecret", SecretName="keys/old", RecoveryWindowInDays=7)
    try:
        with pytest.raises(ServerException) as caught:
            ProxyAcsClient(secret_name=name, region_id="cn-hangzhou")
        assert caught.value.get_error_code() == code
    finally:
        owner.call("DeleteSecret", SecretName="keys/old", ForceDeleteWithoutRecovery="true")
