# shellcheck shell=bash
# Creates virtual environments. To be sourced.

# The directory of their programs.
case $(uname -s) in
MINGW* | MSYS*) programs=Scripts ;;
*) programs=bin ;;
esac

# venv DIRECTORY REQUIREMENTS [CONSTRAINTS]: creates a virtual environment unless it is up to date
venv() {
    # The copy is written last, so an interrupted installation is repeated.
    if ! cat "${@:2}" | cmp -s - "$1/pins"; then
        python3 -m venv --clear "$1"
        # The first variable is for pip up to 25.2, the second for later versions. Both pin the build dependencies.
        PIP_CONSTRAINT=${3:-} PIP_BUILD_CONSTRAINT=${3:-} \
            "$1/$programs/pip" install --quiet --disable-pip-version-check --no-compile --requirement "$2" >&2
        cat "${@:2}" >"$1/pins"
    fi
}
