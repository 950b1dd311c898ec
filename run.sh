#!/usr/bin/env bash
# Builds what is not built yet and starts the gateway on 127.0.0.1. See README.md for the environment it reads.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

command -v dotnet >/dev/null || { echo "run.sh needs the .NET 10 SDK: put 'dotnet' on the PATH." >&2; exit 1; }

projects=(src/Api)
[ -n "${XAI_API_KEY:-}${XAI_BASE_URL:-}" ] || projects+=(tests/XaiSimulator)

# Even a build that finds nothing to do takes seconds; a stamp newer than every source says the same at once.
for project in "${projects[@]}"; do
  stamp="artifacts/built-$(basename "$project")"
  sources=(src tests/XaiSimulator Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig)
  if [ ! -f "$stamp" ] || [ ! -d "$project/bin/Release" ] || [ -n "$(find "${sources[@]}" \( -name bin -o -name obj \) -prune -o -newer "$stamp" -type f -print -quit)" ]; then
    echo "Building $project …"
    mkdir -p artifacts
    touch "$stamp.new"
    # The analyzers are for who changes the code: test.sh runs them.
    if ! dotnet build "$project" -c Release --nologo -v quiet -p:RunAnalyzers=false >"$stamp.log" 2>&1; then
      cat "$stamp.log" >&2
      exit 1
    fi
    mv "$stamp.new" "$stamp"
  fi
done

exec dotnet src/Api/bin/Release/net10.0/LlmTr.Api.dll "$@"
