#!/usr/bin/env python3
"""Tokenizing speed next to tiktoken and Hugging Face tokenizers, and how long vocabularies take to load.

    Benchmarks/tokenizers/run.sh [MODEL.gguf]

Times are processor time, which other programs disturb less than the clock. All run on one thread with the same
vocabulary, the same expression for cutting and the same English text, and must give the same tokens. The vocabulary is
that of a GGUF model such as SmolLM2's (`moso pull smollm2`), or else one trained here. The text is Python's own manual, or a file named with --text.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Scripts"))
from tokenizer_golden import LLAMA3, assemble, byte_level, byte_level_model, sequence, split, write_gguf

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
PIPELINES = {
    "gpt-2": (GPT2, {"pre_tokenizer": byte_level(True)}),
    "llama-bpe": (LLAMA3, {"pre_tokenizer": sequence(split(LLAMA3), byte_level(False))}),
}


def byte_characters():
    kept = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in kept]
    return {chr(b): b for b in kept} | {chr(0x100 + i): b for i, b in enumerate(others)}


def vocabulary(path):
    if not path:
        return byte_level_model(8000)
    from gguf import GGUFReader

    fields = GGUFReader(path).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    return {"type": "BPE", "vocab": {t: i for i, t in enumerate(tokens)}, "merges": fields["tokenizer.ggml.merges"].contents()}


def tiktoken_encoding(model, expression):
    """tiktoken ranks whole tokens where others rank merges; the order is the same."""
    import tiktoken

    characters = byte_characters()

    def raw(piece):
        return bytes(characters[c] for c in piece)

    ranks = {bytes([b]): b for b in range(256)}
    ids = {}
    for merge in model["merges"]:
        piece = merge.replace(" ", "") if isinstance(merge, str) else "".join(merge)
        if raw(piece) not in ranks:
            ranks[raw(piece)] = len(ranks)
    for piece, token in model["vocab"].items():
        if all(c in characters for c in piece) and raw(piece) in ranks:
            ids[ranks[raw(piece)]] = token
    return tiktoken.Encoding(name="same", pat_str=expression, mergeable_ranks=ranks, special_tokens={}), ids


def best(action, repeats=5):
    times = []
    for _ in range(repeats):
        start = time.process_time()
        result = action()
        times.append(time.process_time() - start)
    return min(times), result


def english(path):
    if path:
        with open(path, encoding="utf-8") as file:
            return file.read()
    from pydoc_data import topics

    return "\n\n".join(topics.topics.values())


def speed(arguments, folder):
    from tokenizers import Tokenizer

    text = english(arguments.text)
    path = os.path.join(folder, "text.txt")
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    size = len(text.encode())
    model = vocabulary(arguments.model)
    print(f"{size / 1e6:.2f} MB of English, {len(model['vocab'])} tokens, one thread, best of several runs")
    for name, (expression, parts) in PIPELINES.items():
        document = os.path.join(folder, "tokenizer.json")
        with open(document, "w") as file:
            json.dump(assemble(model, parts), file)
        ours = subprocess.run([arguments.tool, "speed", document, path], check=True, capture_output=True, text=True).stdout
        megabytes, count = float(ours.split()[0]), int(ours.split()[2])
        encoding, ids = tiktoken_encoding(model, expression)
        seconds, theirs = best(lambda: encoding.encode_ordinary(text))
        reference = Tokenizer.from_file(document)
        slow, hf = best(lambda: reference.encode(text, add_special_tokens=False).ids, 2)
        same = [ids[t] for t in theirs] == hf and len(hf) == count
        rival = size / 1e6 / seconds
        print(f"{name:10} moso {megabytes:6.1f} MB/s   tiktoken {rival:6.1f}   Hugging Face {size / 1e6 / slow:5.1f}"
              f"   moso / tiktoken {megabytes / rival:.2f} (asked: 1; {'met' if megabytes >= rival else 'MISSED'})"
              f"   tokens {'agree' if same else 'DIFFER'}")


def loading(arguments, folder):
    """A vocabulary of 150,000 random words, every one with a merge."""
    random_ = random.Random(1)
    alphabet = list(byte_characters())
    vocab, merges = {c: i for i, c in enumerate(alphabet)}, []
    pieces = list(alphabet)
    while len(vocab) < 150_000:
        left, right = random_.choice(pieces[-20_000:]), random_.choice(pieces[:2_000])
        if left + right not in vocab and len(left + right) < 24:
            vocab[left + right] = len(vocab)
            pieces.append(left + right)
            merges.append(f"{left} {right}")
    model = {"type": "BPE", "vocab": vocab, "merges": merges}
    document = os.path.join(folder, "large.json")
    with open(document, "w") as file:
        json.dump(assemble(model, PIPELINES["llama-bpe"][1]), file, ensure_ascii=False)
    gguf = os.path.join(folder, "large.gguf")
    write_gguf(gguf, "gpt2", list(vocab), [1] * len(vocab), merges=merges, pre="llama-bpe")
    for name, path in (("GGUF", gguf), ("tokenizer.json", document)):
        ours = subprocess.run([arguments.tool, "load", path], check=True, capture_output=True, text=True).stdout
        verdict = "met" if float(ours.split()[0]) <= 200 else "MISSED"
        print(f"loading {len(vocab)} tokens and {len(merges)} merges from {name}: {ours.strip()} (asked: 200 ms; {verdict})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", help="a GGUF file with a byte-level vocabulary")
    parser.add_argument("--text", help="a file of English text")
    parser.add_argument("--tool", default=".build/release/TokenizerTool")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        speed(arguments, folder)
        loading(arguments, folder)
