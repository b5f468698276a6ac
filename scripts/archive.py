"""Puts a binary into the archive of a release, and prints the path of the archive: .zip for Windows, else .tar.gz.

    python3 scripts/archive.py BINARY TARGET DIRECTORY

The same binary gives the same archive: the order, owners and times of the files are fixed.
"""

import gzip
import io
import sys
import tarfile
import zipfile
from pathlib import Path

from version import ROOT, version

DOCUMENTS = ("CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md")


def write_tar(path, files):
    """Every file gets the time 0."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, (data, mode) in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            entry.mode = mode
            archive.addfile(entry, io.BytesIO(data))
    path.write_bytes(gzip.compress(content.getvalue(), compresslevel=9, mtime=0))


def write_zip(path, files):
    """Every file gets the first time that the format has."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, (data, mode) in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, for the mode
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)


def main(binary, target, directory):
    is_windows = "windows" in target
    name = f"kms-emulator-{version()}-{target}"
    program = "kms-emulator.exe" if is_windows else "kms-emulator"
    files = {f"{name}/{document}": ((ROOT / document).read_bytes(), 0o644) for document in DOCUMENTS}
    files[f"{name}/{program}"] = (Path(binary).read_bytes(), 0o755)
    path = Path(directory) / f"{name}{'.zip' if is_windows else '.tar.gz'}"
    path.parent.mkdir(parents=True, exist_ok=True)
    (write_zip if is_windows else write_tar)(path, files)
    print(path)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
