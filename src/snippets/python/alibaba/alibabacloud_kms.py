from alibabacloud_kms20160120.client import Client
from alibabacloud_kms20160120.models import ListSecretsRequest
from alibabacloud_tea_openapi.models import Config

client = Client(
    Config(
        access_key_id="test",
        access_key_secret="test",
        endpoint="127.0.0.1:8080",
        protocol="HTTP",
    )
)

reply = client.list_secrets(ListSecretsRequest(page_size=10))
for secret in reply.body.secret_list.secret:
    print(secret.secret_name)
