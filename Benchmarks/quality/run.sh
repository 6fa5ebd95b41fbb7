#!/usr/bin/env bash
# How far Moso's and llama.cpp's predictions are from f32. Options are divergence.py's: `Benchmarks/quality/run.sh --help`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

"$root/Benchmarks/peers/install.sh"
cd "$root"
swift build -c release --product moso >&2
binary=$(swift build -c release --show-bin-path)/moso
exec "$root/.venv-peers/bin/python" "$here/divergence.py" --moso "$binary" "$@"
