#!/usr/bin/env bash
# Tests the control API against its OpenAPI document with valid and invalid requests: on a server without a control
# token, and on one with a token. Needs Python 3 with venv.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here"

. ../environment.sh
. ../install.sh
. ../server.sh
install_python .venv requirements.txt constraints.txt

cargo build --locked --quiet

# start_server ARGUMENTS...: starts a server and sets `url`
start_server() {
    # schemathesis sends invalid requests on purpose, so warnings are turned off.
    start KMS_EMULATOR --log kms_emulator=error "$@" \
        --fixtures ../../fixtures/seed.json --fixtures ../../fixtures/seed-tencent.json
    url=http://$KMS_EMULATOR
}

# fetch URL HEADER: the header may be empty
fetch() {
    .venv/bin/python - "$@" <<'PYTHON'
import sys
from urllib.request import Request, urlopen

url, header = sys.argv[1:]
headers = dict([header.split(": ", 1)]) if header else {}
sys.stdout.write(urlopen(Request(url, headers=headers), timeout=60).read().decode())
PYTHON
}

# contract EXAMPLES HEADER OPTION...: tests the server at `url` against its document, with the same generated requests in each
# run. The header may be empty.
# The document is read from a file, because schemathesis does not test the request that it fetched the document with.
contract() {
    local document="$temporary/openapi.json" header=()
    [ -z "$2" ] || header=(--header "$2")
    fetch "$url/_emulator/openapi.json" "$2" > "$document"
    .venv/bin/openapi-spec-validator --validation-errors all "$document"
    # The check `too_slow` measures the generation of requests, not the server.
    # schemathesis writes files for repeating a failure into the working directory.
    (cd "$temporary" && "$here/.venv/bin/schemathesis" --config-file "$here/schemathesis.toml" \
        run "$document" --url "$url" "${header[@]}" --max-examples "$1" --generation-deterministic \
        --continue-on-failure --no-shrink --suppress-health-check too_slow --warnings off --no-color "${@:3}")
}

# Fault rules, which schemathesis creates, apply to it.
credentials=/_emulator/credentials
start_server
contract 100 "" --exclude-path "$credentials"
start_server
contract 100 "" --include-path "$credentials"

start_server --control-token hush
contract 20 "Authorization: Bearer hush" --exclude-path "$credentials"
.venv/bin/python without_token.py "$url" "$temporary/openapi.json"
