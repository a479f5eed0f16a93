# The engine's virtual environment. pip reads the user's own configuration (index, find-links, certificate); every
# package is checked against the sha256 in setup/requirements*.txt. ADR 0004 tells why torch is a step of its own.
# shellcheck shell=sh

make_python() {
  fresh venv
  PYTHON=$(find_python)
  make_venv "$new"
  say "    $("$new/bin/python" --version): 77 MB to fetch"
  pip_install "$new" requirements.txt || fail_pip
  make_torch "$new"
  quietly "$new/bin/python" -c 'import numpy, safetensors, torch' || fail 'the engine was installed and does not import' "See $LOG."
  engine_lock >"$new/requirements.lock"
  swap "$new" "$HOME_DIR/venv"
  # Writes the final place into the environment's own files; the packages stay.
  quietly "$PYTHON" -m venv --without-pip "$HOME_DIR/venv"
}

find_python() {
  for name in python3 python3.13 python3.12 python3.11 python3.14; do
    program=$(command -v "$name") || continue
    if "$program" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
      echo "$program"
      return 0
    fi
  done
  fail "Backlot needs Python 3.11 to 3.14; found $(python3 --version 2>/dev/null || echo none)" \
    'Debian, Ubuntu: apt install python3 python3-venv. Others: your package manager, or python.org.'
}

# Debian splits venv's pip from Python: fetch it when we may, say so when we may not.
make_venv() {
  quietly "$PYTHON" -m venv "$1" && return 0
  package=$("$PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  if may_apt && apt_install "$package"; then
    rm -rf "$1"
    quietly "$PYTHON" -m venv "$1" && return 0
  fi
  fail "$PYTHON cannot make a virtual environment" "Debian, Ubuntu: apt install $package"
}

pip_install() {
  "$1/bin/python" -m pip install --disable-pip-version-check --no-input --no-deps --require-hashes \
    --only-binary=:all: --requirement "$ROOT/setup/$2" >"$LOG" 2>&1
}

# On Linux the CPU build, where pip is offered it: 1 GB on disk and no CUDA libraries. Elsewhere there is one build.
make_torch() {
  if [ "$(uname -s)" = Linux ]; then
    if pip_install "$1" requirements-torch-cpu.txt; then
      say '    torch 2.13.0: took the CPU build that your pip configuration offers (about 190 MB)'
      return 0
    fi
    say_why_no_cpu_build
    say '    torch 2.13.0 from the package index, with its CUDA libraries: 2.7 GB to fetch, 4.7 GB on disk'
    say '    (point pip at a folder or index that has torch 2.13.0+cpu for a fifth of that)'
  else
    say '    torch 2.13.0: 111 MB to fetch'
  fi
  pip_install "$1" requirements-torch.txt || fail_pip
}

say_why_no_cpu_build() {
  if grep -q 'DO NOT MATCH' "$LOG"; then
    say '    a CPU build of torch 2.13.0 was offered and refused: its sha256 is not one that the PyTorch project published'
  elif ! grep -q 'No matching distribution' "$LOG"; then
    tail -n 3 "$LOG" >&2
  fi
}

make_open_bases() {
  pip_install "$HOME_DIR/venv" requirements-open.txt || fail_pip
  cp "$ROOT/setup/requirements-open.txt" "$HOME_DIR/venv/requirements-open.lock"
}

make_analysis() {
  pip_install "$HOME_DIR/venv" requirements-analysis.txt || fail_pip
  cp "$ROOT/setup/requirements-analysis.txt" "$HOME_DIR/venv/requirements-analysis.lock"
}

make_python_tools() {
  pip_install "$HOME_DIR/venv" requirements-dev.txt || fail_pip
  cp "$ROOT/setup/requirements-dev.txt" "$HOME_DIR/venv/requirements-dev.lock"
}

fail_pip() {
  tail -n 15 "$LOG" >&2
  fail 'pip could not install the packages' "See $LOG. pip uses your own configuration: index, find-links, proxy, cert."
}
