"""Finds the program."""

from __future__ import annotations

import os
import shutil
from importlib import metadata
from pathlib import Path

from ._errors import BinaryNotFound

DISTRIBUTION = "kms-emulator"
VARIABLE = "KMS_EMULATOR_BIN"

_NAMES = ("kms-emulator", "kms-emulator.exe")


def find_binary(binary: str | os.PathLike[str] | None = None) -> Path:
    """Returns the path of the program.

    It is `binary`, or else the variable `KMS_EMULATOR_BIN`, the program that was installed with this package, or
    `kms-emulator` in `PATH`.

    Raises `BinaryNotFound`.
    """
    if binary is not None:
        return _existing(Path(binary), "the given path")
    variable = os.environ.get(VARIABLE)
    if variable:
        return _existing(Path(variable), VARIABLE)
    found = _installed() or _in_path()
    if found is None:
        raise BinaryNotFound(
            f"there is no program kms-emulator: it is not in PATH, {VARIABLE} is not set, "
            "and this installation of the package kms-emulator has none"
        )
    return found


def _existing(path: Path, source: str) -> Path:
    if not path.is_file():
        raise BinaryNotFound(f"{source} names a program that does not exist: {path}")
    return path.absolute()


def _installed() -> Path | None:
    """The program in the list of the installed files, whatever the layout of the installation."""
    try:
        files = metadata.files(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name in _NAMES:
            path = Path(str(file.locate())).resolve()
            if path.is_file():
                return path
    return None


def _in_path() -> Path | None:
    found = shutil.which("kms-emulator")
    return Path(found) if found else None
