#!/usr/bin/env python3
"""Tests one client, which is installed in the environment of the Python that runs this, against a server of its own:
run_client.py anthropic --moso .build/release/moso [--only tools]"""

import argparse
import importlib
import pathlib
import sys

import suite
from moso_server import Server


def modules(client):
    """The tests of a client: test_NAME.py and test_NAME_….py. The same library at an earlier version has the same ones."""
    name = client.removesuffix("-earlier").replace("-", "_")
    found = sorted(path.stem for path in pathlib.Path(__file__).parent.glob(f"test_{name}*.py"))
    if not found:
        raise SystemExit(f"there is no test_{name}.py")
    return map(importlib.import_module, found)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("client", help="which client")
    parser.add_argument("--moso", required=True, help="the program under test")
    parser.add_argument("--only", default="", help="a regular expression that the names of tests have to match")
    arguments = parser.parse_args()

    report = suite.Report(arguments.client)
    sentence = "The server starts, and ends with status 0 when it is told to stop."
    try:
        with Server(arguments.moso) as server:
            for tests in modules(arguments.client):
                suite.run(tests, server, report, arguments.only)
    except suite.Failure as failure:
        report.failed(sentence, failure)
    else:
        report.passed(sentence)
    return 0 if report.failures == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
