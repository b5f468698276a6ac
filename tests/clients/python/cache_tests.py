"""Tests that both caches of secrets run; they have the same interface."""

import pytest


class CacheTests:
    """The fixture `connect` of the test file builds a cache with an access key, and optionally for a stage."""

    def test_value_is_read_once_and_cached(self, stored, connect):
        cache = connect(stored.key_id, stored.secret)
        assert [cache.get_secret_value("app/password") for _ in range(3)] == ["first"] * 3
        assert stored.requests("GetSecretValue") == 1

    def test_members_of_the_reply_are_decoded(self, stored, connect):
        info = connect(stored.key_id, stored.secret).get_secret_info("app/password")
        assert (info.secret_name, info.version_id, info.secret_value) == ("app/password", "v1", "first")
        assert (info.secret_type, info.secret_data_type) == ("Generic", "text")

    # get_binary_value of both caches raises a TypeError of their dependency bytebuffer.
    def test_binary_value_is_read(self, account, connect):
        account.call("CreateSecret", SecretName="key", VersionId="v1", SecretData="AAEC/w==", SecretDataType="binary")
        cache = connect(account.key_id, account.secret)
        info = cache.get_secret_info("key")
        assert (info.secret_value, info.secret_data_type) == ("AAEC/w==", "binary")
        with pytest.raises(ValueError, match="do not support text value"):
            cache.get_secret_value("key")

    def test_managed_secret_has_its_rotation(self, account, connect):
        account.call(
            "CreateSecret",
            SecretName="$Auto",
            SecretType="RAMCredentials",
            VersionId="v1",
            SecretData='{"AccessKeys":[{"AccessKeyId":"id","AccessKeySecret":"secret"}]}',
            ExtendedConfig='{"SecretSubType":"RamUserAccessKey","UserName":"deployer"}',
            EnableAutomaticRotation="true",
            RotationInterval="7d",
        )
        info = connect(account.key_id, account.secret).get_secret_info("acs/ram/user/deployer")
        assert (info.secret_type, info.automatic_rotation, info.rotation_interval) == (
            "RAMCredentials",
            "Enabled",
            "604800s",
        )
        assert '"UserName":"deployer"' in info.extended_config

    def test_refresh_reads_the_new_version(self, stored, connect):
        cache = connect(stored.key_id, stored.secret)
        assert cache.get_secret_value("app/password") == "first"
        stored.call("PutSecretValue", SecretName="app/password", VersionId="v2", SecretData="second")
        assert cache.get_secret_value("app/password") == "first"
        assert cache.refresh_now("app/password")
        assert cache.get_secret_value("app/password") == "second"

    def test_stage_selects_the_version(self, stored, connect):
        stored.call("PutSecretValue", SecretName="app/password", VersionId="v2", SecretData="second")
        cache = connect(stored.key_id, stored.secret, stage="ACSPrevious")
        assert cache.get_secret_value("app/password") == "first"

    @pytest.mark.parametrize(
        ("name", "key_id", "secret", "status", "code"),
        [
            ("absent", None, None, 404, "Forbidden.ResourceNotFound"),
            ("app/old", None, None, 409, "Rejected.ResourceInDeleteWindow"),
            ("app/password", None, "wrong", 400, "IncompleteSignature"),
            ("app/password", "LTAIunknown", "wrong", 404, "InvalidAccessKeyId.NotFound"),
        ],
        ids=["missing", "pending_deletion", "wrong_key", "unknown_key"],
    )
    def test_error_is_that_of_the_service(self, stored, connect, name, key_id, secret, status, code):
        cache = connect(key_id or stored.key_id, secret or stored.secret)
        with pytest.raises(Exception) as caught:  # noqa: PT011 - `refusal` requires the type of the SDK
            cache.get_secret_value(name)
        assert self.refusal(caught.value) == (status, code)
