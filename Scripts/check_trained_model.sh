#!/usr/bin/env bash
# Shows that others read what `moso train` and `moso quantize` write: Scripts/check_trained_model.sh MOSO [FAMILY …]
# MOSO is the command to test. For each family (llama, qwen3, gpt2, mixtral) it trains a tiny model and compares its tokens and
# its predictions with those of Hugging Face transformers and, where `make bench-server` has built llama.cpp's server, with
# those of llama.cpp on the model as GGUF. The first run puts PyTorch and transformers into a virtual environment; then it is
# about two minutes.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -lt 1 ]; then
  echo "usage: Scripts/check_trained_model.sh MOSO [FAMILY …]" >&2
  exit 2
fi
moso=$1
shift
environment="$root/.venv-trained"
wanted="$root/Scripts/trained_model_requirements.txt"
stamp="$environment/installed.txt"
if ! cmp -s "$wanted" "$stamp"; then
  echo "Installing PyTorch and transformers into $environment" >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet -r "$wanted" >&2
  cp "$wanted" "$stamp"
fi
exec env HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error HF_HUB_DISABLE_PROGRESS_BARS=1 \
  "$environment/bin/python" "$root/Scripts/trained_model.py" --moso "$moso" \
  --llama-server "$root/.build-llama-server/llama-server" "$@"
