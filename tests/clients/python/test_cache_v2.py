"""alibabacloud-secretsmanager-client-v2, Alibaba Cloud's cache of secrets on the current SDK.

It uses https unless it gets a complete `Config`. The authority is in `SSL_CERT_FILE` or in that `Config`.
"""

import json

import pytest
from alibabacloud_secretsmanager_client_v2.model.region_info import RegionInfo
from alibabacloud_secretsmanager_client_v2.secret_manager_cache_client_builder import SecretManagerCacheClientBuilder
from alibabacloud_secretsmanager_client_v2.service.default_secret_manager_client_builder import (
    DefaultSecretManagerClientBuilder,
)
from alibabacloud_secretsmanager_client_v2.service.full_jitter_back_off_strategy import FullJitterBackoffStrategy
from alibabacloud_tea_openapi.models import Config
from cache_tests import CacheTests
from conftest import ADDRESS
from Tea.exceptions import TeaException


def with_endpoint(builder, key_id, secret, ca, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", ca)
    return builder.with_access_key(key_id, secret).add_region_info(RegionInfo("cn-hangzhou", endpoint=ADDRESS))


def with_config(builder, key_id, secret, ca, monkeypatch):
    config = Config(region_id="cn-hangzhou", endpoint=ADDRESS, access_key_id=key_id, access_key_secret=secret, ca=ca)
    return builder.add_config(config)


def with_config_for_http(builder, key_id, secret, ca, monkeypatch):
    config = Config(region_id="cn-hangzhou", endpoint=ADDRESS, access_key_id=key_id, access_key_secret=secret)
    config.protocol = "HTTP"
    return builder.add_config(config)


@pytest.fixture(params=[with_endpoint, with_config, with_config_for_http], ids=lambda settings: settings.__name__)
def connect(request, ca, monkeypatch):
    """Builds caches with each kind of settings, and closes them after the test."""
    caches = []

    def build(key_id, secret, stage=None):
        client = request.param(DefaultSecretManagerClientBuilder.standard(), key_id, secret, ca, monkeypatch)
        # Retries after some milliseconds instead of seconds.
        client = client.with_back_off_strategy(FullJitterBackoffStrategy(5, 1, 10)).build()
        builder = SecretManagerCacheClientBuilder.new_cache_client_builder(client)
        caches.append((builder.with_cache_stage(stage) if stage else builder).build())
        return caches[-1]

    yield build
    for cache in caches:
        cache.close()


class TestCacheV2(CacheTests):
    @staticmethod
    def refusal(error):
        assert isinstance(error, TeaException)
        return error.statusCode, error.code

    def test_client_is_configured_by_environment_variables(self, stored, ca, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", ca)
        monkeypatch.setenv("credentials_type", "ak")
        monkeypatch.setenv("credentials_access_key_id", stored.key_id)
        monkeypatch.setenv("credentials_access_secret", stored.secret)
        regions = [{"regionId": "cn-hangzhou", "endpoint": ADDRESS, "vpc": ""}]
        monkeypatch.setenv("cache_client_region_id", json.dumps(regions))
        cache = SecretManagerCacheClientBuilder.new_client()
        assert cache.get_secret_value("app/password") == "first"
        cache.close()

    def test_throttled_request_is_repeated(self, stored, connect):
        stored.fail("GetSecretValue", error="Rejected.Throttling", times=2)
        assert connect(stored.key_id, stored.secret).get_secret_value("app/password") == "first"
        assert stored.requests("GetSecretValue") == 3
