# shellcheck shell=bash
# The environment of the suites. To be sourced.

# They use /proc and GNU's versions of sed, stat, timeout and realpath.
if [ "$(uname -s)" != Linux ]; then
    echo "the suites need Linux; \`cargo test\` runs on macOS too" >&2
    exit 1
fi

# Settings of the caller's servers would change the servers under test. The suites of the SDKs get their servers with
# KMS_EMULATOR and KMS_EMULATOR_STRICT, and those of the packages the program with KMS_EMULATOR_BIN.
for variable in $(compgen -e KMS_EMULATOR_); do
    case $variable in
    KMS_EMULATOR_STRICT | KMS_EMULATOR_BIN) ;;
    *) unset "$variable" ;;
    esac
done
unset variable

# Requests to servers under test use no proxy.
NO_PROXY=127.0.0.1,localhost,${NO_PROXY:-${no_proxy:-}}
export NO_PROXY no_proxy=$NO_PROXY

# without_proxies COMMAND...: some SDKs would use a proxy for all hosts
without_proxies() {
    env -u http_proxy -u https_proxy -u all_proxy -u HTTP_PROXY -u HTTPS_PROXY -u ALL_PROXY "$@"
}

# through_proxy ADDRESS COMMAND...: runs a command whose requests by https to other hosts use the server at ADDRESS as proxy
through_proxy() {
    without_proxies HTTPS_PROXY="http://$1" https_proxy="http://$1" NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 "${@:2}"
}
