#!/usr/bin/env bash
# Checks what lies here without a running Prometheus or Grafana: the rules are well-formed and fire when they must, the configuration loads, and every expression of the
# dashboard is PromQL. That every metric they name is one that the gateway exports is tested by tests/Api.Tests (ObservabilityFilesTests).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

command -v promtool >/dev/null || {
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq prometheus; } >/dev/null || { echo "check.sh could not install promtool (Debian's package 'prometheus')." >&2; exit 1; }
}
command -v python3 >/dev/null || { echo "check.sh needs python3 to read the dashboard." >&2; exit 1; }

promtool check config prometheus.yml
promtool test rules alerts.test.yml

# Each expression becomes a recording rule, so that promtool reads it; Grafana's own variables stand for a time and for any instance.
expressions=$(mktemp --suffix=.yml)
trap 'rm -f "$expressions"' EXIT
python3 - grafana/dashboards/llmtr.json >"$expressions" <<'PYTHON'
import json, sys

def expressions(node):
    if isinstance(node, dict):
        if isinstance(node.get("expr"), str):
            yield node["expr"]
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from expressions(item)

found = list(expressions(json.load(open(sys.argv[1]))))
if len(found) < 20:
    sys.exit(f"The dashboard has {len(found)} expressions only.")
rules = [{"record": f"panel:{number}", "expr": text.replace("$__rate_interval", "5m").replace("$instance", ".*")} for number, text in enumerate(found)]
json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, sys.stdout)
PYTHON
promtool check rules "$expressions"
