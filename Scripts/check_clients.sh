#!/usr/bin/env bash
# Tests the server with the clients that people already run, each in a virtual environment of its own with the versions of
# Tests/Clients/requirements: Scripts/check_clients.sh [--moso PROGRAM] [--only EXPRESSION] [CLIENT …]
# Without names all clients are tested; --only runs the tests whose names match. Nothing of the caller's environment reaches a
# client: it has an empty home, and no server but this one. A client that cannot be installed is skipped; where CI is set, it
# is a failure.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
tests="$root/Tests/Clients"
cd "$root"

usage() {
  echo "usage: Scripts/check_clients.sh [--moso PROGRAM] [--only EXPRESSION] [CLIENT …]" >&2
  echo "clients: ${all[*]}" >&2
  exit 2
}

all=()
for file in "$tests"/requirements/*.txt; do all+=("$(basename "$file" .txt)"); done
moso=""
only=""
clients=()
while [ $# -gt 0 ]; do
  case "$1" in
    --moso | --only)
      [ $# -ge 2 ] || usage
      if [ "$1" = --moso ]; then moso=$2; else only=$2; fi
      shift 2
      ;;
    -*) usage ;;
    *)
      [ -f "$tests/requirements/$1.txt" ] || usage
      clients+=("$1")
      shift
      ;;
  esac
done
if [ ${#clients[@]} -eq 0 ]; then clients=("${all[@]}"); fi
Scripts/install_packages.sh
if [ -z "$moso" ]; then
  swift build -c release --product moso >&2
  moso="$(swift build -c release --show-bin-path)/moso"
fi
"$moso" pull smollm2 >/dev/null

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/lines"

report() { echo "$1" | tee -a "$work/lines"; }

# Installs a client unless these very versions are there; says why not.
install() {
  local environment="$root/.venv-client-$1" wanted="$tests/requirements/$1.txt"
  if cmp -s "$wanted" "$environment/installed.txt"; then return 0; fi
  echo "Installing $(head -n 1 "$wanted") and what it needs" >&2
  rm -rf "$environment"
  if ! { python3 -m venv "$environment" && "$environment/bin/pip" install --quiet -r "$wanted"; } 2>"$work/reason" >&2; then
    cat "$work/reason" >&2
    return 1
  fi
  cp "$wanted" "$environment/installed.txt"
}

# The server, which the tests start, has the models of whoever runs this; the clients have nothing.
given=()
for name in HOME XDG_CACHE_HOME HF_HOME; do
  if [ -n "${!name:-}" ]; then given+=("SERVER_$name=${!name}"); fi
done
for client in "${clients[@]}"; do
  if ! install "$client"; then
    reason=$(tail -n 1 "$work/reason")
    if [ -n "${CI:-}" ]; then
      report "failed: $client: It can be installed. ($reason)"
    else
      report "skipped: $client: It cannot be installed ($reason)"
    fi
    continue
  fi
  mkdir "$work/home-$client"
  status=0
  env -i "PATH=$PATH" "HOME=$work/home-$client" "TMPDIR=$work" LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 "${given[@]}" \
    "$root/.venv-client-$client/bin/python" "$tests/run_client.py" "$client" --moso "$moso" --only "$only" \
    2>"$work/errors" | tee "$work/$client" || status=$?
  cat "$work/$client" >>"$work/lines"
  # What libraries say beside the tests is of interest only where these do not come to their end.
  if [ "$status" -ne 0 ] && ! grep -q "^failed: " "$work/$client"; then
    report "failed: $client: Its tests come to their end."
    tail -n 20 "$work/errors" >&2
  fi
done
passed=$(grep -c "^passed: " "$work/lines" || true)
failed=$(grep -c "^failed: " "$work/lines" || true)
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
