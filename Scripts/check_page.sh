#!/usr/bin/env bash
# Tests the web page of a running server in a headless Chromium: Scripts/check_page.sh http://127.0.0.1:8080 [folder]
# Pictures of the page in both themes and at a phone's width go into the folder. The first run puts Selenium into a virtual
# environment, and installs Debian's Chromium where it is missing and this user may.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
environment="$root/.venv-page"
cd "$root"
if [ $# -lt 1 ]; then
  echo "usage: Scripts/check_page.sh BASE-URL [FOLDER-FOR-PICTURES]" >&2
  exit 2
fi
Scripts/install_packages.sh

missing=""
command -v chromium >/dev/null || missing="$missing chromium"
command -v chromedriver >/dev/null || missing="$missing chromium-driver"
if [ -n "$missing" ]; then
  if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
    as_root=""
  elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo"
  else
    echo "Missing packages; install them and try again:$missing" >&2
    exit 1
  fi
  echo "Installing$missing" >&2
  $as_root apt-get update -qq >&2
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq $missing fonts-dejavu >&2
fi

if [ ! -x "$environment/bin/python" ]; then python3 -m venv "$environment"; fi
if ! "$environment/bin/python" -c "import markdown_it, selenium" 2>/dev/null; then
  "$environment/bin/pip" install --quiet -r Tests/Page/requirements.txt
fi
exec "$environment/bin/python" Tests/Page/check_page.py "$@"
