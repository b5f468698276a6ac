#!/usr/bin/env bash
# Runs the official Java SDKs, in the versions of pom.xml, against two running servers.
#   KMS_EMULATOR=127.0.0.1:PORT KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR:?must be the host:port of a server in lenient mode}"
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

rm -rf target/surefire-reports
mvn -q -B -Djunit.jupiter.execution.timeout.default=5m test # fails if it finds no test
grep -h '^Tests run' target/surefire-reports/*.txt
