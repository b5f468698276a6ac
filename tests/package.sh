#!/usr/bin/env bash
# Packages the crate, builds it from the package, installs it with `cargo install`, and runs the installed program.
# Prints the size and the number of files of the package, and fails if it has a file that the program is not built from.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/environment.sh

version=$(python3 scripts/version.py)
target=$(scripts/target-directory)
export CARGO_TARGET_DIR=$target
package=$target/package/kms-emulator-$version
installed=$(mktemp -d)
trap 'rm -rf "$installed"' EXIT

# --allow-dirty, because this also runs before a commit. Benchmarks are not part of the package, of which cargo warns.
cargo package --locked --allow-dirty --quiet 2>"$installed/warnings" || { cat "$installed/warnings" >&2; exit 1; }
# shellcheck disable=SC2016
if grep -v -e '^warning: ignoring benchmark `.*` as `.*` is not included in the published package$' "$installed/warnings"; then
    echo "cargo package printed the warnings above" >&2
    exit 1
fi

files=$(tar tzf "$package.crate" | sed "s|^kms-emulator-$version/||")
other=$(grep -v -E '^(src/.*|web/dist/.*|README\.md|CHANGELOG\.md|LICENSE|Cargo\.(toml|toml\.orig|lock)|\.cargo_vcs_info\.json)$' <<<"$files" || true)
[ -z "$other" ] || { printf 'not needed in the package:\n%s\n' "$other" >&2; exit 1; }
size=$(stat -c %s "$package.crate")
echo "the package has $(wc -l <<<"$files") files and $((size / 1024)) KiB"
[ "$size" -le $((1024 * 1024)) ] || { echo "the package is larger than 1 MiB" >&2; exit 1; }

for field in description documentation license readme keywords categories rust-version; do
    grep --quiet "^$field = " "$package/Cargo.toml" || { echo "Cargo.toml has no $field" >&2; exit 1; }
done

# The check of the package has built it with the profile dev, so this does not compile again.
cargo install --path "$package" --debug --locked --root "$installed" --no-track --quiet
python3 scripts/smoke.py "$installed/bin/kms-emulator"
