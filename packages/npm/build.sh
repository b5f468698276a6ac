#!/usr/bin/env bash
# Packs the main package and the package of this platform, with the portable program, into target/npm. Needs Node.js 20 or later.
#   bash build.sh [--to DIRECTORY] [PLATFORM=BINARY...]    the arguments of scripts/pack.js, for a release with all platforms
set -euo pipefail

# The paths of arguments are relative to the directory of the caller.
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"
here=$PWD

if [ $# = 0 ]; then
    binary=$(bash ../build.sh)
    set -- "$(node -p 'process.platform + "-" + process.arch')=$binary"
fi

. ../../tests/install.sh
install_node
rm -rf dist
node_modules/.bin/tsc
cd "$caller"
node "$here/scripts/pack.js" "$@"
