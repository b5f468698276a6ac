#!/usr/bin/env bash
# Runs the recipes of one language against a new server, with the packages that the SDK suite of the language installs.
# With `yaml`, validates the recipes in YAML against the published schemas.
#   bash run.sh python|node|go|java|yaml
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here"
recipes=$here/../../recipes sdk=$here/../sdk

# needs FILE LANGUAGE
needs() {
    [ -e "$1" ] || { echo "run tests/sdk/$2/run.sh first, which installs the packages" >&2; exit 1; }
}

. ../server.sh

if [ "$1" != yaml ]; then
    cargo build --locked --quiet
    start KMS_EMULATOR --log warn
    export KMS_EMULATOR_URL=http://$KMS_EMULATOR
fi

# A temporary project, so that no build output is left in recipes/ or tests/sdk/.
mkdir "$temporary/project"
cd "$temporary/project"

case $1 in
python)
    needs "$sdk/python/.venv/pins" python
    cp "$recipes"/pytest/*.py .
    "$sdk/python/.venv/bin/python" -m pytest --quiet -p no:cacheprovider
    ;;
node)
    needs "$sdk/node/node_modules/.installed-lock.json" node
    cp "$recipes"/node/*.js .
    ln -s "$sdk/node/node_modules" node_modules
    # The test runner counts a file without tests as one passed test.
    node --test --test-reporter=spec ./*.test.js | tee log
    grep --quiet 'tests 2$' log
    ;;
go)
    cp "$recipes"/go/*_test.go "$sdk"/go/go.{mod,sum} .
    go vet .
    go test -count=1 -v . | tee log
    grep --quiet -e '--- PASS' log
    ;;
java)
    mkdir -p src/test/java
    cp "$recipes"/junit/*.java src/test/java
    cp "$sdk/java/pom.xml" .
    mvn -q -B test # fails if it finds no test
    grep -h '^Tests run' target/surefire-reports/*.txt
    ;;
yaml)
    . "$here/../install.sh"
    install_python "$here/.venv" "$here/requirements.txt"
    check() { "$here/.venv/bin/check-jsonschema" --builtin-schema "$@"; }
    check vendor.github-workflows "$recipes/github-actions/test.yml" "$here"/../../.github/workflows/*.yml
    check vendor.renovate "$here/../../.github/renovate.json"
    check vendor.compose-spec "$recipes/compose/compose.yaml" "$here/../../compose.yaml"
    ;;
*)
    echo "there are no recipes for $1" >&2
    exit 1
    ;;
esac
