#!/bin/sh
# Builds the reference of the libraries' public symbols as web pages in .build/reference, from the comments in the code and
# the catalogues (*.docc) beside it. A warning is an error: a link that leads nowhere, a symbol that is not there.
set -eu
cd "$(dirname "$0")/.."

docc=$(dirname "$(readlink -f "$(command -v swift)")")/docc
swift build --build-tests >&2
# It fails for the modules that the package manager makes for tests, after it has done the others.
swift package dump-symbol-graph --minimum-access-level public --skip-synthesized-members >/dev/null 2>&1 || true
graphs=$(dirname "$(swift build --show-bin-path)")/symbolgraph
for module in Moso MosoHub; do
  [ -f "$graphs/$module.symbols.json" ] || { echo "reference: no symbols of $module were found in $graphs" >&2; exit 1; }
  own=.build/reference/graphs/$module
  rm -rf "$own" ".build/reference/$module"
  mkdir -p "$own"
  cp "$graphs/$module.symbols.json" "$own/"
  "$docc" convert "Sources/$module/$module.docc" --additional-symbol-graph-dir "$own" --warnings-as-errors \
    --fallback-display-name "$module" --fallback-bundle-identifier "$module" \
    --output-path ".build/reference/$module" >&2
  echo "reference: .build/reference/$module"
done
