"""How each engine is started for one measurement, always in a process of its own."""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CONTEXT = 2048
PROMPT = "Explain in two sentences why the sky is blue."


@dataclasses.dataclass(frozen=True)
class Speed:
    """What to measure: tokens of prefill and of decode after `depth` tokens; a count of zero leaves that half out."""

    prefill: int
    decode: int
    depth: int


@dataclasses.dataclass(frozen=True)
class Start:
    """From process start to an answer: seconds to the first token, its load time if known, peak memory in KiB."""

    first_token_seconds: float
    load_seconds: float | None
    peak_kib: int


def output_of(command: list[str | os.PathLike], cores: set[int] | None = None) -> str:
    """Standard output of a command that must succeed, run on the given cores only if there are any."""

    def stay_on_cores() -> None:
        os.sched_setaffinity(0, cores)

    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, preexec_fn=stay_on_cores if cores else None)
    if done.returncode != 0:
        raise SystemExit(f"`{' '.join(words)}` ended with {done.returncode}:\n{done.stderr}{done.stdout}")
    return done.stdout


def rates(text: str) -> dict[str, float]:
    """Tokens per second by test name, from the JSON that both engines print."""
    return {result["test"]: result["tokens_per_second"][0] for result in json.loads(text)["results"]}


class LlamaCpp:
    """llama.cpp with flash attention on or off: which is faster depends on the file and the depth, so both are run."""

    def __init__(self, threads: int, flash_attention: str, folder: pathlib.Path):
        self.name = f"llama.cpp, flash attention {flash_attention}"
        self.threads, self.flash_attention, self.folder = threads, flash_attention, folder

    def _command(self, what: str, model: pathlib.Path) -> list:
        script = HERE / "measure_llama_cpp.py"
        settings = ["--threads", self.threads, "--flash-attention", self.flash_attention]
        return [sys.executable, script, what, model, *settings]

    def speed(self, model: pathlib.Path, speed: Speed, cores: set[int] | None = None) -> dict[str, float]:
        state = self.folder / f"{model.name}.{speed.depth}.{self.flash_attention}.state"
        counts = ["--prefill", speed.prefill, "--decode", speed.decode, "--depth", speed.depth, "--state", state]
        return rates(output_of(self._command("speed", model) + counts, cores))

    def start(self, model: pathlib.Path, decode: int) -> Start:
        command = self._command("start", model) + ["--decode", decode, "--context", CONTEXT]
        return Start(**json.loads(output_of(command)))


class Moso:
    """The release build of this repository."""

    name = "Moso"

    def __init__(self, threads: int, binary: pathlib.Path):
        self.threads, self.binary = threads, binary

    def speed(self, model: pathlib.Path, speed: Speed, cores: set[int] | None = None) -> dict[str, float]:
        command = [self.binary, "bench", model, "--json", "-p", speed.prefill, "-n", speed.decode, "-d", speed.depth]
        return rates(output_of(command + ["--threads", self.threads, "--repetitions", 1], cores))

    def start(self, model: pathlib.Path, decode: int) -> Start:
        options = ["--max-tokens", decode, "--context", CONTEXT, "--threads", self.threads, "--temperature", 0]
        command = [self.binary, "generate", model, PROMPT, *options]
        return Start(**json.loads(output_of([sys.executable, "-S", HERE / "measure_start.py", *command])))


class Spinner:
    """A process that does nothing but arithmetic on one core, while the block lasts and never past `limit` seconds."""

    def __init__(self, core: int | None, limit: int = 300):
        self.core, self.limit = core, limit

    def __enter__(self) -> "Spinner":
        pin = f"os.sched_setaffinity(0, {{{self.core}}}); " if self.core is not None else ""
        loop = f"import os, time; {pin}end = time.time() + {self.limit}\nwhile time.time() < end: pass"
        self.process = subprocess.Popen([sys.executable, "-c", loop])
        time.sleep(0.5)
        return self

    def __exit__(self, *_) -> None:
        self.process.kill()
        self.process.wait()


def scratch_folder() -> tempfile.TemporaryDirectory:
    """Where llama.cpp's filled caches lie between two processes, so that it need not prefill the depth each time."""
    return tempfile.TemporaryDirectory(prefix="moso-bench-")
