# shellcheck shell=bash
# Runs tests. Each function fails if a test fails or is skipped, or if there is no test. To be sourced after environment.sh.

# run_tests SKIPPED COMMAND...: runs a command, fails if a line of its output matches SKIPPED, and sets `printed` to the output
run_tests() {
    local log status=0
    log=$(mktemp)
    "${@:2}" 2>&1 | tee "$log" | { grep -v '^=== ' || true; } || status=$?
    if grep --extended-regexp -- "$1" "$log" >&2; then
        echo "a test was skipped" >&2
        status=1
    fi
    printed=$(<"$log")
    rm "$log"
    return "$status"
}

# none_passed COMMAND...
none_passed() {
    echo "no test passed: $*" >&2
    return 1
}

# cargo_tests COMMAND...: a command that prints as `cargo test` does
cargo_tests() {
    run_tests '^test result: .* [1-9][0-9]* ignored' "$@" || return 1
    grep --quiet '^test result: ok\. [1-9]' <<<"$printed" || none_passed "$@"
}

# python_tests PYTHON [ARGUMENT...]: pytest, which fails if it finds no test. With the first override it also fails for a
# test without parameters, with the second it prints a stack trace after five minutes.
python_tests() {
    run_tests '[0-9] (skipped|xfailed|xpassed)' without_proxies "$1" -m pytest --quiet -p no:cacheprovider \
        --override-ini empty_parameter_set_mark=fail_at_collect --override-ini faulthandler_timeout=300 "${@:2}"
}

# node_tests [--OPTION...] FILE...: node --test
node_tests() {
    local argument
    run_tests '^ℹ (skipped|todo) [1-9]' without_proxies node --test --test-reporter=spec "$@" || return 1
    for argument in "$@"; do
        # The name of a file without tests is reported as a passed test.
        case $argument in --*) continue ;; esac
        if grep --extended-regexp '^✔ .* \(' <<<"$printed" | grep --fixed-strings "${argument##*/} ("; then
            none_passed "$argument" || return 1
        fi
    done
}

# go_tests COMMAND...: a command that prints as `go test -v` does; sets `passed` to the number of tests that passed
go_tests() {
    run_tests '^ *--- SKIP|no test files|no tests to run' "$@" || return 1
    # shellcheck disable=SC2034
    passed=$(grep --count -e '--- PASS' <<<"$printed") || none_passed "$@"
}

# maven_tests DIRECTORY ARGUMENT...: Maven for a project, which must report each class whose name ends in Test
maven_tests() {
    local reports=$1/target/surefire-reports classes
    rm -rf "$reports"
    mvn -q -B --file "$1/pom.xml" "${@:2}" || {
        cat "$reports"/*.txt >&2
        return 1
    }
    run_tests 'Skipped: [1-9]|Tests run: 0' grep -h '^Tests run' "$reports"/*.txt || return 1
    classes=$(find "$1/src/test/java" -name '*Test.java' | wc -l)
    [ "$(grep --count '^Tests run' <<<"$printed")" -ge "$classes" ] || none_passed "a class of $1"
}
