"""Requests of Anthropic's library and what its answers hold, for the tests of both of its dialects."""

import anthropic

import tools
from moso_server import Server
from suite import expect, expect_true

# The library before 1.0 has sampling parameters; that of today has none, and the server refuses them from it.
IS_EARLIER = int(anthropic.__version__.split(".")[0]) < 1

GREETING = [{"role": "user", "content": "Write two sentences about the sea."}]
TOOLS = [
    {"name": name, "description": tools.DESCRIPTIONS[name], "input_schema": schema}
    for name, schema in tools.SCHEMAS.items()
]
USE = [{"role": "user", "content": tools.QUESTION}]


def client(server, **options):
    options = {"max_retries": 0, "timeout": 120.0, **options}
    return anthropic.Anthropic(base_url=server.base, api_key=server.key, **options)


def seeded(seed=7):
    """What makes an answer repeatable in either dialect."""
    return {"extra_headers": {"moso-seed": str(seed)}}


def arguments(messages=GREETING, max_tokens=40, seed=7, **more):
    return {"model": Server.model, "max_tokens": max_tokens, "messages": messages, **seeded(seed), **more}


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


def calls_of(message):
    return [block for block in message.content if block.type == "tool_use"]


def check_calls(message, names=tuple(tools.SCHEMAS)):
    calls = calls_of(message)
    if message.stop_reason == "max_tokens":
        # Its arguments were cut off; what there is before it is whole.
        calls = calls[:-1]
    for call in calls:
        expect_true(call.id.startswith("toolu_"), f"the id of the call is {call.id!r}")
        tools.check_call(call.name, call.input, names)
    expect(len({call.id for call in calls}), len(calls), "the number of different ids")
    return calls


def prompt_tokens(message):
    usage = message.usage
    return usage.input_tokens + (usage.cache_creation_input_tokens or 0) + (usage.cache_read_input_tokens or 0)


def check_order(types):
    """message_start, blocks one after another, message_delta, message_stop."""
    expect(types[0], "message_start", "the first event")
    expect(types[-2:], ["message_delta", "message_stop"], "the last events")
    is_open = False
    for kind in types[1:-2]:
        if kind == "content_block_start":
            expect_true(not is_open, f"a block begins within another: {types}")
            is_open = True
        elif kind == "content_block_stop":
            expect_true(is_open, f"a block ends that has not begun: {types}")
            is_open = False
        else:
            expect((kind, is_open), ("content_block_delta", True), "an event between the first and the last")
    expect_true(not is_open, f"a block has no end: {types}")
