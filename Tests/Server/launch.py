"""Starts a server for a test on a port that is free, with a configuration folder of its own, and stops it by its own
process id."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import urllib.request


class Server:
    """A server that runs while the test is in its `with` block."""

    def __init__(self, binary, *options, model="smollm2", quiet=True):
        self.command = [str(binary), "serve", model, "--port", "0", "--no-keys", *map(str, options)]
        if quiet:
            self.command += ["--log-level", "warning"]
        self.model = model.partition("=")[0]
        self.exit_code = None

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="moso-server-")
        self.log = pathlib.Path(self.folder.name) / "log"
        # Neither keys nor settings of whoever runs the test may reach the server.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MOSO_SERVE_")}
        environment["XDG_CONFIG_HOME"] = self.folder.name
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        try:
            self.port = self._await_port(within=300)
        except BaseException:
            self.__exit__()
            raise
        self.address = ("127.0.0.1", self.port)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def _await_port(self, within):
        limit = time.monotonic() + within
        while time.monotonic() < limit:
            found = re.search(r"^Serving .* at http://[^ ]*:(\d+) ", self.log_text(), re.MULTILINE)
            if found:
                return int(found.group(1))
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended with {self.process.returncode}:\n{self.log_text()[:3000]}")
            time.sleep(0.05)
        raise SystemExit(f"the server does not listen after {within} seconds:\n{self.log_text()[:3000]}")

    def log_text(self):
        """What the server has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def is_running(self):
        """Whether the process lives."""
        return self.process.poll() is None

    def tell_to_stop(self):
        """Sends SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def await_exit(self, within):
        """The exit code; `None` where the process still lives after so many seconds."""
        try:
            self.exit_code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            return None
        return self.exit_code

    def stop(self, within=60):
        """Stops the server as an operator would; returns the exit code."""
        self.tell_to_stop()
        return self.await_exit(within)


def read_metrics(text):
    """The series of a text for Prometheus: by name with labels, as they stand there."""
    series = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            series[name] = float(value)
    return series


class Metrics:
    """The counts of a server at one time."""

    def __init__(self, series, model):
        self.series = series
        self.model = model

    @classmethod
    def of(cls, server):
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=60) as reply:
            return cls(read_metrics(reply.read().decode()), server.model)

    def __getitem__(self, name):
        """A count of the model, such as `requests_running`."""
        return self.series[f'moso_{name}{{model="{self.model}"}}']

    def refused(self, reason):
        """How many requests were refused for a reason."""
        return self.series.get(f'moso_refused_total{{reason="{reason}"}}', 0)

    @property
    def connections(self):
        return self.series["moso_connections_open"]

    @property
    def resident_bytes(self):
        return self.series["process_resident_memory_bytes"]
