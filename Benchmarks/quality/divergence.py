"""How far each engine's predictions are from the f32 model with the same dequantised weights.

For every position of the text: the Kullback–Leibler divergence of the engine's next-token distribution from the
reference's, in nats, and whether both would pick the same token. Means come with their standard errors.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "peers"))

import llama_cpp_engine
import models
import reference_llama


def log_probabilities(logits: numpy.ndarray) -> numpy.ndarray:
    shifted = logits.astype(numpy.float64)
    shifted -= shifted.max(axis=-1, keepdims=True)
    return shifted - numpy.log(numpy.exp(shifted).sum(axis=-1, keepdims=True))


def llama_cpp_logits(model: pathlib.Path, chunks: list[list[int]], flash_attention: bool, threads: int):
    context = max(map(len, chunks)) + 64
    with llama_cpp_engine.engine(model, threads, context, flash_attention) as engine:
        for chunk in chunks:
            engine.forget(0)
            engine.decode(chunk, 0, every_logit=True)
            yield engine.logits(len(chunk)).copy()


def moso_logits(binary: pathlib.Path, model: pathlib.Path, chunks: list[list[int]], threads: int):
    with tempfile.TemporaryDirectory(prefix="moso-bench-") as folder:
        tokens, output = pathlib.Path(folder, "tokens.json"), pathlib.Path(folder, "logits.f32")
        for chunk in chunks:
            tokens.write_text(json.dumps(chunk))
            command = [binary, "logits", model, "--tokens", tokens, "--out", output, "--threads", threads]
            subprocess.run([str(word) for word in command], check=True)
            yield numpy.fromfile(output, "<f4").reshape(len(chunk), -1)


class Divergence:
    """Collects one engine's divergence from the reference, position by position."""

    def __init__(self, name: str):
        self.name = name
        self.nats: list[numpy.ndarray] = []
        self.agrees: list[numpy.ndarray] = []

    def add(self, reference: numpy.ndarray, logits: numpy.ndarray) -> None:
        if not numpy.isfinite(logits).all():
            raise SystemExit(f"{self.name} gave a logit that is not a finite number.")
        ours = log_probabilities(logits)
        self.nats.append((numpy.exp(reference) * (reference - ours)).sum(axis=-1))
        self.agrees.append(reference.argmax(axis=-1) == ours.argmax(axis=-1))

    def summary(self) -> dict:
        nats, agrees = numpy.concatenate(self.nats), numpy.concatenate(self.agrees)
        return {
            "engine": self.name,
            "positions": len(nats),
            "mean_kl": float(nats.mean()),
            "standard_error": float(nats.std(ddof=1) / len(nats) ** 0.5),
            "99th_percentile": float(numpy.percentile(nats, 99)),
            "same_first_choice": float(agrees.mean()),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, help="a llama GGUF file; the default model if left out")
    parser.add_argument("--moso", type=pathlib.Path, help="the moso binary; llama.cpp alone if left out")
    parser.add_argument("--text", type=pathlib.Path, nargs="+", default=[HERE / "english.txt"])
    parser.add_argument("--context", type=int, default=512, help="tokens that are predicted from one empty cache")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    model = options.model or models.default_model()

    text = "\n".join(path.read_text() for path in options.text)
    with llama_cpp_engine.engine(model, options.threads, 512, True) as engine:
        tokens = engine.tokenize(text)
    chunks = [tokens[start : start + options.context] for start in range(0, len(tokens), options.context)]

    reference = reference_llama.Llama(model)
    engines = {
        f"llama.cpp, flash attention {word}": llama_cpp_logits(model, chunks, word == "on", options.threads)
        for word in ("on", "off")
    }
    if options.moso:
        engines["Moso"] = moso_logits(options.moso, model, chunks, options.threads)
    divergences = {name: Divergence(name) for name in engines}
    for index, chunk in enumerate(chunks):
        expected = log_probabilities(reference.logits(chunk))
        for name, logits in engines.items():
            divergences[name].add(expected, next(logits))
        print(f"part {index + 1} of {len(chunks)}", file=sys.stderr, flush=True)

    summaries = [divergence.summary() for divergence in divergences.values()]
    print(f"\n### {model.name}: divergence from f32 over {summaries[0]['positions']} positions of English\n")
    print("| engine | mean KL, nats | standard error | 99th percentile | same first choice |")
    print("| --- | --- | --- | --- | --- |")
    for summary in summaries:
        figures = f"{summary['mean_kl']:.3e} | {summary['standard_error']:.1e} | {summary['99th_percentile']:.2e}"
        print(f"| {summary['engine']} | {figures} | {summary['same_first_choice']:.2%} |")
    if "Moso" in divergences:
        least = min((summary for summary in summaries if summary["engine"] != "Moso"), key=lambda each: each["mean_kl"])
        excess = numpy.concatenate(divergences["Moso"].nats) - numpy.concatenate(divergences[least["engine"]].nats)
        error = excess.std(ddof=1) / len(excess) ** 0.5
        print(f"\nMoso − {least['engine']}, position by position: {excess.mean():+.1e} ± {error:.0e} nats "
              f"(asked: at most 0; {'met' if excess.mean() <= 0 else 'MISSED'}).")
    if options.json:
        options.json.write_text(json.dumps(summaries, indent=1) + "\n")


main()
