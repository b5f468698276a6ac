#!/usr/bin/env bash
# Runs the official Node clients against two running servers.
#   KMS_EMULATOR=127.0.0.1:PORT KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR:?must be the host:port of a server in lenient mode}"
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

# The copy of the lock file is written last, so an interrupted installation is repeated.
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed-lock.json
fi

# Node reads trusted authorities from a file at start. The file has the authority of the strict server, but not that of the
# lenient one, so that tests can check that an unknown authority is rejected.
authority=node_modules/.authority.pem
node --eval 'require("./emulator").authority(process.env.KMS_EMULATOR_STRICT).then(console.log)' >$authority

# The test runner counts a file without tests as one passed test, but such a file has no suite.
tests=(./*.test.js)
NODE_EXTRA_CA_CERTS=$PWD/$authority node --test --test-reporter=spec "${tests[@]}" | tee node_modules/.last-run.txt
suites=$(sed -n 's/^ℹ suites //p' node_modules/.last-run.txt)
[ "${suites:-0}" -ge ${#tests[@]} ] || { echo 'a file has no tests' >&2; exit 1; }
