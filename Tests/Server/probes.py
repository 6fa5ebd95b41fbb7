"""A few requests whose answers have to be the same at any time."""

import asyncio
import dataclasses

from asking import Refused, ask
from questions import LIGHT, SCHEMA, WEATHER, Question
from wire import Problem

STORY = [
    {"role": "user", "content": "Tell a story about a lantern in the harbour."},
]


def fixed_questions(model):
    """Pairs of a name and a question: in both APIs, of the best token and of drawn ones, free and held to something."""
    greedy = {"model": model, "max_tokens": 24, "temperature": 0, "messages": STORY}
    drawn = {"model": model, "max_tokens": 24, "temperature": 0.9, "messages": STORY}
    seed = [("moso-seed", "7")]
    tools = [{"name": tool["name"], "description": tool["description"], "input_schema": tool["schema"]}
             for tool in (WEATHER, LIGHT)]
    functions = [{"type": "function", "function": {
        "name": tool["name"], "description": tool["description"], "parameters": tool["schema"]}} for tool in (WEATHER, LIGHT)]
    pet = {"format": {"type": "json_schema", "schema": SCHEMA}}
    pet_of_chat = {"type": "json_schema", "json_schema": {"name": "pet", "schema": SCHEMA}}
    messages, chat = "/v1/messages", "/v1/chat/completions"
    return {
        "messages, best tokens": Question(messages, greedy),
        "chat, best tokens": Question(chat, greedy),
        "messages, drawn tokens": Question(messages, drawn, seed),
        "chat, drawn tokens": Question(chat, drawn | {"seed": 7}),
        "messages, a tool": Question(messages, drawn | {"tools": tools, "tool_choice": {"type": "any"}}, seed, "tool"),
        "chat, a tool": Question(
            chat, drawn | {"seed": 7, "tools": functions, "tool_choice": "required"}, held_to="tool"),
        "messages, a schema": Question(messages, drawn | {"output_config": pet}, seed, "schema"),
        "chat, a schema": Question(chat, drawn | {"seed": 7, "response_format": pet_of_chat}, held_to="schema"),
        "chat, several with their probabilities": Question(
            chat, drawn | {"seed": 7, "n": 3, "logprobs": True, "top_logprobs": 3}),
        "completions, measured": Question(
            "/v1/completions",
            {"model": model, "prompt": "The lantern in the harbour", "echo": True, "logprobs": 3, "max_tokens": 8, "seed": 7}),
    }


def differences(one, other):
    """The first thing in which two answers differ, in words; `None` where they are the same."""
    one, other = one.same_part(), other.same_part()
    return None if one == other else f"{one!r:.700} and {other!r:.700}"


async def persistently(address, question):
    """The answer to a question, asked again where the server is full."""
    for _ in range(100):
        try:
            return await ask(address, question)
        except Refused:
            await asyncio.sleep(0.5)
    raise Problem("the server is full for longer than it may be")


def without_measures(answer):
    """An answer to be compared with a stream of completions, whose measures come in other pieces."""
    return dataclasses.replace(answer, choices=[dataclasses.replace(choice, measured=[]) for choice in answer.choices])


class Probe:
    """Asks the same again and again."""

    def __init__(self, server, tally):
        self.server, self.tally = server, tally
        self.questions = fixed_questions(server.model)
        self.known = {}

    async def learn(self):
        """The answers while nobody else is there."""
        for name, question in self.questions.items():
            self.known[name] = await persistently(self.server.address, question)

    async def compare(self):
        """The answers now, whole and streamed, against those from the start."""
        for name, question in self.questions.items():
            for asked, manner in ((question, "whole"), (question.streamed(), "streamed")):
                sentence = f"The same request has the same answer at any time, {manner}"
                try:
                    async with asyncio.timeout(120):
                        answer, known = await persistently(self.server.address, asked), self.known[name]
                    if manner == "streamed" and question.path == "/v1/completions":
                        answer, known = without_measures(answer), without_measures(known)
                    found = differences(known, answer)
                    self.tally.check(found is None, sentence, f"{name}: {found}")
                except (Problem, OSError, TimeoutError) as problem:
                    self.tally.failed(sentence, f"{name}: {type(problem).__name__} {problem}")
