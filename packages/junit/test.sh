#!/usr/bin/env bash
# Builds the jar of the JUnit extension, runs its tests with the official SDKs, installs the jar into an empty repository,
# and runs the program of README.md with it, with the oldest and the newest JUnit that it supports.
#   [KMS_EMULATOR_BIN=PATH] bash test.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../../tests/environment.sh
. ../../tests/runners.sh
. ../binary.sh

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

rm -rf target
maven_tests . package

version=$(sed -n 's/^  <version>\(.*\)<.*/\1/p' pom.xml)
jar=target/kms-emulator-junit5-$version.jar
# The classes of org.json are in a package of the extension.
jar tf "$jar" >"$temporary/classes"
grep --quiet '^io/github/kmsemulator/junit5/json/JSONObject.class$' "$temporary/classes"
if grep --quiet '^org/json/' "$temporary/classes"; then
    echo "$jar contains org.json" >&2
    exit 1
fi
echo "$jar: $(stat -c %s "$jar") bytes, $(wc -l <"$temporary/classes") entries"

# The example of the README in a project with an empty local repository. Maven looks for the extension in the repository
# into which it is installed here, and for other packages first in the usual local repository.
mvn -q -B install:install-file -Dfile="$jar" -DpomFile=target/dependency-reduced-pom.xml \
    -DlocalRepositoryPath="$temporary/installed"
# The URL of a file.
url() { printf 'file://%s' "${1// /%20}"; }
sed "s|@INSTALLED@|$(url "$temporary/installed")|; s|@PACKAGES@|$(url "$HOME/.m2/repository")|" example/settings.xml \
    >"$temporary/settings.xml"
for junit in 5.8.2 6.1.3; do
    project=$temporary/project-$junit
    mkdir -p "$project/src/test/java"
    awk '/^```java$/ { copy = 1; next } /^```$/ { copy = 0 } copy' README.md >"$project/src/test/java/SecretsTest.java"
    awk '/^```xml$/ { copy = 1; next } /^```$/ { copy = 0 } copy' README.md >"$temporary/dependency"
    { sed '/@DEPENDENCY@/,$d' example/pom.xml; cat "$temporary/dependency"; sed '1,/@DEPENDENCY@/d' example/pom.xml; } |
        sed "s/@JUNIT@/$junit/" >"$project/pom.xml"
    # As global settings, so that those of the user, such as a mirror of the registry, apply too.
    maven_tests "$project" -gs "$temporary/settings.xml" -Dmaven.repo.local="$temporary/local" test
done
