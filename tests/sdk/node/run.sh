#!/usr/bin/env bash
# Runs the official Node clients against two running servers.
#   KMS_EMULATOR=127.0.0.1:PORT KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR:?is the host:port of a server in lenient mode}"
: "${KMS_EMULATOR_STRICT:?is the host:port of a server in strict mode}"

# The copy of the lock file is written last, so a half-finished installation is made anew.
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed-lock.json
fi

# Node reads the authorities to trust from a file, when it starts. The file has the one of the strict server; the lenient
# server has another.
authority=node_modules/.authority.pem
node --eval 'require("./emulator").authority(process.env.KMS_EMULATOR_STRICT).then(console.log)' >$authority

# The runner counts a file without tests as one passed test; such a run has no suites, though.
NODE_EXTRA_CA_CERTS=$PWD/$authority node --test --test-reporter=spec ./*.test.js | tee node_modules/.last-run.txt
grep --quiet 'suites [1-9]' node_modules/.last-run.txt || { echo 'no test ran' >&2; exit 1; }
