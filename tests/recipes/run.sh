#!/usr/bin/env bash
# Runs the recipes of one language against a new server, with the packages that the SDK suite of the language installs.
# With `yaml`, lints action.yml, the workflows and the recipes in YAML, validates them against the published schemas, and
# runs the steps of action.yml and the container of the Kubernetes manifest with the built program.
#   bash run.sh python|node|yaml
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
yaml)
    # The copy of the pins is written last, so an interrupted installation is repeated.
    if ! cmp -s "$here/requirements.txt" "$here/.venv/pins"; then
        python3 -m venv --clear "$here/.venv"
        "$here/.venv/bin/pip" install --quiet --disable-pip-version-check --no-compile \
            --requirement "$here/requirements.txt"
        cp "$here/requirements.txt" "$here/.venv/pins"
    fi
    workflows=("$here"/../../.github/workflows/*.yml)
    action=$here/../../action.yml
    "$here/.venv/bin/yamllint" --strict --config-file "$here/yamllint.yaml" \
        "$action" "${workflows[@]}" "$here/../../compose.yaml" "$recipes"/{github-actions,compose,kubernetes}
    check() { "$here/.venv/bin/check-jsonschema" --builtin-schema "$@"; }
    check vendor.github-workflows "$recipes"/github-actions/*.yml "${workflows[@]}"
    check vendor.github-actions "$action"
    check vendor.renovate "$here/../../.github/renovate.json"
    check vendor.compose-spec "$recipes/compose/compose.yaml" "$here/../../compose.yaml"
    for version in 1.30 1.37; do
        "$here/.venv/bin/kubernetes-validate" --quiet --strict --kubernetes-version "$version" "$recipes"/kubernetes/*.yaml
    done

    # actionlint checks the inputs of an action in the same repository, so the recipes get one with both.
    GOBIN=$temporary/bin go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
    git init --quiet .
    mkdir -p .github/workflows kms-emulator
    cp "$action" kms-emulator
    cp "$recipes"/github-actions/*.yml .github/workflows
    "$temporary/bin/actionlint" .github/workflows/*.yml
    sed 's/fixtures:/fixture:/' "$recipes/github-actions/with_action.yml" >.github/workflows/wrong.yml
    if "$temporary/bin/actionlint" .github/workflows/wrong.yml >wrong.txt || ! grep --quiet '"fixture"' wrong.txt; then
        echo "actionlint does not check the inputs of the action" >&2
        exit 1
    fi
    (cd "$here/../.." && "$temporary/bin/actionlint" .github/workflows/*.yml)

    if [ -z "${KMS_EMULATOR_BIN:-}" ]; then
        (cd "$here/../.." && cargo build --locked --quiet)
        target=$(cd "$here/../.." && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
        export KMS_EMULATOR_BIN=$target/debug/kms-emulator
    fi
    "$here/.venv/bin/python" "$here/action.py"
    "$here/.venv/bin/python" "$here/kubernetes.py"
    ;;
*)
    echo "there are no recipes for $1" >&2
    exit 1
    ;;
esac
