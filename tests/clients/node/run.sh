#!/usr/bin/env bash
# Runs Node clients and newman, in the versions of package-lock.json, against a running server.
#   KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

# The copy of the lock file is written last, so an interrupted installation is repeated.
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed-lock.json
fi

# The test runner counts a file without tests as one passed test, but such a file has no suite.
tests=(./*.test.js)
node --test --test-reporter=spec "${tests[@]}" | tee node_modules/.last-run.txt
count() { sed -n "s/^ℹ $1 //p" node_modules/.last-run.txt; }
[ "$(count suites)" -ge ${#tests[@]} ] && [ "$(count skipped)" = 0 ] || { echo 'a test was not run' >&2; exit 1; }
