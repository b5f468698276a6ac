#!/usr/bin/env bash
# Tests the page in web/: its types, its build output, its unit tests, and the page itself in Chromium ($CHROMIUM, or
# Debian's) against servers that the tests start. With names of files (e2e/call.test.js), only those tests run.
# Screenshots of each view are left in explorer-screenshots/ of cargo's target directory.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../web"

# The copy of the lock file is written last, so an installation that was interrupted is repeated.
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed-lock.json
fi

npm run --silent check

# The committed build output must be what the sources give.
rebuilt=node_modules/.rebuilt
rm -rf "$rebuilt"
npm run --silent build -- --outdir="$rebuilt"
diff --recursive --brief dist "$rebuilt" || { echo 'web/dist is out of date: run npm run build in web/' >&2; exit 1; }

cargo build --locked --quiet
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
export EMULATOR=$target/debug/kms-emulator
export SCREENSHOTS=$target/explorer-screenshots
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}

# The runner counts a file without tests as one passed test; such a run has no suites, though.
tests=("$@")
[ $# -gt 0 ] || tests=(test/*.test.js e2e/*.test.js)
node --test --test-concurrency=2 --test-reporter=spec "${tests[@]}" | tee node_modules/.last-run.txt
grep --quiet 'suites [1-9]' node_modules/.last-run.txt || { echo 'no test ran' >&2; exit 1; }
