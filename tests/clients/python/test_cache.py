"""aliyun-secret-manager-client, Alibaba Cloud's cache of secrets on the classic SDK.

It always uses https, to the endpoint of its settings, and does not check certificates.
"""

import json

import pytest
from alibaba_cloud_secretsmanager_client.model.region_info import RegionInfo
from alibaba_cloud_secretsmanager_client.secret_manager_cache_client_builder import SecretManagerCacheClientBuilder
from alibaba_cloud_secretsmanager_client.service.default_secret_manager_client_builder import (
    DefaultSecretManagerClientBuilder,
)
from alibaba_cloud_secretsmanager_client.service.full_jitter_back_off_strategy import FullJitterBackoffStrategy
from aliyunsdkcore.acs_exception.exceptions import ServerException
from cache_tests import CacheTests
from conftest import ADDRESS


@pytest.fixture
def connect():
    """Builds caches, and closes them after the test."""
    caches = []

    def build(key_id, secret, stage=None):
        client = DefaultSecretManagerClientBuilder.standard().with_access_key(key_id, secret)
        client = client.add_region_info(RegionInfo("cn-hangzhou", endpoint=ADDRESS))
        # Retries after some milliseconds instead of seconds.
        client = client.with_back_off_strategy(FullJitterBackoffStrategy(5, 1, 10)).build()
        builder = SecretManagerCacheClientBuilder.new_cache_client_builder(client)
        caches.append((builder.with_cache_stage(stage) if stage else builder).build())
        return caches[-1]

    yield build
    for cache in caches:
        cache.close()


class TestCache(CacheTests):
    @staticmethod
    def refusal(error):
        assert isinstance(error, ServerException)
        return error.get_http_status(), error.get_error_code()

    def test_client_is_configured_by_environment_variables(self, stored, monkeypatch):
        monkeypatch.setenv("credentials_type", "ak")
        monkeypatch.setenv("credentials_access_key_id", stored.key_id)
        monkeypatch.setenv("credentials_access_secret", stored.secret)
        regions = [{"regionId": "cn-hangzhou", "endpoint": ADDRESS, "vpc": ""}]
        monkeypatch.setenv("cache_client_region_id", json.dumps(regions))
        cache = SecretManagerCacheClientBuilder.new_client()
        assert cache.get_secret_value("app/password") == "first"
        cache.close()

    # It repeats requests for a ClientException only, but a reply with this code is a ServerException.
    def test_throttled_request_is_not_repeated(self, stored, connect):
        stored.fail("GetSecretValue", error="Rejected.Throttling", times=1)
        cache = connect(stored.key_id, stored.secret)
        with pytest.raises(ServerException) as caught:
            cache.get_secret_value("app/password")
        assert self.refusal(caught.value) == (429, "Rejected.Throttling")
        assert cache.get_secret_value("app/password") == "first"
        assert stored.requests("GetSecretValue") == 2

    def test_request_on_a_reset_connection_is_repeated(self, stored, connect):
        stored.fail("GetSecretValue", reset=True, times=1)
        assert connect(stored.key_id, stored.secret).get_secret_value("app/password") == "first"
        assert stored.requests("GetSecretValue") == 2
