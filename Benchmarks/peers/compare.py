"""Compares Moso with llama.cpp on the same files, in the same session, and prints tables of ratios.

Every figure is the median of several rounds, with the least and the most. In each round every engine runs once, each in
a process of its own, so that a slow minute of the machine is shared by all of them. Of llama.cpp's two attention paths
the one with the better median counts.
"""

import argparse
import importlib.metadata
import json
import os
import pathlib
import platform
import sys
from statistics import median

import engines
import models

SPEEDS = [engines.Speed(prefill=512, decode=128, depth=0), engines.Speed(prefill=512, decode=64, depth=4096)]
DEPTHS = [speed.depth for speed in SPEEDS]
PARTS = ["speed", "busy", "start"]
ANSWER = 16
KEPT_WHEN_BUSY = 0.6
FIRST_TOKEN_SECONDS = 0.25
MEMORY_ALLOWANCE = 60e6


def figure(values: list[float], digits: int = 0) -> str:
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def best(measured: dict[str, list[float]]) -> tuple[str, list[float]]:
    """The llama.cpp setting whose median is highest, and its values."""
    peers = {name: values for name, values in measured.items() if name != engines.Moso.name}
    return max(peers.items(), key=lambda item: median(item[1])) if peers else ("", [])


def reached(goal: bool) -> str:
    return "reached" if goal else "MISSED"


def verdict(ratio: float, goal: float | None) -> str:
    return "" if goal is None else f"≥ {goal:g}× {reached(ratio >= goal)}"


def table(title: str, header: list[str], rows: list[list[str]]) -> None:
    print(f"\n### {title}\n")
    for cells in [header, ["---"] * len(header), *rows]:
        print("| " + " | ".join(cells) + " |")
    sys.stdout.flush()


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def print_machine(options: argparse.Namespace) -> None:
    """What a figure cannot be read without: the processor, the versions, and whether the machine was quiet."""
    processor = platform.processor() or platform.machine()
    information = pathlib.Path("/proc/cpuinfo")
    if information.exists():
        lines = [line for line in information.read_text().splitlines() if line.startswith("model name")]
        processor = lines[0].partition(":")[2].strip() if lines else processor
    load = os.getloadavg()[0]
    version = importlib.metadata.version("llama-cpp-python")
    print(f"{processor}, {os.cpu_count()} cores; {options.threads} threads; median of {options.rounds} (least–most);")
    question = "import llama_cpp; print(llama_cpp.llama_print_system_info().decode().strip(' |\\n'))"
    print(f"llama-cpp-python {version}, {engines.output_of([sys.executable, '-c', question]).strip()};")
    print(f"load average before the first measurement: {load:.2f}")
    if load > 0.5:
        note("Other processes are busy on this machine: the figures will be low, llama.cpp's most of all.")


def compare_speed(sides: list, names: list[str], depths: list[int], rounds: int) -> list[dict]:
    """Prefill and decode at each depth on each file."""
    records = []
    for name in names:
        file = models.FILES[name]
        path = file.path()
        for speed in [speed for speed in SPEEDS if speed.depth in depths]:
            measured: dict[str, dict[str, list[float]]] = {"prefill": {}, "decode": {}}
            for turn in range(rounds):
                for side in sides:
                    for test, rate in side.speed(path, speed).items():
                        measured[test].setdefault(side.name, []).append(rate)
                        note(f"{file.title}, depth {speed.depth}, round {turn + 1}, {side.name}: {test} {rate:.1f}/s")
            for test, values in measured.items():
                tokens = speed.prefill if test == "prefill" else speed.decode
                goal = file.goals.get((test, speed.depth))
                facts = {"file": file.title, "test": test, "tokens": tokens, "depth": speed.depth, "goal": goal}
                records.append({**facts, "tokens_per_second": values})
        print_speed([record for record in records if record["file"] == file.title])
    return records


def print_speed(records: list[dict]) -> None:
    rows = []
    for record in records:
        measured = record["tokens_per_second"]
        setting, peer = best(measured)
        ours = measured.get(engines.Moso.name, [])
        ratio = median(ours) / median(peer) if ours and peer else None
        rows.append(
            [
                f"{record['test']} {record['tokens']} at depth {record['depth']}",
                figure(peer, 1) + (" " + setting.rsplit(" ", 1)[1]) if peer else "",
                figure(ours, 1) if ours else "",
                f"**{ratio:.2f}×**" if ratio else "",
                verdict(ratio, record["goal"]) if ratio else "",
            ]
        )
    header = ["tokens per second", "llama.cpp (flash attention)", "Moso", "ratio", "goal"]
    table(records[0]["file"], header, rows)


def compare_busy(sides: list, rounds: int) -> list[dict]:
    """The share of its idle decode speed that each engine keeps while another process spins on one of its two cores."""
    path = models.default_model()
    speed = engines.Speed(prefill=0, decode=64, depth=0)
    cores = sorted(os.sched_getaffinity(0))[:2] if hasattr(os, "sched_getaffinity") else None
    idle: dict[str, list[float]] = {}
    busy: dict[str, list[float]] = {}
    for _ in range(rounds):
        for side in sides:
            idle.setdefault(side.name, []).append(side.speed(path, speed, cores and set(cores))["decode"])
            with engines.Spinner(cores and cores[0]):
                busy.setdefault(side.name, []).append(side.speed(path, speed, cores and set(cores))["decode"])
            note(f"{side.name}: {idle[side.name][-1]:.1f}/s alone, {busy[side.name][-1]:.1f}/s beside a busy process")
    rows, records = [], []
    for side in sides:
        share = median(busy[side.name]) / median(idle[side.name])
        goal = "" if side.name != engines.Moso.name else f"≥ {KEPT_WHEN_BUSY:.0%} {reached(share >= KEPT_WHEN_BUSY)}"
        rows.append([side.name, figure(idle[side.name], 1), figure(busy[side.name], 1), f"**{share:.0%}**", goal])
        records.append({"engine": side.name, "idle": idle[side.name], "busy": busy[side.name]})
    header = ["decode, tokens per second", "alone", "beside one busy process", "kept", "goal"]
    table("SmolLM2-135M Q4_1, one of two cores busy", header, rows)
    return records


def compare_start(sides: list, rounds: int) -> list[dict]:
    """Time to the first token of a warm start and the peak memory of a short answer."""
    path = models.default_model()
    size = path.stat().st_size
    measured: dict[str, list[engines.Start]] = {}
    for turn in range(rounds + 1):
        for side in sides:
            start = side.start(path, ANSWER)
            if turn > 0:  # The first one of each warms the page cache.
                measured.setdefault(side.name, []).append(start)
    rows, records = [], []
    for name, starts in measured.items():
        seconds = [start.first_token_seconds for start in starts]
        memory = [start.peak_kib * 1024 for start in starts]
        goals = ["", ""]
        if name == engines.Moso.name:
            limit = size + models.default_key_value_bytes(engines.CONTEXT) + MEMORY_ALLOWANCE
            goals[0] = f"≤ {FIRST_TOKEN_SECONDS} s {reached(median(seconds) <= FIRST_TOKEN_SECONDS)}"
            goals[1] = f"≤ {limit / 1e6:.0f} MB {reached(median(memory) <= limit)}"
        rows.append([name, figure(seconds, 3), goals[0], figure([value / 1e6 for value in memory]), goals[1]])
        facts = {"first_token_seconds": seconds, "peak_bytes": memory}
        records.append({"engine": name, **facts, "load_seconds": [start.load_seconds for start in starts]})
    header = ["start", "seconds to the first token", "goal", "peak memory, MB", "goal"]
    table(f"SmolLM2-135M Q4_1 ({size / 1e6:.0f} MB), context {engines.CONTEXT}, {ANSWER} tokens", header, rows)
    return records


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moso", type=pathlib.Path, help="the moso binary to measure")
    parser.add_argument("--only", choices=["llama.cpp", "moso"], help="measure one engine alone")
    parser.add_argument("--files", nargs="+", choices=list(models.FILES), default=list(models.FILES))
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--depths", nargs="+", type=int, choices=DEPTHS, default=DEPTHS, help="tokens in the cache before")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=pathlib.Path, help="write every single measurement to this file")
    options = parser.parse_args()
    with engines.scratch_folder() as folder:
        settings = ["on", "off"]
        peers = [engines.LlamaCpp(options.threads, setting, pathlib.Path(folder)) for setting in settings]
        ours = [engines.Moso(options.threads, options.moso)] if options.moso else []
        sides = {"llama.cpp": peers, "moso": ours, None: peers + ours}[options.only]
        if not sides or (not ours and options.only is None):
            parser.error("--moso PATH is needed, or --only llama.cpp")
        print_machine(options)
        results = {}
        if "speed" in options.parts:
            results["speed"] = compare_speed(sides, options.files, options.depths, options.rounds)
        # Flash attention changes neither start nor behaviour beside a busy process: llama.cpp's default is enough.
        sides = [side for side in sides if not side.name.endswith("off")]
        if "busy" in options.parts:
            results["busy"] = compare_busy(sides, options.rounds)
        if "start" in options.parts:
            results["start"] = compare_start(sides, options.rounds)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


main()
