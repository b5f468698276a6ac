#!/usr/bin/env bash
# Tests the page in web/: the types, the build output, the unit tests, and the page in Chromium ($CHROMIUM, or Debian's)
# against servers that the tests start. With names of test files below web/, runs only those tests.
# Leaves screenshots of each view in explorer-screenshots/ of cargo's target directory.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../environment.sh
. ../install.sh
. ../runners.sh
. ../server.sh
cd ../../web

install_node

cargo build --locked --quiet
start EXPLORER_SERVER --log warn

# outdated FILE COMMAND: ends with an error that names the command which updates the file
outdated() {
    echo "web/$1 is out of date: run $2 in web/" >&2
    exit 1
}

npm run --silent generate -- "http://$EXPLORER_SERVER" node_modules/.api.d.ts
diff src/shared/api.d.ts node_modules/.api.d.ts || outdated src/shared/api.d.ts "npm run generate -- URL"

npm run --silent check

rm -rf node_modules/.dist
npm run --silent build -- --outdir=node_modules/.dist
diff --recursive --brief dist node_modules/.dist || outdated dist "npm run build"

export EMULATOR=$target/debug/kms-emulator
export SCREENSHOTS=$target/explorer-screenshots
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}

[ $# -gt 0 ] || set -- test/*.test.js e2e/*.test.js
node_tests --test-concurrency=2 "$@"
