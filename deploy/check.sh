#!/usr/bin/env bash
# Validates the deployment files as far as it goes without a container engine or a Kubernetes: form, agreement with each other and with the programs' source, and what nginx, systemd and the
# shell say of theirs. One line a check; exits non-zero when one fails. Installs what it needs where it is missing.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install() { # a command, and the Debian package that has it
  command -v "$1" >/dev/null && return
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$2"; } >/dev/null 2>&1 \
    || { echo "check.sh could not install $2." >&2; exit 1; }
}

check() { # a name, and a command that is silent or says what is wrong
  local name=$1 said
  shift
  if said=$("$@" 2>&1); then
    echo "ok    $name"
  else
    echo "FAIL  $name: $said"
    failed=1
  fi
}

skip() { # a name, and why
  echo "skip  $1: $2"
}

install node nodejs
install npm npm
install nginx nginx-light
install systemd-analyze systemd
install shellcheck shellcheck
install openssl openssl

# The lock file decides; a stamp says that it has been followed.
checks=deploy/checks
if ! cmp -s "$checks/package-lock.json" "$checks/node_modules/.followed"; then
  npm ci --prefix "$checks" --no-audit --no-fund --ignore-scripts --loglevel=error >"$work/npm" 2>&1 || { cat "$work/npm" >&2; exit 1; }
  cp "$checks/package-lock.json" "$checks/node_modules/.followed"
fi
node "$checks/all.cjs" || failed=1

# nginx looks names up when it starts, and wants a certificate to be there.
nginx_takes() { # a configuration of deploy/nginx
  mkdir -p "$work/nginx"
  cp deploy/nginx/*.conf "$work/nginx/"
  sed -E -i 's/server front-end-[0-9]+:/server 127.0.0.1:/' "$work/nginx/upstreams.conf"
  nginx -t -q -c "$work/nginx/$1"
}
nginx_takes_tls() {
  mkdir -p "$work/nginx"
  openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=llm.example -keyout "$work/privkey.pem" -out "$work/fullchain.pem" 2>/dev/null || return 1
  sed "s#/etc/nginx/tls/#$work/#" deploy/nginx/tls.conf.example >"$work/nginx/tls.conf"
  sed '/^http {/a include tls.conf;' deploy/nginx/nginx.conf >"$work/nginx/with-tls.conf"
  nginx -t -q -c "$work/nginx/with-tls.conf"
}
for conf in nginx.conf admin.conf simulator.conf; do
  check "nginx takes $conf" nginx_takes "$conf"
done
check "nginx takes tls.conf.example" nginx_takes_tls
check "The front door keeps its promises, before front ends that fail" node "$checks/front-door.cjs"

# Verified with the .NET of this machine, wherever it is, and an instance of the template.
systemd_takes() { # a unit, and the name to verify it by
  sed "s#^ExecStart=/usr/bin/dotnet#ExecStart=$(command -v dotnet || command -v bash)#" "deploy/systemd/$1" >"$work/$2"
  local said
  said=$(systemd-analyze verify --man=no "$work/$2" 2>&1) && [ -z "$said" ] || { echo "$said"; return 1; }
}
check "systemd takes llmtr-silo@.service" systemd_takes llmtr-silo@.service llmtr-silo@1.service
check "systemd takes llmtr-front-end.service" systemd_takes llmtr-front-end.service llmtr-front-end.service

while IFS= read -r script; do
  check "bash and shellcheck take $script" sh -c 'bash -n "$1" && shellcheck -x --severity=warning "$1"' - "$script"
done < <(find deploy -name '*.sh' -not -path '*/node_modules/*' | sort)

if command -v kubectl >/dev/null; then
  check "kustomize builds deploy/kubernetes" sh -c 'kubectl kustomize deploy/kubernetes >/dev/null'
else
  skip "kustomize builds deploy/kubernetes" "there is no kubectl here"
fi
if docker info >/dev/null 2>&1; then
  for target in silo api simulator; do
    check "docker builds $target" docker build -q -f deploy/Dockerfile --target "$target" -t "llmtr/$target:check" .
  done
else
  skip "docker builds the images" "there is no container engine here"
fi

exit "$failed"
