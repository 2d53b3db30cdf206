# Shared by run, portal and test; sourced, not run. Everything for people goes to standard error.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
PROGRAM="$ROOT/src/AdminPortal.Web/bin/Release/net10.0/AdminPortal.Web.dll"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

require_dotnet() {
  command -v dotnet >/dev/null || die "The .NET SDK 10 is missing. Get it from https://dotnet.microsoft.com/download, or install your system's package dotnet-sdk-10.0."
}

has_postgres() {
  command -v initdb >/dev/null && command -v pg_ctl >/dev/null && return 0
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Shows a command's output only when it fails.
quietly() {
  local log; log="$(mktemp)"
  if "$@" >"$log" 2>&1; then rm -f "$log"; return 0; fi
  cat "$log" >&2
  rm -f "$log"
  return 1
}

# Installs Debian packages. Its postgresql would start a server of its own on port 5432, and its nginx on port 80; both are switched off.
install_packages() {
  say "Installing $* …"
  if [[ " $* " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
  fi
  export DEBIAN_FRONTEND=noninteractive
  quietly apt-get update -q || die "apt-get update failed."
  local policy=/usr/sbin/policy-rc.d quiet=""
  if [[ " $* " == *" nginx-light "* ]] && [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
    quiet=yes
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  quietly apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold "$@" || die "apt-get could not install $*."
  if [ -n "$quiet" ]; then
    rm -f "$policy"
    if command -v systemctl >/dev/null; then systemctl disable nginx >/dev/null 2>&1 || true; fi
  fi
}

# Builds the program when a source is newer than its last build.
build_program() {
  require_dotnet
  local stamp="$ROOT/artifacts/program.stamp"
  mkdir -p "$ROOT/artifacts"
  exec 9>"$ROOT/artifacts/program.lock"
  flock 9 2>/dev/null || true
  if [ ! -f "$PROGRAM" ] || [ ! -f "$stamp" ] || [ -n "$(changed_since "$stamp")" ]; then
    say "Building (the first time takes a few minutes) …"
    touch "$stamp.new"
    quietly dotnet build "$ROOT/src/AdminPortal.Web" -c Release -v quiet -nologo || die "The build failed."
    mv "$stamp.new" "$stamp"
  fi
  exec 9>&-
}

changed_since() {
  cd "$ROOT"
  find src migrations wwwroot eng appsettings*.json Directory.*.props global.json .editorconfig BannedSymbols.txt \
    \( -name bin -o -name obj \) -prune -o -newer "$1" ! -path src/AdminPortal.Web ! -type d -print -quit 2>/dev/null
}

# Node 20 or newer: the one that is there, or, where the system's is older, one from npm's registry.
require_node() {
  local have; have="$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')"
  [ "${have:-0}" -ge 20 ] && return 0
  local folder="$ROOT/artifacts/node"
  [ -x "$folder/node_modules/node/bin/node" ] || quietly npm install --prefix "$folder" --no-save --no-audit --no-fund node@20 || die "Node.js 20 is missing, and could not be had from npm's registry."
  export PATH="$folder/node_modules/node/bin:$PATH"
}

# The packages of clients/, exactly what the lock file says; their scripts do not run. SQLite is compiled here, with the system's headers of Node.
install_node_tools() {
  local stamp="$ROOT/clients/node_modules/.installed"
  [ -f "$stamp" ] && [ ! "$ROOT/clients/package-lock.json" -nt "$stamp" ] && return 0
  (cd "$ROOT/clients" && npm ci && npm_config_ignore_scripts=false npm_config_build_from_source=true npm_config_nodedir="$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")" npm rebuild better-sqlite3) && touch "$stamp"
}

# Prints "passed failed skipped" of one test results file; zeros when the run left none.
read_counters() {
  local line=""
  [ -f "$1" ] && line="$(grep -o '<Counters [^>]*>' "$1" || true)"
  local name value result=()
  for name in passed failed error notExecuted; do
    value="$(sed -n "s/.* $name=\"\([0-9]*\)\".*/\1/p" <<<"$line")"
    result+=("${value:-0}")
  done
  echo "${result[0]} $((result[1] + result[2])) ${result[3]}"
}
