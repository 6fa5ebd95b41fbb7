#!/usr/bin/env python3
"""Times training steps of Moso, of PyTorch and of llm.c on the same shapes, in turns, and prints one table of ratios."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

import llm_c

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
        length=llm_c.LENGTH, sequences=llm_c.SEQUENCES, lanes=1, asked={"f32": 1.2}, asked_of_llm_c=3,
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
        sys.exit(f"{command[0]} ended with status {status}: {output.decode(errors='replace').strip()}")
    result = json.loads(output)
    return result["median_s"], usage.ru_maxrss / 1024, result["parameters"]


def measure(options, name, precision, llm_c_folder):
    """The results of each program in each round, by its name."""
    model = MODELS[name]
    torch = [options.python, os.path.join(HERE, "torch_step.py")]
    results = {"Moso": [], "PyTorch": []}
    if llm_c_folder:
        results["llm.c"] = []
    for number in range(options.rounds):
        results["Moso"].append(run([options.moso, "steps"], model, precision, options.steps, options.threads,
                                   str(model.get("lanes", 4))))
        # Where the processor has no bfloat16, PyTorch takes minutes for what the others take seconds.
        slow = results["PyTorch"] and results["PyTorch"][0][0] > 10
        results["PyTorch"].append(run(torch, model, precision, 2 if slow else options.steps, options.threads))
        if llm_c_folder:
            results["llm.c"].append(llm_c.run(options.llm_c, llm_c_folder, options.steps, options.threads))
        print(f"{name} {precision}, round {number + 1}: "
              + ", ".join(f"{program} {rounds[-1][0]:.2f} s" for program, rounds in results.items()), file=sys.stderr)
    return results


def report(name, precision, results):
    """A line of the table for each program that Moso is compared with."""
    model = MODELS[name]
    time = {program: statistics.median(r[0] for r in rounds) for program, rounds in results.items()}
    memory = {program: statistics.median(r[1] for r in rounds) for program, rounds in results.items()}
    parameters, tokens = results["Moso"][0][2], model["length"] * model["sequences"]
    for program in list(results)[1:]:
        asked = model["asked"][precision] if program == "PyTorch" else model["asked_of_llm_c"]
        asked_memory = "≤ 0.6×" if program == "PyTorch" else ""
        print(f"| {name} ({parameters / 1e6:.1f} M), {tokens} | {precision} | {time['Moso']:.2f} | {program} "
              f"| {time[program]:.2f} | ≥ {asked}× | **{time[program] / time['Moso']:.2f}×** "
              f"| {memory['Moso']:.0f} and {memory[program]:.0f} | {asked_memory} "
              f"| **{memory['Moso'] / memory[program]:.2f}×** |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moso", required=True, help="the program TrainingTool")
    parser.add_argument("--python", required=True, help="a Python that has torch")
    parser.add_argument("--llm-c", metavar="PROGRAM", help="llm.c's program train_gpt2, to be compared with too")
    parser.add_argument("--only", default="5.7M,20M,gpt2-124M", help="models, separated by commas")
    parser.add_argument("--precisions", default="f32,bf16")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=5, help="in each round, of which the first does not count")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if options.llm_c and not os.access(options.llm_c, os.X_OK):
        parser.error(f"--llm-c is {options.llm_c}, which is no program; name the file train_gpt2 that was built from llm.c")
    print("| model, tokens a step | precision | Moso, s | beside | its, s | asked | reached | memory, MB | asked | reached |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for name in options.only.split(","):
        for precision in options.precisions.split(","):
            if precision not in MODELS[name]["asked"]:
                continue
            with tempfile.TemporaryDirectory() as folder:
                has_llm_c = options.llm_c and precision == "f32" and "asked_of_llm_c" in MODELS[name]
                if has_llm_c:
                    llm_c.prepare(folder, MODELS[name]["configuration"])
                report(name, precision, measure(options, name, precision, folder if has_llm_c else None))


main()
