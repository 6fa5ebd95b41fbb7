#!/usr/bin/env bash
# Runs the documents' curl commands against a server that serves smollm2: Scripts/check_serve_examples.sh BASE-URL
#
# A block of commands counts whose fence ```sh stands right below a line <!-- check: TEXT -->: with the server's address in
# place of http://127.0.0.1:8642, what it prints has to hold TEXT. Where MOSO_API_KEY is set, curl sends it.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -ne 1 ]; then
  echo "usage: Scripts/check_serve_examples.sh BASE-URL" >&2
  exit 2
fi
base=${1%/}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# What every curl of the examples does besides: give up rather than hang, and show no progress.
{
  echo "silent"
  echo "show-error"
  echo "max-time = 120"
  if [ -n "${MOSO_API_KEY:-}" ]; then echo "header = \"x-api-key: $MOSO_API_KEY\""; fi
} >"$folder/.curlrc"
chmod 600 "$folder/.curlrc"

# Each block becomes a file with its expectation beside it; a mark without a block is a mistake in the document.
awk -v folder="$folder" '
  function name() { return sprintf("%s/%03d", folder, count) }
  wanted != "" && $0 != "```sh" && !inside { print FILENAME ": a check that no ```sh follows: " wanted > "/dev/stderr"; bad = 1 }
  wanted != "" && $0 == "```sh" && !inside { inside = 1; next }
  inside && $0 == "```" { close(name() ".sh"); inside = 0; wanted = ""; next }
  inside { print > (name() ".sh"); next }
  { wanted = "" }
  /^<!-- check: .* -->$/ {
    wanted = substr($0, 13, length($0) - 16); count++
    print wanted > (name() ".expected"); print FILENAME > (name() ".document")
    close(name() ".expected"); close(name() ".document")
  }
  END {
    if (wanted != "") { print "a check that nothing follows: " wanted > "/dev/stderr"; bad = 1 }
    exit bad
  }
' README.md Docs/*.md

passed=0
failed=0
for block in "$folder"/*.sh; do
  [ -e "$block" ] || break
  expected=$(cat "${block%.sh}.expected")
  sed "s|http://127\.0\.0\.1:8642|$base|g" "$block" >"$block.here"
  if output=$(CURL_HOME="$folder" sh -e "$block.here" 2>&1) && grep -qF -- "$expected" <<<"$output"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    {
      echo "$(cat "${block%.sh}.document"): this did not print: $expected"
      cat "$block.here"
      echo "but: ${output:0:2000}"
    } >&2
  fi
done
if [ $((passed + failed)) -eq 0 ]; then
  echo "no marked examples in the documents" >&2
  exit 1
fi
echo "examples of the server: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
