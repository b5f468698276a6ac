#!/usr/bin/env bash
# Runs the commands and programs of README.md and docs/, or of the given pages, with a server for each page. Uses the
# packages that the Python and Node SDK suites install.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tests/environment.sh

for installed in tests/sdk/python/.venv/pins tests/sdk/node/node_modules/.installed-lock.json; do
    [ -e "$installed" ] || { echo "run tests/sdk/python/run.sh and tests/sdk/node/run.sh first, which install the SDKs" >&2; exit 1; }
done

cargo build --locked --quiet
EMULATOR=$(scripts/target-directory)/debug/kms-emulator exec python3 tests/docs/run.py "$@"
