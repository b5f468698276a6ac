#!/usr/bin/env bash
# Builds the release binary that the packages contain, and prints its path. If nothing has changed, cargo finds that out
# in less than a second.
#
# On Linux the binary is static, so that it runs with every C library and version, as the one of the container image.
# On macOS and Windows it needs only libraries of the system.
set -euo pipefail
cd "$(dirname "$0")/.."

# With an explicit target, the flags do not apply to build scripts and procedural macros, which cannot be static.
target=$(rustc -vV | sed -n 's/^host: //p')
target_directory=$(scripts/target-directory)
export CARGO_TARGET_DIR=$target_directory
binary=kms-emulator
case $target in *windows*) binary=kms-emulator.exe ;; esac

. packages/release-flags.sh
cargo build --release --locked --target "$target" >&2

# The copy has a path without the name of the target. It is renamed into place, because a running binary cannot be
# overwritten.
built=$target_directory/$target/release/$binary
portable=$target_directory/portable/$binary
if ! cmp -s "$built" "$portable"; then
    mkdir -p "$target_directory/portable"
    cp "$built" "$portable.$$"
    mv "$portable.$$" "$portable"
fi
echo "$portable"
