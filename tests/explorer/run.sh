#!/usr/bin/env bash
# Tests the page in web/: the types, the build output, the unit tests, and the page in Chromium ($CHROMIUM, or Debian's)
# against servers that the tests start. With names of test files below web/, runs only those tests.
# With EXPLORER_BROWSER=firefox, runs the tests of the views in Firefox ($FIREFOX, or Debian's firefox-esr).
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
(cd ../tests/sdk/node && install_node)

# outdated FILE COMMAND: ends with an error that names the command which updates the file
outdated() {
    echo "web/$1 is out of date: run $2 in web/" >&2
    exit 1
}

# check_build: checks the types of the control API and of the page, and the committed build
check_build() {
    start EXPLORER_SERVER --log warn
    npm run --silent generate -- "http://$EXPLORER_SERVER" node_modules/.api.d.ts
    diff src/shared/api.d.ts node_modules/.api.d.ts || outdated src/shared/api.d.ts "npm run generate -- URL"

    npm run --silent check

    rm -rf node_modules/.dist
    npm run --silent build -- --outdir=node_modules/.dist
    diff --recursive --brief dist node_modules/.dist || outdated dist "npm run build"
}

export EMULATOR=$target/debug/kms-emulator
export SCREENSHOTS=$target/explorer-screenshots
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
export FIREFOX=${FIREFOX:-/usr/bin/firefox-esr}
export EXPLORER_BROWSER=${EXPLORER_BROWSER:-chromium}

if [ "$EXPLORER_BROWSER" = firefox ]; then
    # The other tests depend little on the browser, and take as long again. Their names run them in Firefox too.
    tests=(e2e/{call,connect,controls,controls_more,debugging,journal,privacy,secrets,secrets_list,tencent,user_journeys}.test.js)
else
    check_build
    tests=(test/*.test.js e2e/*.test.js)
fi
[ $# -gt 0 ] || set -- "${tests[@]}"
node_tests --test-concurrency=2 "$@"
