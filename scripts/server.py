"""Runs the program for the scripts and tests of this repository."""

import os
import subprocess
import threading
import urllib.request
from contextlib import contextmanager

READY = "kms-emulator listening on "
LIMIT_SECONDS = 60

# A proxy of the environment is not for servers on this machine.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def environment():
    """The environment without settings of servers and proxies, so that a server does the same on every machine."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KMS_EMULATOR") and not name.lower().endswith("_proxy")
    }


def start(command, env=None, **options):
    """Starts a server; returns its process and its URL. A server that prints no URL in time is killed."""
    env = environment() if env is None else env
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, **options)
    timer = threading.Timer(LIMIT_SECONDS, process.kill)
    timer.start()
    try:
        line = process.stdout.readline()
    finally:
        timer.cancel()
    if not line.startswith(READY):
        stop(process)
        raise RuntimeError(f"{command[0]} printed no URL within {LIMIT_SECONDS} s, or ended: {line!r}")
    return process, line.removeprefix(READY).strip()


def stop(process):
    process.terminate()
    try:
        process.wait(LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    finally:
        process.stdout.close()


@contextmanager
def running(command, **options):
    """The URL of a server that runs during the block."""
    process, url = start(command, stdin=subprocess.DEVNULL, **options)
    try:
        yield url
    finally:
        stop(process)


def fetch(request, context=None):
    """The body of the reply to a URL or a request, without a proxy. Raises `HTTPError`."""
    opener = _OPENER
    if context:
        handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)]
        opener = urllib.request.build_opener(*handlers)
    with opener.open(request, timeout=LIMIT_SECONDS) as reply:
        return reply.read().decode()
