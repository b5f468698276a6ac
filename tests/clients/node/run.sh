#!/usr/bin/env bash
# Runs Node clients and newman, in the versions of package-lock.json, against a running server.
#   KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../environment.sh
. ../../install.sh
. ../../runners.sh
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

install_node

node_tests ./*.test.js
