#!/usr/bin/env bash
# Measures this gateway beside others on this machine, all servers on 127.0.0.1: about 18 minutes, results in artifacts/bench. docs/performance.md tells what is measured and how.
# bench/run.sh --only NAME... measures only these contenders: direct, nginx, yarp, portkey, embedded, cluster.
# bench/run.sh --small takes a minute: CPU and allocations of a request against bench/baseline.json; exits 1 when they are too much worse.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# What others do, before the build below keeps the machine busy: the report names it.
read -r BENCH_LOAD_AVERAGE _ </proc/loadavg
export BENCH_LOAD_AVERAGE

fail() { echo "bench/run.sh: $*" >&2; exit 2; }
[ $# -eq 0 ] || [ "$*" = --small ] || { [ "$1" = --only ] && [ $# -gt 1 ]; } || fail "it takes no argument, or --small, or --only and names of contenders."
command -v dotnet >/dev/null || fail "the .NET 10 SDK is needed: put 'dotnet' on the PATH."

install() { # a command, and the Debian package that has it
  command -v "$1" >/dev/null && return
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$2"; } >/dev/null || fail "$2 could not be installed."
}

install_node() { # a folder below artifacts, a file that must then be in it, and the npm package with its version
  [ -f "artifacts/$1/node_modules/$2" ] && return
  install npm npm
  npm install --prefix "artifacts/$1" --no-audit --no-fund --loglevel=error "$3" >/dev/null || fail "$3 could not be installed."
}

install wrk wrk
install nginx nginx-light
if [ "$*" != --small ]; then
  install redis-server redis-server
  install_node azurite azurite/dist/src/blob/main.js azurite@3.37.0
  install_node portkey @portkey-ai/gateway/build/start-server.js @portkey-ai/gateway@1.15.2
fi

mkdir -p artifacts
dotnet build bench/Bench -c Release --nologo -v quiet >artifacts/bench-build.log 2>&1 || { cat artifacts/bench-build.log >&2; exit 2; }

# In a process group of its own, with all that it starts: whatever happens to it, the group ends here. As a rule nobody is left in it then, which is no failure: under "set -e" it would be this
# script's exit code, 1, whatever the benchmark's was.
set -m
dotnet bench/Bench/bin/Release/net10.0/LlmTr.Bench.dll "$@" &
bench=$!
trap 'kill -KILL -- "-$bench" 2>/dev/null || true' EXIT
trap 'kill -TERM "$bench" 2>/dev/null' INT TERM
status=0
wait "$bench" || status=$?
# A signal ends the first wait before the program has put everything away.
wait "$bench" 2>/dev/null || true
exit "$status"
