#!/usr/bin/env bash
# Runs Go programs and libraries that are based on the SDKs, in the versions of each go.mod, against a running server.
#   KMS_EMULATOR_STRICT=127.0.0.1:PORT [KMS_EMULATOR_BIN=PATH] bash run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../environment.sh
. ../../runners.sh
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

# The program, for a test that restarts it.
target=$(bash ../../../scripts/target-directory)
export KMS_EMULATOR_BIN=${KMS_EMULATOR_BIN:-$target/debug/kms-emulator}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
curl --silent --show-error --fail --output "$work/ca.pem" "http://$KMS_EMULATOR_STRICT/_emulator/ca.pem"

# The tests are compiled first, because go itself must neither use the server as its proxy nor replace its authorities.
for module in external_secrets cache seal nacos instance dapr; do
    go -C "$module" test -c -o "$work/$module.test" .
    # In the directory of the module, as go runs them.
    SSL_CERT_FILE=$work/ca.pem go_tests through_proxy "$KMS_EMULATOR_STRICT" \
        env --chdir="$module" "$work/$module.test" -test.v -test.timeout 2m
    echo "$module: $passed tests passed"
done
