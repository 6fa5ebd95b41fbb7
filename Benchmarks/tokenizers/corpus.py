#!/usr/bin/env python3
"""What comes before training: how fast a tokenizer is learned, beside Hugging Face's trainer, and a corpus cut into tokens.

    Benchmarks/tokenizers/run.sh corpus [--text FILE]

Programs alternate, each in a process of its own; figures are medians of seconds by the clock. Both trainers get the same texts,
the same expression for cutting and the same threads, and must learn the same merges. Moso's time is from the file to the
tokenizer; the other's begins when the texts are in memory. The text is stories of the world that `moso train storyworld`
tells, or the file named with --text or MOSO_BENCH_TEXT: .jsonl with a `text` in each line is taken as it is, anything else
is cut into documents of some kilobytes at line ends.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../Scripts"))
from tokenizer_golden import BYTE_LEVEL

CONTROL_TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
# Our names of the ways to cut, where the other list has the names of GGUF files.
OTHER_NAMES = {"gpt2": "gpt-2", "llama3": "llama-bpe", "gpt4o": "gpt-4o"}
DOCUMENT_BYTES = 4_000


def documents(path):
    """The documents of a file: a list of texts."""
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        if path.endswith(".jsonl"):
            return [json.loads(line)["text"] for line in file if line.strip()]
        texts, lines, size = [], [], 0
        for line in file:
            lines.append(line)
            size += len(line.encode())
            if size >= DOCUMENT_BYTES:
                texts.append("".join(lines))
                lines, size = [], 0
        return texts + (["".join(lines)] if lines else [])


def write_documents(texts, path):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for text in texts:
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")


def learn(path, splits, vocabulary, result):
    """What a process of its own does: learns a tokenizer with Hugging Face's trainer, and prints the seconds."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    texts = documents(path)
    parts = BYTE_LEVEL[OTHER_NAMES.get(splits, splits)]
    document = json.loads(Tokenizer(models.BPE()).to_str())
    document.update({"pre_tokenizer": parts["pre_tokenizer"], "normalizer": parts.get("normalizer")})
    tokenizer = Tokenizer.from_str(json.dumps(document))
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, min_frequency=2, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
        special_tokens=CONTROL_TOKENS)
    start = time.perf_counter()
    # Texts handed over a thousand at a time cost least, as its documentation says.
    tokenizer.train_from_iterator((texts[i:i + 1_000] for i in range(0, len(texts), 1_000)), trainer, length=len(texts))
    seconds = time.perf_counter() - start
    tokenizer.save(result)
    print(json.dumps({"seconds": seconds}))


def output(command, threads=None):
    """The object that a program prints."""
    environment = dict(os.environ)
    if threads:
        environment.update(TOKENIZERS_PARALLELISM="true", RAYON_NUM_THREADS=str(threads))
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command[:2])} ended with status {process.returncode}: {process.stdout.strip()}")
    return json.loads(process.stdout)


def vocabulary_of(path):
    with open(path, encoding="utf-8") as file:
        model = json.load(file)["model"]
    merges = [tuple(merge.split(" ")) if isinstance(merge, str) else tuple(merge) for merge in model["merges"]]
    return model["vocab"], merges


def text_file(options, folder):
    """The file of JSON lines that is measured."""
    if options.text and options.text.endswith(".jsonl"):
        return options.text
    path = os.path.join(folder, "text.jsonl")
    if options.text:
        write_documents(documents(options.text), path)
    else:
        output([options.tool, "stories", path, str(int(options.size))])
    return path


def measure(options, folder):
    path = text_file(options, folder)
    mine, theirs = os.path.join(folder, "moso.json"), os.path.join(folder, "other.json")
    times = {"moso": [], "other": [], "prepare": []}
    for number in range(options.rounds):
        learned = output([options.tool, "learn-tokenizer", path, options.splits, str(options.vocabulary),
                          str(options.threads), mine])
        times["moso"].append(learned["seconds"])
        other = output([sys.executable, os.path.abspath(__file__), "--learn", path, options.splits,
                        str(options.vocabulary), theirs], options.threads)
        times["other"].append(other["seconds"])
        with tempfile.TemporaryDirectory(dir=folder) as corpus:
            prepared = output([options.tool, "prepare", path, mine, corpus, str(options.threads)])
        times["prepare"].append(prepared["seconds"])
        print(f"round {number + 1}: learned in {learned['seconds']:.2f} s and {other['seconds']:.2f}, "
              f"cut in {prepared['seconds']:.2f} s", file=sys.stderr)
    moso, other, cut = (statistics.median(times[name]) for name in ("moso", "other", "prepare"))
    same = vocabulary_of(mine) == vocabulary_of(theirs)
    size = prepared["bytes"] / 1e6
    ratio, speed = other / moso, size / cut
    print(f"{size:.1f} MB in {prepared['documents']} documents, {options.threads} threads, medians of {options.rounds}")
    print(f"learning {learned['vocabulary']} tokens ({options.splits}): moso {moso:.2f} s   Hugging Face {other:.2f} s"
          f"   moso is {ratio:.2f} times as fast (asked: 1; {'met' if ratio >= 1 else 'MISSED'})"
          f"   vocabularies {'agree' if same else 'DIFFER'}")
    print(f"cutting into {prepared['tokens'] / 1e6:.1f} M tokens, files written: moso {speed:.1f} MB/s"
          f" (asked: 20; {'met' if speed >= 20 else 'MISSED'})")


def main():
    if sys.argv[1:2] == ["--learn"]:
        path, splits, vocabulary, result = sys.argv[2:]
        return learn(path, splits, int(vocabulary), result)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=".build/release/TrainingTool", help="the program TrainingTool")
    parser.add_argument("--text", default=os.environ.get("MOSO_BENCH_TEXT"), help="a file of text")
    parser.add_argument("--size", type=float, default=64e6, help="bytes of stories, where no file is named")
    parser.add_argument("--splits", default="gpt2", help="how text is cut before merging, as in a recipe")
    parser.add_argument("--vocabulary", type=int, default=8_192)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(options, folder)


if __name__ == "__main__":
    main()
