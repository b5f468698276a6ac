# Starts servers for a suite. To be sourced; ends the servers when the suite exits.
# What a server writes is kept in files, so that it never waits for a reader, and is shown if the suite fails.

servers=()
temporary=$(mktemp -d)

# start VARIABLE ARGUMENTS...: starts a server and puts its host:port into the variable
start() {
    local written="$temporary/server-${#servers[@]}" address="" server
    # The path of the build directory, which may be a setting of cargo's.
    target=${target:-$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')}
    : >"$written.out"
    "$target/debug/kms-emulator" --listen 127.0.0.1:0 "${@:2}" >"$written.out" 2>"$written.err" </dev/null &
    server=$!
    servers+=("$server")
    for _ in {1..300}; do
        address=$(sed -n 's/^kms-emulator listening on http:\/\///p;T;q' "$written.out")
        if [ -n "$address" ] || ! kill -0 "$server" 2>/dev/null; then break; fi
        sleep 0.2
    done
    if [ -z "$address" ]; then
        echo "waited 60 s for the address of a server, or it ended: ${*:2}" >&2
        exit 1
    fi
    export "$1=$address"
}

end_servers() {
    local status=$? written
    [ ${#servers[@]} = 0 ] || kill "${servers[@]}" 2>/dev/null || true
    if [ "$status" != 0 ]; then
        for written in "$temporary"/server-*.err; do
            [ ! -s "$written" ] || { echo "-- the end of the log of a server:"; tail -n 50 "$written"; } >&2
        done
    fi
    rm -rf "$temporary"
}
trap end_servers EXIT
