#!/usr/bin/env python3
"""Checks that an answer does not depend on who else is there: same_bits.py --moso BINARY

The same requests are asked alone, again (when their prompts are found read already), streamed, among fifteen others, after a
restart, and of servers that divide time and memory in other ways. Everything of the answers is compared, log-probabilities
and vectors included, to the last bit. A sentence for each check; the last line says how many passed."""

import argparse
import asyncio
import pathlib
import random
import sys

import openai_answers
from asking import Refused, ask, ask_bytes
from launch import Metrics, Server
from probes import differences, fixed_questions, persistently, without_measures
from questions import Maker, Question
from quiet import settle
from tally import Tally
from wire import Connection, Problem

# Each has to answer as the first one does. The memory of the last ones has room for one context and little more, so that
# answers are set aside and begun again, and what was kept of prompts is lost.
SERVERS = {
    "as it comes": [],
    "after a restart": [],
    "with prompts read in small pieces": ["--prompt-tokens", 24, "--prompt-tokens-beside-answers", 5],
    "with prompts read in large pieces": ["--prompt-tokens", 2_048, "--prompt-tokens-beside-answers", 2_048],
    "with one thread": ["--threads", 1],
    "with little memory": ["--context", 1_024, "--kv-memory", "1MB", "--running", 16],
    "with few answers at a time": ["--context", 1_024, "--kv-memory", "1MB", "--running", 2],
}


def questions_of(model):
    """The requests that are compared: those of the probes, and longer ones, which need several pages of memory."""
    questions = fixed_questions(model)
    makers = Maker(random.Random(1), model)
    history = []
    for _ in range(3):
        history += [{"role": "user", "content": " ".join(makers.text(90) for _ in range(2))},
                    {"role": "assistant", "content": makers.text(60).strip()}]
    history.append({"role": "user", "content": "Now write a list of all that."})
    body = {"model": model, "max_tokens": 70, "messages": history, "temperature": 0.7}
    questions["messages, a long conversation"] = Question("/v1/messages", body, [("moso-seed", "11")])
    questions["chat, a long conversation"] = Question("/v1/chat/completions", body | {"seed": 11})
    questions["completions, a long text measured"] = Question("/v1/completions", {
        "model": model, "prompt": [history[0]["content"], history[2]["content"]], "echo": True, "logprobs": 5,
        "max_tokens": 3, "seed": 11})
    questions["messages, stop at a text"] = Question(
        "/v1/messages", body | {"stop_sequences": ["the", "."]}, [("moso-seed", "12")])
    return questions


async def vectors(server):
    """The vectors of a few texts, each asked for alone: the same as when they are asked for together."""
    texts = ["a lantern", "the harbour at night " * 40, "wind"]
    alone = [(await vectors_of(server, [text]))[0] for text in texts]
    together = await vectors_of(server, texts * 10)
    if together != alone * 10:
        raise Problem("vectors that are asked for together are not those of each text alone")
    return alone


async def vectors_of(server, texts):
    body = {"model": server.model, "input": texts, "encoding_format": "base64"}
    for _ in range(100):
        async with await Connection.open(server.address) as connection:
            reply, data = await ask_bytes(connection, "/v1/embeddings", body, port=server.port)
        if reply.status == 200:
            return openai_answers.embeddings(data, len(texts))
        await asyncio.sleep(0.5)
    raise Problem(f"embeddings have the status {reply.status}: {data[:300]!r}")


class Comparison:
    """All checks against the answers of the first server while nobody else was there."""

    def __init__(self, tally, model):
        self.tally = tally
        self.questions = questions_of(model)
        self.known = {}
        self.known_vectors = None

    def _compare(self, name, question, answer, sentence):
        known = self.known.setdefault(name, answer)
        if question.is_streamed and question.path == "/v1/completions":
            # The measures of a stream come piece by piece.
            known, answer = without_measures(known), without_measures(answer)
        found = differences(known, answer)
        self.tally.check(found is None, sentence, f"{name}: {found}")

    async def one_by_one(self, server, sentence, streamed=False):
        for name, question in self.questions.items():
            asked = question.streamed() if streamed else question
            self._compare(name, asked, await persistently(server.address, asked), sentence)

    async def all_together(self, server, sentence):
        """Every request among fifteen others: some of these, and some that come and go by chance."""
        own = random.Random(2)
        maker = Maker(own, server.model)

        async def other():
            try:
                await ask(server.address, maker.any(most=30))
            except Refused:
                pass

        names = list(self.questions) * 2
        own.shuffle(names)
        for start in range(0, len(names), 8):
            part = names[start:start + 8]
            asked = [self.questions[name].streamed(own.random() < 0.5) for name in part]
            answers = await asyncio.gather(
                *(persistently(server.address, question) for question in asked), *(other() for _ in range(16 - len(part))))
            for name, question, answer in zip(part, asked, answers):
                self._compare(name, question, answer, sentence)

    def between_apis(self, sentence):
        """Both APIs say the same: the pairs are named alike."""
        for name, answer in self.known.items():
            api, _, rest = name.partition(", ")
            other = self.known.get(f"chat, {rest}")
            if api == "messages" and other:
                found = differences(answer, other)
                same_count = (answer.prompt_tokens, answer.output_tokens) == (other.prompt_tokens, other.output_tokens)
                self.tally.check(
                    found is None and same_count, sentence,
                    f"{rest}: {found} with {answer.prompt_tokens} and {other.prompt_tokens} tokens of prompt")

    async def of(self, server, name):
        if not self.known:
            await self.one_by_one(server, "Each is answered while nobody else is there")
            self.between_apis("Both APIs have the same answer to the same question")
            self.known_vectors = await vectors(server)
        else:
            await self.one_by_one(server, f"The answers are the same {name}, alone")
        before = await asyncio.to_thread(Metrics.of, server)
        await self.one_by_one(server, f"The answers are the same {name}, when prompts are found read already")
        after = await asyncio.to_thread(Metrics.of, server)
        reused = after["cached_tokens_total"] - before["cached_tokens_total"]
        self.tally.check(reused > 0, "Prompts that come again are found read already", "none was")
        await self.one_by_one(server, f"The answers are the same {name}, streamed", streamed=True)
        await self.all_together(server, f"The answers are the same {name}, among fifteen others")
        found = await vectors(server)
        self.tally.check(found == self.known_vectors, f"Vectors are the same {name}", "they differ")
        await settle(server, self.tally)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moso", required=True, type=pathlib.Path, help="the command to test")
    parser.add_argument("--model", default="smollm2", help="the model it serves")
    parser.add_argument("--only", action="append", choices=list(SERVERS), help="only these servers, after the first")
    options = parser.parse_args()
    tally = Tally()
    comparison = None
    for name, settings in SERVERS.items():
        if options.only and comparison and name not in options.only:
            continue
        with Server(options.moso, *settings, model=options.model) as server:
            comparison = comparison or Comparison(tally, server.model)
            asyncio.run(comparison.of(server, name))
            tally.check(server.stop() == 0, "Each server ends with code 0", f"{name}: {server.exit_code}")
        print(f"done: {name}", flush=True)
    return tally.report()


if __name__ == "__main__":
    sys.exit(main())
