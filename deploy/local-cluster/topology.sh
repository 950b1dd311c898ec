# shellcheck shell=bash disable=SC2154 # of local-cluster.sh and settings.sh
# What each process is: where it is asked, whether it answers, which ports it needs, how it is started.
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
