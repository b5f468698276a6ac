#!/usr/bin/env bash
# Checks which TLS libraries accept the emulator's certificate authority with its name constraints, and
# which of them reject a certificate that its key signs for another site. Run by hand.
#
#   cargo build && bash tests/tls/check.sh
#
# Libraries that are not installed are skipped. tests/api/tls.rs covers rustls.
set -euo pipefail
cd "$(dirname "$0")/../.."
emulator=$PWD/target/${PROFILE:-debug}/kms-emulator
here=$PWD/tests/tls
work=$(mktemp -d)
processes=()
trap 'kill "${processes[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

"$emulator" --listen 127.0.0.1:0 --database kms.db --tls-name kms --tls-name kms.example.test >out 2>log &
processes+=($!)
until grep -q 'listening on http' out; do sleep 0.1; done
port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' out)
curl -sS -o ca.pem "http://127.0.0.1:$port/_emulator/ca.pem"

# A certificate of the intermediate authority for a site outside its constraints. The key of the root is not stored.
python3 -c "
import sqlite3
row = sqlite3.connect('file:kms.db?mode=ro', uri=True).execute('SELECT private_key, intermediate FROM authority').fetchone()
for name, text in zip(['ca.key', 'intermediate.pem'], row): open(name, 'w').write(text)"
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout evil.key -subj /CN=evil -out evil.csr 2>/dev/null
printf 'subjectAltName=DNS:evil.example\nextendedKeyUsage=serverAuth\n' >evil.ext
openssl x509 -req -in evil.csr -CA intermediate.pem -CAkey ca.key -CAcreateserial -days 2 -extfile evil.ext -out evil.pem 2>/dev/null
evil_port=$((port < 60000 ? port + 1 : port - 1))
openssl s_server -accept "127.0.0.1:$evil_port" -cert evil.pem -key evil.key -cert_chain intermediate.pem -quiet -www >/dev/null 2>&1 &
evil=$!
processes+=("$evil")
until (exec 3<>"/dev/tcp/127.0.0.1/$evil_port") 2>/dev/null; do
    kill -0 "$evil"
    sleep 0.1
done

names=(localhost 127.0.0.1 kms kms.example.test kms.cn-hangzhou.aliyuncs.com ssm.ap-guangzhou.tencentcloudapi.com)

# stack NAME COMMAND...: the command gets a port and a host name, and exits with 0 if it trusts the server
stack() {
    local stack=$1 name reason
    shift
    for name in "${names[@]}"; do
        if ! "$@" "$port" "$name" >detail 2>&1; then
            echo "$stack: REJECTS $name: $(tail -n 1 detail)"
            return
        fi
    done
    if "$@" "$evil_port" evil.example >detail 2>&1; then
        echo "$stack: accepts the authority, DOES NOT ENFORCE its name constraints"
    elif reason=$(grep -m 1 -i -E 'constrain|permit' detail); then
        echo "$stack: accepts the authority, enforces its name constraints: $reason"
    else
        echo "$stack: FAILS FOR ANOTHER REASON than the name constraints: $(tail -n 1 detail)"
    fi
}

with_curl() { curl -sS -f --cacert ca.pem --connect-to "::127.0.0.1:$1" "https://$2/_emulator/health"; }
with_openssl() {
    local check=-verify_hostname
    [[ $2 == 127.0.0.1 ]] && check=-verify_ip
    openssl s_client -connect "127.0.0.1:$1" -servername "$2" "$check" "$2" \
        -CAfile ca.pem -verify_return_error </dev/null
}

stack curl with_curl
stack openssl with_openssl
command -v python3 >/dev/null && stack "python ssl" python3 "$here/client.py"
command -v node >/dev/null && stack node node "$here/client.js"
if command -v go >/dev/null; then
    go build -o go-client "$here/client.go"
    stack go ./go-client
fi
if command -v keytool >/dev/null; then
    keytool -importcert -noprompt -alias kms-emulator -file ca.pem -keystore ca.pem.p12 \
        -storetype PKCS12 -storepass changeit 2>/dev/null
    stack java java -Djavax.net.ssl.trustStore=ca.pem.p12 -Djavax.net.ssl.trustStorePassword=changeit \
        "$here/Client.java"
fi
