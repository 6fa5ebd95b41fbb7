#!/usr/bin/env python3
"""Tests one client, which is installed in the environment of the Python that runs this, against a server of its own:
run_client.py anthropic --moso .build/release/moso [--only tools]"""

import argparse
import importlib
import sys

import suite
from moso_server import Server

# The same library at another version has the same tests.
MODULES = {"anthropic-earlier": "test_anthropic", "inspect-ai": "test_inspect_ai", "lm-eval": "test_lm_eval"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("client", help="which client")
    parser.add_argument("--moso", required=True, help="the program under test")
    parser.add_argument("--only", default="", help="a regular expression that the names of tests have to match")
    arguments = parser.parse_args()

    tests = importlib.import_module(MODULES.get(arguments.client, f"test_{arguments.client}"))
    report = suite.Report(arguments.client)
    try:
        with Server(arguments.moso) as server:
            suite.run(tests, server, report, arguments.only)
    except suite.Failure as failure:
        report.failed("The server starts, and ends with status 0 when it is told to stop.", failure)
    else:
        report.passed("The server starts, and ends with status 0 when it is told to stop.")
    return 0 if report.failures == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
