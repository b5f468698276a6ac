#!/usr/bin/env bash
# Runs Python libraries that are based on the SDKs against a running server, each in its own virtual environment.
#   KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

# clients: the test files without `test_` and `.py`. Each has its requirements-*.txt.
clients=(cache cache_v2 kms_sdk managed_credentials)

# install CLIENT: creates its virtual environment unless it is up to date
install() {
    # The copy of the pins is written last, so an interrupted installation is repeated.
    if ! cmp -s "requirements-$1.txt" ".venv-$1/pins"; then
        python3 -m venv --clear ".venv-$1"
        PIP_CONSTRAINT=build.txt PIP_BUILD_CONSTRAINT=build.txt ".venv-$1/bin/pip" install --quiet \
            --disable-pip-version-check --no-compile --requirement "requirements-$1.txt"
        cp "requirements-$1.txt" ".venv-$1/pins"
    fi
}

# pytest fails if it finds no test; the override makes it fail for a test without parameters too. A stack trace is printed
# after two minutes. The warnings are those of the clients' code. The home directory is for their logs.
for client in "${clients[@]}"; do
    install "$client"
    HOME=$PWD/.venv-$client PYTHONPATH=../../sdk/python ".venv-$client/bin/python" -m pytest --quiet -p no:cacheprovider \
        --override-ini empty_parameter_set_mark=fail_at_collect --override-ini faulthandler_timeout=120 \
        -W ignore "$@" "test_$client.py"
done
