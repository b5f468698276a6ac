#!/usr/bin/env bash
# Tests the scripts of a release without building one: the release notes, the archives, publishing with commands that do nothing, and
# that release.yml, action.yml and the npm packages name the same targets. `scripts/release-check` does the parts that take minutes.
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

# Publishing. The commands of the registries write their arguments into a file; `npm view`, `curl` and `gh release view` find the
# packages in $PUBLISHED. A command that ends with $BROKEN fails.
mkdir "$temporary/bin" "$temporary/dist"
cat >"$temporary/bin/npm" <<'SH'
#!/bin/sh
case "${0##*/} $*" in
"npm view "*) case " $PUBLISHED " in *" $2 "*) echo "${2##*@}" ;; *) exit 1 ;; esac ;;
"curl "*) case " $PUBLISHED " in *" crate "*) printf '{"name":"kms-emulator","vers":"%s","deps":[]}\n' "$VERSION" ;; esac ;;
"gh release view "*) case " $PUBLISHED " in *" $3 "*) ;; *) exit 1 ;; esac ;;
*"$BROKEN") exit 1 ;;
*) echo "${0##*/} $*" | sed "s|$DIST/||g" >>"$CALLS" ;;
esac
SH
chmod +x "$temporary/bin/npm"
for program in cargo curl gh; do cp "$temporary/bin/npm" "$temporary/bin/$program"; done
for name in kms-emulator kms-emulator-darwin-arm64 kms-emulator-linux-x64; do touch "$temporary/dist/$name-$version.tgz"; done

# publishes PUBLISHED EXPECTED ARGUMENT...: the commands that publish, with what is published already
publishes() {
    : >"$temporary/calls"
    PATH=$temporary/bin:$PATH PUBLISHED=$1 VERSION=$version DIST=$temporary/dist CALLS=$temporary/calls BROKEN=${BROKEN:-never} \
        scripts/publish "${@:3}" >"$temporary/out" 2>&1 || [ -n "${BROKEN:-}" ] || fail "publish ${*:3}: $(cat "$temporary/out")"
    diff <(printf '%s' "$2") "$temporary/calls" || fail "publish ${*:3}"
    passed=$((passed + 1))
}
# npm_calls NAME...: the calls that publish packages
npm_calls() { printf "npm publish $temporary/dist/%s-$version.tgz --access public --tag latest\n" "$@" | sed "s|$temporary/dist/||"; }
platforms="kms-emulator-darwin-arm64 kms-emulator-linux-x64"
# shellcheck disable=SC2086
publishes "" "$(npm_calls $platforms kms-emulator)"$'\n' npm "$temporary/dist"
publishes "@kms-emulator/darwin-arm64@$version" "$(npm_calls kms-emulator-linux-x64 kms-emulator)"$'\n' npm "$temporary/dist"
publishes "@kms-emulator/darwin-arm64@$version @kms-emulator/linux-x64@$version kms-emulator@$version" "" npm "$temporary/dist"
# The main package is not published without one that it depends on.
BROKEN="kms-emulator-darwin-arm64-$version.tgz --access public --tag latest" publishes "" "" npm "$temporary/dist"
publishes "" $'cargo publish --locked --no-verify\n' crate
publishes "crate" "" crate
files="kms-emulator-$version.tgz kms-emulator-darwin-arm64-$version.tgz kms-emulator-linux-x64-$version.tgz"
publishes "" "gh release create v$version --verify-tag --title $version --notes-file notes.md --prerelease=false $files"$'\n' \
    github "v$version" "$temporary/dist" notes.md
publishes "v$version" "gh release upload v$version $files --clobber"$'\n' github "v$version" "$temporary/dist" notes.md
if scripts/publish npm >"$temporary/out" 2>&1; then fail "publish npm needs no directory"; fi
grep --quiet '^  scripts/publish crate ' "$temporary/out" || fail "publish prints no usage"

# The repository, in a copy of the packages.
copy=$temporary/copy
mkdir "$copy"
git ls-files -z Cargo.toml SECURITY.md RELEASING.md recipes packages | xargs -0 cp --parents --target-directory "$copy"
scripts/set-repository Some-Owner/kms.emulator "$copy"
url=https://github.com/Some-Owner/kms.emulator
grep --quiet "^repository = \"$url\"$" "$copy/Cargo.toml" || fail "Cargo.toml has no repository"
node -e 'require("node:assert").equal(require(process.argv[1]).repository.url, process.argv[2])' \
    "$copy/packages/npm/package.json" "git+$url.git"
python3 - "$copy/packages/junit/pom.xml" "$url" <<'PYTHON'
import sys
from xml.etree import ElementTree

pom, url = ElementTree.parse(sys.argv[1]).getroot(), sys.argv[2]
space = {"m": "http://maven.apache.org/POM/4.0.0"}
text = {path: pom.findtext(f"m:{path.replace('/', '/m:')}", None, space) for path in (
    "groupId", "url", "scm/url", "scm/connection", "developers/developer/id", "licenses/license/name", "name", "description")}
assert text["groupId"] == "io.github.some-owner", text
assert text["url"] == text["scm/url"] == url and text["scm/connection"] == f"scm:git:{url}.git", text
assert all(text.values()), text
PYTHON
for module in . container sdktest; do
    [ "$(cd "$copy/packages/go/$module" && go list -m)" = "$(cd "packages/go/$module" && go list -m | sed "s|^|github.com/Some-Owner/|; s|/kms-emulator/|/kms.emulator/|")" ] ||
        fail "packages/go/$module has another path"
done
go -C "$copy/packages/go" vet ./...
[ -z "$(gofmt -l "$copy/packages/go")" ] || fail "the Go package is not formatted"
if scripts/set-repository other/repository "$copy" >"$temporary/out" 2>&1; then fail "the repository is set twice"; fi
if git -C "$copy" grep --no-index -n -e OWNER/REPOSITORY -- '*.md' >&2; then fail "a document has no repository"; fi
passed=$((passed + 6))

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
