"""Running tests, which are functions named `test_…` whose documentation is a sentence, and what they say of failures."""

import os
import re
import sys
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


def own_frames():
    """The exception at hand, and where in these tests it came from; what libraries do within is of less interest."""
    kind, value, trace = sys.exc_info()
    here = os.path.dirname(os.path.abspath(__file__))
    frames = [frame for frame in traceback.extract_tb(trace)[1:] if os.path.dirname(frame.filename) == here]
    return "".join(traceback.format_list(frames) + traceback.format_exception_only(kind, value))[:4000]


class Report:
    """Prints a line for each test, as soon as it is over."""

    def __init__(self, client):
        self.client = client
        self.failures = 0

    def passed(self, sentence):
        print(f"passed: {self.client}: {sentence}", flush=True)

    def skipped(self, sentence, reason):
        print(f"skipped: {self.client}: {sentence} ({reason})", flush=True)

    def failed(self, sentence, reason):
        self.failures += 1
        print(f"failed: {self.client}: {sentence}", flush=True)
        for line in str(reason).rstrip().splitlines():
            print(f"        {line}", flush=True)


def run(module, server, report, wanted=""):
    """Runs the tests of a module whose names match."""
    for name, test in list(vars(module).items()):
        if not name.startswith("test_") or not callable(test) or not re.search(wanted, name):
            continue
        sentence = " ".join(test.__doc__.split())
        try:
            test(server)
        except Skipped as reason:
            report.skipped(sentence, reason)
        except Failure as failure:
            report.failed(sentence, f"{name}: {failure}")
        except Exception:
            report.failed(sentence, f"{name}:\n{own_frames()}")
        else:
            report.passed(sentence)
