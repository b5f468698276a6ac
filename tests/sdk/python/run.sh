#!/usr/bin/env bash
# Runs the official Python clients against two running servers.
#   KMS_EMULATOR=127.0.0.1:PORT KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR:?must be the host:port of a server in lenient mode}"
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

. ../../install.sh
install_python .venv requirements.txt constraints.txt
install_python .venv-tccli requirements-tccli.txt constraints.txt

# pytest fails if it finds no test; the first override makes it fail for a test without parameters too. One worker runs per
# processor. A stack trace is printed after five minutes. The ignored warnings come from the classic SDK.
exec .venv/bin/python -m pytest --quiet -p no:cacheprovider --override-ini empty_parameter_set_mark=fail_at_collect \
    --override-ini faulthandler_timeout=300 --numprocesses auto --dist worksteal -W "ignore:implementation_of_do_action" -W "ignore:ssl.:DeprecationWarning" "$@"
