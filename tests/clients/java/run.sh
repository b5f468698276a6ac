#!/usr/bin/env bash
# Runs Java clients, in the versions of pom.xml, against a running server.
#   KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../environment.sh
. ../../runners.sh
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

mkdir -p target
rm -f target/ca.p12
curl --silent --show-error --fail --output target/ca.pem "http://$KMS_EMULATOR_STRICT/_emulator/ca.pem"
keytool -importcert -noprompt -alias kms-emulator -file target/ca.pem \
    -keystore target/ca.p12 -storetype PKCS12 -storepass changeit 2>/dev/null
# Maven splits the variable at spaces, so the path in it is relative to the project.
maven_tests . -Djunit.jupiter.execution.timeout.default=2m test \
    -DargLine="-Djavax.net.ssl.trustStore=target/ca.p12 -Djavax.net.ssl.trustStorePassword=changeit"
