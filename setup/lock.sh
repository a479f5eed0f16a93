# One set-up at a time: mkdir is atomic, the pid inside tells a stale lock from a live one.
# shellcheck shell=sh

LOCK=$HOME_DIR/setup.lock
# Between making the lock and writing the pid lies a moment: a lock that names nobody for longer was left by a kill.
NOBODY_SECONDS=10

take_setup_lock() {
  waited='' nobody=0
  until mkdir "$LOCK" 2>/dev/null; do
    holder=$(cat "$LOCK/pid" 2>/dev/null || true)
    if [ -n "$holder" ] && ! is_setting_up "$holder"; then
      drop_stale_lock "$holder"
      continue
    fi
    [ -n "$holder" ] && nobody=0 || nobody=$((nobody + 1))
    if [ "$nobody" -gt "$NOBODY_SECONDS" ]; then
      drop_stale_lock ''
      nobody=0
      continue
    fi
    [ "$waited" ] || say "backlot: another start (pid ${holder:-unknown}) is setting up; waiting for it"
    waited=yes
    sleep 1
  done
  echo $$ >"$LOCK/pid"
  trap drop_setup_lock EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# A pid that another program got after the set-up died holds nothing. Without /proc the pid alone has to do.
is_setting_up() {
  [ -r "/proc/$1/cmdline" ] || { kill -0 "$1" 2>/dev/null; return; }
  tr '\0' ' ' <"/proc/$1/cmdline" | grep -q backlot
}

# Renaming first means that of two who see the same dead holder only one removes it.
drop_stale_lock() {
  mv "$LOCK" "$LOCK.$$" 2>/dev/null || return 0
  if [ "$(cat "$LOCK.$$/pid" 2>/dev/null)" != "$1" ]; then
    mv "$LOCK.$$" "$LOCK" 2>/dev/null || true
    return 0
  fi
  rm -rf "$LOCK.$$"
}

drop_setup_lock() {
  trap - EXIT INT TERM HUP
  rm -rf "$LOCK"
}
