#!/usr/bin/env bash
# Builds what is not built yet and starts the gateway on 127.0.0.1. See README.md for the environment it reads.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

command -v dotnet >/dev/null || { echo "run.sh needs the .NET 10 SDK: put 'dotnet' on the PATH." >&2; exit 1; }

# Even a build that finds nothing to do takes seconds; a stamp newer than every source says the same at once.
stamp=artifacts/built
program=src/Api/bin/Release/net10.0/LlmTr.Api.dll
is_built() {
  [ -f "$stamp" ] && [ -f "$program" ] || return 1
  local sources=(src tests/XaiSimulator Directory.Build.props Directory.Packages.props global.json)
  [ -z "$(find "${sources[@]}" \( -name bin -o -name obj \) -prune -o -newer "$stamp" -type f -print -quit)" ]
}

if ! is_built; then
  echo "Building …"
  mkdir -p artifacts
  touch "$stamp.new"

  # In the background, so that a signal can end it at once. The analyzers are for who changes the code: test.sh runs them.
  dotnet build src/run.slnf -c Release --nologo -v quiet -p:RunAnalyzers=false >"$stamp.log" 2>&1 &
  build=$!
  trap 'kill "$build" 2>/dev/null; exit 143' TERM INT
  wait "$build" || { cat "$stamp.log" >&2; exit 1; }
  trap - TERM INT
  mv "$stamp.new" "$stamp"
fi

exec dotnet "$program" "$@"
