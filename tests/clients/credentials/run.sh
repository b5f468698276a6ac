#!/usr/bin/env bash
# Runs the default credential chains of the SDKs of both clouds, in the pinned versions, against the emulator's sources of
# temporary keys: a credentials URI, the metadata services of ECS and CVM, STS with a token of OpenID Connect, and
# AssumeRole. With the language go, External Secrets reads a secret with the role of a pod.
#
# The SDKs have fixed host names and addresses for these, so the server and the programs run in a separate network, in
# which the addresses of the metadata services are local and /etc/hosts has the hosts of the clouds. Needs unshare, ip, and
# the right to create namespaces.
#   bash run.sh [LANGUAGE...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../environment.sh
. ../../install.sh

languages=("$@")
[ $# != 0 ] || languages=(python node go java)
mkdir -p .work
for language in "${languages[@]}"; do
    case $language in
    python) (cd python && install_python .venv requirements.txt) ;;
    node) (cd node && install_node) ;;
    go)
        go -C go build -o ../.work/chain . && go -C go build -o ../.work/tencent_chain ./tencent
        go -C ../go/external_secrets test -tags rrsa -c -o "$PWD/.work/external_secrets" .
        ;;
    java) mvn -q -B -f java/pom.xml compile dependency:build-classpath -Dmdep.outputFile="$PWD/.work/classpath" ;;
    esac
done

target=$(bash ../../../scripts/target-directory)
KMS_EMULATOR=$target/debug/kms-emulator without_proxies unshare --map-root-user --net --mount bash inside.sh "${languages[@]}"
