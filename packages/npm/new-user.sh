#!/usr/bin/env bash
# The path of a new user, with the packages in target/npm, which must exist: installs them with Vitest and an SDK into an empty
# directory, and runs the first test of README.md. Prints the seconds that this takes, including the installation.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
here=$PWD
unset KMS_EMULATOR_BIN KMS_EMULATOR_ENDPOINT

packages=("$here"/../../target/npm/*.tgz)
[ -e "${packages[0]}" ] || { echo "run packages/npm/build.sh first, which makes the packages" >&2; exit 1; }

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
node test/readme_examples.js README.md "$directory" first.test.js
lines=$(grep --count . "$directory/first.test.js")
[ "$lines" -le 15 ] || { echo "the first test has $lines lines, which is more than 15" >&2; exit 1; }

cd "$directory"
started=$(date +%s)
# Vitest 5 needs Node.js 22.
npm install --no-audit --no-fund --loglevel=error --save-dev "${packages[@]}" vitest@4 @alicloud/pop-core >&2
npx vitest run >&2 # fails if it finds no test
echo "vitest: $(($(date +%s) - started)) s, $lines lines of test code"
