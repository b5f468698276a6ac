#!/usr/bin/env bash
# Runs Python libraries that are based on the SDKs against a running server, each in its own virtual environment.
#   KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

. ../../install.sh

# clients: the test files without `test_` and `.py`. Each has its requirements-*.txt.
clients=(cache cache_v2 kms_sdk managed_credentials)

# At the same time, because each installation waits for the registry.
installations=()
for client in "${clients[@]}"; do
    install_python ".venv-$client" "requirements-$client.txt" build.txt &
    installations+=($!)
done
for installation in "${installations[@]}"; do wait "$installation"; done

# pytest fails if it finds no test; the override makes it fail for a test without parameters too. A stack trace is printed
# after two minutes. The warnings are those of the clients' code. The home directory is for their logs.
for client in "${clients[@]}"; do
    HOME=$PWD/.venv-$client PYTHONPATH=../../sdk/python ".venv-$client/bin/python" -m pytest --quiet -p no:cacheprovider \
        --override-ini empty_parameter_set_mark=fail_at_collect --override-ini faulthandler_timeout=120 \
        -W ignore "$@" "test_$client.py" | tee ".venv-$client/last-run.txt"
    grep --quiet '^[1-9][0-9]* passed in ' ".venv-$client/last-run.txt" || { echo "$client: a test was not run" >&2; exit 1; }
done
