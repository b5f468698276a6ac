"""Alibaba Cloud's secrets cache for Python reads, caches and refreshes a secret of the emulator.

The cache always uses HTTPS, without checking the certificate. A TLS terminator in this process forwards to plain HTTP.
"""

import datetime
import json
import os
import socket
import ssl
import tempfile
import threading
import urllib.parse
import urllib.request
import uuid

from alibaba_cloud_secretsmanager_client.model.region_info import RegionInfo
from alibaba_cloud_secretsmanager_client.secret_manager_cache_client_builder import SecretManagerCacheClientBuilder
from alibaba_cloud_secretsmanager_client.service.default_secret_manager_client_builder import (
    DefaultSecretManagerClientBuilder,
)
from aliyunsdkcore.acs_exception.exceptions import ServerException
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

EMULATOR = os.environ["KMS_EMULATOR"]
NAME = f"cache/{uuid.uuid4().hex}"


def certificate():
    """A file with a key and a self-signed certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.utcnow()
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    file = tempfile.NamedTemporaryFile(suffix=".pem")
    encoding = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    file.write(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    file.write(built.sign(key, hashes.SHA256()).public_bytes(encoding))
    file.flush()
    return file


def serve_tls():
    """Starts a TLS terminator for the emulator. Returns its address and the list of accepted connections."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with certificate() as file:
        context.load_cert_chain(file.name)
    listener = socket.create_server(("127.0.0.1", 0))
    accepted = []

    def pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass  # the connection was closed
        finally:
            target.close()

    def accept():
        while True:
            plain, _ = listener.accept()
            accepted.append(plain)
            try:
                client = context.wrap_socket(plain, server_side=True)
            except (ssl.SSLError, OSError):
                continue
            host, port = EMULATOR.rsplit(":", 1)
            server = socket.create_connection((host, int(port)))
            threading.Thread(target=pump, args=(client, server), daemon=True).start()
            threading.Thread(target=pump, args=(server, client), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return "127.0.0.1:%d" % listener.getsockname()[1], accepted


def call(action, **parameters):
    query = urllib.parse.urlencode({"Action": action, "SecretName": NAME, **parameters})
    with urllib.request.urlopen(f"http://{EMULATOR}/?{query}") as reply:
        return json.load(reply)


def check(sentence, holds):
    print(("ok: " if holds else "FAILED: ") + sentence, flush=True)
    if not holds:
        os._exit(1)


call("CreateSecret", VersionId="v1", SecretData="first")
address, connections = serve_tls()
client = DefaultSecretManagerClientBuilder.standard().with_access_key("test", "test")
client = client.add_region_info(RegionInfo("cn-hangzhou", endpoint=address)).build()
cache = SecretManagerCacheClientBuilder.new_cache_client_builder(client).with_secret_ttl(NAME, 3_600_000).build()

info = cache.get_secret_info(NAME)
check("the cache reads the current value", info.secret_value == "first")
check("the cache reads version id and type", (info.version_id, info.secret_data_type) == ("v1", "text"))
count = len(connections)
check("a second read sends no request", cache.get_secret_value(NAME) == "first" and len(connections) == count)

call("PutSecretValue", VersionId="v2", SecretData="second")
check("the cached value is returned before the refresh", cache.get_secret_value(NAME) == "first")
check("a refresh reads the new version", cache.refresh_now(NAME) and cache.get_secret_value(NAME) == "second")
try:
    cache.get_secret_value(f"{NAME}/absent")
    check("an unknown secret raises an exception", False)
except ServerException as error:
    code = error.error_code
    check("an unknown secret raises the error of the service", code == "Forbidden.ResourceNotFound")
call("DeleteSecret", ForceDeleteWithoutRecovery="true")
os._exit(0)  # the threads of the cache would keep the process alive
