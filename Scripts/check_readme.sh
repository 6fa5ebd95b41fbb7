#!/bin/sh
# The commands that README.md and Docs/ show have to exist: `make` targets, `moso` subcommands and their options.
set -eu
cd "$(dirname "$0")/.."

swift build ${MOSO_TRAITS:+--traits "$MOSO_TRAITS"} --product moso >&2
binary=$(swift build ${MOSO_TRAITS:+--traits "$MOSO_TRAITS"} --show-bin-path)/moso
failed=0
documents="README.md CONTRIBUTING.md $(find Docs -name '*.md' 2>/dev/null | sort)"

for target in $(grep -ohE '^ *\$? ?make [a-z-]+|`make [a-z-]+`' $documents | grep -oE 'make [a-z-]+' | sort -u | cut -d' ' -f2); do
  grep -qE "^$target:" Makefile || { echo "README: there is no target $target in the Makefile" >&2; failed=1; }
done

shown=$(mktemp)
trap 'rm -f "$shown"' EXIT
commands=$("$binary" --help | sed -n '/^SUBCOMMANDS/,$p' | grep -oE '^  [a-z]+' | tr -d ' ')
grep -ohE '(^|[`|$] ?|^ +)moso [a-z]+[^`|]*' $documents | grep -oE 'moso .*' | sort -u >"$shown" || true
while read -r _ name rest; do
  case "$name" in help) continue ;; esac
  if ! echo "$commands" | grep -qx "$name"; then
    echo "README: there is no command moso $name" >&2
    failed=1
    continue
  fi
  help=$("$binary" "$name" --help)
  # A command of a command, as in moso scale fit.
  inner=${rest%% *}
  if echo "$help" | sed -n '/^SUBCOMMANDS/,$p' | grep -qE "^  $inner( |\$)"; then
    name="$name $inner"
    # shellcheck disable=SC2086
    help=$("$binary" $name --help)
  fi
  # Long options and single letters; what is in quotes is text.
  words=$(echo "$rest" | sed -e 's/"[^"]*"//g' -e "s/'[^']*'//g" | tr ' =' '\n\n')
  for option in $(echo "$words" | grep -xE -- '--[a-z][a-z-]*|-[a-zA-Z]' || true); do
    echo "$help" | grep -qE -- "(^|[^a-zA-Z-])$option([^a-zA-Z-]|\$)" || {
      echo "README: moso $name has no option $option" >&2
      failed=1
    }
  done
done <"$shown"

for name in $commands; do
  "$binary" "$name" --help | grep -q "Example" || { echo "README: the help of moso $name has no example" >&2; failed=1; }
done
[ "$failed" -eq 0 ] && echo "README: its commands exist, and every command's help has an example"
exit "$failed"
