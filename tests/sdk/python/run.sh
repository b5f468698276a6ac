#!/usr/bin/env bash
# Runs the official Python clients against two running servers.
#   KMS_EMULATOR=127.0.0.1:PORT KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../environment.sh
. ../../install.sh
. ../../runners.sh
: "${KMS_EMULATOR:?must be the host:port of a server in lenient mode}"
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

install_python .venv requirements.txt constraints.txt
install_python .venv-tccli requirements-tccli.txt constraints.txt

# One worker runs per processor. The ignored warnings come from the classic SDK.
python_tests .venv/bin/python --numprocesses auto --dist worksteal \
    -W "ignore:implementation_of_do_action" -W "ignore:ssl.:DeprecationWarning" "$@"
