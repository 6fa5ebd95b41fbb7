#!/usr/bin/env python3
"""Tests the web page of a running server: check_page.py http://127.0.0.1:8080 [folder for pictures]

A few tests talk to the server's own model, whatever it is; the others say themselves what is answered (answers.js), so
that they find the same with every model. The last line says how many passed."""

import pathlib
import sys
import tempfile
import traceback

import test_answers
import test_conversations
import test_controls
import test_markdown
import test_server
from browser import Failure, Page
from pictures import take_pictures

SUITES = [test_server, test_answers, test_conversations, test_controls, test_markdown]


def main():
    if len(sys.argv) not in (2, 3):
        print("usage: check_page.py BASE-URL [FOLDER-FOR-PICTURES]", file=sys.stderr)
        return 2
    passed = failed = 0
    with tempfile.TemporaryDirectory() as downloads:
        page = Page(sys.argv[1], downloads)
        try:
            for suite in SUITES:
                for test in (value for name, value in vars(suite).items() if name.startswith("test_")):
                    sentence = test.__doc__.strip()
                    try:
                        page.open()
                        test(page)
                        test_server.nothing_was_violated(page)
                    except Failure as failure:
                        failed += 1
                        print(f"failed: {sentence}\n        {failure}")
                    except Exception:
                        failed += 1
                        print(f"failed: {sentence}\n{traceback.format_exc()}")
                    else:
                        passed += 1
                        print(f"passed: {sentence}", flush=True)
            if len(sys.argv) == 3:
                folder = pathlib.Path(sys.argv[2])
                folder.mkdir(parents=True, exist_ok=True)
                take_pictures(page, folder)
        finally:
            page.close()
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
