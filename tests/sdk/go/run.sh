#!/usr/bin/env bash
# Tests the emulators at KMS_EMULATOR (lenient) and KMS_EMULATOR_STRICT with the Go SDKs pinned in each go.mod.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KMS_EMULATOR:?must be host:port of an emulator}" "${KMS_EMULATOR_STRICT:?must be host:port of a strict emulator}"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
total=0
for module in emulator tencent; do go -C "$module" vet ./...; done
for module in . tencent_common tencent_typed; do
    go -C "$module" vet ./...
    go -C "$module" test -count=1 -v . | grep -v '^=== ' | tee "$log"
    passed=$(grep -c -e '--- PASS' "$log") # none at all is a failure
    total=$((total + passed))
done
echo "Go: $total checks passed"
