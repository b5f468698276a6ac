#!/usr/bin/env bash
# Tests the emulator with libraries that are based on the SDKs. Needs Python 3 with venv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if ! cmp -s requirements.txt .venv/pins; then
    python3 -m venv --clear .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
    cp requirements.txt .venv/pins
fi

cargo build --locked --quiet
. ../server.sh
start KMS_EMULATOR --log warn

timeout 300 .venv/bin/python -W ignore secrets_cache.py
