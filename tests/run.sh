#!/usr/bin/env bash
# Runs all tests: the Rust tests, then against the built server the official SDKs and libraries based on them, the control
# API, the explorer in a browser, the recipes, and the commands in the documents.
#
# Each suite installs the packages that it needs. A missing language is installed on Debian as root. Otherwise its suite
# fails if CI is set, and is skipped if not. A suite is killed and fails after a time limit; all suites together are
# limited to 40 minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/environment.sh
. tests/server.sh

# Time limits in seconds, for one suite and for all.
SUITE_LIMIT=900 LIMIT=2400

passed=0 failed=() skipped=()

# bounded COMMAND...: runs a command, and kills it and its child processes at the time limit
bounded() {
    local limit=$((LIMIT - SECONDS)) status=0
    [ "$limit" -lt "$SUITE_LIMIT" ] || limit=$SUITE_LIMIT
    if [ "$limit" -le 0 ]; then
        echo "not run: the limit of $LIMIT s for all suites has passed"
        return 1
    fi
    # In the background, so that an interrupt of this script ends the suite too. With job control, because
    # background processes ignore SIGINT without it.
    set -m
    timeout --kill-after=20 "$limit" "$@" </dev/null &
    running=$!
    set +m
    wait "$running" || status=$?
    running=""
    # timeout returns 124, or 137 if it had to send SIGKILL.
    case $status in 124 | 137) echo "killed after $limit s" ;; esac
    return "$status"
}
running="" portable=""

# Both jobs are process groups.
end_jobs() {
    local status=$? job
    for job in $running $portable; do
        kill -- "-$job" 2>/dev/null && wait "$job" || true
    done
    end_servers "$status"
}
trap end_jobs EXIT
trap 'exit 130' INT TERM

# suite NAME COMMAND...
suite() {
    local started=$SECONDS result=passed
    echo "== $1"
    if bounded "${@:2}"; then
        passed=$((passed + 1))
    else
        result=FAILED
        failed+=("$1")
    fi
    echo "$result: $1, $((SECONDS - started)) s"
}

# has_tool NAME: Debian's Python may lack the modules for virtual environments; $CHROMIUM and $FIREFOX may name other paths
has_tool() {
    case $1 in
    chromium) [ -x "${CHROMIUM:-/usr/bin/chromium}" ] ;;
    firefox-esr) [ -x "${FIREFOX:-/usr/bin/firefox-esr}" ] ;;
    python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    libssl-dev) pkg-config --exists openssl 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# without TOOLS: prints the missing ones
without() {
    local tool missing=""
    for tool in $1; do has_tool "$tool" || missing+=" $tool"; done
    echo "$missing"
}

# install TOOLS PACKAGES: installs Debian packages if a tool is missing and apt-get can be used
install() {
    if [ -n "$(without "$1")" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        # shellcheck disable=SC2086
        { bounded apt-get update && bounded apt-get install --yes --no-install-recommends $2; } >/dev/null || true
    fi
}

# tool_suite NAME TOOLS COMMAND...: runs a suite that needs tools
tool_suite() {
    local missing
    missing=$(without "$2")
    if [ -z "$missing" ]; then
        suite "$1" "${@:3}"
    elif [ -n "${CI:-}" ]; then
        echo "FAILED: $1 is missing:$missing"
        failed+=("$1")
    else
        echo "== SKIPPED: $1 is missing:$missing"
        skipped+=("$1")
    fi
}

# sdk_suite LANGUAGE TOOLS PACKAGES: installs the packages if a tool is missing, and runs the SDK suite
sdk_suite() {
    install "$2" "$3"
    tool_suite "$1 SDKs" "$2" bash "tests/sdk/$1/run.sh"
}

# client_suite LANGUAGE TOOLS: runs the libraries of a language that are based on the SDKs
client_suite() {
    tool_suite "$1 clients" "$2" bash "tests/clients/$1/run.sh"
}

suite "cargo test" bash tests/cargo.sh
bounded cargo build --locked
# In the background, because most of the next suites use one core. The suite of this name waits for it.
set -m
nice bash packages/build.sh >/dev/null 2>&1 </dev/null &
portable=$!
set +m
# The suites read the seeds, and write only to tenants that they create and to the account of the RSA key.
seeds=(--fixtures fixtures/seed.json --fixtures fixtures/seed-tencent.json --log warn
    --rsa-key LTAIrsa:tests/keys/rsa.pub.pem:2000000000000000)
start KMS_EMULATOR "${seeds[@]}"
start KMS_EMULATOR_STRICT "${seeds[@]}" --auth strict

sdk_suite python "python3 python3-venv" "python3 python3-venv"
sdk_suite node "node npm" "nodejs npm"
sdk_suite go "go gcc" "golang-go gcc"
sdk_suite java "javac mvn" "openjdk-17-jdk-headless maven"

install "curl libssl-dev ip" "curl libssl-dev pkg-config iproute2"
client_suite python "python3 python3-venv"
client_suite node "node npm"
client_suite go "go gcc curl"
client_suite java "javac mvn curl"
tool_suite "credential chains" "unshare ip python3 python3-venv node npm go javac mvn curl" bash tests/clients/credentials/run.sh
client_suite rust "libssl-dev curl"

tool_suite "controls" "python3 python3-venv" bash tests/controls/run.sh
install "curl chromium firefox-esr" "curl chromium firefox-esr"
tool_suite "explorer" "node npm curl chromium" bash tests/explorer/run.sh
# Not all tests of the views, because they take minutes.
tool_suite "explorer in Firefox" "node npm curl firefox-esr" env EXPLORER_BROWSER=firefox bash tests/explorer/run.sh \
    e2e/{debugging,journal,user_journeys}.test.js
suite "binary of the packages" bash packages/build.sh
tool_suite "python package" "python3 python3-venv" bash packages/python/test.sh
tool_suite "npm package" "node npm" bash packages/npm/test.sh
tool_suite "go package" "go gcc" bash packages/go/test.sh
tool_suite "junit package" "javac mvn" bash packages/junit/test.sh
tool_suite "crate" "curl" bash tests/package.sh
tool_suite "new user" "python3 python3-venv node npm" bash packages/new-user.sh --no-limit python vitest
tool_suite "shell code of the suites" "python3" bash tests/shell/run.sh
tool_suite "release scripts" "python3 node npm go" bash tests/release/run.sh
tool_suite "recipes and the action" "python3 python3-venv go git curl" bash tests/recipes/run.sh
tool_suite "documents" "python3 python3-venv node npm curl" bash tests/docs/run.sh

echo "suites: $passed passed, ${#failed[@]} failed, ${#skipped[@]} skipped, in $((SECONDS / 60)) min"
[ ${#skipped[@]} = 0 ] || printf 'NOT TESTED: %s\n' "${skipped[@]}"
[ ${#failed[@]} = 0 ] || { printf 'FAILED: %s\n' "${failed[@]}"; exit 1; }
