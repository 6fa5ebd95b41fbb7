#!/usr/bin/env bash
# Measures tokenizing speed next to tiktoken and Hugging Face tokenizers, and loading times: see speed.py.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
environment="$root/.venv-tokenizers"
cd "$root"
Scripts/install_packages.sh

if [ ! -x "$environment/bin/python" ]; then python3 -m venv "$environment"; fi
if ! "$environment/bin/python" -c "import gguf, sentencepiece, tiktoken, tokenizers" 2>/dev/null; then
  "$environment/bin/pip" install --quiet -r Scripts/tokenizer_requirements.txt
fi
swift build -c release --product TokenizerTool >&2
tool=$(swift build -c release --show-bin-path)/TokenizerTool
exec "$environment/bin/python" Benchmarks/tokenizers/speed.py --tool "$tool" "$@"
