"""Runs a command and prints, as JSON, the seconds until its first byte of output and the most memory it had.

A process of its own, and a small one: Linux counts the memory of the process that starts a program as the program's own
until it has more, and compare.py has made models.
"""

import json
import os
import subprocess
import sys
import time

begin = time.perf_counter()
with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
    first = process.stdout.read(1)
    seconds = time.perf_counter() - begin
    process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
if process.returncode != 0 or not first:
    raise SystemExit(f"`{' '.join(sys.argv[1:])}` ended with {process.returncode} and printed no token.")
print(json.dumps({"first_token_seconds": seconds, "load_seconds": None, "peak_kib": usage.ru_maxrss}))
