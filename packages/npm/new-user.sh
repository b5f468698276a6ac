#!/usr/bin/env bash
# Times the path of a new user of Vitest: from an empty directory, with the built packages, to a passing test with a seeded
# secret, a throttled call and a jump of the clock. The test is the first example in README.md, and has at most 15 lines.
# Builds the packages first if they are missing, which is not part of the time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
built=$(cd ../.. && pwd)/target/npm
LIMIT_LINES=15

ls "$built"/*.tgz >/dev/null 2>&1 || bash build.sh >&2
# The program in the package is used.
unset KMS_EMULATOR_BIN KMS_EMULATOR_ENDPOINT

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
node test/readme_examples.js README.md "$directory" first.test.js
cd "$directory"
lines=$(grep --count . first.test.js)
[ "$lines" -le "$LIMIT_LINES" ] || { echo "vitest: the test has more than $LIMIT_LINES lines" >&2; exit 1; }

begin=$(date +%s.%N)
# Vitest 5 needs Node.js 22.
npm install --no-audit --no-fund --loglevel=error --save-dev "$built"/*.tgz vitest@4 @alicloud/pop-core >&2
npx vitest run >&2 # fails if it finds no test
seconds=$(echo "$(date +%s.%N) $begin" | awk '{ printf "%.1f", $1 - $2 }')
echo "vitest: $lines lines, $seconds s"
