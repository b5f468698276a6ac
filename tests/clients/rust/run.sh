#!/usr/bin/env bash
# Runs SDKs for Rust, in the versions of Cargo.lock, against a running server. Needs a C compiler and OpenSSL's headers.
#   KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../environment.sh
. ../../runners.sh
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

cargo test --locked --quiet --no-run
authority=$(mktemp)
trap 'rm -f "$authority"' EXIT
curl --silent --show-error --fail --output "$authority" "http://$KMS_EMULATOR_STRICT/_emulator/ca.pem"
# The server is the proxy for the host of the cloud. cargo, which is offline, needs none.
for file in tests/*.rs; do
    name=${file##*/}
    SSL_CERT_FILE=$authority cargo_tests through_proxy "$KMS_EMULATOR_STRICT" \
        cargo test --locked --offline --quiet --test "${name%.rs}"
done
