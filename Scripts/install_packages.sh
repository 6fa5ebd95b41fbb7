#!/bin/sh
# Installs the Debian packages that building and testing need, where they are missing and this user may.
set -eu

missing=""
[ -e /usr/include/zlib.h ] || missing="$missing zlib1g-dev"
command -v python3 >/dev/null || missing="$missing python3"
python3 -m pip --version >/dev/null 2>&1 || missing="$missing python3-pip"
python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"
if [ "${MOSO_TRAITS:-}" = MPI ]; then
  command -v mpirun >/dev/null && [ -e /usr/share/doc/libopenmpi-dev ] || missing="$missing libopenmpi-dev openmpi-bin"
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  # On macOS these come with the system or with Xcode.
  exit 0
fi
if [ "$(id -u)" -eq 0 ]; then
  as_root=""
elif sudo -n true 2>/dev/null; then
  as_root="sudo"
else
  echo "Missing packages; install them and try again: sudo apt-get install$missing" >&2
  exit 1
fi
echo "Installing$missing" >&2
$as_root apt-get update -qq >&2
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq $missing >&2
