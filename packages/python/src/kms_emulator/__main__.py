"""`python -m kms_emulator` runs the program."""

from __future__ import annotations

import os
import subprocess
import sys

from . import BinaryNotFound, find_binary


def main() -> int:
    try:
        command = [str(find_binary()), *sys.argv[1:]]
    except BinaryNotFound as error:
        print(f"kms-emulator: {error}", file=sys.stderr)
        return 1
    if sys.platform == "win32":
        return subprocess.call(command)
    os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main())
