#!/usr/bin/env bash
# Compares training steps with PyTorch's and, with --llm-c, llm.c's. Options are compare.py's: see
# `Benchmarks/training/run.sh --help`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

cd "$root"
environment=$root/.venv-training
if [ ! -x "$environment/bin/python" ]; then python3 -m venv "$environment"; fi
"$environment/bin/pip" install --quiet --requirement "$here/requirements.txt" >&2
swift build -c release --product TrainingTool >&2
exec python3 "$here/compare.py" --moso "$(swift build -c release --show-bin-path)/TrainingTool" \
  --python "$environment/bin/python" "$@"
