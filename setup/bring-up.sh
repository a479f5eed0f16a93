# Makes what is missing, each part under a temporary name and renamed when whole: stop it anywhere and run it again.
# Everything said goes to stderr, so that `--json` output stays clean.
# shellcheck shell=sh

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "backlot: $1"
  shift
  for line; do say "  $line"; done
  exit 1
}

# shellcheck source=setup/lock.sh
. "$ROOT/setup/lock.sh"
# shellcheck source=setup/node.sh
. "$ROOT/setup/node.sh"
# shellcheck source=setup/python.sh
. "$ROOT/setup/python.sh"
# shellcheck source=setup/ffmpeg.sh
. "$ROOT/setup/ffmpeg.sh"

LOG=$HOME_DIR/setup.log

# part NAME SIZE FUNCTION: says what happens and how long it took.
part() {
  began=$(date +%s)
  say "  $1: $2"
  "$3"
  say "  $1: ready after $(($(date +%s) - began)) s"
}

# quietly COMMAND...: keeps the output in the log; shows its end when the command fails.
quietly() {
  "$@" >"$LOG" 2>&1 && return 0
  status=$?
  tail -n 15 "$LOG" >&2
  return "$status"
}

# Sets new to a name that nobody uses: a killed start may have left a process that still writes to, or clears, its own.
fresh() {
  rm -rf "$HOME_DIR/$1".new.* "$HOME_DIR"/old.* 2>/dev/null || true
  new=$HOME_DIR/$1.new.$$
}

# swap NEW PLACE: the finished NEW takes PLACE.
swap() {
  old=$HOME_DIR/old.$$
  if [ -e "$2" ]; then mv "$2" "$old"; fi
  mv "$1" "$2"
  rm -rf "$old"
}

bring_up() {
  mkdir -p "$HOME_DIR"
  take_setup_lock
  if all_ready; then # by whoever held the lock
    drop_setup_lock
    return 0
  fi
  say 'backlot: setting up what is missing (kept in .backlot/ and node_modules/; ctrl-C is safe, the next start goes on)'
  node_ready || part 'Node 24' '57 MB to fetch, 210 MB on disk' make_node
  packages_ready || part 'npm packages' "$(packages_size)" make_packages
  python_ready || part 'Python engine' 'numpy, safetensors, torch and what they need' make_python
  open_bases_ready || part 'Libraries of open bases' '55 MB to fetch, 280 MB on disk' make_open_bases
  analysis_ready || part 'Text and speech' '66 MB to fetch, 125 MB on disk' make_analysis
  python_tools_ready || part 'Python test tools' '162 MB to fetch' make_python_tools
  ffmpeg_ready || part 'ffmpeg and ffprobe' '5.1 or newer' make_ffmpeg
  drop_setup_lock
  all_ready || fail 'set-up ended, yet something is missing' "Delete $HOME_DIR and start again; $LOG has the last output."
}
