"""Measures llama.cpp in a process of its own and prints JSON; `compare.py` starts it.

What is timed is what llama.cpp's own `llama-bench` times: `llama_decode` of random tokens, logits of the last one only,
no sampling, f16 key-value cache, after one untimed pass.
"""

import argparse
import json
import pathlib
import random
import time

import llama_cpp_engine

PROMPT = "Explain in two sentences why the sky is blue."


def speed(options: argparse.Namespace) -> dict:
    """Tokens per second of prefill and decode that follow `depth` tokens in the cache."""
    choose = random.Random(1)
    context = options.depth + max(options.prefill, options.decode)
    with llama_cpp_engine.engine(options.model, options.threads, context, options.flash_attention == "on") as engine:

        def tokens(count: int) -> list[int]:
            return [choose.randrange(engine.vocabulary_size) for _ in range(count)]

        fill_cache(engine, tokens(options.depth), options.state)
        results = []
        if options.prefill:
            prompt = tokens(options.prefill)
            warm_up = options.prefill if options.depth == 0 else 32
            engine.decode(prompt[:warm_up], options.depth)
            engine.forget(options.depth)
            start = time.perf_counter()
            engine.decode(prompt, options.depth)
            results.append(result("prefill", options.prefill, options, time.perf_counter() - start))
            engine.forget(options.depth)
        if options.decode:
            answer = tokens(options.decode + 1)
            engine.decode(answer[:1], options.depth)
            engine.forget(options.depth)
            start = time.perf_counter()
            for index, token in enumerate(answer[1:]):
                engine.decode([token], options.depth + index)
            results.append(result("decode", options.decode, options, time.perf_counter() - start))
    return {"results": results}


def fill_cache(engine: llama_cpp_engine.Engine, tokens: list[int], state: pathlib.Path | None) -> None:
    """Puts the tokens into the cache: from the file `state` if an earlier process has left them there."""
    import llama_cpp

    if not tokens:
        return
    if state and state.exists():
        space, count = (llama_cpp.llama_token * len(tokens))(), llama_cpp.ctypes.c_size_t()
        if llama_cpp.llama_state_seq_load_file(engine.context, bytes(state), 0, space, len(space), count):
            return
    engine.decode(tokens, 0)
    if state:
        space = (llama_cpp.llama_token * len(tokens))(*tokens)
        llama_cpp.llama_state_seq_save_file(engine.context, bytes(state), 0, space, len(space))


def result(test: str, tokens: int, options: argparse.Namespace, seconds: float) -> dict:
    """One measurement, in the shape that `moso bench --json` prints."""
    return {
        "test": test,
        "tokens": tokens,
        "depth": options.depth,
        "threads": options.threads,
        "tokens_per_second": [tokens / seconds],
    }


def start(options: argparse.Namespace) -> dict:
    """Seconds to load the model and to the first token, and the memory that this process grew by.

    Python's own start and memory are left out, in llama.cpp's favour.
    """
    before = peak_kib()
    begin = time.perf_counter()
    with llama_cpp_engine.engine(options.model, options.threads, options.context, True) as engine:
        loaded = time.perf_counter() - begin
        prompt = engine.tokenize(PROMPT)
        engine.decode(prompt, 0)
        token = int(engine.logits(1)[0].argmax())
        first = time.perf_counter() - begin
        for index in range(options.decode):
            engine.decode([token], len(prompt) + index)
            token = int(engine.logits(1)[0].argmax())
    return {"load_seconds": loaded, "first_token_seconds": first, "peak_kib": peak_kib() - before}


def peak_kib() -> int:
    """The most memory that this program had; the system's own count goes on from that of the program that started it."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["speed", "start"])
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--prefill", type=int, default=0)
    parser.add_argument("--decode", type=int, default=0)
    parser.add_argument("--depth", type=int, default=0)
    parser.add_argument("--context", type=int, default=2048)
    parser.add_argument("--flash-attention", choices=["on", "off"], default="on")
    parser.add_argument("--state", type=pathlib.Path)
    options = parser.parse_args()
    print(json.dumps({"speed": speed, "start": start}[options.what](options)))


main()
