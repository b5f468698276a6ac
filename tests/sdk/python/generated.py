"""Runs programs that the emulator generates for a call, and reads their output."""

import json
import multiprocessing
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from be_program import be_program
from emulator import control
from tencent_clients import TCCLI


@dataclass(frozen=True)
class Program:
    text: str
    install: str


@dataclass(frozen=True)
class Refusal:
    code: str
    message: str


@dataclass(frozen=True)
class Output:
    code: int
    stdout: str
    stderr: str


# Processes are forked after the SDKs are imported, because the import takes much longer than a program.
FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(
    [
        "alibabacloud_kms20160120.client",
        "alibabacloud_kms20160120.models",
        "tencentcloud.common.common_client",
        "tencentcloud.ssm.v20190923.ssm_client",
    ]
)


def program(address, language, call):
    """The generated program for a call, which has cloud, action and parameters."""
    generated = json.loads(control(address, "POST", "call", call | {"send": False}))
    assert generated["reply"] is None
    [code] = [code for code in generated["code"] if code["language"] == language]
    return Program(code["text"], code["install"])


def run(program, language, access, folder):
    """The reply or error that a program prints. Its environment has the access key."""
    environment = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": access.key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": access.secret,
        "TENCENTCLOUD_SECRET_ID": access.key_id,
        "TENCENTCLOUD_SECRET_KEY": access.secret,
        "HOME": str(folder),
        "PATH": f"{TCCLI}:{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
    }
    path = folder / "program"
    path.write_text(program.text, encoding="utf-8")
    ran = {"python": run_python, "shell": run_shell}[language](path, environment)
    if ran.code == 0:
        assert ran.stderr == "", (program.text, ran.stderr)
        return json.loads(ran.stdout)
    assert ran.stdout == "", (program.text, ran.stdout)
    return refusal(language, ran, program)


def run_shell(path, environment):
    ran = subprocess.run(
        ["sh", path], cwd=path.parent, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    return Output(ran.returncode, ran.stdout, ran.stderr)


def run_python(path, environment):
    process = FORKSERVER.Process(target=be_program, args=(path, environment))
    process.start()
    process.join()
    return Output(process.exitcode, *(Path(f"{path}.{name}").read_text(encoding="utf-8") for name in ("out", "err")))


def refusal(language, ran, program):
    if language == "shell":
        error = re.fullmatch(r"\[TencentCloudSDKException\] code:(\S+) message:(.*) requestId:\S+\n", ran.stderr, re.DOTALL)
    else:
        assert ran.code == 1, (program.text, ran.stderr)
        # The SDK of Alibaba Cloud wraps the server's message.
        wrapped = r"(\S+): (?:code: \d+, )?(.*?)(?: request id: \S+)?\n"
        error = re.fullmatch(wrapped, ran.stderr, re.DOTALL)
    assert error, (program.text, ran.stderr)
    return Refusal(*error.groups())
