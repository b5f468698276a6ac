#!/usr/bin/env bash
# Tests the page in web/: the types, the build output, the unit tests, and the page in Chromium ($CHROMIUM, or Debian's)
# against servers that the tests start. With names of test files below web/, runs only those tests.
# With EXPLORER_BROWSER=firefox, runs most of the browser tests in Firefox ($FIREFOX, or Debian's firefox-esr).
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
    # Without keys and attacks, for which Playwright lacks the bodies of requests and some navigations in Firefox, and
    # without screenshots and sizes.
    tests=(
        e2e/{accessibility,call,connect,controls,controls_more,credential_sources,debugging,explain,hints}.test.js
        e2e/{journal,journal_steps,privacy,secrets,secrets_list,secrets_more,tencent,time_line,translations}.test.js
        e2e/user_journeys.test.js
    )
else
    check_build
    tests=(test/*.test.js e2e/*.test.js)
fi
[ $# -gt 0 ] || set -- "${tests[@]}"
node_tests --test-concurrency=2 "$@"
