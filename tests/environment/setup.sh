#!/usr/bin/env bash
# Make .venv from requirements.lock (`setup.sh`), and with `setup.sh machine` also what the tests want of the machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PIP_DISABLE_PIP_VERSION_CHECK=1 DEBIAN_FRONTEND=noninteractive

stop() { echo "$*" >&2; exit 1; }
is_root() { [ "$(id -u)" = 0 ]; }
say() { echo "setup: $*" >&2; }

# ------------------------------------------------------------------------------------- .venv

fingerprint() {
  # An editable install knows its folder, so the folder belongs to it.
  { pwd; cat requirements.lock pyproject.toml tests/environment/setup.sh; } | cksum
}

is_current() { [ -x .venv/bin/hatnhan ] && [ "$(cat .venv/fingerprint 2>/dev/null)" = "$(fingerprint)" ]; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"; return
    fi
  done
  stop "Install Python 3.11 or newer, or name one: make setup PYTHON=/path/to/python3."
}

install_with_uv() {
  "$uv" pip sync -q --python .venv/bin/python --require-hashes requirements.lock
  "$uv" pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
}

install_with_pip() {
  .venv/bin/python -m pip install -q --require-hashes -r requirements.lock
  .venv/bin/python -m pip install -q --no-deps --no-build-isolation -e .
}

get_uv() {
  # Twelve times faster than pip over the whole list; where it cannot be had, pip does.
  .venv/bin/python -m pip install -q --no-deps --require-hashes -r <(
    awk '/^[a-z]/ { wanted = /^uv==/ } wanted' requirements.lock
  ) 2>/dev/null && uv=.venv/bin/uv
}

can_keep_venv() {
  .venv/bin/python -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null || return 1
  [ -n "$uv" ] || .venv/bin/python -c "import pip" 2>/dev/null
}

make_venv() {
  local python
  python=$(find_python)
  can_keep_venv && return
  rm -rf .venv
  if [ -n "$uv" ]; then "$uv" venv -q --python "$python" .venv; return; fi
  # Debian keeps the part of Python that makes environments in a package of its own.
  "$python" -c 'import ensurepip, venv' 2>/dev/null || want python3-venv
  "$python" -m venv .venv
}

setup_venv() {
  is_current && return
  exec 9>.setup.lock
  if command -v flock >/dev/null; then flock 9; fi
  is_current && return
  say "installing into .venv, once"
  uv=$(command -v uv || true)
  make_venv
  [ -n "$uv" ] || [ "${INSTALLER:-}" = pip ] || get_uv || say "without uv this takes some minutes"
  if [ -n "$uv" ]; then install_with_uv; else install_with_pip; fi
  # Some machines forbid Python to keep compiled files; then every start would compile everything.
  .venv/bin/python -m compileall -q -j 0 .venv/lib core plugins >/dev/null 2>&1 || true
  fingerprint >.venv/fingerprint
  exec 9>&-
}

# ----------------------------------------------------------------------------------- machine

want() {
  is_root && command -v apt-get >/dev/null ||
    stop "Install these packages first, for instance with: sudo apt-get install --no-install-recommends $*"
  apt-get update -q >/dev/null
  # Debian has a Chromium that draws pages and nothing else; the whole browser takes twice as long.
  local wanted=" $* "
  if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
    wanted=${wanted/ chromium / chromium-headless-shell }
  fi
  say "installing with apt:$wanted"
  # shellcheck disable=SC2086 # a list of names
  apt-get install -y -q --no-install-recommends $wanted >/dev/null
}

has() { command -v "$1" >/dev/null; }
has_postgres() { [ -n "${HATNHAN_TEST_POSTGRES:-}" ] || has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_font() { has fc-list && [ -n "$(fc-list 'Noto Sans')" ]; }

setup_machine() {
  local missing=()
  has chromium-headless-shell || has chromium || missing+=(chromium)
  has_font || missing+=(fonts-noto-core)
  has pdftoppm || missing+=(poppler-utils)
  has lowriter || missing+=(libreoffice-writer)
  has localc || missing+=(libreoffice-calc)
  has_postgres || missing+=(postgresql)
  [ ${#missing[@]} = 0 ] || want "${missing[@]}"
}

setup_venv
case ${1:-} in
  "") ;;
  machine) setup_machine ;;
  *) stop "There is no “$1”; say setup.sh or setup.sh machine." ;;
esac
