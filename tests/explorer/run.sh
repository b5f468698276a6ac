#!/usr/bin/env bash
# Checks the types of the page's code, and uses the page in Chromium ($CHROMIUM, or Debian's), against servers that the
# tests start. With names of files, only those tests are run.
# Screenshots of each view are left in explorer-screenshots/ of cargo's target directory.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# The copy of the lock file is written last, so a half-finished installation is made anew.
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed-lock.json
fi

node_modules/.bin/tsc --noEmit

# What is kept must be what the sources make.
kept=../../src/explorer/main.js made=node_modules/.main.js
npm run --silent build -- --outfile="$made"
cmp "$kept" "$made" || { echo "$kept is not what its sources make: npm run build" >&2; exit 1; }

cargo build --locked --quiet
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
export EMULATOR=$target/debug/kms-emulator
export SCREENSHOTS=$target/explorer-screenshots
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}

# The runner counts a file without tests as one passed test; such a run has no suites, though.
tests=("$@")
[ $# -gt 0 ] || tests=(./*.test.js)
node --test --test-concurrency=2 --test-reporter=spec "${tests[@]}" | tee node_modules/.last-run.txt
grep --quiet 'suites [1-9]' node_modules/.last-run.txt || { echo 'no test ran' >&2; exit 1; }
