#!/usr/bin/env bash
# Compares Moso with llama.cpp on this machine. Options are compare.py's: see `Benchmarks/peers/run.sh --help`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

"$here/install.sh"
cd "$root"
swift build -c release --product moso >&2
binary=$(swift build -c release --show-bin-path)/moso
exec "$root/.venv-peers/bin/python" "$here/compare.py" --moso "$binary" "$@"
