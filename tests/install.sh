# Installs the packages of a suite or of a build, and runs Node's test runner. To be sourced.
# The copy of the pins is written last, so an interrupted installation is repeated.

# install_python DIRECTORY REQUIREMENTS [CONSTRAINTS]: creates a virtual environment unless it is up to date
install_python() {
    local directory=$1 pins=("${@:2}")
    if ! cat "${pins[@]}" | cmp -s - "$directory/pins"; then
        python3 -m venv --clear "$directory"
        # The first variable is for pip up to 25.2, the second for later versions. Both pin the build dependencies.
        PIP_CONSTRAINT=${3:-} PIP_BUILD_CONSTRAINT=${3:-} "$directory/bin/pip" install --quiet \
            --disable-pip-version-check --no-compile --requirement "$2" >&2
        cat "${pins[@]}" > "$directory/pins"
    fi
}

# install_node: installs the packages of the working directory unless they are up to date
install_node() {
    if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
        npm ci --no-audit --no-fund --loglevel=error >&2
        cp package-lock.json node_modules/.installed-lock.json
    fi
}

# node_tests [--OPTION...] FILE...: runs test files, and fails if a file has no tests or a test is skipped
node_tests() {
    local files=0 argument suites skipped
    for argument in "$@"; do [[ $argument == --* ]] || files=$((files + 1)); done
    node --test --test-reporter=spec "$@" | tee node_modules/.last-run.txt
    # The test runner counts a file without tests as one passed test, but such a file has no suite.
    suites=$(sed -n 's/^ℹ suites //p' node_modules/.last-run.txt)
    skipped=$(sed -n 's/^ℹ skipped //p' node_modules/.last-run.txt)
    [ "${suites:-0}" -ge "$files" ] && [ "$skipped" = 0 ] || { echo 'a test was not run' >&2; return 1; }
}
