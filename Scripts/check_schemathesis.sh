#!/usr/bin/env bash
# Tries the server with requests that schemathesis makes from its own description: Scripts/check_schemathesis.sh MOSO [--deep]
# MOSO is the command to test; a server is started with the model smollm2 and stopped again. Nothing may be answered with the
# status 500, and every reply has to be as /openapi.json says. The first run puts schemathesis into a virtual environment. Two
# minutes at most, or half an hour with --deep.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
environment="$root/.venv-schemathesis"
if [ $# -lt 1 ]; then
  echo "usage: Scripts/check_schemathesis.sh MOSO [--deep]" >&2
  exit 2
fi

if [ ! -x "$environment/bin/python" ]; then python3 -m venv "$environment"; fi
if ! "$environment/bin/python" -c "import schemathesis" 2>/dev/null; then
  "$environment/bin/pip" install --quiet -r "$root/Scripts/schemathesis_requirements.txt"
fi
exec "$environment/bin/python" "$root/Tests/Server/check_openapi.py" --moso "$@"
