import pytest
from alibabacloud_kms20160120.models import CreateSecretRequest, DeleteSecretRequest, GetSecretValueRequest
from alibabacloud_tea_openapi.exceptions import ClientException


def read_secret(client, name, attempts=3):
    """The program under test: it retries when it is throttled."""
    while True:
        try:
            return client.get_secret_value(GetSecretValueRequest(secret_name=name)).body.secret_data
        except ClientException as error:
            attempts -= 1
            if error.code != "Rejected.Throttling" or attempts == 0:
                raise


@pytest.fixture
def client(tenant):
    client = tenant.client()
    client.create_secret(CreateSecretRequest(secret_name="db", version_id="v1", secret_data="hunter2"))
    return client


def test_read_is_retried_when_throttled(tenant, client, fault):
    hits = fault({"action": "GetSecretValue"}, error="Rejected.Throttling", times=2)
    assert read_secret(client, "db") == "hunter2"
    assert hits() == 2
    assert tenant.requests(action="GetSecretValue") == 3
    assert tenant.requests(action="GetSecretValue", code="Rejected.Throttling") == 2


def test_secret_is_deleted_after_its_recovery_window(client, clock):
    client.delete_secret(DeleteSecretRequest(secret_name="db", recovery_window_in_days="7"))
    with pytest.raises(ClientException, match="Rejected.ResourceInDeleteWindow"):
        read_secret(client, "db")
    clock("8d")
    with pytest.raises(ClientException, match="Forbidden.ResourceNotFound"):
        read_secret(client, "db")
