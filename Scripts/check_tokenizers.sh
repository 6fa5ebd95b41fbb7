#!/usr/bin/env bash
# Compares the tokenizers with Hugging Face tokenizers and SentencePiece on megabytes of mixed text. The first run puts both
# into a virtual environment. Options are those of `tokenizer_golden.py compare`.
# Without options SmolLM2 is compared too; another real model may be named with --gguf.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
environment="$root/.venv-tokenizers"
cd "$root"
Scripts/install_packages.sh

if [ ! -x "$environment/bin/python" ]; then python3 -m venv "$environment"; fi
if ! "$environment/bin/python" -c "import gguf, sentencepiece, tokenizers" 2>/dev/null; then
  "$environment/bin/pip" install --quiet -r Scripts/tokenizer_requirements.txt
fi
swift build -c release --product TokenizerTool >&2
swift build -c release --product moso >&2
folder=$(swift build -c release --show-bin-path)
# A real vocabulary besides those that are trained here, where there is no other one.
if [ $# -eq 0 ]; then set -- --gguf "$("$folder/moso" pull smollm2)"; fi
exec "$environment/bin/python" Scripts/tokenizer_golden.py compare --tool "$folder/TokenizerTool" "$@"
