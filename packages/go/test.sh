#!/usr/bin/env bash
# Runs the tests of the Go package: vet and staticcheck, its own tests, those with the official SDKs, those of the container
# module, which need no container engine, and the program of README.md in an empty module.
#   [KMS_EMULATOR_BIN=PATH] bash test.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
here=$PWD
. ../../tests/environment.sh
. ../../tests/runners.sh
. ../binary.sh

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "not formatted: $unformatted" >&2; exit 1; }

# run DIRECTORY TESTS: checks and tests a module, of which this number of tests must pass
run() {
    go -C "$1" vet ./...
    (cd "$1" && "$staticcheck" ./...)
    go_tests go -C "$1" test -count=1 -v ./...
    [ "$passed" -ge "$2" ] || { echo "$passed tests passed in $1, fewer than $2" >&2; exit 1; }
    echo "packages/go/$1: $passed tests passed"
}

# Compiled once: go keeps it in its build cache.
GOBIN=$temporary/bin go install honnef.co/go/tools/cmd/staticcheck@v0.8.2
staticcheck=$temporary/bin/staticcheck

[ -z "$(go list -m all | sed 1d)" ] || { echo "the package must have no dependencies" >&2; exit 1; }
run . 16
run sdktest 8
run container 1

# The example of the README, in a module that has only the requirements of a user. The versions are those of the tests.
mkdir "$temporary/example"
cd "$temporary/example"
awk '/^```go$/ { copy = 1; next } /^```$/ { copy = 0 } copy' "$here/README.md" >secrets_test.go
go mod init example 2>/dev/null
go mod edit -require=kms-emulator/packages/go@v0.0.0 -replace="kms-emulator/packages/go=$here"
for module in darabonba-openapi/v2 kms-20160120/v3; do
    version=$(cd "$here/sdktest" && go list -m -f '{{.Version}}' "github.com/alibabacloud-go/$module")
    go mod edit -require="github.com/alibabacloud-go/$module@$version"
done
go mod tidy 2>/dev/null
gofmt -d . | tee "$temporary/diff"
[ ! -s "$temporary/diff" ]
go_tests go test -count=1 -v .
