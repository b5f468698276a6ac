# shellcheck shell=bash
# Exports KMS_EMULATOR_BIN, the absolute path of the program for tests of packages. To be sourced.
# Without the variable, the portable release binary is built, which the packages contain.
if [ -z "${KMS_EMULATOR_BIN:-}" ]; then
    KMS_EMULATOR_BIN=$(bash "$(dirname "${BASH_SOURCE[0]}")/build.sh")
fi
KMS_EMULATOR_BIN=$(realpath "$KMS_EMULATOR_BIN")
export KMS_EMULATOR_BIN
