"""Counts what passed and what failed, a check at a time."""

import collections


class Tally:
    """Checks by their sentences; each may be made many times."""

    def __init__(self):
        self.passes = collections.Counter()
        self.failures = collections.defaultdict(list)

    def passed(self, sentence):
        self.passes[sentence] += 1

    def failed(self, sentence, detail):
        """Takes note of a failure, and says it at once the first three times."""
        self.failures[sentence].append(detail)
        if len(self.failures[sentence]) <= 3:
            print(f"failed: {sentence}\n        {detail}", flush=True)

    def check(self, condition, sentence, detail=""):
        if condition:
            self.passed(sentence)
        else:
            self.failed(sentence, detail)

    def report(self):
        """Prints a line for each check, and at last how many passed; returns the exit code."""
        for sentence in sorted(self.passes.keys() | self.failures.keys()):
            times, wrong = self.passes[sentence], len(self.failures.get(sentence, []))
            if wrong:
                print(f"failed: {sentence} ({wrong} of {times + wrong} times)")
            else:
                print(f"passed: {sentence} ({times} times)")
        failed, passed = len(self.failures), len(self.passes.keys() - self.failures.keys())
        print(f"{passed} passed, {failed} failed")
        return 0 if failed == 0 and passed > 0 else 1
