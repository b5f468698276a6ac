"""Runs the steps of action.yml with bash as a runner of GitHub does, and checks what they export. Runs the step that
loads fixtures into a service.

    KMS_EMULATOR_BIN=PATH python action.py
"""

import hashlib
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts"))

import server as servers  # noqa: E402

ACTION = YAML(typ="safe").load((ROOT / "action.yml").read_text())
EXPRESSION = re.compile(r"\$\{\{ *([a-z_.-]+) *\}\}")


def variables(path):
    """The variables in a file in the format of GITHUB_ENV and GITHUB_OUTPUT."""
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


class Run:
    """A run of the action in a separate workspace. Its server is stopped at the end of the context."""

    def __init__(self, directory, inputs, path=os.environ["PATH"], *, server="", repository="", runner="Linux-X64"):
        unknown = set(inputs) - set(ACTION["inputs"])
        assert not unknown, unknown
        self.inputs = {name: inputs.get(name, value["default"]) for name, value in ACTION["inputs"].items()}
        self.workspace = directory
        self.temporary = Path(tempfile.mkdtemp(dir=directory))
        self.env_file = self.temporary / "env"
        self.env_file.touch()
        self.outputs = {}
        self.printed = ""
        self.path = path
        self.github = {"action_path": str(ROOT), "action_repository": repository, "server_url": server}
        self.runner = dict(zip(["RUNNER_OS", "RUNNER_ARCH"], runner.split("-"), strict=True))
        self.succeeded = all(self.step(step) for step in ACTION["runs"]["steps"])

    def resolve(self, text):
        """Replaces expressions."""

        def value(match):
            match match[1].split("."):
                case ["inputs", name]:
                    return self.inputs[name]
                case ["steps", step, "outputs", name]:
                    return self.outputs[step][name]
                case ["github", name]:
                    return self.github[name]
            raise KeyError(match[1])

        return EXPRESSION.sub(value, text)

    def step(self, step):
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "expressions in commands allow injection"
        output = self.temporary / f"output-{step['id']}"
        output.touch()
        script = self.temporary / f"{step['id']}.sh"
        script.write_text(step["run"])
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=self.workspace,
            env={
                "PATH": self.path,
                "HOME": os.environ["HOME"],
                "GITHUB_ENV": self.env_file,
                "GITHUB_OUTPUT": output,
                "RUNNER_TEMP": self.temporary,
                # Nothing listens there: requests to the server must not use a proxy.
                "http_proxy": "http://127.0.0.1:9",
                "all_proxy": "http://127.0.0.1:9",
                **self.runner,
                **{name: self.resolve(value) for name, value in step["env"].items()},
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        self.printed += done.stdout
        self.outputs[step["id"]] = variables(output)
        return done.returncode == 0

    def result(self, name):
        """An output of the action."""
        return self.resolve(ACTION["outputs"][name]["value"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Ends the server, as the runner does after the job. Its log is in the directory of this run."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if Path(os.readlink(process / "fd/2")).is_relative_to(self.temporary):
                    os.kill(int(process.name), signal.SIGTERM)
            except OSError:
                pass  # ended, or of another user


def value_of(url, name):
    return json.loads(servers.fetch(f"{url}/?Action=GetSecretValue&Format=JSON&SecretName={name}"))["SecretData"]


def commands_pass_shellcheck(_, __):
    for step in ACTION["runs"]["steps"]:
        commands = f"set -e\n{step['run']}"
        subprocess.run(["shellcheck", "--shell=bash", "-"], input=commands, text=True, check=True, timeout=60)


def starts_the_emulator(directory, program):
    (directory / "fixtures").mkdir()
    (directory / "fixtures/one.json").write_text('{"app/one": "from a directory"}')
    (directory / "two files.json").write_text('{"app/two": "from a file"}')
    inputs = {
        "bin": str(program),
        "fixtures": "fixtures\ntwo files.json\n",
        "secrets": "db=hunter2 = $(false)\nalibaba:app/token=t\n",
    }
    with Run(directory, inputs) as run:
        assert run.succeeded, run.printed
        url = run.result("url")
        assert value_of(url, "app/one") == "from a directory"
        assert value_of(url, "app/two") == "from a file"
        assert value_of(url, "db") == "hunter2 = $(false)"
        assert value_of(url, "app/token") == "t"
        assert url == "http://" + run.result("endpoint")
        assert (run.result("access-key-id"), run.result("access-key-secret")) == ("test", "test")
        assert Path(run.result("log")).stat().st_size > 0

        exported = variables(run.env_file)
        expected = {
            "KMS_EMULATOR_BIN": str(program.resolve()),
            "KMS_EMULATOR_ENDPOINT": url,
            "KMS_EMULATOR_CA": run.result("ca"),
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "test",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "test",
            "TENCENTCLOUD_SECRET_ID": "test",
            "TENCENTCLOUD_SECRET_KEY": "test",
        }
        assert expected.items() <= exported.items(), exported

        # The certificate authority signs for the same address.
        context = ssl.create_default_context(cafile=run.result("ca"))
        assert servers.fetch(f"https://{run.result('endpoint')}/_emulator/health", context)


def key_and_region_of_the_arguments_are_exported(directory, program):
    arguments = ["--auth", "strict", "--access-key", "one:it's a key:2000000000000000", "--access-key=two:second"]
    regions = ["--region", "cn-shanghai", "--tencent-region=ap-beijing"]
    with Run(directory, {"bin": str(program), "args": "\n".join(arguments + regions)}) as run:
        assert run.succeeded, run.printed
        assert (run.result("access-key-id"), run.result("access-key-secret")) == ("one", "it's a key")
        expected = {
            "TENCENTCLOUD_SECRET_ID": "one",
            "TENCENTCLOUD_SECRET_KEY": "it's a key",
            "ALIBABA_CLOUD_REGION_ID": "cn-shanghai",
            "TENCENTCLOUD_REGION": "ap-beijing",
        }
        exported = variables(run.env_file)
        assert expected.items() <= exported.items(), exported
        assert "cn-shanghai" in servers.fetch(f"{run.result('url')}/_emulator/settings")


def program_in_path_is_found(directory, program):
    commands = directory / "commands"
    commands.mkdir()
    (commands / "kms-emulator").symlink_to(program)
    with Run(directory, {"bin": "kms-emulator"}, f"{commands}:{os.environ['PATH']}") as run:
        assert run.succeeded, run.printed
        assert variables(run.env_file)["KMS_EMULATOR_BIN"] == str(program.resolve())


def wrong_program_is_an_error(directory, _):
    (directory / "directory").mkdir()
    for program, expected in [
        ("./no-such-program", "there is no program `./no-such-program`"),
        ("no-such-program", "there is no program `no-such-program`"),
        ("./directory", "there is no program `./directory`"),
        ("false", "`false` is not the program kms-emulator"),
    ]:
        with Run(directory, {"bin": program}) as run:
            assert not run.succeeded
            assert f"::error title=kms-emulator::{expected}" in run.printed, run.printed


def missing_fixture_is_an_error_with_the_log(directory, program):
    with Run(directory, {"bin": str(program), "fixtures": "no-such-file.json"}) as run:
        assert not run.succeeded
        assert "no-such-file.json" in run.printed and "::error title=kms-emulator::" in run.printed, run.printed


def builds_the_program_without_bin(directory, program):
    """With a cargo that records its arguments."""
    commands = directory / "commands"
    commands.mkdir()
    cargo = commands / "cargo"
    cargo.write_text(
        "#!/usr/bin/env bash\n"
        f'echo "$*" >>{directory}/arguments\n'
        'while [ "$1" != --root ]; do shift; done\n'
        f'mkdir -p "$2/bin"\nln -sf {shutil.which("false")} "$2/bin/kms-emulator"\n'
        f'cp {program} "$2/bin/kms-emulator.new"\nmv "$2/bin/kms-emulator.new" "$2/bin/kms-emulator"\n'
    )
    cargo.chmod(0o755)
    path = f"{commands}:{os.environ['PATH']}"
    with Run(directory, {}, path) as run:
        assert run.succeeded, run.printed
    assert (directory / "arguments").read_text().startswith(f"install --path {ROOT} --locked --root ")


def make_release(directory, program, version):
    """The assets of a release, as release.yml names them, below the path that GitHub gives them."""
    assets = directory / f"me/kms/releases/download/v{version}"
    assets.mkdir(parents=True)
    name = f"kms-emulator-{version}-x86_64-unknown-linux-gnu"
    (directory / name).mkdir()
    shutil.copy(program, directory / name / "kms-emulator")
    archive = shutil.make_archive(assets / name, "gztar", directory, name)
    digest = hashlib.sha256(Path(archive).read_bytes()).hexdigest()
    (assets / "SHA256SUMS").write_text(f"{'0' * 64}  kms-emulator-{version}.crate\n{digest}  {name}.tar.gz\n")
    return assets


def downloads_a_release_with_its_checksum(directory, program):
    make_release(directory, program, "1.2.3")
    server = directory.as_uri()
    for version in ["1.2.3", "v1.2.3"]:
        with Run(directory, {"version": version}, server=server, repository="me/kms") as run:
            assert run.succeeded, run.printed
            assert "kms-emulator-1.2.3-x86_64-unknown-linux-gnu.tar.gz: OK" in run.printed, run.printed
            assert Path(variables(run.env_file)["KMS_EMULATOR_BIN"]).is_relative_to(run.temporary)


def wrong_downloads_are_errors(directory, program):
    assets = make_release(directory, program, "1.2.3")
    server = directory.as_uri()
    for version, settings, expected in [
        ("1.2.4", {"repository": "me/kms"}, "cannot download SHA256SUMS of 1.2.4"),
        ("1.2.3", {"repository": ""}, "`version` needs `uses: OWNER/REPOSITORY@REF`"),
        ("1.2.3", {"repository": "me/kms", "runner": "Windows-X64"}, "there is no release for Windows-X64"),
    ]:
        with Run(directory, {"version": version}, server=server, **settings) as run:
            assert not run.succeeded and f"::error title=kms-emulator::{expected}" in run.printed, run.printed

    expected = "kms-emulator-1.2.3-x86_64-unknown-linux-gnu.tar.gz does not have the checksum in SHA256SUMS"
    sums = assets / "SHA256SUMS"
    for text in [sums.read_text().replace(sums.read_text().split()[2][:8], "00000000"), "", sums.read_text()[:60]]:
        sums.write_text(text)
        with Run(directory, {"version": "1.2.3"}, server=server, repository="me/kms") as run:
            assert not run.succeeded and f"::error title=kms-emulator::{expected}" in run.printed, run.printed


def recipe_for_a_service_sends_the_fixtures(directory, program):
    workflow = YAML(typ="safe").load((ROOT / "recipes/github-actions/with_service.yml").read_text())
    job = workflow["jobs"]["test"]
    service = job["services"]["kms-emulator"]
    (step,) = [step for step in job["steps"] if step.get("name") == "Load the fixtures"]
    (directory / "tests").mkdir()
    (directory / "tests/secrets.json").write_text('{"app/one": "from a file"}')
    assert job["env"] == {"KMS_EMULATOR_ENDPOINT": "http://127.0.0.1:8080"} and service["ports"] == ["8080:8080"]
    settings = {**service["env"], "KMS_EMULATOR_LOG": "warn"}
    with servers.running([program, "--listen", "127.0.0.1:0"], env=settings) as url:
        subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=directory,
            env={"PATH": os.environ["PATH"], "KMS_EMULATOR_ENDPOINT": url},
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=60,
        )
        assert value_of(url, "app/one") == "from a file"


def main():
    program = Path(os.environ["KMS_EMULATOR_BIN"])
    tests = [
        commands_pass_shellcheck,
        starts_the_emulator,
        key_and_region_of_the_arguments_are_exported,
        program_in_path_is_found,
        wrong_program_is_an_error,
        missing_fixture_is_an_error_with_the_log,
        builds_the_program_without_bin,
        downloads_a_release_with_its_checksum,
        wrong_downloads_are_errors,
        recipe_for_a_service_sends_the_fixtures,
    ]
    for test in tests:
        with tempfile.TemporaryDirectory() as directory:
            test(Path(directory), program)
    print(f"action.yml: {len(tests)} passed, 0 failed")


if __name__ == "__main__":
    sys.exit(main())
