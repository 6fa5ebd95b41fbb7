"""Requests of OpenAI's library and what its answers hold."""

import openai

import tools
from moso_server import Server
from suite import expect

GREETING = [{"role": "user", "content": "Write two sentences about the sea."}]
USE = [{"role": "user", "content": tools.QUESTION}]
TOOLS = [
    {"type": "function", "function": {"name": name, "description": tools.DESCRIPTIONS[name], "parameters": schema}}
    for name, schema in tools.SCHEMAS.items()
]


def client(server, kind=openai.OpenAI, **options):
    options = {"max_retries": 0, "timeout": 120.0, **options}
    return kind(base_url=server.base + "/v1", api_key=server.key, **options)


def arguments(messages=GREETING, max_tokens=40, seed=7, **more):
    return {"model": Server.model, "messages": messages, "max_completion_tokens": max_tokens, "seed": seed, **more}


def best(messages=GREETING, max_tokens=40, **more):
    """A request for the best token each time."""
    return arguments(messages, max_tokens, temperature=0, **more)


def named(name):
    return {"type": "function", "function": {"name": name}}


def text_of(completion, choice=0):
    return completion.choices[choice].message.content or ""


def check_calls(completion, names=tuple(tools.SCHEMAS)):
    calls = completion.choices[0].message.tool_calls or []
    if completion.choices[0].finish_reason == "length":
        # Its arguments were cut off; what there is before it is whole.
        calls = calls[:-1]
    for call in calls:
        expect((call.type, call.id != ""), ("function", True), "the type of the call and whether it has an id")
        tools.check_call(call.function.name, call.function.arguments, names)
    expect(len({call.id for call in calls}), len(calls), "the number of different ids")
    return calls
