#!/usr/bin/env bash
# Runs the official Node clients against two running servers.
#   KMS_EMULATOR=127.0.0.1:PORT KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../environment.sh
. ../../install.sh
. ../../runners.sh
: "${KMS_EMULATOR:?must be the host:port of a server in lenient mode}"
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

install_node

# Node reads trusted authorities from a file at start. The file has the authority of the strict server, but not that of the
# lenient one, so that tests can check that an unknown authority is rejected.
authority=node_modules/.authority.pem
node --eval 'require("./emulator").authority(process.env.KMS_EMULATOR_STRICT).then(console.log)' >$authority

NODE_EXTRA_CA_CERTS=$PWD/$authority node_tests ./*.test.js
