"""Trains tiny models with Moso and lets other programs read them: see check_trained_model.sh.

A difference between two programs is the Kullback–Leibler divergence of their predictions of the next token, in nats, as a
mean over the positions of a text. Where both compute with the same 32-bit weights it is what rounding makes.
"""

import argparse
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

import huggingface_hub
import numpy
import torch
import transformers

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Benchmarks" / "server"))

import load
import servers

CLASSES = {
    "llama": "LlamaForCausalLM",
    "qwen3": "Qwen3ForCausalLM",
    "gpt2": "GPT2LMHeadModel",
    "mixtral": "MixtralForCausalLM",
}
SIZE = ["--depth", "2", "--tokens", "100K"]
SETTINGS = ["data=[{stories: 2000, people: 100}]", "tokenizer.vocabulary=512", "model.context=128"]
# Words of the stories, and what was never met.
TEXT = "Mira walked to the garden. She took the red key.\n\nCafé — naïve 12345, \t日本 don't?"
CONTINUED = 24

# In nats: rounding of 32-bit numbers, keys and values of 16 bits, weights and inputs of 8 bits.
EXACT, HALVES, BYTES = 1e-11, 1e-5, 1e-3


class Checks:
    """What was found, a line each."""

    def __init__(self):
        self.passed, self.failed = 0, 0

    def add(self, is_right: bool, sentence: str) -> None:
        self.passed, self.failed = self.passed + is_right, self.failed + (not is_right)
        print(f"{'passed' if is_right else 'failed'}: {sentence}", flush=True)

    def difference(self, ours: numpy.ndarray, theirs: numpy.ndarray, limit: float, name: str) -> None:
        """Compares two tables of the logarithms of probabilities, a row for each position."""
        if ours.shape != theirs.shape:
            self.add(False, f"{name}: {theirs.shape} numbers, where Moso has {ours.shape}")
            return
        mean = float((numpy.exp(theirs) * (theirs - ours)).sum(axis=-1).mean())
        largest = float(numpy.abs(theirs - ours).max())
        self.add(
            abs(mean) <= limit,
            f"{name}: differs by {mean:.1e} nats (at most {limit:.0e}), in one logarithm by up to {largest:.1e}",
        )


def log_probabilities(logits: numpy.ndarray) -> numpy.ndarray:
    shifted = logits.astype(numpy.float64)
    shifted -= shifted.max(axis=-1, keepdims=True)
    return shifted - numpy.log(numpy.exp(shifted).sum(axis=-1, keepdims=True))


class Moso:
    """The command, and what it says of a model."""

    def __init__(self, binary: pathlib.Path, threads: int, folder: pathlib.Path):
        self.binary, self.threads, self.folder = binary, threads, folder

    def run(self, *words, **options) -> str:
        done = subprocess.run([str(word) for word in (self.binary, *words)], capture_output=True, text=True, **options)
        if done.returncode != 0:
            raise SystemExit(f"moso {words[0]} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def train(self, family: str) -> pathlib.Path:
        run = self.folder / family
        settings = [word for setting in [*SETTINGS, f"model.family={family}"] for word in ("--set", setting)]
        self.run("train", "storyworld", "--output", run, *SIZE, *settings, "--threads", self.threads)
        return run / "model"

    def quantize(self, model: pathlib.Path, kind: str) -> pathlib.Path:
        file = self.folder / f"{model.parent.name}-{kind}.gguf"
        self.run("quantize", model, "--to", kind, "--output", file, "--threads", self.threads)
        return file

    def tokens(self, model: pathlib.Path) -> list[int]:
        return [int(word) for word in self.run("tokenize", model, "--ids", TEXT).split()]

    def predictions(self, model: pathlib.Path, tokens: list[int], cache: str = "f32") -> numpy.ndarray:
        """The logarithms of the probabilities of what follows each token."""
        file, scores = self.folder / "tokens.json", self.folder / "scores.f32"
        file.write_text(json.dumps(tokens))
        self.run("logits", model, "--tokens", file, "--out", scores, "--cache", cache, "--threads", self.threads)
        return log_probabilities(numpy.fromfile(scores, "<f4").reshape(len(tokens), -1))


def check_transformers(checks: Checks, moso: Moso, family: str, model: pathlib.Path) -> list[int]:
    """Reads the folder as everybody does; returns the tokens of the text with the document's start before them."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(model)
    tokens = tokenizer(TEXT)["input_ids"]
    ours = [tokenizer.bos_token_id, *moso.tokens(model)]
    text = tokenizer.decode(tokens, skip_special_tokens=True)
    checks.add(tokens == ours and text == TEXT, f"{family}: transformers has the same {len(ours)} tokens and text")

    # Experts one after another, in the order that papers have them.
    theirs, report = transformers.AutoModelForCausalLM.from_pretrained(
        model, output_loading_info=True, experts_implementation="eager"
    )
    found = type(theirs).__name__
    faults = {name: sorted(map(str, keys)) for name, keys in report.items() if keys}
    is_right = found == CLASSES[family] and not faults
    checks.add(is_right, f"{family}: transformers reads it as {found}, faults: {faults or 'none'}")
    with torch.no_grad():
        logits = theirs(torch.tensor([ours])).logits[0].numpy()
    name = f"{family}: transformers, {theirs.dtype}"
    checks.difference(moso.predictions(model, ours), log_probabilities(logits), EXACT, name)
    return ours


def check_description(checks: Checks, family: str, model: pathlib.Path) -> None:
    """The card has a head that the hub reads, and the record has the digests of the files that are there."""
    card = huggingface_hub.ModelCard.load(model / "README.md")
    head = card.data.to_dict()
    right = head.get("library_name") == "transformers" and head.get("pipeline_tag") == "text-generation"
    checks.add(right and family in head.get("tags", []), f"{family}: the hub's library reads the head of README.md")

    record = json.loads((model / "model.json").read_text())
    described = {file["path"]: (file["size"], file["sha256"]) for file in record["files"]}
    found = {}
    for file in sorted(set(model.iterdir()) - {model / "README.md", model / "model.json"}):
        content = file.read_bytes()
        found[file.name] = (len(content), hashlib.sha256(content).hexdigest())
    is_named = all(digest in card.text for _, digest in found.values())
    checks.add(described == found and is_named, f"{family}: README.md and model.json name the files with their digests")


def ask(port: int, path: str, body: dict) -> dict:
    request = urllib.request.Request(
        f"http://{load.HOST}:{port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    # No proxy of the environment stands between two programs of one machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=120) as answer:
        return json.load(answer)


def check_llama_cpp(
    checks: Checks, moso: Moso, server: pathlib.Path, name: str, file: pathlib.Path, tokens: list[int], limit: float
) -> None:
    """llama.cpp goes on with the text, taking the likeliest token each time; Moso predicts the same places."""
    with servers.LlamaCpp(server, file, moso.threads, moso.folder) as llama:
        theirs = ask(llama.port, "/tokenize", {"content": TEXT, "add_special": True})["tokens"]
        checks.add(theirs == tokens, f"{name}: llama.cpp has the same tokens")
        size = moso.predictions(file, tokens[:1]).shape[1]
        body = {"prompt": tokens, "n_predict": CONTINUED, "temperature": 0, "n_probs": size, "cache_prompt": False}
        places = ask(llama.port, "/completion", body)["completion_probabilities"]
    predictions = numpy.full((len(places), size), numpy.nan)
    for row, place in zip(predictions, places):
        for choice in place["top_logprobs"]:
            row[choice["id"]] = choice["logprob"]
    chosen = [place["id"] for place in places]
    ours = moso.predictions(file, tokens + chosen[:-1], cache="f16")[len(tokens) - 1 :]
    checks.difference(ours, predictions, limit, f"{name}: llama.cpp over {len(places)} positions")
    # A choice may differ where two tokens are as likely.
    lost = max(row.max() - row[token] for row, token in zip(ours, chosen))
    same = sum(int(row.argmax()) == token for row, token in zip(ours, chosen))
    checks.add(lost <= 0.05, f"{name}: Moso makes {same} of its {len(chosen)} choices, the rest within {lost:.0e} nats")


def check(checks: Checks, moso: Moso, family: str, server: pathlib.Path | None) -> None:
    model = moso.train(family)
    check_description(checks, family, model)
    tokens = check_transformers(checks, moso, family, model)
    exact = moso.predictions(model, tokens)
    for kind, ours, llama in [("F32", EXACT, HALVES), ("Q8_0", BYTES, BYTES)]:
        file, name = moso.quantize(model, kind), f"{family}, {kind}"
        checks.difference(moso.predictions(file, tokens), exact, ours, f"{name}: Moso on the GGUF file")
        if server:
            check_llama_cpp(checks, moso, server, name, file, tokens, llama)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=f"some of {', '.join(CLASSES)}; all if left out")
    parser.add_argument("--moso", type=pathlib.Path, required=True, help="the moso binary")
    parser.add_argument("--llama-server", type=pathlib.Path, help="llama.cpp's server, if it is there")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if unknown := set(options.families) - set(CLASSES):
        parser.error(f"There is no family {', '.join(sorted(unknown))}; choose from {', '.join(CLASSES)}.")
    torch.set_num_threads(options.threads)
    server = options.llama_server
    if server and not server.is_file():
        server = None

    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="moso-trained-") as folder:
        moso = Moso(options.moso.resolve(), options.threads, pathlib.Path(folder))
        for family in options.families or CLASSES:
            check(checks, moso, family, server)
    if not server:
        print("skipped: llama.cpp, which `Benchmarks/server/install.sh` builds")
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(checks.failed > 0)


main()
