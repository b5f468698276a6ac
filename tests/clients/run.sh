#!/usr/bin/env bash
# Drives the emulator with programs that other programs are built on. Needs Python 3 with venv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if ! cmp -s requirements.txt .venv/pins; then
    python3 -m venv --clear .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
    cp requirements.txt .venv/pins
fi

cargo build --locked --quiet
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
output=$(mktemp -u)
mkfifo "$output"
"$target/debug/kms-emulator" --listen 127.0.0.1:0 --log warn >"$output" &
server=$!
trap 'kill $server; rm -f "$output"' EXIT
read -r line <"$output"
export KMS_EMULATOR=${line##*http://}

.venv/bin/python -W ignore secrets_cache.py
