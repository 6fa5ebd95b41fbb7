#!/bin/sh
# Builds the reference of the libraries' public symbols as web pages in .build/reference/Moso, from the comments in the code
# and the catalogues (*.docc) beside it. A warning is an error: a link that leads nowhere, a symbol that is not there.
set -eu
cd "$(dirname "$0")/.."

# What `import Moso` brings along, from the ground up: a page may link to the libraries before its own.
libraries="MosoTensor MosoModel MosoConversation MosoTokenizers MosoHub MosoEngine Moso"

docc=$(dirname "$(readlink -f "$(command -v swift)")")/docc
output=.build/reference
swift build --build-tests >&2
graphs=$(dirname "$(swift build --show-bin-path)")/symbolgraph
# Graphs of an earlier state of the code would be read too.
rm -rf "$graphs" "$output"
# It fails for the modules that the package manager makes for tests, after it has done the others.
swift package dump-symbol-graph --minimum-access-level public --skip-synthesized-members >/dev/null 2>&1 || true

mkdir -p "$output/archives"
# The arguments are the libraries that links may lead to.
set --
for library in $libraries; do
  [ -f "$graphs/$library.symbols.json" ] || { echo "reference: no symbols of $library were found in $graphs" >&2; exit 1; }
  own=$output/graphs/$library
  mkdir -p "$own"
  cp "$graphs/$library.symbols.json" "$own/"
  # What another library adds to a type, as Moso adds `open` to LanguageModel, stands on the type's own page.
  for other in $libraries; do
    if [ -f "$graphs/$other@$library.symbols.json" ]; then cp "$graphs/$other@$library.symbols.json" "$own/"; fi
  done
  archive=$output/archives/$library.doccarchive
  # Parameters have words only where they need some, which docc would call missing documentation.
  "$docc" convert "Sources/$library/$library.docc" --additional-symbol-graph-dir "$own" "$@" --warnings-as-errors \
    --enable-experimental-external-link-support --disable-parameters-and-returns-validation \
    --fallback-display-name "$library" --fallback-bundle-identifier "$library" --output-path "$archive" >&2
  set -- "$@" --dependency "$archive"
done
"$docc" merge "$output"/archives/*.doccarchive --synthesized-landing-page-name Moso --output-path "$output/Moso" >&2
echo "reference: serve it with 'python3 -m http.server -d $output/Moso' and open http://localhost:8000/documentation"
