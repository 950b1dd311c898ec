# shellcheck shell=bash disable=SC2154 # of local-cluster.sh, which sets "run" and "state"
# How many processes, on which ports, with which secrets: as it was started, else as the environment says.

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
}

choose_secrets() { # what only who starts a process needs
  if [ "$mode" = simulated ]; then
    XAI_API_KEY=xai-simulated XAI_BASE_URL=http://127.0.0.1:$SIMULATOR_PORT/v1
  elif [ -z "${XAI_API_KEY:-}${XAI_BASE_URL:-}" ]; then
    fail "This cluster was started with XAI_API_KEY or XAI_BASE_URL. They are kept nowhere: set them again."
  fi
  export XAI_API_KEY=${XAI_API_KEY:-} XAI_BASE_URL=${XAI_BASE_URL:-}
  secret LLMTR_ADMIN_TOKEN admin-token
  secret LLMTR_SIGNING_SECRET signing-secret
  local fingerprint
  fingerprint=$(printf '%s %s' "$LLMTR_ADMIN_TOKEN" "$LLMTR_SIGNING_SECRET" | sha256sum | cut -c1-16)
  [ "${secrets:=$fingerprint}" = "$fingerprint" ] || fail "LLMTR_ADMIN_TOKEN or LLMTR_SIGNING_SECRET is not the one that this cluster was started with."
}

remember() {
  local name
  for name in mode secrets SILOS FRONT_ENDS PORT FRONT_END_PORT SILO_HTTP_PORT SILO_PORT GATEWAY_PORT REDIS_PORT AZURITE_PORT SIMULATOR_PORT; do
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
