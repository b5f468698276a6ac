#!/usr/bin/env bash
# Times the path of a new user: from an empty directory, with the built package, to a passing test with a seeded secret, a
# throttled call and a jump of the clock. The test is the first example in README.md, or in the package's README, and has at most 15 lines.
#   bash new-user.sh [--no-limit] python|vitest...
# With --no-limit, a run that takes longer is no failure: the time of the installation depends on the network. The packages of others
# have the versions of the suites.
set -euo pipefail
packages=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$packages/../tests/environment.sh"
LIMIT_SECONDS=60 LIMIT_LINES=15
if [ "${1:-}" = --no-limit ]; then
    LIMIT_SECONDS=""
    shift
fi

# The packages use the program that they contain.
unset KMS_EMULATOR_BIN

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# example README LANGUAGE: prints the first block of code in this language
example() {
    awk -v begin="\`\`\`$2" '$0 == begin { inside = 1; next } inside && /^```$/ { exit } inside' "$1"
}

# timed NAME TEST COMMAND...: runs a command in an empty directory with the test in it, and checks the limits
timed() {
    local name=$1 test=$2 lines begin seconds
    lines=$(grep --count --invert-match --extended-regexp '^(//.*)?$' "$test")
    begin=$SECONDS
    (cd "$work/$name" && "${@:3}")
    seconds=$((SECONDS - begin))
    echo "$name: $lines lines, $seconds s"
    [ "$lines" -le "$LIMIT_LINES" ] || { echo "$name: the test has more than $LIMIT_LINES lines" >&2; exit 1; }
    if [ -n "$LIMIT_SECONDS" ] && [ "$seconds" -ge "$LIMIT_SECONDS" ]; then
        echo "$name: took longer than $LIMIT_SECONDS s" >&2
        exit 1
    fi
}

# The commands of the user.
use_python() {
    python3 -m venv .venv
    PIP_CONSTRAINT=$packages/../tests/sdk/python/constraints.txt .venv/bin/pip install --quiet --disable-pip-version-check "$1" pytest alibabacloud_kms20160120
    .venv/bin/pytest --quiet
}

python() {
    local wheel
    wheel=$("$packages/python/build.sh")
    mkdir "$work/python"
    example "$packages/../README.md" python >"$work/python/test_secret.py"
    timed python "$work/python/test_secret.py" use_python "$wheel"
}

# pinned NAME: a package for npm in the version of the tests
pinned() {
    node -p 'process.argv[2] + "@" + require(process.argv[1]).dependencies[process.argv[2]]' "$packages/npm/test/package.json" "$1"
}

use_vitest() {
    npm install --no-audit --no-fund --loglevel=error --save-dev "$@" "$(pinned vitest)" "$(pinned @alicloud/pop-core)"
    npx vitest run # fails if it finds no test
}

vitest() {
    bash "$packages/npm/build.sh" >&2
    mkdir "$work/vitest"
    example "$packages/npm/README.md" js >"$work/vitest/secret.test.js"
    timed vitest "$work/vitest/secret.test.js" use_vitest "$(dirname "$packages")"/target/npm/*.tgz
}

for user in "${@:-python}"; do
    case $user in
    python | vitest) "$user" ;;
    *) echo "unknown package: $user; expected python or vitest" >&2; exit 1 ;;
    esac
done
