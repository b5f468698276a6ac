#!/usr/bin/env bash
# Makes the main package and the package of this platform in target/npm, with the portable program or that of KMS_EMULATOR_BIN.
# Needs Node.js 20 or later.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

binary=${KMS_EMULATOR_BIN:-$(bash ../build.sh)}

# The copy of the lock file is written last, so an interrupted installation is repeated.
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
    npm ci --no-audit --no-fund --loglevel=error >&2
    cp package-lock.json node_modules/.installed-lock.json
fi
rm -rf dist
node_modules/.bin/tsc
node scripts/pack.js "$(node -p '`${process.platform}-${process.arch}`')=$binary"
