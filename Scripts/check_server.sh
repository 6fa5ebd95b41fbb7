#!/usr/bin/env bash
# What the server has to pass with every change: Scripts/check_server.sh MOSO
# The clients that install within three minutes, the documents' commands, the page in a browser, requests made from the
# description of the API, and the same bits under load. `make clients`, `make check-bits`, `make check-openapi DEEP=1` and
# `make soak` are the long forms.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -ne 1 ]; then
  echo "usage: Scripts/check_server.sh MOSO" >&2
  exit 2
fi
moso=$(realpath "$1")
"$moso" pull smollm2 >/dev/null

check() {
  local began=$SECONDS
  echo "Checking $1" >&2
  shift
  "$@"
  echo "That took $((SECONDS - began)) seconds." >&2
}

check "the clients" Scripts/check_clients.sh --moso "$moso" anthropic anthropic-earlier openai litellm
check "the documents' commands" Scripts/with_server.sh "$moso" Scripts/check_serve_examples.sh
check "the page" Scripts/with_server.sh "$moso" Scripts/check_page.sh
check "the description of the API" Scripts/check_schemathesis.sh "$moso"
check "the same bits" python3 Tests/Server/same_bits.py --moso "$moso" --only "as it comes"
