"""Measures requests per second: with wrk if it is installed, else with a small client."""

import itertools
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time

CONNECTIONS = 16


def client_name():
    if not shutil.which("wrk"):
        return "a client in Python, which is slower than some servers: install wrk"
    version = subprocess.run(["wrk", "--version"], capture_output=True, text=True).stdout
    return re.match(r"wrk \S+", version)[0]


def rate(port, calls, seconds):
    """The successful replies per second to calls that are repeated in turns."""
    if shutil.which("wrk"):
        return wrk(port, calls, seconds)
    return small_client(port, calls, seconds)


SCRIPT = """
local requests, last = {}, 0
function init()
%s
end
function request()
  last = last %% #requests + 1
  return requests[last]
end
"""


def wrk(port, calls, seconds):
    lines = []
    for call in calls:
        # wrk adds a `Host` header unless there is one with the same letter case.
        headers = ", ".join(f"[ {lua(name.title())} ] = {lua(value)}" for name, value in call.headers.items())
        body = lua(call.body) if call.body else "nil"
        request = f"wrk.format({lua(call.method)}, {lua(call.path)}, {{{headers}}}, {body})"
        lines.append(f"  requests[#requests + 1] = {request}")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % "\n".join(lines))
        script.flush()
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "60s", "-s", script.name]
        command = ["wrk", *options, f"http://127.0.0.1:{port}"]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise RuntimeError(output)
    return float(re.search(r"Requests/sec:\s*([\d.]+)", output)[1])


def lua(text):
    """A text as a literal of Lua."""
    return f"[==[{text}]==]"


def small_client(port, calls, seconds):
    requests = itertools.cycle([request_bytes(call) for call in calls])
    end = time.monotonic() + seconds
    counts = [0] * CONNECTIONS

    def repeat(number):
        stream = None
        while time.monotonic() < end:
            stream = stream or socket.create_connection(("127.0.0.1", port)).makefile("rwb")
            stream.write(next(requests))
            stream.flush()
            if not read_reply(stream):
                stream = None
            counts[number] += 1

    threads = [threading.Thread(target=repeat, args=[number]) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def request_bytes(call):
    head = "".join(f"{name}: {value}\r\n" for name, value in call.headers.items())
    length = f"content-length: {len(call.body)}\r\n" if call.body else ""
    return f"{call.method} {call.path} HTTP/1.1\r\n{head}{length}\r\n{call.body}".encode()


def read_reply(stream):
    """Reads a reply. Returns whether the connection stays open."""
    status = stream.readline()
    if b" 200 " not in status:
        raise RuntimeError(status)
    headers = dict(line.lower().rstrip().split(b": ", 1) for line in iter(stream.readline, b"\r\n"))
    stream.read(int(headers[b"content-length"]))
    return status.startswith(b"HTTP/1.1") and headers.get(b"connection") != b"close"
