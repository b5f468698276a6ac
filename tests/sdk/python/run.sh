#!/usr/bin/env bash
# Runs the official Python clients against two running servers.
#   KMS_EMULATOR=127.0.0.1:PORT KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR:?must be the host:port of a server in lenient mode}"
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

# install DIRECTORY REQUIREMENTS: creates a virtual environment unless it is up to date
install() {
    # The copy of the pins is written last, so an interrupted installation is repeated.
    if ! cat "$2" constraints.txt | cmp -s - "$1/pins"; then
        python3 -m venv --clear "$1"
        # The first variable is for pip up to 25.2, the second for later versions. Both pin the build dependencies.
        PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
            "$1/bin/pip" install --quiet --disable-pip-version-check --no-compile --requirement "$2"
        cat "$2" constraints.txt > "$1/pins"
    fi
}
install .venv requirements.txt
install .venv-tccli requirements-tccli.txt

# pytest fails if it finds no test; the first override makes it fail for a test without parameters too. One worker runs per
# processor. A stack trace is printed after five minutes. The ignored warnings come from the classic SDK.
exec .venv/bin/python -m pytest --quiet -p no:cacheprovider --override-ini empty_parameter_set_mark=fail_at_collect \
    --override-ini faulthandler_timeout=300 --numprocesses auto --dist worksteal -W "ignore:implementation_of_do_action" -W "ignore:ssl.:DeprecationWarning" "$@"
