#!/usr/bin/env bash
# Makes .venv-peers in the repository root: llama.cpp compiled for this machine, and what reads and writes GGUF.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
environment=$root/.venv-peers
stamp=$environment/requirements.txt

if cmp -s "$here/requirements.txt" "$stamp"; then exit 0; fi

echo "Building llama.cpp into $environment; this takes several minutes the first time." >&2
python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --upgrade pip
grep -v '^llama-cpp-python' "$here/requirements.txt" | "$environment/bin/pip" install --quiet -r /dev/stdin
# Debian 12's GCC leaves out what sets the matrix registers (AMX) up, and llama.cpp then ends with an illegal instruction.
if grep -qs amx_tile /proc/cpuinfo && [ "$(gcc -dumpversion | cut -d. -f1)" -lt 13 ] && command -v clang++ >/dev/null; then
  export CC=clang CXX=clang++
fi
# --no-cache-dir: pip would reuse a wheel that was built earlier with other settings.
CMAKE_ARGS="-DGGML_NATIVE=ON -DLLAVA_BUILD=OFF" "$environment/bin/pip" install --quiet --no-cache-dir \
  "$(grep '^llama-cpp-python' "$here/requirements.txt")"
cp "$here/requirements.txt" "$stamp"
