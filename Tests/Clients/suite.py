"""Running tests, which are functions named `test_…` whose documentation is a sentence, and what they say of failures."""

import os
import re
import time
import traceback


class Failure(Exception):
    """Something is not as it has to be."""


class Skipped(Exception):
    """A test that this version of the client has no words for."""


def expect(found, expected, what):
    """Fails unless both are equal."""
    if found != expected:
        raise Failure(f"{what}: found {shown(found)}, expected {shown(expected)}")


def expect_true(holds, why):
    """Fails with a sentence unless something holds."""
    if not holds:
        raise Failure(why)


def expect_raises(kind, body, what):
    """The exception of this kind that calling `body` raises."""
    try:
        result = body()
    except kind as error:
        expect(type(error).__name__, kind.__name__, f"the exception for {what}")
        return error
    except Exception as error:
        raise Failure(f"{what} raised {type(error).__name__}: {error}, expected {kind.__name__}") from error
    raise Failure(f"{what} gave {shown(result)}, expected {kind.__name__}")


def shown(value):
    text = repr(value)
    return text if len(text) <= 600 else text[:600] + " …"


def run(module, server, wanted=""):
    """Runs the tests of a module whose names match, prints a line for each, and returns how many passed and failed."""
    passed = failed = 0
    slow = os.environ.get("MOSO_CLIENTS_TIMES") is not None
    for name, test in list(vars(module).items()):
        if not name.startswith("test_") or not callable(test) or not re.search(wanted, name):
            continue
        sentence = " ".join(test.__doc__.split())
        begin = time.monotonic()
        try:
            test(server)
        except Skipped as reason:
            print(f"skipped: {sentence} ({reason})", flush=True)
            continue
        except Failure as failure:
            failed += 1
            print(f"failed: {sentence}\n        [{name}] {failure}", flush=True)
        except Exception:
            failed += 1
            print(f"failed: {sentence}\n        [{name}]\n{traceback.format_exc()}", flush=True)
        else:
            passed += 1
            took = f" ({time.monotonic() - begin:.1f} s)" if slow else ""
            print(f"passed: {sentence}{took}", flush=True)
    return passed, failed
