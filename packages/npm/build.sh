#!/usr/bin/env bash
# Packs the main package and the package of this platform into target/npm, with the portable program or that of
# KMS_EMULATOR_BIN.
# Needs Node.js 20 or later.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

binary=${KMS_EMULATOR_BIN:-$(bash ../build.sh)}

. ../../tests/install.sh
install_node
rm -rf dist
node_modules/.bin/tsc
node scripts/pack.js "$(node -p '`${process.platform}-${process.arch}`')=$binary"
