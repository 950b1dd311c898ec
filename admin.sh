#!/usr/bin/env bash
# llmtr-admin: keys, money and ledgers of a gateway. Builds the program when it is not built yet; './admin.sh --help' lists what it does.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

command -v dotnet >/dev/null || { echo "admin.sh needs the .NET 10 SDK: put 'dotnet' on the PATH." >&2; exit 3; }

stamp="$here/artifacts/built-Admin"
program="$here/src/Admin/bin/Release/net10.0/LlmTr.Admin.dll"
sources=("$here/src/Admin" "$here/src/Grains" "$here/src/Grains.Abstractions" "$here/src/Money" "$here/Directory.Build.props" "$here/Directory.Packages.props" "$here/global.json")
if [ ! -f "$stamp" ] || [ ! -f "$program" ] || [ -n "$(find "${sources[@]}" \( -name bin -o -name obj \) -prune -o -newer "$stamp" -type f -print -quit)" ]; then
  mkdir -p "$here/artifacts"
  touch "$stamp.new"
  # What the build says is not part of the answer that a script reads.
  if ! dotnet build "$here/src/Admin" -c Release --nologo -v quiet -p:RunAnalyzers=false >"$stamp.log" 2>&1; then
    cat "$stamp.log" >&2
    exit 3
  fi
  mv "$stamp.new" "$stamp"
fi

exec dotnet "$program" "$@"
