#!/usr/bin/env bash
# Time and bytes allocated of the parts of a request, by BenchmarkDotNet; results in artifacts/bench/micro. Arguments are BenchmarkDotNet's: bench/micro.sh --filter '*Streams*'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet build bench/Micro -c Release --nologo -v quiet -p:RunAnalyzers=false
exec dotnet bench/Micro/bin/Release/net10.0/LlmTr.Micro.dll "$@"
