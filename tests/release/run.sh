#!/usr/bin/env bash
# Tests the scripts of a release without building one: the release notes, the archives, and that release.yml, action.yml and the
# npm packages name the same targets. `scripts/release-check` does the parts that take minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/environment.sh

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
passed=0

fail() {
    echo "FAILED: $1" >&2
    exit 1
}

# project HEADING [NOTES]: a version 1.2.3 with this heading in its changelog
project() {
    rm -rf "$temporary/project"
    mkdir "$temporary/project"
    printf '[package]\nname = "x"\nversion = "1.2.3"\n[dependencies]\nversion = "9.9.9"\n' >"$temporary/project/Cargo.toml"
    printf '# Changelog\n\n%s\n\n%s\n\n## 1.2.2 (2026-01-01)\n\n- Older.\n' "$1" "${2-}" >"$temporary/project/CHANGELOG.md"
}

# accepts ARGUMENT...: the notes are exactly those of the version
accepts() {
    local notes
    notes=$(scripts/release-notes "$@" "$temporary/project" 2>&1) || fail "$* is rejected: $notes"
    [ "$notes" = "$expected" ] || fail "$* gives the notes: $notes"
    passed=$((passed + 1))
}

# rejects TEXT ARGUMENT...: nothing is printed, and the error has this text
rejects() {
    if scripts/release-notes "${@:2}" "$temporary/project" >"$temporary/out" 2>"$temporary/error"; then
        fail "${*:2} is accepted, but should be an error with $1"
    fi
    grep --quiet --fixed-strings -- "$1" "$temporary/error" || fail "${*:2}: $(cat "$temporary/error")"
    [ ! -s "$temporary/out" ] || fail "${*:2} prints notes"
    passed=$((passed + 1))
}

expected=$'A sentence.\n\n- A line.\n\n### Part\n\n- Another.'
project '## 1.2.3 (2026-02-03)' "$expected"
accepts v1.2.3
accepts --unreleased v1.2.3
rejects 'the tag is v1.2.4, but the version in Cargo.toml is 1.2.3' v1.2.4
rejects 'the tag is 1.2.3,' 1.2.3
project '## 1.2.3 (unreleased)' "$expected"
accepts --unreleased v1.2.3
rejects '"## 1.2.3 (unreleased)", not "## 1.2.3 (YYYY-MM-DD)"' v1.2.3
project '## 1.2.4 (2026-02-03)' "$expected"
rejects 'not "## 1.2.3 (YYYY-MM-DD)"' v1.2.3
project '## 1x2.3 (2026-02-03)' "$expected"
rejects 'not "## 1.2.3 (YYYY-MM-DD)"' v1.2.3
project '## 1.2.3 (2026-02-03)' ''
rejects 'is empty' v1.2.3

# This version, with the date that it gets before the tag.
version=$(python3 scripts/version.py)
scripts/release-notes --unreleased "v$version" >"$temporary/notes"
passed=$((passed + 1))

# Equal contents give equal archives, also at another time.
printf 'program' >"$temporary/program"
for target in x86_64-unknown-linux-gnu x86_64-pc-windows-msvc; do
    first=$(python3 scripts/archive.py "$temporary/program" "$target" "$temporary/first")
    touch --date=2001-01-01 "$temporary/program"
    second=$(python3 scripts/archive.py "$temporary/program" "$target" "$temporary/second")
    cmp "$first" "$second"
    name=kms-emulator-$version-$target
    case $target in *windows*) program=kms-emulator.exe archive=$name.zip ;; *) program=kms-emulator archive=$name.tar.gz ;; esac
    [ "${first##*/}" = "$archive" ] || fail "the name of the archive is $first"
    python3 -c 'import shutil, sys; shutil.unpack_archive(*sys.argv[1:])' "$first" "$temporary/unpacked"
    cmp "$temporary/program" "$temporary/unpacked/$name/$program"
    [ -f "$temporary/unpacked/$name/LICENSE" ]
    passed=$((passed + 1))
done
tar --list --verbose --file "$temporary/first/kms-emulator-$version-x86_64-unknown-linux-gnu.tar.gz" |
    grep --quiet '^-rwxr-xr-x .*/kms-emulator$' || fail "the program in the archive is not executable"

# The matrix of release.yml.
matrix() { sed -n "s/^ *- {\(.* \)\{0,1\}$1: \([^ ,}]*\).*/\2/p" .github/workflows/release.yml | sort; }
diff <(matrix npm) <(sed -n "s/^  '\(.*-.*\)': '.*/\1/p" packages/npm/scripts/pack.js | sort) ||
    fail "release.yml and packages/npm/scripts/pack.js differ in their platforms"
# There is no shell with these tools on other systems than Linux and macOS.
diff <(matrix target | grep -v windows) <(sed -n 's/^ *[A-Za-z]*-[A-Z0-9]*) target=\([^ ]*\) ;;$/\1/p' action.yml | sort) ||
    fail "release.yml and action.yml differ in their targets"
diff <(matrix target) <(sed -n 's/^    "\(.*\)",$/\1/p' deny.toml | sort) ||
    fail "release.yml and deny.toml differ in their targets"
passed=$((passed + 3))

echo "$passed passed, 0 failed"
