#!/usr/bin/env bash
# Builds the wheel, installs it into an empty environment, and runs the tests of the package and the examples of its README with
# the official SDKs.
#   bash test.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./venv.sh

wheel=$(./build.sh)
version=$(awk -F '"' '/^version = / { print $2; exit }' ../../Cargo.toml)
case ${wheel##*/} in
kms_emulator-"$version"-py3-none-*) ;;
*) echo "the wheel is not of version $version: $wheel" >&2; exit 1 ;;
esac

venv .venv tests/requirements.txt ../../tests/sdk/python/constraints.txt
.venv/bin/pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall "$wheel"

# The tests use the program of the wheel.
unset KMS_EMULATOR_BIN KMS_EMULATOR_ENDPOINT
export KMS_EMULATOR_WHEEL=$wheel
cd tests
# pytest fails if it finds no test. The ignored warnings come from the classic SDK.
../.venv/bin/python -m pytest --quiet -p no:cacheprovider --override-ini empty_parameter_set_mark=fail_at_collect \
    --override-ini faulthandler_timeout=300 --numprocesses 4 --dist worksteal \
    -W "ignore:ssl.:DeprecationWarning" "$@" | tee "$wheel.log"
if grep --quiet -E '[0-9]+ (skipped|xfailed|deselected)' "$wheel.log"; then
    echo "a test was skipped" >&2
    exit 1
fi
