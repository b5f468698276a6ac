# Creates virtual environments. To be sourced.

# venv DIRECTORY REQUIREMENTS: creates a virtual environment unless it is up to date
venv() {
    # The copy is written last, so an interrupted installation is repeated.
    if ! cmp -s "$2" "$1/requirements"; then
        "${PYTHON:-python3}" -m venv --clear "$1"
        "$1/bin/pip" install --quiet --disable-pip-version-check --no-compile --requirement "$2" >&2
        cp "$2" "$1/requirements"
    fi
}
