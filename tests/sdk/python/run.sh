#!/usr/bin/env bash
# Runs the official Python clients against two running servers.
#   KMS_EMULATOR=127.0.0.1:PORT KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR:?is the host:port of a server in lenient mode}"
: "${KMS_EMULATOR_STRICT:?is the host:port of a server in strict mode}"

# The copy of the pins is written last, so a half-finished installation is made anew.
if ! cat requirements.txt constraints.txt | cmp -s - .venv/pins; then
    python3 -m venv --clear .venv
    # The first is for pip up to 25.2, the second for later ones: both pin what builds the wheels.
    PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
        .venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
    cat requirements.txt constraints.txt > .venv/pins
fi

# pytest itself fails when it finds no test. The warning comes from inside the classic SDK.
exec .venv/bin/python -m pytest --quiet -p no:cacheprovider -W "ignore:implementation_of_do_action" "$@"
