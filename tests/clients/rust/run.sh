#!/usr/bin/env bash
# Runs SDKs for Rust, in the versions of Cargo.lock, against a running server. Needs a C compiler and OpenSSL's headers.
#   KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

cargo test --locked --quiet --no-run
# The server is the proxy for the host of the cloud. cargo itself must not use this proxy.
mkdir -p target
curl --silent --show-error --fail --output target/authority.pem "http://$KMS_EMULATOR_STRICT/_emulator/ca.pem"
HTTPS_PROXY=http://$KMS_EMULATOR_STRICT NO_PROXY=127.0.0.1 SSL_CERT_FILE=$PWD/target/authority.pem \
    cargo test --locked --offline --quiet --test '*' 2>&1 | tee target/last-run.txt
passed=$(grep -c '^test result: ok\. [1-9][0-9]* passed; 0 failed; 0 ignored' target/last-run.txt || true)
[ "$passed" = "$(ls tests | wc -l)" ] || { echo 'a test was not run' >&2; exit 1; }
