#!/usr/bin/env bash
# Trains on storyworld for about a minute and shows that the model learned, that runs which are killed at any moment go on to the
# same bytes, and that a full disk leaves the last checkpoint as it was.
#
# check_training.sh MOSO
set -euo pipefail

moso=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
value() { python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$1" "$2"; }
expect() { python3 -c 'import sys; sys.exit(0 if eval(sys.argv[1]) else sys.argv[2] + ": " + sys.argv[1])' "$1" "$2"; }

# 1. It learns: after a minute far below the 4 nats that knowing how often words occur is worth.
"$moso" train storyworld --output "$folder/minute" --tokens 250K --set data="[{stories: 4K, people: 2000}]" \
  --set watch.question_stories=20 --json >"$folder/minute.json" 2>"$folder/minute.log"
loss=$(value "$folder/minute.json" validation_loss)
least=$(value "$folder/minute.json" least_loss)
expect "$least < $loss < 2" "the loss after a minute"
"$moso" generate "$folder/minute/model" "Ada" --max-tokens 12 --temperature 0 >"$folder/said" 2>/dev/null
grep -q . "$folder/said"
echo "After a minute a token costs $loss nats; the least possible is $least."

# 2. It is killed again and again, and goes on.
cat > "$folder/recipe.yaml" <<'RECIPE'
data:
  - stories: 300
    people: 100
tokenizer: {vocabulary: 512, bytes: 200K}
corpus: {validation_share: 0.05}
model: {width: 64, layers: 2, context: 128}
training: {steps: 60, sequences: 8}
watch: {evaluate_every: 20, save_every: 5, documents: 8, samples: 1, question_stories: 4}
RECIPE
"$moso" train "$folder/recipe.yaml" --output "$folder/whole" >/dev/null 2>&1
kills=0
for try in $(seq 12); do
  "$moso" train "$folder/recipe.yaml" --output "$folder/killed" >/dev/null 2>"$folder/killed.log" &
  job=$!
  sleep "$(python3 -c "import random; print(random.Random($try).uniform(0.05, 1.5))")"
  if kill -KILL "$job" 2>/dev/null; then kills=$((kills + 1)); fi
  wait "$job" 2>/dev/null && break
done
"$moso" train "$folder/recipe.yaml" --output "$folder/killed" >/dev/null 2>"$folder/killed.log" || { cat "$folder/killed.log"; exit 1; }
cmp "$folder/whole/model/model.safetensors" "$folder/killed/model/model.safetensors"
echo "A run that was killed $kills times ended with the same bytes."

# 3. A disk that is full: one sentence, and the last checkpoint can still be opened.
full='
  set -e
  mount -t tmpfs -o size=16m tmpfs "$1/disk"
  "$2" train "$1/recipe.yaml" --output "$1/disk/run" --set training.steps=12 >/dev/null 2>&1
  before=$(cat "$1"/disk/run/checkpoints/step-0000012/*.safetensors | sha256sum)
  dd if=/dev/zero of="$1/disk/filler" bs=64k >/dev/null 2>&1 || true
  # Another run has no room at all.
  if "$2" train "$1/recipe.yaml" --output "$1/disk/other" >/dev/null 2>"$1/said"; then exit 1; fi
  test "$before" = "$(cat "$1"/disk/run/checkpoints/step-0000012/*.safetensors | sha256sum)"
'
mkdir "$folder/disk"
if unshare -rm true 2>/dev/null; then
  unshare -rm bash -c "$full" bash "$folder" "$moso"
  [ "$(wc -l < "$folder/said")" -le 3 ] && grep -qi "no space left" "$folder/said"
  echo "A full disk: $(tail -1 "$folder/said" | sed "s|$folder/||g")"
elif [ -n "${CI:-}" ]; then
  echo "check_training: this system lets nobody mount a small disk" >&2
  exit 1
fi
