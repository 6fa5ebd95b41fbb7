#!/bin/sh
# The Swift code in the documents is code of Examples/, and the examples run. They need the default model: where it is
# neither on this machine nor can be fetched, they are compiled and not run.
set -eu
cd "$(dirname "$0")/.."

python3 Scripts/check_document_code.py

swift build ${MOSO_TRAITS:+--traits "$MOSO_TRAITS"} --product HelloMoso >&2
swift build ${MOSO_TRAITS:+--traits "$MOSO_TRAITS"} --product TourOfMoso >&2
swift build ${MOSO_TRAITS:+--traits "$MOSO_TRAITS"} --product moso >&2
folder=$(swift build ${MOSO_TRAITS:+--traits "$MOSO_TRAITS"} --show-bin-path)

if ! message=$("$folder/moso" pull smollm2 2>&1 >/dev/null); then
  echo "examples: compiled, but not run, because the model cannot be fetched: $message" >&2
  # Continuous integration must not pass what it has not checked.
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 0
fi
output=$(mktemp)
trap 'rm -f "$output"' EXIT
for example in HelloMoso TourOfMoso; do
  "$folder/$example" >"$output" || { echo "examples: $example failed" >&2; exit 1; }
  [ "$(wc -w <"$output")" -ge 5 ] || { echo "examples: $example printed less than five words" >&2; exit 1; }
done
# The last program's last lines depend on no chance: greedy decoding, tokens, and the nearness of two texts.
grep -q "Hello there" "$output" || { echo "examples: TourOfMoso did not get its text back from tokens" >&2; exit 1; }
tail -n 1 "$output" | grep -qE '^similarity: 0\.[0-9]+$' || { echo "examples: TourOfMoso's embeddings" >&2; exit 1; }
echo "examples: the documents' code compiles and runs"
