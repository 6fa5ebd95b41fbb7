#!/usr/bin/env python3
"""Runs schemathesis against a server, with what the server says of itself in /openapi.json; Scripts/check_schemathesis.sh
calls this in the environment that it makes."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

from launch import Server
from tally import Tally

# Short answers, however long the ones are that are asked for, and no request that takes long.
OPTIONS = ["--context", 192, "--kv-memory", "1MB", "--max-body", "1MB", "--request-timeout", 20]

# That a request which fits the description is accepted is no promise of it: there are rules that it cannot say, such as
# that a prompt has to fit the context.
EXCLUDED = "positive_data_acceptance"


# Fast: a few requests to every path. Deep: every limit of every field besides, and as many requests as fit the time.
FAST = ["--phases", "examples,fuzzing", "--max-examples", "50"]
DEEP = ["--phases", "examples,coverage,fuzzing", "--max-examples", "1000", "--max-time", "1800"]


def run(server, extent, document):
    """One run; returns its exit code, `None` where it did not end."""
    command = [
        os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", document, *extent,
        "--url", f"http://127.0.0.1:{server.port}", "--exclude-checks", EXCLUDED, "--request-timeout", "60",
        "--suppress-health-check", "all", "--seed", "1", "--continue-on-failure"]
    with tempfile.TemporaryDirectory() as folder:
        try:
            return subprocess.run(command, cwd=folder, timeout=2_400, check=False).returncode
        except subprocess.TimeoutExpired:
            return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moso", required=True, type=pathlib.Path, help="the command to test")
    parser.add_argument("--model", default="smollm2", help="the model it serves")
    parser.add_argument("--document", help="another description than the server's own")
    parser.add_argument("--deep", action="store_true", help="search for half an hour instead of two minutes")
    options = parser.parse_args()
    tally = Tally()
    with Server(options.moso, *OPTIONS, model=options.model) as server:
        document = options.document or f"http://127.0.0.1:{server.port}/openapi.json"
        address = document if "://" in document else pathlib.Path(document).resolve().as_uri()
        with urllib.request.urlopen(address, timeout=60) as reply:
            described = json.load(reply).get("paths", {})
        tally.check(len(described) > 10, "The server describes its paths", f"it describes {len(described)}")
        if described:
            code = run(server, DEEP if options.deep else FAST, document)
            tally.check(code == 0, "Every reply is as the description says", f"schemathesis ended with {code}")
        tally.check(server.stop() == 0, "The server ends with code 0", f"it ended with {server.exit_code}")
        wrong = [line for line in server.log_text().splitlines() if " error " in line or " critical " in line]
        tally.check(not wrong, "The log tells of no errors", "\n".join(wrong[:5])[:2_000])
    return tally.report()


if __name__ == "__main__":
    sys.exit(main())
