#!/usr/bin/env bash
# Starts moso serve with the default model on a free port of this machine, runs a command with its address behind it, and
# stops it: Scripts/with_server.sh .build/release/moso Scripts/check_page.sh [more arguments of the command …]
set -euo pipefail
if [ $# -lt 2 ]; then
  echo "usage: Scripts/with_server.sh MOSO COMMAND [ARGUMENTS …]" >&2
  exit 2
fi
moso=$1
command=$2
shift 2
"$moso" pull smollm2 >/dev/null
log=$(mktemp)
home=$(mktemp -d)
XDG_CONFIG_HOME="$home" "$moso" serve smollm2 --host 127.0.0.1 --port 0 2>"$log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$log" "$home"' EXIT
for _ in $(seq 300); do
  address=$(sed -n 's/^Serving .* at \(http[^ ]*\) .*/\1/p' "$log")
  if [ -n "$address" ]; then break; fi
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$log" >&2
    exit 1
  fi
  sleep 0.1
done
if [ -z "${address:-}" ]; then
  echo "the server did not say within 30 seconds where it listens" >&2
  exit 1
fi
"$command" "$address" "$@"
