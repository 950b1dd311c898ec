#!/usr/bin/env bash
# Installs what the tests need where it is missing, builds everything, runs all tests (or those whose full name holds the first argument), and
# closes with one line of counts. Exits non-zero when anything fails, or when nothing ran.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

install() { # a command, and the Debian package that has it
  command -v "$1" >/dev/null && return
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq "$2"; } >/dev/null || { echo "test.sh could not install $2." >&2; exit 1; }
}
command -v dotnet >/dev/null || { echo "test.sh needs the .NET 10 SDK: put 'dotnet' on the PATH." >&2; exit 1; }
install curl curl

# Azurite stands in for an Azure storage account. A command of one's own in LLMTR_TEST_AZURITE is used as it is.
if [ -z "${LLMTR_TEST_AZURITE:-}" ]; then
  azurite=artifacts/azurite/node_modules/.bin/azurite-blob
  if [ ! -x "$azurite" ]; then
    install npm npm
    npm install --prefix artifacts/azurite --no-audit --no-fund --loglevel=error azurite@3.37.0 >/dev/null || { echo "test.sh could not install Azurite." >&2; exit 1; }
  fi
  export LLMTR_TEST_AZURITE="$PWD/$azurite"
fi

# Clients that customers use. A folder of one's own in LLMTR_TEST_NPM_CLIENTS is used as it is.
if [ -z "${LLMTR_TEST_NPM_CLIENTS:-}" ]; then
  clients=artifacts/clients
  if ! cmp -s tests/Client.Tests/npm/package-lock.json "$clients/installed.json"; then
    install npm npm
    mkdir -p "$clients"
    cp tests/Client.Tests/npm/package.json tests/Client.Tests/npm/package-lock.json "$clients"
    npm ci --prefix "$clients" --no-audit --no-fund --ignore-scripts --loglevel=error >/dev/null || { echo "test.sh could not install the clients from npm." >&2; exit 1; }
    cp "$clients/package-lock.json" "$clients/installed.json"
  fi
  export LLMTR_TEST_NPM_CLIENTS="$PWD/$clients"
fi

# Tests of a whole cluster start a Redis of their own. A server of one's own choice in LLMTR_TEST_REDIS is used as it is.
if [ -z "${LLMTR_TEST_REDIS:-}" ]; then
  install redis-server redis-server
  export LLMTR_TEST_REDIS="$(command -v redis-server)"
fi

results=artifacts/test-results
rm -rf "$results"
dotnet build LlmTr.Orleans.sln -c Release --nologo -v quiet || exit 1

run() { # a project or solution, and a filter; of tests that fail it tells why, which the quiet console alone would not
  dotnet test "$1" -c Release --no-build --nologo -v quiet --logger trx --logger "console;verbosity=minimal" --results-directory "$results" --filter "$2" || status=$?
}
status=0
wanted=${1:+"FullyQualifiedName~$1&"}

# The tests of real processes are about time: they get the machine for themselves.
run LlmTr.Orleans.sln "${wanted-}FullyQualifiedName!~LlmTr.Cluster.Tests"
run tests/Cluster.Tests "${wanted-}FullyQualifiedName~LlmTr.Cluster.Tests"

count() { # the sum of one counter over all result files
  grep -ho "<Counters [^>]*" "$results"/*.trx 2>/dev/null | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{sum += $1} END {print sum + 0}'
}
passed=$(count passed)
failed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
skipped=$(($(count total) - $(count executed)))
if [ "$passed" -eq 0 ] && [ "$status" -eq 0 ]; then
  echo "No test ran." >&2
  status=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
