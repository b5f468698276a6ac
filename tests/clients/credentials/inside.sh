#!/usr/bin/env bash
# The part of run.sh that runs in the separate network.
#   KMS_EMULATOR=PROGRAM bash inside.sh LANGUAGE...
set -euo pipefail

work=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT

ip link set lo up
ip address add 100.100.100.200/32 dev lo
ip address add 169.254.0.23/32 dev lo
touch "$work/hosts"
mount --bind "$work/hosts" /etc/hosts

# Writes the hosts of the clouds, and another line.
write_hosts() {
    local hosts="sts.aliyuncs.com kms.cn-hangzhou.aliyuncs.com sts.tencentcloudapi.com ssm.tencentcloudapi.com"
    printf '%s\n' "127.0.0.1 localhost $hosts" "${1:-}" >"$work/hosts"
}
write_hosts

"$KMS_EMULATOR" --listen 100.100.100.200:80 --listen 169.254.0.23:80 --listen 127.0.0.1:443 --log warn \
    --fixtures ../../../fixtures/seed.json --fixtures ../../../fixtures/seed-tencent.json \
    --oidc-issuer https://kubernetes.default.svc >"$work/out" 2>"$work/err" </dev/null &
server=$!
control=http://100.100.100.200/_emulator
curl --silent --retry 60 --retry-delay 1 --retry-connrefused --output "$work/ca.pem" "$control/ca.pem"
keytool -importcert -noprompt -alias kms-emulator -file "$work/ca.pem" -keystore "$work/ca.p12" -storetype PKCS12 \
    -storepass changeit 2>/dev/null || true
# Tencent Cloud's SDK for Python reads no variable, only the list of CAs in its own certifi package.
for list in python/.venv/lib/python3*/site-packages/certifi/cacert.pem; do
    [ ! -e "$list" ] || mount --bind "$work/ca.pem" "$list"
done

# The token of a pod; its signature is not verified, because the issuer has no keys.
part() { base64 --wrap=0 | tr '+/' '-_' | tr -d =; }
claims='{"iss":"https://kubernetes.default.svc","sub":"system:serviceaccount:default:app"'
claims+=',"aud":["sts.aliyuncs.com","sts.cloud.tencent.com"]'
printf '%s.%s.c2lnbmF0dXJl' "$(printf '{"alg":"RS256"}' | part)" \
    "$(printf '%s,"exp":%s}' "$claims" "$(($(date +%s) + 86400))" | part)" >"$work/token"

# The trust of each SDK, and nothing of the caller's credentials and proxies.
clean=(env -i "PATH=$PATH" "HOME=$work" "SSL_CERT_FILE=$work/ca.pem" "NODE_EXTRA_CA_CERTS=$work/ca.pem" "CONTROL=$control")
# The sources of keys are read by name below.
# shellcheck disable=SC2034
{
    alibaba_uri=(ALIBABA_CLOUD_ECS_METADATA_DISABLED=true "ALIBABA_CLOUD_CREDENTIALS_URI=$control/credentials" LIFETIME=3600
        SOURCE=/_emulator/credentials)
    alibaba_ecs=(LIFETIME=21600)
    alibaba_oidc=(ALIBABA_CLOUD_ROLE_ARN=acs:ram::1000000000000000:role/app ALIBABA_CLOUD_ROLE_SESSION_NAME=pod
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN=acs:ram::1000000000000000:oidc-provider/cluster
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE=$work/token" LIFETIME=3600 SOURCE=AssumeRoleWithOIDC)
    role=qcs::cam::uin/1000000000000000:roleName/app
    tencent_env=(TENCENTCLOUD_SECRET_ID=test TENCENTCLOUD_SECRET_KEY=test LIFETIME=0)
    tencent_profile=("HOME=$work/profile" LIFETIME=0)
    tencent_cvm=(LIFETIME=21600 "SOURCE=/latest/meta-data/cam/security-credentials/[role]")
    tencent_oidc=(TKE_REGION=ap-guangzhou TKE_PROVIDER_ID=cluster "TKE_ROLE_ARN=$role"
        "TKE_WEB_IDENTITY_TOKEN_FILE=$work/token" LIFETIME=7200 SOURCE=AssumeRoleWithWebIdentity)
    tencent_role=("ROLE=$role" LIFETIME=7200 SOURCE=AssumeRole)
}
mkdir -p "$work/profile/.tencentcloud"
printf '[default]\nsecret_id = test\nsecret_key = test\n' >"$work/profile/.tencentcloud/credentials"

# Runs the program of a cloud in a language with some variables.
# shellcheck disable=SC2016 # The inner shell expands $HOME.
run() {
    local cloud=$2
    local -A python=([alibaba]=chain.py [tencent]=tencent_chain.py) node=([alibaba]=chain.js [tencent]=tencent_chain.js)
    local -A go=([alibaba]=chain [tencent]=tencent_chain) java=([alibaba]=Chain [tencent]=TencentChain)
    case $1 in
    python) "${clean[@]}" "${@:3}" python/.venv/bin/python "python/${python[$cloud]}" ;;
    node) "${clean[@]}" "${@:3}" node "node/${node[$cloud]}" ;;
    go) "${clean[@]}" "${@:3}" ".work/${go[$cloud]}" ;;
    # The home of the user is not read from the variable.
    java) "${clean[@]}" "${@:3}" bash -c 'exec java -Duser.home="$HOME" "$@"' java \
        -Djavax.net.ssl.trustStore="$work/ca.p12" -Djavax.net.ssl.trustStorePassword=changeit \
        -cp "java/target/classes:$(cat .work/classpath)" "${java[$cloud]}" ;;
    esac
}

status=0
for language in "$@"; do
    for source in alibaba_{uri,ecs,oidc} tencent_{env,profile,cvm,oidc,role}; do
        declare -n variables=$source
        # Elsewhere the metadata service would precede the token in the chain.
        case $source in
        tencent_cvm) write_hosts "169.254.0.23 metadata.tencentyun.com" ;;
        *) write_hosts ;;
        esac
        curl --silent --request DELETE --output /dev/null "$control/clock"
        if result=$(run "$language" "${source%%_*}" "${variables[@]}" 2>"$work/log") &&
            [ "$(tail -n 1 <<<"$result")" = ok ]; then
            echo "$language, ${source/_/ }: passed"
        else
            echo "$language, ${source/_/ }: FAILED: $result" >&2
            tail -n 20 "$work/log" >&2
            status=1
        fi
    done
done
if [[ " $* " == *" go "* ]]; then
    curl --silent --request DELETE --output /dev/null "$control/clock"
    if "${clean[@]}" "${alibaba_oidc[@]}" .work/external_secrets -test.v -test.run '^TestRoleOfAPodReadsASecret$' \
        >"$work/log" 2>&1 && grep --quiet '^--- PASS' "$work/log"; then
        echo "External Secrets, alibaba oidc: passed"
    else
        echo "External Secrets, alibaba oidc: FAILED" >&2
        tail -n 20 "$work/log" >&2
        status=1
    fi
fi
[ "$status" = 0 ] || tail -n 40 "$work/err" >&2
exit "$status"
