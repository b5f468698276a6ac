#!/usr/bin/env bash
# Tests the emulators at KMS_EMULATOR (lenient) and KMS_EMULATOR_STRICT with the Java SDKs pinned in pom.xml.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR:?must be host:port of an emulator}" "${KMS_EMULATOR_STRICT:?must be host:port of a strict emulator}"

rm -rf target/surefire-reports
mvn -q -B -Djunit.jupiter.execution.timeout.default=5m test # fails if it finds no test
grep -h '^Tests run' target/surefire-reports/*.txt
