# shellcheck shell=sh disable=SC2154
# Exports the flags of the compiler for release binaries, with which two builds of a commit give the same file. To be sourced
# at the root of the repository, with the target in $target and the absolute path of cargo's target directory in
# $target_directory. ../scripts/release-check compares two builds.

# Paths of the machine are in the texts of panics. The names that replace them do not begin with a slash, because the shell of
# Windows would replace them.
kms_root=$PWD
kms_registry=${CARGO_HOME:-$HOME/.cargo}/registry/src
kms_target=$target_directory
case $target in
*windows*)
    kms_root=$(cygpath --windows "$kms_root")
    kms_registry=$(cygpath --windows "$kms_registry")
    kms_target=$(cygpath --windows "$kms_target")
    ;;
esac

# Static on Linux, so that the binary runs with every C library and version. Separated by a character that is in no path.
kms_separator=$(printf '\037')
CARGO_ENCODED_RUSTFLAGS="-Ctarget-feature=+crt-static"
for kms_flag in "$kms_root=kms-emulator" "$kms_target=target" "$kms_registry=registry"; do
    CARGO_ENCODED_RUSTFLAGS=$CARGO_ENCODED_RUSTFLAGS$kms_separator--remap-path-prefix=$kms_flag
done
# Otherwise the linker of Windows writes the time into the file.
case $target in
*windows-msvc) CARGO_ENCODED_RUSTFLAGS=$CARGO_ENCODED_RUSTFLAGS${kms_separator}-Clink-arg=-Brepro ;;
esac
export CARGO_ENCODED_RUSTFLAGS

# The C code of the allocator contains the time of its compilation, which GCC and Clang take from this variable. It is the first
# one that zip has. With the time of the commit, cargo would compile all C code again after each commit.
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-315532800}"
unset kms_root kms_registry kms_target kms_separator kms_flag
