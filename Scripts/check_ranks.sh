#!/usr/bin/env bash
# Shows that training does not depend on how many processes share it: one, two and four end with the same bytes, and so does a
# run that two begin and four end.
#
# check_ranks.sh MOSO, which was built with --traits MPI
set -euo pipefail

moso=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/recipe.yaml" <<'RECIPE'
data:
  - stories: 400
    people: 100
tokenizer: {vocabulary: 512, bytes: 200K}
corpus: {validation_share: 0.05}
model: {width: 64, layers: 2, context: 128}
training: {steps: 16, sequences: 8}
watch: {evaluate_every: 8, save_every: 8, documents: 8, samples: 1, question_stories: 4}
RECIPE

# As root, as in a container, Open MPI wants to be asked twice; and here are fewer processors than processes.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
train() {
  local ranks=$1 name=$2
  shift 2
  timeout 300 mpirun --oversubscribe -n "$ranks" "$moso" train "$folder/recipe.yaml" --output "$folder/$name" --threads 1 \
    "$@" >/dev/null 2>"$folder/$name.log" || { cat "$folder/$name.log" >&2; return 1; }
}
weights() { sha256sum < "$folder/$1/model/model.safetensors" | cut -c1-64; }

"$moso" train "$folder/recipe.yaml" --output "$folder/alone" >/dev/null 2>&1
expected=$(weights alone)
for ranks in 1 2 4; do
  train "$ranks" "ranks-$ranks"
  if [ "$(weights "ranks-$ranks")" != "$expected" ]; then
    echo "$ranks processes end with other weights than one" >&2
    exit 1
  fi
done

# Two processes are killed some time after their first checkpoint, and four go on.
train 2 parts --set training.steps=16 &
job=$!
for _ in $(seq 600); do
  [ -e "$folder/parts/checkpoints/step-0000008/state.json" ] && break
  sleep 0.05
done
pkill -KILL -P "$job" -f mpirun || true
wait "$job" 2>/dev/null || true
sleep 1
train 4 parts
if [ "$(weights parts)" != "$expected" ]; then
  echo "a run that two processes began and four ended has other weights than that of one" >&2
  exit 1
fi

# A loss that diverges ends all processes with one sentence.
if train 2 hot --set training.rate=1e3 --set training.optimizer=adamw --set training.largest_norm=0 \
  --set training.steps=400 2>"$folder/said"; then
  echo "a run that diverges ended well" >&2
  exit 1
fi
grep -q "the run was stopped at step" "$folder/said"
echo "Training by 1, 2 and 4 processes ends with the same bytes: $expected"
