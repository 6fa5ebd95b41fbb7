#!/usr/bin/env python3
"""Lets many clients of every kind use a server for a while, and checks that it holds: soak.py --moso BINARY [--minutes N]

Some clients ask in the ways of both APIs, others go away in the middle, read or write slowly, send nonsense or come in
crowds. A sentence for each check, and the last line says how many passed. --csv FILE keeps the memory over time."""

import argparse
import asyncio
import pathlib
import random
import statistics
import sys
import time
import traceback

import clients
import http_clients
from asking import Refused, get
from clients import World
from launch import Metrics, Server, read_metrics
from probes import Probe
from questions import Maker
from quiet import check_drain, check_ledger, settle
from tally import Tally
from wire import Problem

CONTEXT = 1_024
BODY_LIMIT = 1_000_000
OPTIONS = [
    "--running", 8, "--waiting", 16, "--context", CONTEXT, "--kv-memory", "1MB", "--max-body", BODY_LIMIT,
    "--idle-timeout", 30, "--drain", 60]

# How often clients of each kind come, compared with the others.
KINDS = {
    clients.messages_client: 14, clients.chat_client: 14, clients.completion_client: 8, clients.long_client: 6,
    clients.patient_client: 3, clients.pipelining_client: 2, clients.embedding_client: 2, clients.counting_client: 2,
    clients.tokenizer_client: 2, clients.curious_client: 2, clients.slow_reader: 2, clients.slow_writer: 2,
    clients.leaver_before_the_end_of_the_request: 4, clients.leaver_while_waiting: 6, clients.leaver_in_the_stream: 6,
    clients.half_closer: 1, clients.wrong_client: 6, clients.odd_client: 2, clients.mutating_client: 10, clients.burst: 0.5,
    http_clients.malformed_client: 4, http_clients.stranger: 2, http_clients.head_client: 1, http_clients.chunk_writer: 2,
    http_clients.careful_client: 1, http_clients.careful_client_with_too_much: 1, http_clients.oversized_client: 1,
    http_clients.largest_client: 1, http_clients.closing_client: 2, http_clients.old_client: 1,
}
# In seconds.
SHORTEST_FOR_MEMORY = 240
NO_FAILURE = "Nothing is answered with the status 500"
NO_LOSS = "No page of memory is lost"
NO_HANG = "Every visit ends within two minutes"


class Soak:
    """The whole test."""

    def __init__(self, server, tally, seed, workers):
        self.server, self.tally, self.workers = server, tally, workers
        self.random = random.Random(seed)
        self.gate = asyncio.Event()
        self.visits = 0
        self.refusals = 0
        self.under_way = 0
        self.is_over = False
        self.memory = []
        self.broken = {}
        self.start = time.monotonic()

    def world(self):
        own = random.Random(self.random.random())
        return World(self.server, own, Maker(own, self.server.model), CONTEXT, BODY_LIMIT)

    async def visit(self, kind, world):
        """One visit of one client."""
        sentence = kind.__doc__
        try:
            async with asyncio.timeout(120):
                await kind(world)
            self.tally.passed(sentence)
        except Refused:
            self.refusals += 1
            self.tally.passed("A server that is full says so with retry-after")
        except TimeoutError:
            self.tally.failed(NO_HANG, f"{kind.__name__} hung")
        except (Problem, OSError) as problem:
            self.tally.failed(sentence, f"{type(problem).__name__}: {problem}"[:2_500])
        except Exception:
            self.tally.failed(sentence, traceback.format_exc()[-2_500:])
        self.visits += 1

    async def work(self):
        """Sends one client after another until the end."""
        world = self.world()
        kinds, weights = list(KINDS), list(KINDS.values())
        while not self.is_over:
            await self.gate.wait()
            if self.is_over:
                break
            self.under_way += 1
            await self.visit(world.random.choices(kinds, weights)[0], world)
            self.under_way -= 1
            if not self.server.is_running():
                self.is_over = True

    async def watch(self, csv):
        """Looks at the counts every second."""
        while not self.is_over:
            try:
                async with asyncio.timeout(30):
                    status, data = await get(self.server.address, "/metrics")
                counts = Metrics(read_metrics(data.decode()), self.server.model)
                self.tally.check(counts["kv_pages_lost"] == 0, NO_LOSS, f"{counts['kv_pages_lost']} pages are lost")
                broken = {name: count for name, count in counts.series.items() if 'status="500"' in name}
                self.tally.check(broken == self.broken, NO_FAILURE, f"{broken} after {self.broken}")
                self.broken = broken
                elapsed = time.monotonic() - self.start
                self.memory.append((elapsed, counts.resident_bytes))
                if csv:
                    print(
                        f"{elapsed:.0f},{counts.resident_bytes:.0f},{counts['requests_running']:.0f},"
                        f"{counts['requests_waiting']:.0f},{counts['kv_pages_used']:.0f},{counts.connections:.0f}",
                        file=csv, flush=True)
            except (TimeoutError, Problem, OSError, KeyError) as error:
                if not self.is_over:
                    self.tally.failed("The counts can be read at any time", f"{type(error).__name__} {error}")
            await asyncio.sleep(1)

    async def quiet(self):
        """Lets the clients that are there leave and no more come in."""
        self.gate.clear()
        while self.under_way:
            await asyncio.sleep(0.1)

    def check_memory(self):
        """Memory may not grow once everything has been used."""
        count = len(self.memory)
        second = statistics.median(size for _, size in self.memory[count // 4: count // 2])
        last = statistics.median(size for _, size in self.memory[3 * count // 4:])
        growth = last / second - 1
        print(f"memory: {second / 1e6:.1f} MB in the second quarter, {last / 1e6:.1f} MB in the last one ({growth:+.1%})")
        if self.memory[-1][0] < SHORTEST_FOR_MEMORY:
            print("memory is not judged: in so short a time not everything has been used once")
            return
        self.tally.check(growth < 0.05, "Memory stays the same", f"it grew by {growth:.1%}")

    async def run(self, seconds, csv):
        probe = Probe(self.server, self.tally)
        await probe.learn()
        self.gate.set()
        self.start = time.monotonic()
        workers = [asyncio.create_task(self.work()) for _ in range(self.workers)]
        watcher = asyncio.create_task(self.watch(csv))
        # A short run has its pauses sooner, a long one a probe every minute and a pause every five.
        between_probes, rounds = min(60, seconds / 3), 0
        while time.monotonic() - self.start < seconds and not self.is_over:
            rounds += 1
            await asyncio.sleep(max(0, self.start + rounds * between_probes - time.monotonic()))
            if self.is_over:
                break
            await probe.compare()
            print(
                f"{time.monotonic() - self.start:6.0f} s: {self.visits} visits, {self.refusals} refused, "
                f"{self.memory[-1][1] / 1e6 if self.memory else 0:.0f} MB", flush=True)
            if rounds % 5 == 2:
                await self.quiet()
                await settle(self.server, self.tally)
                self.gate.set()
        await self.quiet()
        self.is_over = True
        self.gate.set()
        await asyncio.gather(*workers, watcher)
        if self.server.is_running():
            self.check_memory()
            await settle(self.server, self.tally)
            await probe.compare()
            await check_ledger(self.server, self.tally, self.world())
            await check_drain(self.server, self.tally)
        code = self.server.process.poll()
        self.tally.check(
            code == 0, "The server ends with code 0", f"it ended with {code}: {self.server.log_text()[-3_000:]}")
        wrong = [line for line in self.server.log_text().splitlines() if " error " in line or " critical " in line]
        self.tally.check(not wrong, "The log tells of no errors", "\n".join(wrong[:5])[:2_000])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moso", required=True, type=pathlib.Path, help="the command to test")
    parser.add_argument("--model", default="smollm2", help="the model it serves")
    parser.add_argument("--minutes", type=float, default=20, help="how long (default 20)")
    parser.add_argument("--workers", type=int, default=14, help="how many clients there are at a time (default 14)")
    parser.add_argument("--seed", type=int, default=1, help="makes the same clients come again (default 1)")
    parser.add_argument("--csv", type=pathlib.Path, help="where to keep memory and load over time")
    options = parser.parse_args()
    tally = Tally()
    csv = open(options.csv, "w", encoding="utf-8") if options.csv else None
    with Server(options.moso, *OPTIONS, model=options.model) as server:
        asyncio.run(Soak(server, tally, options.seed, options.workers).run(options.minutes * 60, csv))
    return tally.report()


if __name__ == "__main__":
    sys.exit(main())
