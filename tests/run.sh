#!/usr/bin/env bash
# Runs every test: the Rust tests, then the real SDKs, the controls, the explorer in a browser, the recipes and the commands in the documents against the built server.
#
# Each suite installs the packages it needs. A missing language is installed where that can be
# done (Debian, as root); where it cannot, its suite fails if CI is set and is skipped otherwise.
# A suite that takes too long is ended and fails; all together take less than 45 minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh

# Seconds for one suite, and for all.
SUITE_LIMIT=900 LIMIT=2400

passed=0 failed=() skipped=()

# bounded COMMAND...: runs a command, and ends it with all that it started when its time is over
bounded() {
    local limit=$((LIMIT - SECONDS)) status=0
    [ "$limit" -lt "$SUITE_LIMIT" ] || limit=$SUITE_LIMIT
    if [ "$limit" -le 0 ]; then
        echo "not run: the $LIMIT s for all suites are over"
        return 1
    fi
    # In the background, so that an interrupted run ends the suite as well; as a job, because other
    # background processes ignore SIGINT.
    set -m
    timeout --kill-after=20 "$limit" "$@" </dev/null &
    running=$!
    set +m
    wait "$running" || status=$?
    running=""
    # 137: it had to be killed.
    case $status in 124 | 137) echo "ended: it took more than $limit s" ;; esac
    return "$status"
}
running=""
trap '[ -z "$running" ] || { kill "$running"; wait "$running" || true; }; exit 130' INT TERM

# suite NAME COMMAND...
suite() {
    echo "== $1"
    if bounded "${@:2}"; then
        passed=$((passed + 1))
    else
        echo "FAILED: $1"
        failed+=("$1")
    fi
}

# has_tool NAME: Debian's Python comes without what makes virtual environments; Chromium may be elsewhere ($CHROMIUM)
has_tool() {
    case $1 in
    chromium) [ -x "${CHROMIUM:-/usr/bin/chromium}" ] ;;
    python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# without TOOLS: those that are missing
without() {
    local tool missing=""
    for tool in $1; do has_tool "$tool" || missing+=" $tool"; done
    echo "$missing"
}

# install TOOLS PACKAGES: installs the Debian packages where a tool is missing and that can be done
install() {
    if [ -n "$(without "$1")" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        # shellcheck disable=SC2086
        { bounded apt-get update && bounded apt-get install --yes --no-install-recommends $2; } >/dev/null || true
    fi
}

# tool_suite NAME TOOLS COMMAND...: a suite that needs tools, which have been installed above where that can be done
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

# sdk_suite LANGUAGE TOOLS PACKAGES: the tools that it needs, and the Debian packages that have them
sdk_suite() {
    install "$2" "$3"
    tool_suite "$1 SDKs" "$2" bash "tests/sdk/$1/run.sh"
}

suite "cargo test" cargo test --locked
cargo build --locked
# The suites read the seeds, and write into tenants of their own.
seeds=(--fixtures fixtures/seed.json --fixtures fixtures/seed-tencent.json --log warn)
start KMS_EMULATOR "${seeds[@]}"
start KMS_EMULATOR_STRICT "${seeds[@]}" --auth strict

sdk_suite python "python3 python3-venv" "python3 python3-venv"
sdk_suite node "node npm" "nodejs npm"
sdk_suite go "go gcc" "golang-go gcc"
sdk_suite java "javac mvn" "openjdk-17-jdk-headless maven"

tool_suite "controls" "python3 python3-venv" bash tests/controls/run.sh
install "curl chromium" "curl chromium"
tool_suite "explorer" "node npm curl chromium" bash tests/explorer/run.sh
tool_suite "python recipes" "python3 python3-venv" bash tests/recipes/run.sh python
tool_suite "node recipes" "node npm" bash tests/recipes/run.sh node
tool_suite "go recipes" "go gcc" bash tests/recipes/run.sh go
tool_suite "java recipes" "javac mvn" bash tests/recipes/run.sh java
tool_suite "yaml recipes" "python3 python3-venv" bash tests/recipes/run.sh yaml
tool_suite "documents" "python3 python3-venv node npm curl" bash tests/docs/run.sh

echo "suites: $passed passed, ${#failed[@]} failed, ${#skipped[@]} skipped, in $((SECONDS / 60)) min"
[ ${#skipped[@]} = 0 ] || printf 'NOT TESTED: %s\n' "${skipped[@]}"
[ ${#failed[@]} = 0 ] || { printf 'FAILED: %s\n' "${failed[@]}"; exit 1; }
