"""The server that the clients talk to: a process of `moso serve` with its own port, its own home and its own log."""

import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

from suite import Failure

# How long a server may take to load its model, and to end once it was told to.
READY_SECONDS = 60
STOP_SECONDS = 40


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running `moso serve smollm2`, and how to reach it; a context manager that ends it and looks how it ended."""

    model = "smollm2"

    def __init__(self, moso, *flags, key="not-needed"):
        self.moso = str(moso)
        self.flags = list(flags)
        self.key = key
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.process = None
        self._folder = None

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="moso-clients-")
        self._log = pathlib.Path(self._folder.name) / "server.log"
        command = [self.moso, "serve", self.model, "--port", str(self.port), *self.flags]
        with open(self._log, "wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=server_environment(self._folder.name))
        try:
            self._wait_until_ready(command)
        except BaseException:
            self.process.kill()
            self.process.wait()
            self._folder.cleanup()
            raise
        return self

    def __exit__(self, kind, value, trace):
        code = self.stop()
        text = self.log()
        self._folder.cleanup()
        if code != 0 and kind is None:
            raise Failure(f"the server ended with {code} when it was told to stop; its last words:\n{text[-2000:]}")

    def _wait_until_ready(self, command):
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Failure(f"{' '.join(command)} ended with {self.process.returncode}:\n{self.log()[-2000:]}")
            try:
                status, _, _ = self.request("GET", "/readyz")
                if status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise Failure(f"{' '.join(command)} was not ready after {READY_SECONDS} s:\n{self.log()[-2000:]}")

    def stop(self):
        """Tells the server to stop and returns the status that it ended with."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return f"no status within {STOP_SECONDS} s"

    def log(self):
        return self._log.read_text(errors="replace")

    def request(self, method, path, body=None, headers=None):
        """One request without any client library: status, headers (lower case) and the body's bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            data = None if body is None else json.dumps(body).encode()
            connection.request(method, path, data, {"content-type": "application/json", **(headers or {})})
            reply = connection.getresponse()
            content = reply.read()
            return reply.status, {name.lower(): value for name, value in reply.getheaders()}, content
        finally:
            connection.close()

    def json(self, method, path, body=None, headers=None):
        """The body of a reply that has to be a success."""
        status, _, content = self.request(method, path, body, headers)
        if status != 200:
            raise Failure(f"{method} {path} was answered with {status}: {content[:500]!r}")
        return json.loads(content)


def server_environment(folder):
    """What the server sees of the environment: the home of whoever runs the tests, for the models are there, but nobody's
    settings and keys. The script that starts the tests hands it over in variables whose names begin with SERVER_."""
    prefix = "SERVER_"
    environment = {name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix)}
    return {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **environment, "XDG_CONFIG_HOME": folder}
