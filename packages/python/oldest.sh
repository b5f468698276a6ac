#!/usr/bin/env bash
# Tests the wheel with the oldest Python and the oldest pytest that it supports.
#   [PYTHON=python3.9] [KMS_EMULATOR_WHEEL=PATH] bash oldest.sh [pytest arguments]     without a wheel, it is built
set -euo pipefail
wheel=$(realpath "${KMS_EMULATOR_WHEEL:-/}")
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../tests/environment.sh
. ../../tests/install.sh
. ../../tests/runners.sh

python=${PYTHON:-python3.9}
unset PYTHON
oldest=$(sed -n 's/^requires-python = ">=\(.*\)"$/\1/p' pyproject.toml)
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || { echo "Python $oldest is needed; set PYTHON" >&2; exit 1; }
[ "$found" = "$oldest" ] || { echo "$python is Python $found, but $oldest is the oldest that the package supports" >&2; exit 1; }

[ -f "$wheel" ] || wheel=$(./build.sh)
PYTHON=$python install_python .venv-oldest tests/requirements-oldest.txt
.venv-oldest/bin/pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall "$wheel"

# The tests use the program of the wheel.
unset KMS_EMULATOR_BIN
cd tests
python_tests ../.venv-oldest/bin/python --numprocesses 2 "$@" test_fixtures.py test_plugin.py test_start.py
