#!/usr/bin/env bash
# Builds the wheel, and prints its path. It contains the binary of ../build.sh.
#   bash build.sh [DIRECTORY]    the default is target/wheels
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target_directory=$("$here/../../scripts/target-directory")
export CARGO_TARGET_DIR=$target_directory
target=$(rustc -vV | sed -n 's/^host: //p')
out=${1:-$target_directory/wheels}
mkdir -p "$out"
out=$(cd "$out" && pwd)

cd "$here"
. ../../tests/install.sh
../build.sh >/dev/null
install_python .venv-build requirements-build.txt

# The same flags as in ../build.sh, so that cargo compiles nothing. maturin checks the platform tag.
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
cd ../..
. packages/release-flags.sh
cd "$here"
".venv-build/$programs/maturin" build --release --target "$target" --compatibility manylinux2014 --out "$temporary" >&2
wheel=$(echo "$temporary"/*.whl)

# A static binary runs with musl too, but maturin allows only one of the two C libraries.
case $target in
*-linux-gnu)
    ".venv-build/$programs/auditwheel" show "$wheel" >&2
    tagged=$(".venv-build/$programs/python" -m wheel tags --remove --platform-tag "+musllinux_1_1_${target%%-*}" "$wheel")
    wheel=$temporary/$tagged
    ;;
esac
rm -f "$out"/kms_emulator-*.whl
mv "$wheel" "$out"
echo "$out/${wheel##*/}"
