#!/usr/bin/env bash
# A whole cluster as plain processes on 127.0.0.1: Redis, Azurite, silos, front ends and a load balancer. For trying and testing; docs/deploy.md tells more.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'END'
deploy/local-cluster.sh start [--fresh]   builds what is not built, starts what does not run, returns when all are ready (--fresh: with no data of before)
deploy/local-cluster.sh status            one line a process; exit code 0 only if all are up
deploy/local-cluster.sh kill N            kill -9 of silo N; or of another process by its name in "status"
deploy/local-cluster.sh start-silo N      starts silo N again, or one more
deploy/local-cluster.sh restart N         SIGTERM to silo N (or to NAME), and starts it again
deploy/local-cluster.sh stop              SIGTERM to all, front ends first; the data stays

SILOS=2 FRONT_ENDS=2 PORT=8080 (load balancer), and FRONT_END_PORT SILO_HTTP_PORT SILO_PORT GATEWAY_PORT (each plus N) REDIS_PORT AZURITE_PORT SIMULATOR_PORT
LLMTR_ADMIN_TOKEN LLMTR_SIGNING_SECRET XAI_API_KEY XAI_BASE_URL as in README.md. With neither of the last two, the simulator answers in xAI's place.
END
}

state=${LOCAL_CLUSTER_STATE:-$PWD/artifacts/local-cluster}
secrets=
run=$state/run logs=$state/logs
azurite=artifacts/azurite azurite_version=3.37.0

say() { echo "local-cluster.sh: $*"; }
fail() { say "$*" >&2; exit 1; }

# shellcheck source=deploy/local-cluster/processes.sh
. deploy/local-cluster/processes.sh
# shellcheck source=deploy/local-cluster/settings.sh
. deploy/local-cluster/settings.sh
# shellcheck source=deploy/local-cluster/topology.sh
. deploy/local-cluster/topology.sh

# ---- Getting ready

install() { # a command, and the Debian package that has it
  command -v "$1" >/dev/null && return
  [ "$(id -u)" -eq 0 ] && { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$2"; } >/dev/null 2>&1 && return
  return 1
}

prepare() {
  command -v dotnet >/dev/null || fail "the .NET 10 SDK is needed: put 'dotnet' on the PATH."
  local need
  for need in curl:curl setsid:util-linux flock:util-linux redis-server:redis-server node:nodejs npm:npm; do
    install "${need%%:*}" "${need##*:}" || fail "${need%%:*} is needed: install ${need##*:}."
  done
  if ! [ -f "$azurite/node_modules/azurite/dist/src/blob/main.js" ]; then
    say "Installing Azurite $azurite_version …"
    npm install --prefix "$azurite" --no-audit --no-fund --loglevel=error "azurite@$azurite_version" >"$logs/npm.log" 2>&1 || { cat "$logs/npm.log" >&2; fail "Azurite could not be installed."; }
  fi
  is_built || build
}

# The stamp is run.sh's: whichever of the two builds first, the other need not.
is_built() {
  local sources=(src tests/XaiSimulator Directory.Build.props Directory.Packages.props global.json)
  [ -f artifacts/built ] && [ -f src/Silo/bin/Release/net10.0/LlmTr.Silo.dll ] && [ -f src/Api/bin/Release/net10.0/LlmTr.Api.dll ] || return 1
  [ -z "$(find "${sources[@]}" \( -name bin -o -name obj \) -prune -o -newer artifacts/built -type f -print -quit)" ]
}

build() {
  say "Building …"
  mkdir -p artifacts
  touch artifacts/built.new
  dotnet build src/run.slnf -c Release --nologo -v quiet -p:RunAnalyzers=false >artifacts/built.log 2>&1 || { cat artifacts/built.log >&2; exit 1; }
  mv artifacts/built.new artifacts/built
}

# ---- The commands

start() {
  local fresh=${1:-} name wanted=() missing=()
  [ -z "$fresh" ] || [ "$fresh" = --fresh ] || { usage >&2; exit 2; }
  prepare
  choose
  if [ "$fresh" = --fresh ]; then
    for name in $(names); do
      ! pid_of "$name" >/dev/null || fail "it runs: 'stop' first, then 'start --fresh'."
    done
    rm -rf "${state:?}/data" "$logs"
  fi
  mkdir -p "$data" "$logs"
  chmod 700 "$state/data"
  choose_secrets

  wanted=(redis azurite)
  [ "$mode" != simulated ] || wanted+=(simulator)
  for number in $(seq "$SILOS"); do wanted+=("silo-$number"); done
  for number in $(seq "$FRONT_ENDS"); do wanted+=("front-end-$number"); done
  if install nginx nginx-light; then
    wanted+=(load-balancer)
  else
    say "There is no nginx, so there is no load balancer."
  fi

  for name in "${wanted[@]}"; do
    pid_of "$name" >/dev/null || missing+=("$name")
  done
  require_free "${missing[@]}"
  remember
  for name in "${missing[@]}"; do
    [ ! -e "$run/$name.pid" ] || say "$name had died; it is started again."
    start_one "$name"
    # Silos and front ends wait for what they need; but they start faster when it is there.
    [[ $name =~ ^(redis|azurite|simulator)$ ]] && wait_ready "$name"
  done
  wait_ready "${wanted[@]}"
  if [ "${#missing[@]}" -eq 0 ]; then say "It runs already."; fi
  banner
}

banner() {
  local number key token_in_shell front_end
  front_end=$(url front-end-1)
  echo
  for number in $(seq "$FRONT_ENDS"); do echo "  Front end $number          $(url "front-end-$number")"; done
  if pid_of load-balancer >/dev/null; then echo "  Load balancer        $(url load-balancer)   (customers' routes only)"; fi
  if [ -s "$data/admin-token" ] && [ "$(cat "$data/admin-token")" = "$LLMTR_ADMIN_TOKEN" ]; then
    echo "  Admin token          in $data/admin-token"
    token_in_shell="\$(cat '$data/admin-token')"
  else
    echo "  Admin token          the one in LLMTR_ADMIN_TOKEN"
    token_in_shell="\$LLMTR_ADMIN_TOKEN"
  fi
  echo "  Logs                 $logs"
  if [ "$mode" != simulated ]; then
    printf "\nMake a customer's key with 5 USD of credit:\n\n"
    printf 'curl %s/admin/v1/keys -H "Authorization: Bearer %s" -H '"'Content-Type: application/json' -d '"'{"label":"first","credit_usd":"5"}'"'\n\n" "$front_end" "$token_in_shell"
    return
  fi
  key=$(demo_key "$front_end")
  echo "  API key              $key"
  printf '\nThe simulator answers in xAI'"'"'s place: no real money is spent. The key began with 5 USD of simulated credit. Try it:\n\n'
  if pid_of load-balancer >/dev/null; then front_end=$(url load-balancer); fi
  printf "curl %s/v1/responses -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '{\"model\":\"xai/grok-4.3\",\"input\":\"Merhaba, who are you?\"}'\n\n" "$front_end" "$key"
}

demo_key() { # the key of an earlier start while it is good, else a new one
  local key=
  if [ -s "$data/demo-key" ]; then key=$(cat "$data/demo-key"); fi
  if [ -z "$key" ] || ! header "$key" | curl -fsS -o /dev/null -H @- "$1/v1/balance" 2>/dev/null; then
    key=$(header "$LLMTR_ADMIN_TOKEN" | curl -fsS -H @- -H 'Content-Type: application/json' -d '{"label":"demo","credit_usd":"5"}' "$1/admin/v1/keys" | sed -n 's/.*"key":"\([^"]*\)".*/\1/p')
    [ -n "$key" ] || fail "the demo key could not be made: $1/admin/v1/keys does not answer as it should."
    (umask 077 && echo "$key" >"$data/demo-key")
  fi
  echo "$key"
}

# From a pipe: what is an argument can be read in the list of processes.
header() { printf 'Authorization: Bearer %s\n' "$1"; }

status() {
  local name pid all=0 any=1
  choose
  for name in $(names); do
    any=0
    if pid=$(pid_of "$name"); then
      printf '%-14s pid %-8s up    %-9s %s\n' "$name" "$pid" "$(answers "$name" && echo ready || echo 'not ready')" "$(url "$name")"
    else
      printf '%-14s pid %-8s down            its log: %s\n' "$name" "$(cut -d' ' -f1 "$run/$name.pid")" "$logs/$name.log"
      all=1
    fi
  done
  [ $any -eq 0 ] || { echo "Nothing runs."; return 1; }
  return $all
}

named() { # N means silo-N
  [[ ${1:-} =~ ^[1-9][0-9]?$ ]] && echo "silo-$1" && return
  [[ ${1:-} =~ ^(redis|azurite|simulator|load-balancer|(silo|front-end)-[1-9][0-9]?)$ ]] && echo "$1" && return
  usage >&2
  return 2
}

kill_one() {
  local name pid
  name=$(named "$@") || exit 2
  pid=$(pid_of "$name") || fail "$name does not run."
  end KILL 10 "$name"
  say "$name (pid $pid) is killed."
}

start_again() {
  local name
  name=$(named "$@") || exit 2
  [ -n "$(names)" ] || fail "nothing runs: 'start' first."
  choose
  if pid_of "$name" >/dev/null; then
    say "$name runs already."
    return
  fi
  choose_secrets
  if [[ $name = front-end-* ]]; then front_door_without "$name"; fi
  start_one "$name"
  wait_ready "$name"
  if [[ $name = front-end-* ]]; then front_door_without; fi
  say "$name is ready, pid $(pid_of "$name")."
}

restart() {
  local name
  name=$(named "$@") || exit 2
  choose
  choose_secrets
  if [[ $name = front-end-* ]]; then front_door_without "$name"; fi
  end TERM 90 "$name"
  start_again "$name"
}

stop() {
  local name front_ends=() silos=() stores=()
  for name in $(names); do
    case $name in
      front-end-*) front_ends+=("$name") ;;
      silo-*) silos+=("$name") ;;
      load-balancer) ;;
      *) stores+=("$name") ;;
    esac
    pid_of "$name" >/dev/null || say "$name had died."
  done
  if [ -z "$(names)" ]; then
    say "Nothing runs."
    return
  fi

  # Whoever needs another ends before it. Front ends drain, finish what is under way, and settle it.
  end TERM 90 "${front_ends[@]}"
  end TERM 10 load-balancer
  end TERM 60 "${silos[@]}"
  end TERM 30 "${stores[@]}"
  rm -rf "$run"
  say "Stopped. The data is in $state/data."
}

# Two at a time would start everything twice. What is started does not inherit the lock.
mkdir -p "$run" "$logs"
case ${1:-} in
  start | stop | kill | restart | start-silo)
    command -v flock >/dev/null && { exec 9>"$state/lock" && flock -w 300 9; } || true
    ;;
esac
command=${1:-}
[ $# -eq 0 ] || shift
case $command in
  start) start "$@" ;;
  status) status ;;
  kill) kill_one "$@" ;;
  restart) restart "$@" ;;
  start-silo) start_again "$@" ;;
  stop) stop ;;
  *) usage >&2; exit 2 ;;
esac
