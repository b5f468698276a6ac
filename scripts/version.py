"""Prints the version in Cargo.toml, which all packages have.

    python3 scripts/version.py [DIRECTORY]     the default is this repository
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def version(directory=ROOT):
    text = (Path(directory) / "Cargo.toml").read_text(encoding="utf-8")
    found = re.search(r'^\[package\]\n(?:[^\[\n].*\n|\n)*?version = "([^"]+)"$', text, re.MULTILINE)
    if not found:
        sys.exit(f"{directory}/Cargo.toml has no version")
    return found[1]


if __name__ == "__main__":
    print(version(*sys.argv[1:]))
