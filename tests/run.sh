#!/usr/bin/env bash
# Runs every test: the Rust tests, then the real SDKs, the controls, the explorer in a browser and the recipes against the built server.
#
# Each suite installs the packages it needs. A missing language is installed where that can be
# done (Debian, as root); where it cannot, its suite fails if CI is set and is skipped otherwise.
set -euo pipefail
cd "$(dirname "$0")/.."

passed=0 failed=0 skipped=0

# suite NAME COMMAND...
suite() {
    echo "== $1"
    if "${@:2}"; then
        passed=$((passed + 1))
    else
        echo "FAILED: $1"
        failed=$((failed + 1))
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

# install TOOLS PACKAGES: installs the Debian packages where a tool is missing and that can be done
install() {
    local missing=""
    for tool in $1; do has_tool "$tool" || missing+=" $tool"; done
    if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        # shellcheck disable=SC2086
        { apt-get update && apt-get install --yes --no-install-recommends $2; } >/dev/null || true
    fi
}

# sdk_suite LANGUAGE TOOLS PACKAGES: the tools that it needs, and the Debian packages that have them
sdk_suite() {
    local missing=""
    have() {
        missing=""
        for tool in $1; do has_tool "$tool" || missing+=" $tool"; done
        [ -z "$missing" ]
    }
    install "$2" "$3"
    if have "$2"; then
        suite "$1 SDKs" bash "tests/sdk/$1/run.sh"
    elif [ -n "${CI:-}" ]; then
        suite "$1 SDKs: missing:$missing" false
    else
        echo "== SKIPPED: $1 SDKs, for want of:$missing"
        skipped=$((skipped + 1))
    fi
}

# tool_suite NAME TOOLS COMMAND...: a suite that needs tools, which have been installed above where that can be done
tool_suite() {
    local missing=""
    for tool in $2; do has_tool "$tool" || missing+=" $tool"; done
    if [ -z "$missing" ]; then
        suite "$1" "${@:3}"
    elif [ -n "${CI:-}" ]; then
        suite "$1: missing:$missing" false
    else
        echo "== SKIPPED: $1, for want of:$missing"
        skipped=$((skipped + 1))
    fi
}

# start VARIABLE ARGUMENTS...: starts a server and puts its host:port into the variable
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
servers=()
temporary=$(mktemp -d)
start() {
    local line
    mkfifo "$temporary/$1"
    "$target/debug/kms-emulator" --listen 127.0.0.1:0 --log warn "${@:2}" >"$temporary/$1" &
    servers+=($!)
    read -r line <"$temporary/$1" || { echo "the server did not start"; exit 1; }
    export "$1=${line##*http://}"
}
end() {
    [ ${#servers[@]} = 0 ] || kill "${servers[@]}" 2>/dev/null || true
    rm -rf "$temporary"
}
trap end EXIT

suite "cargo test" cargo test --locked
cargo build --locked
# The suites read the seeds, and write into tenants of their own.
seeds=(--fixtures fixtures/seed.json --fixtures fixtures/seed-tencent.json)
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

echo "suites: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
