#!/usr/bin/env bash
# Runs the official Python clients against two running servers.
#   KMS_EMULATOR=127.0.0.1:PORT KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR:?is the host:port of a server in lenient mode}"
: "${KMS_EMULATOR_STRICT:?is the host:port of a server in strict mode}"

# install DIRECTORY REQUIREMENTS: makes an environment unless it is there
install() {
    # The copy of the pins is written last, so a half-finished installation is made anew.
    if ! cat "$2" constraints.txt | cmp -s - "$1/pins"; then
        python3 -m venv --clear "$1"
        # The first is for pip up to 25.2, the second for later ones: both pin what builds the wheels.
        PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
            "$1/bin/pip" install --quiet --disable-pip-version-check --no-compile --requirement "$2"
        cat "$2" constraints.txt > "$1/pins"
    fi
}
install .venv requirements.txt
install .venv-tccli requirements-tccli.txt

# pytest itself fails when it finds no test, and is told to where there are no parameters for one. As many tests run at
# once as there are processors. Where one hangs is shown after five minutes. The warnings come from inside the classic SDK.
exec .venv/bin/python -m pytest --quiet -p no:cacheprovider --override-ini empty_parameter_set_mark=fail_at_collect \
    --override-ini faulthandler_timeout=300 --numprocesses auto --dist worksteal -W "ignore:implementation_of_do_action" -W "ignore:ssl.:DeprecationWarning" "$@"
