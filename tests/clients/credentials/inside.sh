#!/usr/bin/env bash
# The part of run.sh that runs in the separate network.
#   KMS_EMULATOR=PROGRAM bash inside.sh LANGUAGE...
set -euo pipefail

work=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT

ip link set lo up
ip address add 100.100.100.200/32 dev lo
cat >"$work/hosts" <<END
127.0.0.1 localhost sts.aliyuncs.com kms.cn-hangzhou.aliyuncs.com
END
mount --bind "$work/hosts" /etc/hosts

"$KMS_EMULATOR" --listen 100.100.100.200:80 --listen 127.0.0.1:443 --fixtures ../../../fixtures/seed.json --log warn \
    --oidc-issuer https://kubernetes.default.svc >"$work/out" 2>"$work/err" </dev/null &
server=$!
control=http://100.100.100.200/_emulator
curl --silent --retry 60 --retry-delay 1 --retry-connrefused --output "$work/ca.pem" "$control/ca.pem"
keytool -importcert -noprompt -alias kms-emulator -file "$work/ca.pem" -keystore "$work/ca.p12" -storetype PKCS12 \
    -storepass changeit 2>/dev/null || true

# The token of a pod; its signature is not verified, because the issuer has no keys.
part() { base64 --wrap=0 | tr '+/' '-_' | tr -d =; }
claims='{"iss":"https://kubernetes.default.svc","sub":"system:serviceaccount:default:app","aud":["sts.aliyuncs.com"]'
printf '%s.%s.c2lnbmF0dXJl' "$(printf '{"alg":"RS256"}' | part)" \
    "$(printf '%s,"exp":%s}' "$claims" "$(($(date +%s) + 86400))" | part)" >"$work/token"

# The trust of each SDK, and nothing of the caller's credentials and proxies.
clean=(env -i "PATH=$PATH" "HOME=$work" "SSL_CERT_FILE=$work/ca.pem" "NODE_EXTRA_CA_CERTS=$work/ca.pem" "CONTROL=$control")
# The three sources are read by name below.
# shellcheck disable=SC2034
uri=(ALIBABA_CLOUD_ECS_METADATA_DISABLED=true "ALIBABA_CLOUD_CREDENTIALS_URI=$control/credentials" LIFETIME=3600)
# shellcheck disable=SC2034
ecs=(LIFETIME=21600)
# shellcheck disable=SC2034
oidc=(ALIBABA_CLOUD_ROLE_ARN=acs:ram::1000000000000000:role/app ALIBABA_CLOUD_ROLE_SESSION_NAME=pod
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN=acs:ram::1000000000000000:oidc-provider/cluster
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE=$work/token" LIFETIME=3600)

run() {
    case $1 in
    python) "${clean[@]}" "${@:2}" python/.venv/bin/python python/chain.py ;;
    node) "${clean[@]}" "${@:2}" node node/chain.js ;;
    go) "${clean[@]}" "${@:2}" .work/chain ;;
    java) "${clean[@]}" "${@:2}" java -Djavax.net.ssl.trustStore="$work/ca.p12" -Djavax.net.ssl.trustStorePassword=changeit \
        -cp "java/target/classes:$(cat .work/classpath)" Chain ;;
    esac
}

status=0
for language in "$@"; do
    for source in uri ecs oidc; do
        declare -n variables=$source
        curl --silent --request DELETE --output /dev/null "$control/clock"
        if result=$(run "$language" "${variables[@]}" 2>"$work/log") && [ "$(tail -n 1 <<<"$result")" = ok ]; then
            echo "$language, $source: passed"
        else
            echo "$language, $source: FAILED: $result" >&2
            tail -n 20 "$work/log" >&2
            status=1
        fi
    done
done
[ "$status" = 0 ] || tail -n 40 "$work/err" >&2
exit "$status"
