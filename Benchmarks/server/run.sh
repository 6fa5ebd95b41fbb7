#!/usr/bin/env bash
# Compares `moso serve` with llama.cpp's server. Options are compare.py's: see `Benchmarks/server/run.sh --help`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

"$here/install.sh"
cd "$root"
swift build -c release --product moso >&2
binary=$(swift build -c release --show-bin-path)/moso
model=$("$binary" pull smollm2)
exec python3 "$here/compare.py" --moso "$binary" --llama "$root/.build-llama-server/llama-server" \
  --model "$model" "$@"
