#!/usr/bin/env bash
# Makes .build-llama-server/llama-server in the repository root: llama.cpp's server, compiled for this machine.
#
# The source is the one that the PyPI package llama-cpp-python carries, in the version that Benchmarks/peers pins.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=$root/.build-llama-server
package=$(grep '^llama-cpp-python==' "$root/Benchmarks/peers/requirements.txt")
source=$folder/source-${package#*==}
stamp=$folder/package.txt

if [ "$(cat "$stamp" 2>/dev/null)" = "$package" ]; then exit 0; fi

echo "Building llama.cpp's server into $folder; this takes ten minutes or more the first time." >&2
mkdir -p "$folder"
python3 -m venv "$folder/tools"
"$folder/tools/bin/pip" install --quiet --upgrade pip
"$folder/tools/bin/pip" install --quiet 'cmake>=3.28,<5' ninja
if [ ! -d "$source" ]; then  # Only what is whole gets the name, and an interrupted build goes on where it was.
  rm -rf "$folder/partial"
  mkdir "$folder/partial"
  "$folder/tools/bin/pip" download --quiet --no-deps --no-binary llama-cpp-python -d "$folder/partial" "$package"
  tar -xzf "$folder"/partial/*.tar.gz -C "$folder/partial" --strip-components 1
  mv "$folder/partial" "$source"
fi
# As in Benchmarks/peers/install.sh: GCC before 13 leaves out what sets the matrix registers (AMX) up.
if grep -qs amx_tile /proc/cpuinfo && [ "$(gcc -dumpversion | cut -d. -f1)" -lt 13 ] &&
  command -v clang++ >/dev/null; then
  export CC=clang CXX=clang++
fi
settings=(-DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON -DBUILD_SHARED_LIBS=OFF -DLLAMA_OPENSSL=OFF)
settings+=(-DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF)
export PATH=$folder/tools/bin:$PATH
log=$folder/build.log
if ! { nice -n 15 cmake -G Ninja -S "$source/vendor/llama.cpp" -B "$source/build" "${settings[@]}" &&
  nice -n 15 cmake --build "$source/build" --target llama-server; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "llama.cpp's server could not be built; all of the compiler's messages are in $log." >&2
  exit 1
fi
cp "$source/build/bin/llama-server" "$folder/llama-server"
rm -rf "$source" "$folder/tools"
echo "$package" >"$stamp"
