#!/usr/bin/env bash
# Tests the shell code that the suites share.
# shellcheck disable=SC2016
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tests/environment.sh

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
passed=0

fail() {
    echo "FAILED: $1" >&2
    exit 1
}

# equal EXPECTED ACTUAL
equal() {
    [ "$1" = "$2" ] || fail "expected \"$1\" instead of \"$2\""
    passed=$((passed + 1))
}

# Settings and proxies of the caller.
printed=$(env -i PATH="$PATH" NO_PROXY=example.test HTTPS_PROXY=http://127.0.0.1:9 KMS_EMULATOR=a KMS_EMULATOR_STRICT=b \
    KMS_EMULATOR_BIN=c KMS_EMULATOR_AUTH=d KMS_EMULATOR_FIXTURES=e KMS_EMULATOR_ENDPOINT=f bash -c '
        . tests/environment.sh
        env
        echo "-- without proxies"
        without_proxies env
        echo "-- through a proxy"
        through_proxy 127.0.0.1:1 env')
part() { sed -n "/^-- $1\$/,/^-- /p" <<<"$printed"; }
equal "KMS_EMULATOR=a KMS_EMULATOR_BIN=c KMS_EMULATOR_STRICT=b" \
    "$(sed '/^--/q' <<<"$printed" | grep '^KMS_EMULATOR' | sort | xargs)"
equal "no_proxy=127.0.0.1,localhost,example.test NO_PROXY=127.0.0.1,localhost,example.test" \
    "$(sed '/^--/q' <<<"$printed" | grep -i '^no_proxy' | LC_ALL=C sort -r | xargs)"
equal "" "$(part 'without proxies' | grep -i '^https_proxy' || true)"
equal "HTTPS_PROXY=http://127.0.0.1:1 NO_PROXY=127.0.0.1 https_proxy=http://127.0.0.1:1 no_proxy=127.0.0.1" \
    "$(part 'through a proxy' | grep -i '_proxy=' | LC_ALL=C sort | xargs)"

# Another system.
mkdir "$temporary/darwin"
printf '#!/bin/sh\necho Darwin\n' >"$temporary/darwin/uname"
chmod +x "$temporary/darwin/uname"
if printed=$(PATH=$temporary/darwin:$PATH bash tests/run.sh 2>&1); then
    fail "tests/run.sh runs on macOS"
fi
equal 'the suites need Linux; `cargo test` runs on macOS too' "$printed"

# Every suite has this environment.
for suite in tests/*/run.sh tests/*/*/run.sh packages/*/test.sh tests/run.sh tests/package.sh; do
    grep --quiet --extended-regexp '^\. .*environment\.sh"?$' "$suite" || fail "$suite does not use tests/environment.sh"
    passed=$((passed + 1))
done

# The directory of cargo.
equal "$PWD/some/directory" "$(CARGO_TARGET_DIR=some/directory scripts/target-directory)"
equal "$PWD/some/directory" "$(cd / && CARGO_TARGET_DIR=some/directory "$OLDPWD/scripts/target-directory")"
equal /absolute "$(CARGO_TARGET_DIR=/absolute scripts/target-directory)"

# Runners. Programs in this directory print $OUTPUT.
mkdir "$temporary/bin"
for program in node go cargo python; do
    printf '#!/bin/sh\nprintf "%%b\\n" "$OUTPUT"\nexit "${STATUS:-0}"\n' >"$temporary/bin/$program"
    chmod +x "$temporary/bin/$program"
done
cp "$temporary/bin/node" "$temporary/bin/mvn"

# runs OUTPUT COMMAND...: the exit code of a runner, as it is called in a suite
runs() {
    OUTPUT=$1 PATH=$temporary/bin:$PATH bash -euo pipefail -c \
        '. tests/environment.sh; . tests/runners.sh; "$@"; exit 0' runs "${@:2}" >"$temporary/out" 2>&1
}
accepts() {
    runs "$@" || fail "${*:2} fails for: $1: $(cat "$temporary/out")"
    passed=$((passed + 1))
}
rejects() {
    if runs "$@"; then fail "${*:2} succeeds for: $1"; fi
    passed=$((passed + 1))
}

accepts '✔ works (1.5ms)\nℹ skipped 0\nℹ todo 0' node_tests --option a.test.js
rejects '✔ works (1.5ms)\nℹ skipped 1\nℹ todo 0' node_tests a.test.js
rejects '✔ works (1.5ms)\nℹ skipped 0\nℹ todo 12' node_tests a.test.js
rejects '✔ works (1.5ms)\n✔ /a/b.test.js (1.5ms)\nℹ skipped 0' node_tests a.test.js ./b.test.js
STATUS=1 rejects '✔ works (1.5ms)\nℹ skipped 0' node_tests a.test.js
accepts '=== RUN TestA\n--- PASS: TestA (0.00s)\nPASS' go_tests go test
rejects '=== RUN TestA\n--- PASS: TestA (0.00s)\n--- SKIP: TestB (0.00s)' go_tests go test
rejects '--- PASS: TestA (0.00s)\n    --- SKIP: TestA/b (0.00s)' go_tests go test
rejects 'testing: warning: no tests to run\nPASS' go_tests go test
rejects '?   \tmodule\t[no test files]' go_tests go test
STATUS=1 rejects '--- PASS: TestA (0.00s)' go_tests go test
accepts 'test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured' cargo_tests cargo test
rejects 'test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured' cargo_tests cargo test
rejects 'test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured' cargo_tests cargo test
STATUS=1 rejects 'test result: ok. 2 passed; 0 failed; 0 ignored' cargo_tests cargo test
accepts '12 passed in 0.5s' python_tests python
rejects '12 passed, 1 skipped in 0.5s' python_tests python
rejects '12 passed, 1 xfailed in 0.5s' python_tests python
STATUS=5 rejects 'no tests ran in 0.5s' python_tests python

# report TEXT...: a project with a test class for each report that Maven writes
report() {
    local text number=0
    rm -rf "$temporary/project"
    mkdir -p "$temporary/project/src/test/java"
    {
        printf '#!/bin/sh\nmkdir -p "%s/target/surefire-reports"\n' "$temporary/project"
        for text in "$@"; do
            number=$((number + 1))
            touch "$temporary/project/src/test/java/Class${number}Test.java"
            [ -z "$text" ] || printf 'echo "%s" >"%s/target/surefire-reports/%s.txt"\n' "$text" "$temporary/project" "$number"
        done
        printf 'exit "${STATUS:-0}"\n'
    } >"$temporary/bin/mvn"
}
passes='Tests run: 2, Failures: 0, Errors: 0, Skipped: 0'
report "$passes" "$passes"
accepts '' maven_tests "$temporary/project" test
STATUS=1 rejects '' maven_tests "$temporary/project" test
report "$passes" 'Tests run: 2, Failures: 0, Errors: 0, Skipped: 1'
rejects '' maven_tests "$temporary/project" test
report "$passes" 'Tests run: 0, Failures: 0, Errors: 0, Skipped: 0'
rejects '' maven_tests "$temporary/project" test
report "$passes" ''
rejects '' maven_tests "$temporary/project" test
report ''
rejects '' maven_tests "$temporary/project" test

echo "$passed passed, 0 failed"
