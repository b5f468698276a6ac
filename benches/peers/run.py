"""Compares kms-emulator with servers for AWS Secrets Manager, and prints a table for docs/performance.md.

    cargo build --release
    python3 benches/peers/run.py

Installs the other servers into a temporary directory. With `--directory` it is kept, and a second run does
not install them again: fakecloud takes long to build. Only loopback addresses are used. wrk measures, if
it is installed (`apt-get install wrk`). Needs Linux.
"""

import argparse
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import load
from servers import SERVERS, VERSIONS, Server

EMULATOR = Path(__file__).parents[2] / "target/release/kms-emulator"
PAGE_SIZE = 10


def main():
    options = parse()
    with tempfile.TemporaryDirectory() as temporary:
        directory = (options.directory or Path(temporary)).absolute()
        directory.mkdir(exist_ok=True)
        configurations, missing = [], []
        for name in options.servers:
            try:
                configurations += SERVERS[name](directory, options.emulator.absolute())
            except (OSError, subprocess.CalledProcessError) as error:
                missing.append(f"{name} could not be installed: {error}")
        rows = [row for configuration in configurations if (row := measured(configuration, options, missing))]
    print_table(rows, options, missing)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--directory", type=Path, help="where to install the servers, kept for another run")
    parser.add_argument("--emulator", type=Path, default=EMULATOR, help="the program kms-emulator")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 5_000, 20_000])
    parser.add_argument("--seconds", type=int, default=3, help="the duration of a measurement")
    parser.add_argument("--turns", type=int, default=5, help="the number of starts and of measurements of a page")
    parser.add_argument("--servers", nargs="+", choices=SERVERS, default=list(SERVERS))
    return parser.parse_args()


def measured(configuration, options, missing):
    """A row of the table; absent if the server fails."""
    print(f"{time.strftime('%H:%M:%S')} {configuration.name}", file=sys.stderr)
    try:
        return measure(configuration, options)
    except (OSError, RuntimeError) as error:
        missing.append(f"{configuration.name} could not be measured: {error}")
        return None


def measure(configuration, options):
    starts, memories = zip(*(start(configuration) for _ in range(options.turns)))
    row = [statistics.median(starts) * 1_000, statistics.median(memories)]
    with tempfile.TemporaryDirectory() as data:
        with Server(configuration, data) as server:
            api = configuration.api(configuration.prepare(server.connect()))
            is_checked = checks_signatures(server, api)
            seeded, rates = 0, []
            for size in options.sizes:
                seed(server, api, range(seeded, size))
                seeded = size
                rates.append(page_rates(server, api, size, options))
            row.append(server.memory())
        row.append(mebibytes(data))
    row.append(mebibytes(configuration.installed))
    return [configuration.name, "yes" if is_checked else "no", configuration.data, *rates, *row]


def start(configuration):
    """The seconds until the first reply, and the idle memory."""
    with tempfile.TemporaryDirectory() as data, Server(configuration, data) as server:
        time.sleep(1)
        return server.start_seconds, server.memory()


def checks_signatures(server, api):
    """Whether a wrong signature is refused."""
    try:
        api.page(PAGE_SIZE).with_wrong_signature().send(server.connect())
    except RuntimeError:
        return True
    return False


def seed(server, api, numbers):
    """Creates secrets on one connection: moto fails with status 500 if several create secrets at once."""
    connection = server.connect()
    for number in numbers:
        api.create(f"app/{number:06}/password").send(connection)


def page_rates(server, api, size, options):
    """The rates of the first page, and of pages from all over the list in random order."""
    connection = server.connect()
    pages = api.pages(connection, size, PAGE_SIZE)
    if any(len(api.names(page.send(connection))) != PAGE_SIZE for page in (pages[0], pages[-1])):
        raise RuntimeError("a page of another size")
    random.shuffle(pages)
    rates = []
    for calls in ([api.page(PAGE_SIZE)], pages):
        turns = [load.rate(server.port, calls, options.seconds) for _ in range(options.turns)]
        rates.append(statistics.median(turns))
    return f"{rates[0]:,.0f}; {rates[1]:,.0f}"


def mebibytes(path):
    """The size of a file, or of all files in a directory."""
    path = Path(path)
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files) / 2**20


def print_table(rows, options, missing):
    sizes = [f"{size:,} secrets" for size in options.sizes]
    largest = f"{options.sizes[-1]:,}"
    memory = ["start", "memory, idle", f"with {largest}", f"data of {largest}", "installed"]
    header = ["server", "checks signatures", "data", *sizes, *memory]
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        *texts, seconds, idle, full, data, installed = row
        sizes = [f"{value:,.0f} MB" for value in (idle, full, data, installed)]
        print("| " + " | ".join([*texts, f"{seconds:,.0f} ms", *sizes]) + " |")
    print()
    for line in missing:
        print(f"- {line}")
    versions = ", ".join(f"{name} {version}" for name, version in VERSIONS.items())
    commit = subprocess.run(["git", "describe", "--always"], capture_output=True, text=True, cwd=Path(__file__).parent)
    print(f"{date.today()}, kms-emulator {commit.stdout.strip()}, {versions}, Python {platform.python_version()}, "
          f"{os.cpu_count()} cores, {load.client_name()}")


if __name__ == "__main__":
    main()
