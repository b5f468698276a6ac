"""Runs the commands and programs of README.md and docs/, page by page, as a reader would paste them.

    python3 tests/docs/run.py [PAGE...]

Environment: EMULATOR, the program; DOCS_PYTHON, an interpreter with the SDKs and pytest; NODE_MODULES, a directory with the
Node SDKs. Each page has its own server with both seeds, on a free port, which replaces 127.0.0.1:8080 in commands and is
replaced back in their output. The blocks of a page run in order, in one temporary directory.

The words of a fence determine what is done with its block:

    sh            is run by bash, and must succeed. One that starts a server replaces the server of the page.
    python, js    is run; a Python block with a test function is run by pytest, with the fixtures of packages/python.
    text, json    after a block that was run, under the same heading, is its expected output; `…` matches any text.
    json fixture  must be a fixture that can be loaded.
    text no-output is not compared.
    sh no-test    and all other languages are not run. README.md must not have such commands.

Blocks between `<!-- NAME-snippets -->` and `<!-- /NAME-snippets -->` are programs that the SDK suites run.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts"))

import server as servers  # noqa: E402
ADDRESS = "127.0.0.1:8080"
SEEDS = ["--fixtures", "fixtures/seed.json", "--fixtures", "fixtures/seed-tencent.json"]
PROGRAM = "kms-emulator"
BUILT = "cargo run --release --"
# Not run here, because they take too long. packages/new-user.sh runs the second one.
RUN_ELSEWHERE = [
    "bash tests/run.sh",
    "bash packages/python/build.sh\npip install target/wheels/kms_emulator-*.whl pytest alibabacloud_kms20160120",
]
LIMIT = 120


class Failure(Exception):
    """A block that fails or has other output than its page shows."""


class Server:
    """The server of a page, which a block may replace."""

    def __init__(self, program, directory, environment):
        self.program, self.directory, self.environment = program, directory, environment
        self.process = None
        self.address = None

    def start(self, arguments):
        self.stop()
        command = [self.program, *arguments, "--listen", "127.0.0.1:0"]
        self.log = open(self.directory / ".server.log", "wb")
        try:
            self.process, url = servers.start(
                command, env=self.environment, cwd=self.directory, stdin=subprocess.DEVNULL, stderr=self.log)
        except RuntimeError as error:
            raise Failure(f"{error}\n{self.read_log()}") from None
        self.address = url.removeprefix("http://")

    def read_log(self):
        return (self.directory / ".server.log").read_text(errors="replace")

    def stop(self):
        if self.process:
            servers.stop(self.process)
            self.log.close()
        self.process = None


def blocks(page):
    """The fenced blocks of a page: line number, words of the fence, text."""
    fence, skipped = None, False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if fence is None and (marker := re.fullmatch(r"<!-- (/?)[a-z-]*snippets -->", line)):
            skipped = not marker[1]
        elif fence is None and line.lstrip().startswith("```"):
            indent = len(line) - len(line.lstrip())
            fence, start, text = line.strip("` ").split(), number, []
        elif fence is not None and line.strip() == "```":
            if not skipped:
                yield start, fence or [""], "\n".join(text) + "\n"
            fence = None
        elif fence is not None:
            text.append(line[indent:])
        elif line.startswith("#"):
            yield number, ["heading"], ""


def run(page, program, python, node_modules):
    """Runs the blocks of a page and returns how many were run."""
    count = 0
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        for name in ("fixtures", "examples"):
            if (ROOT / name).exists():
                (directory / name).symlink_to(ROOT / name)
        (directory / "bin").mkdir()
        (directory / "bin" / PROGRAM).symlink_to(program)
        environment = servers.environment()
        paths = [directory / "bin", Path(python).parent, environment["PATH"]]
        environment |= {"PATH": ":".join(map(str, paths)), "NODE_PATH": str(node_modules), "PYTHONDONTWRITEBYTECODE": "1"}
        server = Server(program, directory, environment)
        printed = None
        try:
            for number, (language, *notes), text in blocks(page):
                try:
                    if language in ("text", "json") and not {"no-output", "fixture"} & set(notes) and printed is not None:
                        compare(language, text, printed)
                        printed = None
                        continue
                    if language == "text" and "no-output" not in notes:
                        raise Failure("no program printed this output")
                    printed = None
                    if notes == ["fixture"]:
                        (directory / "fixture.json").write_text(text)
                        language, text = "sh", f"{PROGRAM} fixtures check fixture.json\n"
                    if language not in ("sh", "python", "js") or "no-test" in notes:
                        if language == "sh" and page.name.startswith("README"):
                            raise Failure("all commands of the README must be run")
                        continue
                    if language == "sh" and text.strip() in RUN_ELSEWHERE:
                        continue
                    arguments = server_arguments(text) if language == "sh" else None
                    if arguments is not None:
                        server.start(arguments)
                    else:
                        if server.process is None:
                            server.start(SEEDS)
                        printed = run_block(language, text, server)
                    count += 1
                except Failure as failure:
                    raise Failure(f"{page.relative_to(ROOT)}:{number}: {failure}\n-- log of the server:\n"
                                  f"{server.read_log()[-2000:] if server.process else ''}") from None
        finally:
            server.stop()
    return count


def server_arguments(text):
    """The arguments of a command that starts a server, or None."""
    command = " ".join(text.replace("\\\n", " ").split())
    for start in (BUILT, PROGRAM):
        rest = command.removeprefix(f"{start} ")
        if rest != command and rest.startswith("--") and "|" not in rest:
            return [word.strip("'") for word in rest.split()]
    return None


def run_block(language, text, server):
    text = text.replace(BUILT, PROGRAM)
    text = text.replace(ADDRESS, server.address).replace(f"localhost:{ADDRESS.split(':')[1]}", server.address)
    directory = server.directory
    if language == "sh":
        command = ["bash", "-euo", "pipefail", "-c", text]
    elif language == "js":
        (directory / "program.js").write_text(text)
        command = ["node", "program.js"]
    elif re.search(r"^def test_", text, re.MULTILINE):
        (directory / "test_page.py").write_text(text)
        plugins = ["-p", "no:cacheprovider", "-p", "kms_emulator.pytest_plugin"]
        command = ["python", "-m", "pytest", "--quiet", *plugins, "test_page.py"]
    else:
        (directory / "program.py").write_text(text)
        command = ["python", "program.py"]
    environment = server.environment | {
        "KMS_EMULATOR_LISTEN": server.address, "KMS_EMULATOR_BIN": server.program,
        "PYTHONPATH": str(ROOT / "packages" / "python" / "src")}
    process = subprocess.Popen(
        command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    try:
        output, errors = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, errors = process.communicate()
        raise Failure(f"timeout after {LIMIT} s\n{output}{errors}") from None
    if process.returncode != 0:
        raise Failure(f"exit code {process.returncode}\n{output}{errors}")
    return output.replace(server.address, ADDRESS)


def compare(language, expected, printed):
    """Compares the output with the expected one; `…` matches any text. White space is ignored in JSON."""
    if language == "json":
        expected, printed = (re.sub(r"\s+", "", text) for text in (expected, printed))
    else:
        expected, printed = ("\n".join(line.rstrip() for line in text.strip().splitlines()) for text in (expected, printed))
    pattern = ".*".join(map(re.escape, expected.split("…")))
    if not re.fullmatch(pattern, printed, re.DOTALL):
        raise Failure(f"printed\n{printed}\nexpected\n{expected}")


def main():
    pages = [Path(page).resolve() for page in sys.argv[1:]]
    # The Chinese pages have the same blocks: tests/api/docs/translations.rs.
    pages = pages or [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    program = os.environ["EMULATOR"]
    python = os.environ.get("DOCS_PYTHON", ROOT / "tests/sdk/python/.venv/bin/python")
    node_modules = os.environ.get("NODE_MODULES", ROOT / "tests/sdk/node/node_modules")
    failed, count = [], 0
    for page in pages:
        try:
            number = run(page, program, python, node_modules)
        except Failure as failure:
            failed.append(page)
            print(f"FAILED {failure}")
            continue
        count += number
        print(f"{page.relative_to(ROOT)}: {number} blocks")
    if failed or count == 0:
        sys.exit(f"{len(failed)} of {len(pages)} pages failed, {count} blocks were run")
    print(f"{count} blocks were run")


if __name__ == "__main__":
    main()
