# shellcheck shell=bash disable=SC2154 # of local-cluster.sh, which sets "run" and "logs"
# Processes of ours. NAME.pid holds a pid and when it was started, so that a number that the system gave to another process is never taken for ours.

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
    pid=$(pid_of "$name") || continue
    # Of nginx, the workers too: they would keep its port.
    if [ "$signal" = KILL ]; then pid=-$pid; fi
    kill -"$signal" -- "$pid" 2>/dev/null || true
  done
  until=$((SECONDS + most))
  for name in "$@"; do
    while pid=$(pid_of "$name"); do
      if [ $SECONDS -ge $until ]; then
        say "$name (pid $pid) did not end within $most s of SIG$signal: kill -9."
        kill -9 -- "-$pid" 2>/dev/null || true
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
