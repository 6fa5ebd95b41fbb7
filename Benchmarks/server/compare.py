"""Compares `moso serve` with llama.cpp's server on one file, both through `POST /v1/messages`, and prints one table.

Every figure is the median of several rounds, with the least and the most. In each round llama.cpp's server is started,
measured and stopped, then Moso's, with the same requests; the next round has other requests. Ratios are of medians.
"""

import argparse
import hashlib
import json
import os
import pathlib
import platform
import resource
import signal
import sys
import tempfile
import time
from statistics import median

import load
import masks
import measures
import report
import servers

PARTS = [*measures.OF_BOTH, *measures.OF_MOSO]
# Seconds that a step may take before the first round has shown how long it takes here; only for "about … left".
FIRST_GUESS = {servers.LlamaCpp.name: 14, servers.Moso.name: 5}


class TimeIsUp(Exception):
    """The time that the whole run may take is over."""


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Run:
    """The rounds of a comparison: who is measured when, how far it has come, and what was found."""

    def __init__(self, options: argparse.Namespace, folder: pathlib.Path):
        arguments = (options.model, options.threads, folder)
        self.llama = servers.LlamaCpp(options.llama, *arguments)
        self.moso = servers.Moso(options.moso, *arguments)
        self.parts, self.rounds = options.only, options.rounds
        self.began = time.monotonic()
        self.deadline = self.began + 60 * options.minutes
        self.durations: dict[tuple[servers.Server, str], list[float]] = {}
        shared = [part for part in self.parts if part in measures.OF_BOTH]
        alone = [part for part in self.parts if part in measures.OF_MOSO]
        # In the order in which every round takes them.
        self.steps = [(self.llama, part) for part in shared] + [(self.moso, part) for part in shared + alone]
        self.done = 0
        self.results: list[dict] = []

    def measure(self) -> None:
        """Fills `results` with all rounds that fit into the time; one that did not come to its end is left out."""
        longest = 0.0
        for turn in range(self.rounds):
            if turn > 0 and time.monotonic() + longest > self.deadline:
                note(f"There is no time for another round; {turn} of {self.rounds} were measured.")
                return
            start = time.monotonic()
            try:
                self.results.append(self._round(turn))
            except TimeIsUp:
                note(f"The time is up in round {turn + 1} of {self.rounds}, which does not count.")
                return
            longest = max(longest, time.monotonic() - start)

    def _round(self, turn: int) -> dict:
        result = {"load_average": os.getloadavg()[0], self.llama.name: {}, self.moso.name: {}}
        # For idle connections a new process: memory that earlier answers have left free would be taken for theirs.
        for side, is_idle in [(self.llama, False), (self.moso, False), (self.moso, True)]:
            parts = [part for owner, part in self.steps if owner is side and (part == "idle") == is_idle]
            if not parts:
                continue
            with side:
                measures.warm_up(side)
                for part in parts:
                    result[side.name][part] = self._step(turn, side, part)
        return result

    def _step(self, turn: int, side: servers.Server, part: str):
        start = time.monotonic()
        measured = (measures.OF_BOTH | measures.OF_MOSO)[part](side, turn)
        self.durations.setdefault((side, part), []).append(time.monotonic() - start)
        self.done += 1
        note(f"round {turn + 1} of {self.rounds}, {side.name}, {part}: {_words(part, measured)}; {self._left()}")
        return measured

    def _left(self) -> str:
        left = 0.0
        for index, step in enumerate(self.steps):
            # Steps come in the same order in each round.
            remaining = self.rounds - self.done // len(self.steps) - (index < self.done % len(self.steps))
            left += remaining * median(self.durations.get(step, [FIRST_GUESS[step[0].name]]))
        return f"about {left / 60:.1f} minutes left"


def _words(part: str, measured) -> str:
    if part == "cost":
        return f"{measures.cost_share(measured):+.1%}"
    if part == "schema":
        return f"{masks.share(measured, 'held'):+.1%}"
    if part == "idle":
        return f"{(measured['with_bytes'] - measured['before_bytes']) / 1e6:.1f} MB"
    return f"{measured['tokens_per_second']:.1f} tokens/s"


def print_machine(run: Run, options: argparse.Namespace) -> dict:
    """What a figure cannot be read without: processor, file, versions, and whether the machine was quiet."""
    processor = platform.processor() or platform.machine()
    information = pathlib.Path("/proc/cpuinfo")
    if information.exists():
        lines = [line for line in information.read_text().splitlines() if line.startswith("model name")]
        processor = lines[0].partition(":")[2].strip() if lines else processor
    requirements = pathlib.Path(__file__).resolve().parent.parent / "peers" / "requirements.txt"
    package = next(line for line in requirements.read_text().splitlines() if line.startswith("llama-cpp-python"))
    digest = hashlib.sha256()
    with options.model.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    machine = {
        "processor": f"{processor}, {os.cpu_count()} cores",
        "threads": options.threads,
        "model": options.model.name,
        "sha256": digest.hexdigest(),
        "moso": run.moso.version(),
        "llama.cpp": f"of {package}, {run.llama.version()}",
        "load_average": os.getloadavg()[0],
    }
    print(f"{machine['processor']}; {options.threads} threads for each server;")
    print(f"{machine['model']}, SHA-256 {machine['sha256']};")
    print(f"{machine['moso']}; llama.cpp {machine['llama.cpp']};")
    print(f"load average before the first measurement: {machine['load_average']:.2f}", flush=True)
    if machine["load_average"] > 0.5:
        note("Other processes are busy on this machine: the figures will be low, llama.cpp's most of all.")
    return machine


def parts_named(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(PARTS)}")
    return [part for part in PARTS if part in names]


def at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def end_like_an_interrupt(number: int, _) -> None:
    raise TimeIsUp if number == signal.SIGALRM else KeyboardInterrupt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moso", type=pathlib.Path, required=True, help="the moso binary to measure")
    parser.add_argument("--llama", type=pathlib.Path, required=True, help="llama.cpp's llama-server")
    parser.add_argument("--model", type=pathlib.Path, required=True, help="the GGUF file that both serve")
    parser.add_argument("--only", type=parts_named, default=PARTS, help=f"parts to measure, as in {','.join(PARTS)}")
    parser.add_argument("--rounds", type=at_least_one, default=5)
    parser.add_argument("--threads", type=at_least_one, default=2, help="of each server")
    parser.add_argument("--minutes", type=at_least_one, default=15, help="the longest that all may take")
    parser.add_argument("--json", type=pathlib.Path, help="write every single measurement to this file")
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Servers inherit it.
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096 if most == resource.RLIM_INFINITY else min(4096, most), most))
    for number in [signal.SIGALRM, signal.SIGTERM, signal.SIGHUP]:
        signal.signal(number, end_like_an_interrupt)
    signal.alarm(60 * options.minutes)
    try:
        with tempfile.TemporaryDirectory(prefix="moso-bench-") as folder:
            run = Run(options, pathlib.Path(folder))
            machine = print_machine(run, options)
            run.measure()
            signal.alarm(0)
    except load.LoadError as error:
        raise SystemExit(str(error)) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    if not run.results:
        raise SystemExit("No round came to its end; --minutes gives more time, --only measures less.")
    report.print_table(run.results, run.parts)
    for doubt in report.doubts(run.results, run.parts):
        note(doubt)
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "rounds": run.results}, indent=1) + "\n")


main()
