#!/usr/bin/env bash
# Runs Python libraries that are based on the SDKs against a running server, each in its own virtual environment.
#   KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../environment.sh
. ../../install.sh
. ../../runners.sh
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

# clients: the test files without `test_` and `.py`. Each has its requirements-*.txt.
clients=(cache cache_v2 dkms_transfer encryption_sdk kms_sdk managed_credentials ssm_rotation)

# At the same time, because each installation waits for the registry.
installations=()
for client in "${clients[@]}"; do
    install_python ".venv-$client" "requirements-$client.txt" build.txt &
    installations+=($!)
done
for installation in "${installations[@]}"; do wait "$installation"; done

# The warnings are those of the clients' code. The home directory is for their logs.
for client in "${clients[@]}"; do
    HOME=$PWD/.venv-$client PYTHONPATH=../../sdk/python \
        python_tests ".venv-$client/bin/python" -W ignore "$@" "test_$client.py"
done
