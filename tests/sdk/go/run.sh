#!/usr/bin/env bash
# Runs the official Go SDKs, in the versions of each go.mod, against two running servers.
#   KMS_EMULATOR=127.0.0.1:PORT KMS_EMULATOR_STRICT=127.0.0.1:PORT bash run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../environment.sh
. ../../runners.sh
: "${KMS_EMULATOR:?must be the host:port of a server in lenient mode}"
: "${KMS_EMULATOR_STRICT:?must be the host:port of a server in strict mode}"

total=0
for module in emulator tencent; do go -C "$module" vet ./...; done
for module in . tencent_common tencent_typed; do
    go -C "$module" vet ./...
    go_tests go -C "$module" test -count=1 -v .
    total=$((total + passed))
done
echo "Go: $total tests passed"
