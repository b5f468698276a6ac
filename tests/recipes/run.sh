#!/usr/bin/env bash
# Runs the recipes of one language against a server of their own, with the packages that the SDK suite of the language
# has installed; or holds those in YAML against the published schemas.
#   bash run.sh python|node|go|java|yaml
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here"
recipes=$here/../../recipes sdk=$here/../sdk

# needs FILE LANGUAGE
needs() {
    [ -e "$1" ] || { echo "tests/sdk/$2/run.sh has to run first: it installs what the recipes need" >&2; exit 1; }
}

. ../server.sh

if [ "$1" != yaml ]; then
    cargo build --locked --quiet
    start KMS_EMULATOR --log warn
    export KMS_EMULATOR_URL=http://$KMS_EMULATOR
fi

# A project of its own, so that nothing of it is left in the recipes or among the SDK suites.
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
    # The runner counts a file without tests as one passed test.
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
    # The copy of the pins is written last, so a half-finished installation is made anew.
    if ! cmp -s "$here/requirements.txt" "$here/.venv/pins"; then
        python3 -m venv --clear "$here/.venv"
        "$here/.venv/bin/pip" install --quiet --disable-pip-version-check --no-compile \
            --requirement "$here/requirements.txt"
        cp "$here/requirements.txt" "$here/.venv/pins"
    fi
    check() { "$here/.venv/bin/check-jsonschema" --builtin-schema "$@"; }
    check vendor.github-workflows "$recipes/github-actions/test.yml" "$here"/../../.github/workflows/*.yml
    check vendor.renovate "$here/../../.github/renovate.json"
    check vendor.compose-spec "$recipes/compose/compose.yaml" "$here/../../compose.yaml"
    ;;
*)
    echo "there are no recipes of $1" >&2
    exit 1
    ;;
esac
