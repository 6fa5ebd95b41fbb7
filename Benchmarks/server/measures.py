"""What is measured: each function makes one measurement of a server that is running and returns plain figures."""

import json
import socket
import subprocess
import time
from statistics import median

import load
import masks
import prompts
import servers

ANSWER_LIMIT = 120
IDLE_CONNECTIONS = 1000
PAIRS = 3


def streams(server: servers.Server, turn: int) -> dict:
    """16 streams at once, each with a prompt of 100 words and an answer of 64 tokens."""
    asked = [prompts.request(prompts.story(100, "streams", turn, stream), 64) for stream in range(16)]
    exchange = load.post_at_once(server.port, asked, ANSWER_LIMIT)
    gaps = [gap for answer in exchange.answers for gap in answer.gaps()]
    return {
        **_figures(exchange, 64),
        "gap_p99_seconds": load.percentile(gaps, 0.99),
        "first_text_p95_seconds": load.percentile([answer.first_text() for answer in exchange.answers], 0.95),
    }


def single(server: servers.Server, turn: int) -> dict:
    """One stream with a prompt of 100 words and an answer of 128 tokens."""
    asked = [prompts.request(prompts.story(100, "single", turn), 128)]
    return _figures(load.post_at_once(server.port, asked, ANSWER_LIMIT), 128)


def prefix(server: servers.Server, turn: int) -> dict:
    """Four streams at once with the same 700 words before four short questions, each with an answer of 32 tokens."""
    lesson = prompts.lesson(700, "prefix", turn)
    asked = [prompts.request(question, 32, system=lesson) for question in prompts.questions("prefix", turn)]
    return _figures(load.post_at_once(server.port, asked, ANSWER_LIMIT), 32)


def _figures(exchange: load.Exchange, tokens: int) -> dict:
    return {
        "tokens_per_second": exchange.output_tokens() / exchange.seconds(),
        "seconds": exchange.seconds(),
        "output_tokens": exchange.output_tokens(),
        "prompt_tokens": sum(answer.prompt_tokens for answer in exchange.answers),
        "cached_tokens": sum(answer.cached_tokens for answer in exchange.answers),
        "texts": sum(len(answer.text_times) for answer in exchange.answers),
        "short_answers": sum(answer.output_tokens < tokens for answer in exchange.answers),
        "client_seconds": exchange.client_seconds,
    }


def warm_up(server: servers.Server) -> None:
    """One short answer that does not count, so that weights are in memory and nothing is done for the first time."""
    load.post_at_once(server.port, [prompts.request("What is a compass?", 8)], ANSWER_LIMIT)


def cost(server: servers.Server, _: int) -> list[dict]:
    """Pairs of the time that a token takes through the server and without it."""
    return Cost(server).pairs()


class Cost:
    """What HTTP, JSON and scheduling cost: one stream of 256 tokens from a server, beside the same without one.

    Both are of the same program and read as many tokens before the first one they write. Each pair is measured one
    right after the other, and what comes first changes from pair to pair.
    """

    TOKENS = 256

    def __init__(self, server: servers.Server):
        self.server = server
        self.question = prompts.story(100, "cost")
        prompt_tokens = self._by_server()["prompt_tokens"]
        # A chat's control tokens are none in a plain text, so words of one token make up for them.
        missing = prompt_tokens - self._token_count(self.question)
        self.text = " and" * missing + " " + self.question
        surplus = self._token_count(self.text) - prompt_tokens
        self.text = " and" * (missing - surplus) + " " + self.question

    def pairs(self) -> list[dict]:
        measured = []
        for index in range(PAIRS):
            if index % 2 == 0:
                served, direct = self._by_server(), self._in_process()
            else:
                direct, served = self._in_process(), self._by_server()
            measured.append({"served": served, "direct": direct})
        return measured

    def _by_server(self) -> dict:
        exchange = load.post_at_once(self.server.port, [prompts.request(self.question, self.TOKENS)], ANSWER_LIMIT)
        (answer,) = exchange.answers
        seconds = answer.text_times[-1] - answer.text_times[0]
        return {
            "prompt_tokens": answer.prompt_tokens,
            "output_tokens": answer.output_tokens,
            "token_seconds": seconds / (answer.output_tokens - 1),
        }

    def _in_process(self) -> dict:
        options = ["--max-tokens", self.TOKENS, "--temperature", 0, "--threads", self.server.threads, "--json"]
        result = json.loads(self._output("generate", self.server.model, self.text, *options))
        timings = result["timings"]
        return {
            "prompt_tokens": timings["prompt_tokens"],
            "output_tokens": timings["generated_tokens"],
            # The clock starts when the prompt has been read, so the first token costs no step of the model.
            "token_seconds": timings["decode_seconds"] / (timings["generated_tokens"] - 1),
        }

    def _token_count(self, text: str) -> int:
        return len(self._output("tokenize", self.server.model, text, "--ids").split())

    def _output(self, *words: object) -> str:
        command = [str(self.server.binary), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_LIMIT)
        if done.returncode != 0:
            raise load.LoadError(f"`moso {words[0]}` ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout


def cost_share(pairs: list[dict]) -> float:
    """The median over pairs of how much longer a token takes through the server."""
    return median(pair["served"]["token_seconds"] / pair["direct"]["token_seconds"] for pair in pairs) - 1


def schema(server: servers.Server, _: int) -> list[dict]:
    """Pairs of the time that a token takes, held to a JSON Schema and free."""
    return masks.pairs(server)


def idle(server: servers.Server, _: int) -> dict:
    """How much memory a server that has answered one request gains by 1,000 connections that ask once and stay."""
    connections: list[socket.socket] = []
    try:
        with socket.create_connection((load.HOST, server.port), timeout=ANSWER_LIMIT) as connection:
            load.get(connection, server.port, "/healthz")
        time.sleep(1)
        before = server.resident_bytes()
        for _ in range(IDLE_CONNECTIONS):
            connections.append(socket.create_connection((load.HOST, server.port), timeout=ANSWER_LIMIT))
            load.get(connections[-1], server.port, "/healthz")
        time.sleep(1)
        after = server.resident_bytes()
        closed = sum(not load.is_open(connection) for connection in connections)
        if closed:
            raise load.LoadError(f"{server.name} closed {closed} of {IDLE_CONNECTIONS} idle connections.")
    finally:
        for connection in connections:
            connection.close()
    return {"connections": IDLE_CONNECTIONS, "before_bytes": before, "with_bytes": after}


# The parts that are measured of both servers, and those of Moso's alone.
OF_BOTH = {"streams": streams, "single": single, "prefix": prefix}
OF_MOSO = {"cost": cost, "schema": schema, "idle": idle}
