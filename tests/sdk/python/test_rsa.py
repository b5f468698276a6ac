"""Every official Python client that can sign with an RSA private key uses the key of the tests."""

import os
from pathlib import Path

import pytest
from aliyunsdkcore.auth.algorithm import sha_hmac256
from aliyunsdkcore.request import RpcRequest
from clients import VERSION, Access, Core, Tea, TeaAsync

KEY_ID = "LTAIrsa"
# The SDKs take the key of a PEM file without its first and last line.
PRIVATE_KEY = "".join((Path(__file__).parent / "../../keys/rsa.pem").read_text().splitlines()[1:-1])


class CoreRpc(Core):
    """The classic generation with its signer for key pairs. The SDK's credentials for key pairs use that only to get a
    temporary key from another service, which signs everything else, so here it signs requests of the service itself."""

    name = "aliyun-python-sdk-core, RpcRequest"

    def wire_call(self, access, action, parameters):
        request = RpcRequest("Kms", VERSION, action, signer=sha_hmac256)
        request.set_endpoint(access.address)
        request.set_protocol_type(access.scheme)
        for name, value in parameters.items():
            request.add_query_param(name, value)
        return self.send(access, request)


RSA_CLIENTS = [
    CoreRpc(),
    Tea("RSA", signature_algorithm="ACS3-RSA-SHA256"),
    TeaAsync("RSA, asyncio", signature_algorithm="ACS3-RSA-SHA256"),
]


@pytest.mark.parametrize("server", ["KMS_EMULATOR", "KMS_EMULATOR_STRICT"])
@pytest.mark.parametrize("client", RSA_CLIENTS, ids=lambda client: client.name)
def test_requests_signed_with_a_private_key_succeed(client, server):
    access = Access(os.environ[server], KEY_ID, PRIVATE_KEY)
    name = f"rsa/python/{RSA_CLIENTS.index(client)}"
    value = {"SecretName": name, "SecretData": "a +*~é", "VersionId": "v1"}
    assert client.wire_call(access, "CreateSecret", value)["VersionId"] == "v1"
    listed = client.wire_call(access, "ListSecrets", {"Filters": f'[{{"Key":"SecretName","Values":["{name}"]}}]'})
    assert [secret["SecretName"] for secret in listed["SecretList"]["Secret"]] == [name]
    assert client.wire_call(access, "GetSecretValue", {"SecretName": name})["SecretData"] == "a +*~é"
    forced = {"SecretName": name, "ForceDeleteWithoutRecovery": "true"}
    assert client.wire_call(access, "DeleteSecret", forced)["SecretName"] == name


@pytest.mark.parametrize("client", RSA_CLIENTS, ids=lambda client: client.name)
def test_key_of_another_kind_is_refused(client):
    access = Access(os.environ["KMS_EMULATOR"], "test", PRIVATE_KEY)
    with pytest.raises(client.exception) as error:
        client.wire_call(access, "ListSecrets", {})
    refusal = client.refusal(error.value)
    assert (refusal.status, refusal.code) == (400, "IncompleteSignature")
