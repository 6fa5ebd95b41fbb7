"""The two servers: how each is started for a measurement and stopped after it."""

import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import load

SLOTS = 16
TOKENS_PER_SLOT = 2048
START_LIMIT = 60
STOP_LIMIT = 15


def end_with_parent() -> None:
    """Lets the system end this process when its parent ends, however that happens (`PR_SET_PDEATHSIG` of Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


class Server:
    """A server that runs inside a `with` block, on a port of its own, with its log in a file of `folder`."""

    name = ""
    ready_path = ""

    def __init__(self, binary: pathlib.Path, model: pathlib.Path, threads: int, folder: pathlib.Path):
        self.binary, self.model, self.threads = binary, model, threads
        self.log = folder / f"{binary.name}.log"
        self.port = 0
        self.process: subprocess.Popen | None = None

    def command(self) -> list:
        raise NotImplementedError

    def version(self) -> str:
        done = subprocess.run([self.binary, "--version"], capture_output=True, text=True, check=True)
        return (done.stdout + done.stderr).strip().splitlines()[0]

    def __enter__(self) -> "Server":
        with socket.create_server((load.HOST, 0)) as probe:
            self.port = probe.getsockname()[1]
        # Settings of the environment would change what is measured without anybody noticing.
        settings = ("MOSO_SERVE_", "LLAMA_ARG_")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(settings)}
        words = [str(word) for word in self.command()]
        with self.log.open("w") as log:
            # In a session of its own, so that Ctrl-C reaches this program alone, which then stops the server.
            self.process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                status = self.process.returncode
                raise load.LoadError(f"{self.name} ended with {status} at its start:\n{self.log_tail()}")
            try:
                with socket.create_connection((load.HOST, self.port), timeout=5) as connection:
                    if " 200" in load.get(connection, self.port, self.ready_path):
                        return
            except (OSError, load.LoadError):
                pass
            time.sleep(0.1)
        raise load.LoadError(f"{self.name} was not ready after {START_LIMIT} seconds:\n{self.log_tail()}")

    def stop(self) -> None:
        """Asks the process to end, and ends it if it does not within `STOP_LIMIT` seconds."""
        if self.process is None:
            return
        process, self.process = self.process, None
        if process.poll() is not None:
            return
        try:
            process.terminate()
            process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            pass
        finally:
            # Also when this program is told to end a second time while it waits.
            process.kill()
            process.wait()

    def log_tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])

    def resident_bytes(self) -> int:
        """The memory that the process holds now."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) * 1024


class LlamaCpp(Server):
    """llama.cpp's server: slots for all streams, everything else (batches, caches, flash attention) as it comes."""

    name = "llama.cpp"
    ready_path = "/health"

    def command(self) -> list:
        slots = ["-np", SLOTS, "-c", SLOTS * TOKENS_PER_SLOT, "-t", self.threads]
        return [self.binary, "-m", self.model, "--host", load.HOST, "--port", self.port, *slots, "--no-webui"]


class Moso(Server):
    """`moso serve`, with its own defaults but for the number of threads and connections."""

    name = "Moso"
    ready_path = "/readyz"

    def command(self) -> list:
        settings = ["--threads", self.threads, "--max-connections", 2000, "--no-page", "--no-keys"]
        return [self.binary, "serve", f"smollm2={self.model}", "--host", load.HOST, "--port", self.port, *settings]
