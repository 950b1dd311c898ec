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
run=$state/run logs=$state/logs
azurite=artifacts/azurite azurite_version=3.37.0

# ---- What runs: NAME.pid holds a pid and when it was started, so that a number that the system gave to another process is never taken for ours.

say() { echo "local-cluster.sh: $*"; }
fail() { say "$*" >&2; exit 1; }

started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

pid_of() { # the pid of a process of ours that is up; else nothing, and 1
  local pid begun
  read -r pid begun 2>/dev/null <"$run/$1.pid" || return 1
  [ -n "$begun" ] && [ "$(started_at "$pid")" = "$begun" ] && ! grep -q '^State:.*Z' "/proc/$pid/status" 2>/dev/null && echo "$pid"
}

launch() { # a name, and a command: in a session of its own, with no file of ours left open
  local name=$1 pid
  shift
  setsid "$@" >>"$logs/$name.log" 2>&1 </dev/null 9>&- &
  pid=$!
  echo "$pid $(started_at "$pid")" >"$run/$name.pid"
}

end() { # a signal, the most seconds to wait, and names: the signal to all, then waits for all
  local signal=$1 most=$2 name pid until
  shift 2
  for name in "$@"; do
    pid=$(pid_of "$name") && kill -"$signal" "$pid" 2>/dev/null || true
  done
  until=$((SECONDS + most))
  for name in "$@"; do
    while pid=$(pid_of "$name"); do
      if [ $SECONDS -ge $until ]; then
        say "$name (pid $pid) did not end within $most s of SIG$signal: kill -9."
        kill -9 "$pid" 2>/dev/null || true
      fi
      sleep 0.05
    done
  done
}

names() { # of all that was started and not stopped, in the order in which they start
  local kind file
  for kind in redis azurite simulator silo- front-end- load-balancer; do
    for file in "$run/$kind"*.pid; do
      [ -e "$file" ] && basename "$file" .pid
    done | sort -V
  done
}

# ---- What it is made of

choose() { # the settings: as it runs, else from the environment
  if [ -n "$(names)" ] && [ -f "$run/settings" ]; then
    # shellcheck source=/dev/null
    . "$run/settings"
  else
    : "${SILOS:=2}" "${FRONT_ENDS:=2}" "${PORT:=8080}" "${FRONT_END_PORT:=8180}" "${SILO_HTTP_PORT:=8280}" "${SILO_PORT:=11110}" "${GATEWAY_PORT:=30000}"
    : "${REDIS_PORT:=6390}" "${AZURITE_PORT:=10010}" "${SIMULATOR_PORT:=8380}"
    local name
    for name in SILOS FRONT_ENDS PORT FRONT_END_PORT SILO_HTTP_PORT SILO_PORT GATEWAY_PORT REDIS_PORT AZURITE_PORT SIMULATOR_PORT; do
      [[ ${!name} =~ ^[1-9][0-9]{0,4}$ ]] || fail "$name is '${!name}', but must be a whole number above 0."
    done
    [ "$SILOS" -le 20 ] && [ "$FRONT_ENDS" -le 20 ] || fail "SILOS and FRONT_ENDS must be at most 20."
    mode=xai
    [ -n "${XAI_API_KEY:-}${XAI_BASE_URL:-}" ] || mode=simulated
  fi

  # Simulated money and real money never share a ledger.
  data=$state/data/$mode
  if [ "$mode" = simulated ]; then
    XAI_API_KEY=xai-simulated XAI_BASE_URL=http://127.0.0.1:$SIMULATOR_PORT/v1
  elif [ -z "${XAI_API_KEY:-}${XAI_BASE_URL:-}" ]; then
    fail "This cluster was started with XAI_API_KEY or XAI_BASE_URL. They are kept nowhere: set them again."
  fi
  export XAI_API_KEY=${XAI_API_KEY:-} XAI_BASE_URL=${XAI_BASE_URL:-}
}

remember() {
  local name
  for name in mode SILOS FRONT_ENDS PORT FRONT_END_PORT SILO_HTTP_PORT SILO_PORT GATEWAY_PORT REDIS_PORT AZURITE_PORT SIMULATOR_PORT; do
    echo "$name=${!name}"
  done >"$run/settings"
}

secret() { # a variable; where it is not set, one is made and kept beside the data, which is of no use without it
  local name=$1 file=$data/$2
  if [ -z "${!name:-}" ]; then
    [ -s "$file" ] || (umask 077 && head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$file")
    printf -v "$name" %s "$(cat "$file")"
  fi
  export "${name?}"
}

url() { # where a process is asked
  local number=${1##*-}
  case $1 in
    silo-*) echo "http://127.0.0.1:$((SILO_HTTP_PORT + number))" ;;
    front-end-*) echo "http://127.0.0.1:$((FRONT_END_PORT + number))" ;;
    load-balancer) echo "http://127.0.0.1:$PORT" ;;
    simulator) echo "http://127.0.0.1:$SIMULATOR_PORT" ;;
    azurite) echo "http://127.0.0.1:$AZURITE_PORT" ;;
    redis) echo "redis://127.0.0.1:$REDIS_PORT" ;;
  esac
}

answers() { # whether a process does its work
  case $1 in
    silo-* | front-end-*) curl -fsS -o /dev/null --max-time 6 "$(url "$1")/health/ready" 2>/dev/null ;;
    load-balancer) curl -fsS -o /dev/null --max-time 6 "$(url "$1")/v1/models" 2>/dev/null ;;
    redis) [ "$({ exec 3<>"/dev/tcp/127.0.0.1/$REDIS_PORT" && printf 'PING\r\n' >&3 && head -c 5 <&3; } 2>/dev/null)" = +PONG ] ;;
    *) listens "$(url "$1" | sed 's/.*://')" ;;
  esac
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

require_free() { # names: fails where something else listens on a port that one of them needs
  local name number needs need
  for name in "$@"; do
    number=${name##*-}
    case $name in
      redis) needs=("$REDIS_PORT:REDIS_PORT") ;;
      azurite) needs=("$AZURITE_PORT:AZURITE_PORT") ;;
      simulator) needs=("$SIMULATOR_PORT:SIMULATOR_PORT") ;;
      silo-*) needs=("$((SILO_HTTP_PORT + number)):SILO_HTTP_PORT" "$((SILO_PORT + number)):SILO_PORT" "$((GATEWAY_PORT + number)):GATEWAY_PORT") ;;
      front-end-*) needs=("$((FRONT_END_PORT + number)):FRONT_END_PORT") ;;
      load-balancer) needs=("$PORT:PORT") ;;
    esac
    for need in "${needs[@]}"; do
      ! listens "${need%:*}" || fail "Port ${need%:*} on 127.0.0.1, which $name needs, is in use by something else. Stop that, or choose another by ${need#*:}."
    done
  done
}

start_one() { # a name
  local name=$1 number=${1##*-} program=net10.0/LlmTr
  require_free "$name"
  # All that the programs of a cluster have in common. Azurite's key is published; it opens nothing else.
  local cluster=(
    Cluster__Mode=Redis Cluster__Redis="127.0.0.1:$REDIS_PORT" Cluster__ClusterId=llmtr Cluster__ServiceId=llmtr HOST=127.0.0.1 Azure__ServiceUri=
    Azure__ConnectionString="DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:$AZURITE_PORT/devstoreaccount1;"
  )
  case $name in
    redis)
      mkdir -p "$data/redis"
      launch "$name" redis-server --bind 127.0.0.1 --port "$REDIS_PORT" --dir "$data/redis" --appendonly yes --appendfsync everysec --save ''
      ;;
    azurite)
      launch "$name" node "$azurite/node_modules/azurite/dist/src/blob/main.js" --blobHost 127.0.0.1 --blobPort "$AZURITE_PORT" --location "$data/azurite" \
        --skipApiVersionCheck --disableTelemetry --silent
      ;;
    simulator)
      launch "$name" dotnet "tests/XaiSimulator/bin/Release/$program.XaiSimulator.dll" --port "$SIMULATOR_PORT" --key "$XAI_API_KEY"
      ;;
    silo-*)
      launch "$name" env "${cluster[@]}" Cluster__Address=127.0.0.1 Cluster__SiloPort=$((SILO_PORT + number)) Cluster__GatewayPort=$((GATEWAY_PORT + number)) \
        PORT=$((SILO_HTTP_PORT + number)) dotnet "src/Silo/bin/Release/$program.Silo.dll"
      ;;
    front-end-*)
      # Longer than the load balancer keeps an idle connection (nginx/upstreams.conf).
      launch "$name" env "${cluster[@]}" PORT=$((FRONT_END_PORT + number)) LLMTR_DATA="$data/$name" Shutdown__Drain="${Shutdown__Drain:-00:00:05}" \
        LLMTR_ADMIN_TOKEN="$LLMTR_ADMIN_TOKEN" LLMTR_SIGNING_SECRET="$LLMTR_SIGNING_SECRET" dotnet "src/Api/bin/Release/$program.Api.dll"
      ;;
    load-balancer)
      write_front_door
      launch "$name" nginx -e stderr -c "$run/nginx/nginx.conf" -g "daemon off;$([ "$(id -u)" -ne 0 ] || echo ' user root;')"
      ;;
    *) fail "'$name' is no process of this cluster; 'status' lists them." ;;
  esac
}

write_front_door() { # the front door of every other deployment, before these front ends; but the one that is named gets no requests
  local number down
  mkdir -p "$run/nginx"
  cp deploy/nginx/locations.conf deploy/nginx/proxy.conf "$run/nginx/"
  sed -e "s#listen 8080#listen 127.0.0.1:$PORT#" -e "s#/tmp/nginx#$run/nginx/nginx#" -e "s#/dev/stdout#$logs/requests.log#" deploy/nginx/nginx.conf >"$run/nginx/nginx.conf"
  for number in $(seq "$FRONT_ENDS"); do
    down=
    if [ "front-end-$number" = "${1:-}" ]; then down=' down'; fi
    echo "    server 127.0.0.1:$((FRONT_END_PORT + number)) max_fails=1 fail_timeout=2s$down;"
  done >"$run/nginx/servers"
  sed -e '/^ *server /d' -e "/least_conn/r $run/nginx/servers" deploy/nginx/upstreams.conf >"$run/nginx/upstreams.conf"
}

# nginx does not ask whether a front end is ready: it is told before one goes, and when one has come.
front_door_without() { # a name; none: all get requests
  local pid
  if ! pid=$(pid_of load-balancer) || [ "$FRONT_ENDS" -eq 1 ]; then return; fi
  write_front_door "${1:-}"
  kill -HUP "$pid"
}

wait_ready() { # names: returns when all answer, fails when one has ended or it takes too long
  local name until=$((SECONDS + 120))
  for name in "$@"; do
    until answers "$name"; do
      pid_of "$name" >/dev/null || broken "$name ended as it started"
      [ $SECONDS -lt $until ] || broken "$name is not ready after two minutes"
      sleep 0.1
    done
  done
}

broken() {
  say "$1. Its log, $logs/${1%% *}.log, ends so:" >&2
  tail -n 15 "$logs/${1%% *}.log" >&2 || true
  say "What was started runs on; 'stop' ends it." >&2
  exit 1
}

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
  secret LLMTR_ADMIN_TOKEN admin-token
  secret LLMTR_SIGNING_SECRET signing-secret

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
  secret LLMTR_ADMIN_TOKEN admin-token
  secret LLMTR_SIGNING_SECRET signing-secret
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
