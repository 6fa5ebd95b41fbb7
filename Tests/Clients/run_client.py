#!/usr/bin/env python3
"""Tests one client against a server: run_client.py anthropic --moso .build/release/moso [--only tools]

The client is installed in the environment of the Python that runs this. The last line says how many tests passed."""

import argparse
import importlib
import sys

import suite
from moso_server import Server


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("client", help="which client: the tests of NAME are in test_NAME.py")
    parser.add_argument("--moso", required=True, help="the program under test")
    parser.add_argument("--only", default="", help="a regular expression that the names of tests have to match")
    arguments = parser.parse_args()

    tests = importlib.import_module(f"test_{arguments.client}")
    passed = failed = 0
    stopping = "The server ends with status 0 when it is told to stop."
    try:
        with Server(arguments.moso) as server:
            passed, failed = suite.run(tests, server, arguments.only)
    except suite.Failure as failure:
        failed += 1
        print(f"failed: {stopping}\n        {failure}")
    else:
        passed += 1
        print(f"passed: {stopping}")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
