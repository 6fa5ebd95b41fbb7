#!/usr/bin/env python3
"""Times training steps of Moso and of PyTorch on the same shapes, in turns, and prints one table of ratios."""

import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

LLAMA = dict(model_type="llama", rms_norm_eps=1e-5, tie_word_embeddings=True)
MODELS = {
    "5.7M": dict(
        length=256, sequences=16, asked={"f32": 1.25, "bf16": 1.15},
        configuration=dict(
            LLAMA, vocab_size=4096, hidden_size=256, intermediate_size=683, num_hidden_layers=6, num_attention_heads=4,
            num_key_value_heads=4, max_position_embeddings=256)),
    "20M": dict(
        length=512, sequences=8, asked={"f32": 1.25, "bf16": 1.15},
        configuration=dict(
            LLAMA, vocab_size=8192, hidden_size=448, intermediate_size=1200, num_hidden_layers=7, num_attention_heads=7,
            num_key_value_heads=7, max_position_embeddings=512)),
    "gpt2-124M": dict(
        # 64 tokens a sequence: in four lanes the weights would be read four times for them.
        length=64, sequences=4, lanes=1, asked={"f32": 1.2},
        configuration=dict(
            model_type="gpt2", vocab_size=50257, n_embd=768, n_inner=3072, n_layer=12, n_head=12, n_positions=1024)),
}


def run(command, model, precision, steps, threads, *more):
    """One program's median step in seconds, its peak of memory in MB, and the model's parameters."""
    arguments = [json.dumps(model["configuration"]), str(model["length"]), str(model["sequences"]), str(steps), precision,
                 str(threads), *more]
    process = subprocess.Popen(command + arguments, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} ended with status {status}")
    result = json.loads(output)
    return result["median_s"], usage.ru_maxrss / 1024, result["parameters"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moso", required=True, help="the program TrainingTool")
    parser.add_argument("--python", required=True, help="a Python that has torch")
    parser.add_argument("--only", default="5.7M,20M,gpt2-124M", help="models, separated by commas")
    parser.add_argument("--precisions", default="f32,bf16")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=5, help="in each round, of which the first does not count")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch = [options.python, os.path.join(HERE, "torch_step.py")]
    print("| model, tokens a step | precision | Moso, s | PyTorch, s | asked | reached | memory, MB | asked | reached |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in options.only.split(","):
        model = MODELS[name]
        for precision in options.precisions.split(","):
            asked = model["asked"].get(precision)
            if asked is None:
                continue
            ours, theirs = [], []
            for number in range(options.rounds):
                ours.append(run(
                    [options.moso], model, precision, options.steps, options.threads, str(model.get("lanes", 4))))
                # Where the processor has no bfloat16, PyTorch takes minutes for what the others take seconds.
                few = 2 if theirs and theirs[0][0] > 10 else options.steps
                theirs.append(run(torch, model, precision, few, options.threads))
                print(f"{name} {precision}, round {number + 1}: {ours[-1][0]:.2f} s and {theirs[-1][0]:.2f} s",
                      file=sys.stderr)
            time = [statistics.median(r[0] for r in side) for side in (ours, theirs)]
            memory = [statistics.median(r[1] for r in side) for side in (ours, theirs)]
            tokens = model["length"] * model["sequences"]
            print(f"| {name} ({ours[0][2] / 1e6:.1f} M), {tokens} | {precision} | {time[0]:.2f} | {time[1]:.2f} "
                  f"| ≥ {asked}× | **{time[1] / time[0]:.2f}×** | {memory[0]:.0f} and {memory[1]:.0f} | ≤ 0.6× "
                  f"| **{memory[0] / memory[1]:.2f}×** |", flush=True)


main()
