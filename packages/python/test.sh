#!/usr/bin/env bash
# Builds the wheel, installs it into an empty environment, and runs the tests of the package and the examples of its README with
# the official SDKs.
#   bash test.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../tests/environment.sh
. ../../tests/install.sh
. ../../tests/runners.sh

wheel=$(./build.sh)
version=$(python3 ../../scripts/version.py)
case ${wheel##*/} in
kms_emulator-"$version"-py3-none-*) ;;
*) echo "the wheel is not of version $version: $wheel" >&2; exit 1 ;;
esac

install_python .venv tests/requirements.txt ../../tests/sdk/python/constraints.txt
.venv/bin/pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall "$wheel"

# The tests use the program of the wheel.
unset KMS_EMULATOR_BIN
export KMS_EMULATOR_WHEEL=$wheel
cd tests
# The ignored warnings come from the classic SDK.
python_tests ../.venv/bin/python --numprocesses 4 --dist worksteal -W "ignore:ssl.:DeprecationWarning" "$@"
