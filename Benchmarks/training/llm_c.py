"""Times training steps of llm.c's program for the processor, unchanged: files of the form it reads, and its own clock.

The program has its shape in it, 4 sequences of 64 tokens, and reads files of fixed names in the folder that it runs in.
"""

import array
import os
import pty
import random
import re
import statistics
import subprocess
import sys

LENGTH, SEQUENCES = 64, 4
# Step 20 begins with a text that the program generates, and after step 40 it ends.
MOST_STEPS = 20

MODEL = dict(magic=20240326, version=3)
TOKENS = dict(magic=20240520, version=1)
HEADER = 256
STEP = re.compile(rb"step (\d+): train loss (\S+) \(took (\S+) ms\)")


def header(*values):
    return array.array("i", [*values, *[0] * (HEADER - len(values))]).tobytes()


def write_model(path, c):
    """A GPT-2 of random weights: a header of 32-bit integers, then each matrix of all layers as 32-bit floats."""
    width, layers, hidden = c["n_embd"], c["n_layer"], c["n_inner"]
    # The rows of the vocabulary are filled up to a multiple of 128.
    rows = -(-c["vocab_size"] // 128) * 128
    generator = random.Random(1)
    # As many numbers as a prime, over and over: no two rows are the same, and it takes a second.
    normal = array.array("f", (generator.gauss(0, 0.02) for _ in range(999_983))).tobytes()

    def write(file, count, value=None):
        block = normal if value is None else array.array("f", [value]).tobytes()
        while count > 0:
            part = min(count, len(block) // 4)
            file.write(block[:4 * part])
            count -= part

    with open(path, "wb") as file:
        file.write(header(MODEL["magic"], MODEL["version"], c["n_positions"], c["vocab_size"], layers, c["n_head"], width,
                          rows))
        write(file, rows * width)
        write(file, c["n_positions"] * width)
        for inputs, outputs in ((None, width), (width, 3 * width), (width, width), (None, width), (width, hidden),
                                (hidden, width)):
            # Without inputs it is a norm, whose weights are one.
            if inputs:
                write(file, layers * inputs * outputs)
            else:
                write(file, layers * outputs, 1)
            write(file, layers * outputs, 0)
        write(file, width, 1)
        write(file, width, 0)


def write_tokens(path, count, vocabulary):
    generator = random.Random(2)
    with open(path, "wb") as file:
        file.write(header(TOKENS["magic"], TOKENS["version"], count))
        array.array("H", (generator.randrange(vocabulary) for _ in range(count))).tofile(file)


def prepare(folder, configuration):
    """Writes what the program reads into a folder: 500 MB."""
    write_model(os.path.join(folder, "gpt2_124M.bin"), configuration)
    texts = os.path.join(folder, "dev", "data", "tinyshakespeare")
    os.makedirs(texts)
    for part in ("train", "val"):
        count = 64 * LENGTH * SEQUENCES + 1
        write_tokens(os.path.join(texts, f"tiny_shakespeare_{part}.bin"), count, configuration["vocab_size"])


def run(program, folder, steps, threads):
    """The median step in seconds, and the peak of memory in MB; the first step does not count."""
    if not 2 <= steps <= MOST_STEPS:
        sys.exit(f"--steps is {steps}, where llm.c can be timed for 2 to {MOST_STEPS} steps; choose a number between them")
    # Into a terminal it writes each line when it is done, into a pipe many at once.
    terminal, side = pty.openpty()
    process = subprocess.Popen(
        [os.path.abspath(program)], cwd=folder, stdin=subprocess.DEVNULL, stdout=side,
        env=dict(os.environ, OMP_NUM_THREADS=str(threads)))
    os.close(side)
    times, output = [], b""
    while len(times) < steps:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # What reads a terminal learns in this way that its writer has ended.
            part = b""
        if not part:
            sys.exit(f"{program} ended after {len(times)} of {steps} steps:\n{output.decode(errors='replace')}")
        output += part
        times = [(float(loss), float(milliseconds) / 1e3) for _, loss, milliseconds in STEP.findall(output)]
    process.terminate()
    _, _, usage = os.wait4(process.pid, 0)
    os.close(terminal)
    # Tokens drawn at random are as likely as each other: the logarithm of 50,257 is 10.8.
    if not 10 < times[0][0] < 12:
        sys.exit(f"{program} begins with a loss of {times[0][0]}, where 10.8 was expected: is it of another version of llm.c?")
    return statistics.median(seconds for _, seconds in times[1:]), usage.ru_maxrss / 1024
