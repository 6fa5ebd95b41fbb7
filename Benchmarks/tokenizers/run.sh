#!/usr/bin/env bash
# Measures tokenizing speed next to tiktoken and Hugging Face tokenizers, and loading times: see speed.py. Then how fast
# tokenizers are learned and corpora cut: see corpus.py; `run.sh corpus [OPTIONS]` does only that.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
environment="$root/.venv-tokenizers"
cd "$root"
Scripts/install_packages.sh

if [ ! -x "$environment/bin/python" ]; then python3 -m venv "$environment"; fi
if ! "$environment/bin/python" -c "import gguf, sentencepiece, tiktoken, tokenizers" 2>/dev/null; then
  "$environment/bin/pip" install --quiet -r Scripts/tokenizer_requirements.txt
fi
binaries=$(swift build -c release --show-bin-path)

if [ "${1:-}" != corpus ]; then
  swift build -c release --product TokenizerTool >&2
  "$environment/bin/python" Benchmarks/tokenizers/speed.py --tool "$binaries/TokenizerTool" "$@"
  # Options are speed.py's.
  if [ $# -gt 0 ]; then exit; fi
else
  shift
fi
swift build -c release --product TrainingTool >&2
exec "$environment/bin/python" Benchmarks/tokenizers/corpus.py --tool "$binaries/TrainingTool" "$@"
