# shellcheck shell=bash
# Starts servers for a suite, and stops them when the suite exits. To be sourced after environment.sh.
# Servers write their output to files, so they never block on a full pipe. The logs are printed if the suite fails.

servers=()
temporary=$(mktemp -d)
target=$(bash "$(dirname "${BASH_SOURCE[0]}")/../scripts/target-directory")

# start VARIABLE ARGUMENTS...: starts a server and exports its host:port as the variable
start() {
    local output="$temporary/server-${#servers[@]}" address="" server
    : >"$output.out"
    "$target/debug/kms-emulator" --listen 127.0.0.1:0 "${@:2}" >"$output.out" 2>"$output.err" </dev/null &
    server=$!
    servers+=("$server")
    for _ in {1..300}; do
        address=$(sed -n 's/^kms-emulator listening on http:\/\///p;T;q' "$output.out")
        if [ -n "$address" ] || ! kill -0 "$server" 2>/dev/null; then break; fi
        sleep 0.2
    done
    if [ -z "$address" ]; then
        echo "a server printed no address within 60 s, or exited: ${*:2}" >&2
        exit 1
    fi
    export "$1=$address"
}

# end_servers STATUS: of the suite
end_servers() {
    local log
    [ ${#servers[@]} = 0 ] || kill "${servers[@]}" 2>/dev/null || true
    if [ "$1" != 0 ]; then
        for log in "$temporary"/server-*.err; do
            [ ! -s "$log" ] || { echo "-- the end of the log of a server:"; tail -n 50 "$log"; } >&2
        done
    fi
    rm -rf "$temporary"
}
trap 'end_servers "$?"' EXIT
