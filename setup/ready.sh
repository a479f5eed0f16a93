# What is there already? Only compares and looks: this runs before every command and starts no interpreter.
# Each part keeps a copy of the lockfile it was made from; another lockfile means the part is made anew.
# shellcheck shell=sh

# Sets NODE to the program that runs Backlot.
node_ready() {
  cmp -s "$ROOT/setup/node/package-lock.json" "$HOME_DIR/node/package-lock.json" || return 1
  { IFS= read -r NODE <"$HOME_DIR/node/program"; } 2>/dev/null || return 1
  case $NODE in /*) ;; *) NODE=$HOME_DIR/node/$NODE ;; esac
  [ -x "$NODE" ]
}

packages_ready() {
  cmp -s "$ROOT/package-lock.json" "$ROOT/node_modules/.backlot-lock" || return 1
  [ -z "$WANT_DEV" ] || [ -e "$ROOT/node_modules/.backlot-dev" ]
}

engine_lock() {
  (cd "$ROOT/setup" && cat requirements.txt requirements-torch-cpu.txt requirements-torch.txt)
}

python_ready() {
  [ -x "$HOME_DIR/venv/bin/python" ] && engine_lock | cmp -s - "$HOME_DIR/venv/requirements.lock"
}

python_tools_ready() {
  [ -z "$WANT_DEV" ] || cmp -s "$ROOT/setup/requirements-dev.txt" "$HOME_DIR/venv/requirements-dev.lock"
}

open_bases_ready() {
  [ -z "$WANT_OPEN" ] || cmp -s "$ROOT/setup/requirements-open.txt" "$HOME_DIR/venv/requirements-open.lock"
}

analysis_ready() {
  [ -z "$WANT_ANALYSIS" ] || cmp -s "$ROOT/setup/requirements-analysis.txt" "$HOME_DIR/venv/requirements-analysis.lock"
}

# Sets FFMPEG and FFPROBE. Both named by the user: taken as they are.
ffmpeg_ready() {
  FFMPEG=${BACKLOT_FFMPEG:-} FFPROBE=${BACKLOT_FFPROBE:-}
  [ -n "$FFMPEG" ] && [ -n "$FFPROBE" ] && return 0
  { IFS= read -r FFMPEG && IFS= read -r FFPROBE; } 2>/dev/null <"$HOME_DIR/ffmpeg.programs" || return 1
  case $FFMPEG in /*) ;; *) FFMPEG=$HOME_DIR/$FFMPEG FFPROBE=$HOME_DIR/$FFPROBE ;; esac
  [ -x "$FFMPEG" ] && [ -x "$FFPROBE" ]
}

all_ready() {
  node_ready && packages_ready && python_ready && open_bases_ready && analysis_ready && python_tools_ready && ffmpeg_ready
}
