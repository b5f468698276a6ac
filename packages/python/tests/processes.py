"""Waits for processes, with a deadline instead of a fixed time."""

from __future__ import annotations

import os
import time
from pathlib import Path

DEADLINE_SECONDS = 60


def eventually(condition, what):
    """Polls a condition; fails at the deadline. Returns the first true value."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"waited {DEADLINE_SECONDS} s: {what}"
        time.sleep(0.01)


def is_running(pid):
    """Whether a process exists. One that has ended but was not waited for counts as ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:  # It has just ended, or the system has no /proc.
        return Path("/proc/self").exists() is False
    return state != "Z"
