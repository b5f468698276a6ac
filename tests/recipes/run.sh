#!/usr/bin/env bash
# Lints all shell scripts, action.yml, the workflows and the recipes, validates them against the published schemas, and runs the
# steps of action.yml and the container of the Kubernetes manifest with the built program.
#   [KMS_EMULATOR_BIN=PATH] bash run.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../environment.sh"
. "$here/../install.sh"
root=$here/../.. recipes=$here/../../recipes

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
mkdir "$temporary/project"
cd "$temporary/project"

install_python "$here/.venv" "$here/requirements.txt"
# actionlint finds shellcheck too, for the commands of workflows.
PATH=$here/.venv/bin:$PATH

mapfile -d '' -t scripts < <(git -C "$root" grep -z --untracked -l -E '^#!(/usr/bin/env bash|/bin/sh)$|^# shellcheck shell=' -- \
    ':!*.md' ':!*.yml' ':!*.js' ':!*.mjs' ':!*.py' ':!*.rs' ':!*.go' ':!*.java')
[ ${#scripts[@]} -gt 20 ] || { echo "only ${#scripts[@]} scripts were found" >&2; exit 1; }
(cd "$root" && shellcheck --external-sources --source-path=SCRIPTDIR "${scripts[@]}")
echo "shellcheck: ${#scripts[@]} scripts"

workflows=("$root"/.github/workflows/*.yml)
action=$root/action.yml
"$here/.venv/bin/yamllint" --strict --config-file "$here/yamllint.yaml" \
    "$action" "${workflows[@]}" "$root/compose.yaml" "$recipes"/{github-actions,compose,kubernetes}
check() { "$here/.venv/bin/check-jsonschema" --builtin-schema "$@"; }
check vendor.github-workflows "$recipes"/github-actions/*.yml "${workflows[@]}"
check vendor.github-actions "$action"
check vendor.renovate "$root/.github/renovate.json"
check vendor.compose-spec "$recipes/compose/compose.yaml" "$root/compose.yaml"
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
(cd "$root" && "$temporary/bin/actionlint" .github/workflows/*.yml)

if [ -z "${KMS_EMULATOR_BIN:-}" ]; then
    (cd "$root" && cargo build --locked --quiet)
    KMS_EMULATOR_BIN=$("$root/scripts/target-directory")/debug/kms-emulator
    export KMS_EMULATOR_BIN
fi
"$here/.venv/bin/python" "$here/action.py"
"$here/.venv/bin/python" "$here/kubernetes.py"
