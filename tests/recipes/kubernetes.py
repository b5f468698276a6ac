"""Runs the program as the container of the Kubernetes manifest, and sends the requests of its probes and of a client.

The files of ConfigMap and Secret are laid out as kubelet does: links into a directory of which `..data` is the name.

    KMS_EMULATOR_BIN=PATH python kubernetes.py
"""

import json
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts"))

import server  # noqa: E402

MANIFEST = ROOT / "recipes/kubernetes/kms-emulator.yaml"
TOKEN = "token-of-the-test"


def mount(directory, files):
    (directory / "..1").mkdir(parents=True)
    (directory / "..data").symlink_to("..1")
    for name, content in files.items():
        (directory / "..1" / name).write_text(content)
        (directory / name).symlink_to(Path("..data") / name)


def send(url, token=None):
    request = urllib.request.Request(url)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    return server.fetch(request)


def main():
    documents = {document["kind"]: document for document in YAML(typ="safe").load_all(MANIFEST.read_text())}
    config, deployment, service = documents["ConfigMap"], documents["Deployment"], documents["Service"]
    pod = deployment["spec"]["template"]
    (container,) = pod["spec"]["containers"]

    # The parts refer to each other.
    assert service["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
    assert deployment["spec"]["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    (port,) = container["ports"]
    assert all(entry["targetPort"] == port["name"] for entry in service["spec"]["ports"])
    volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
    assert volumes["fixtures"]["configMap"]["name"] == config["metadata"]["name"]
    created = f"kubectl create secret generic {volumes['control-token']['secret']['secretName']} --from-literal=control-token="
    assert created in MANIFEST.read_text()

    # Pods with service links would have KMS_EMULATOR_PORT=tcp://…, which the program reads as a setting.
    assert pod["spec"]["enableServiceLinks"] is False
    security = container["securityContext"]
    assert pod["spec"]["securityContext"]["runAsNonRoot"] and security["readOnlyRootFilesystem"]
    assert not security["allowPrivilegeEscalation"] and security["capabilities"]["drop"] == ["ALL"]
    assert container["resources"]["requests"] and container["resources"]["limits"]["memory"]

    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        content = {"fixtures": config["data"], "control-token": {"control-token": TOKEN}}
        paths = {}
        for entry in container["volumeMounts"]:
            paths[entry["mountPath"]] = root / entry["name"]
            mount(root / entry["name"], content[entry["name"]])
        environment = {"KMS_EMULATOR_LISTEN": "127.0.0.1:0", "KMS_EMULATOR_LOG": "error"}
        for variable in container["env"]:
            text = variable.get("value", "namespace-of-the-test")
            for name, earlier in environment.items():
                text = text.replace(f"$({name})", earlier)
            for path, actual in paths.items():
                if text == path or text.startswith(path + "/"):
                    text = str(actual) + text.removeprefix(path)
            environment[variable["name"]] = text
        with server.running([os.environ["KMS_EMULATOR_BIN"]], env=environment, cwd=root) as url:
            assert url.startswith("http://127.0.0.1:"), url
            for name in ["startupProbe", "readinessProbe", "livenessProbe"]:
                probe = container[name]["httpGet"]
                assert probe["port"] == port["name"]
                deadline = time.monotonic() + 30
                while True:
                    try:
                        send(url + probe["path"])
                        break
                    except urllib.error.HTTPError:  # not ready yet
                        assert time.monotonic() < deadline, name
                        time.sleep(0.05)
            for name in config["data"]["alibaba.json"], config["data"]["tencent.json"]:
                json.loads(name)
            for secret, expected in json.loads(config["data"]["alibaba.json"]).items():
                reply = send(f"{url}/?Action=GetSecretValue&Format=JSON&SecretName={secret}")
                assert json.loads(reply)["SecretData"] == expected
            for secret in json.loads(config["data"]["tencent.json"])["SecretMetadatas"]:
                assert f'"SecretName":"{secret}"' in send(f"{url}/_emulator/state", TOKEN).replace(": ", ":")
            try:
                send(f"{url}/_emulator/state")
                raise AssertionError("the control API needs no token")
            except urllib.error.HTTPError as error:
                assert error.code == 401
            # Clients in other namespaces use the full name.
            for host in ["kms-emulator", "kms-emulator.namespace-of-the-test.svc.cluster.local"]:
                request = urllib.request.Request(f"{url}/_emulator/health", headers={"Host": f"{host}:8080"})
                server.fetch(request)
    print("kms-emulator.yaml: 1 passed, 0 failed")


if __name__ == "__main__":
    sys.exit(main())
