#!/bin/sh
# Compiles the kernels for 64-bit Arm, so that the NEON code stays valid where it cannot run.
set -eu
cd "$(dirname "$0")/../Sources/CMosoKernels"

headers=/usr/aarch64-linux-gnu/include
if [ ! -d "$headers" ]; then
  if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libc6-dev-arm64-cross >&2
  else
    echo "NEON: not checked, because the package libc6-dev-arm64-cross is missing" >&2
    # Continuous integration must not pass what it has not checked.
    if [ "${CI:-}" = true ]; then exit 1; fi
    exit 0
  fi
fi
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
# Without optimisation: what is not valid shows all the same, in a tenth of the time.
for file in *.c; do echo "${file%.c}"; done | xargs -P "$(nproc)" -I NAME \
  clang --target=aarch64-linux-gnu -isystem "$headers" -std=c17 -O0 -Wall -Wextra -Werror -Iinclude -c NAME.c \
  -o "$output/NAME.o"
echo "NEON: $(ls "$output" | wc -l) files compile for aarch64"
