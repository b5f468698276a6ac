#!/usr/bin/env bash
# Runs the Rust tests.
#   bash cargo.sh [cargo's arguments]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/environment.sh
. tests/runners.sh

cargo_tests cargo test --locked "$@"
