# shellcheck shell=bash
# Installs the packages of a suite or of a build. To be sourced.
# The copy of the pins is written last, so an interrupted installation is repeated.

# The directory of the programs in a virtual environment.
case $(uname -s) in
MINGW* | MSYS*) programs=Scripts ;;
*) programs=bin ;;
esac

# install_python DIRECTORY REQUIREMENTS [CONSTRAINTS]: creates a virtual environment with $PYTHON or python3, unless it is up to
# date
install_python() {
    local directory=$1 pins=("${@:2}")
    if ! cat "${pins[@]}" | cmp -s - "$directory/pins"; then
        "${PYTHON:-python3}" -m venv --clear "$directory"
        # The first variable is for pip up to 25.2, the second for later versions. Both pin the build dependencies.
        PIP_CONSTRAINT=${3:-} PIP_BUILD_CONSTRAINT=${3:-} "$directory/$programs/pip" install --quiet \
            --disable-pip-version-check --no-compile --requirement "$2" >&2
        cat "${pins[@]}" >"$directory/pins"
    fi
}

# install_node: installs the packages of the working directory unless they are up to date
install_node() {
    if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
        npm ci --no-audit --no-fund --loglevel=error >&2
        cp package-lock.json node_modules/.installed-lock.json
    fi
}
