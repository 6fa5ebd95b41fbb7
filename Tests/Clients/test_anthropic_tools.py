"""Tools and answers of a given form through Anthropic's own library for Python."""

import json

import anthropic
import pydantic
from typing_extensions import Literal

import tools
from anthropic_requests import (
    GREETING, TOOLS, USE, arguments, calls_of, check_calls, check_order, client, prompt_tokens, seeded, text_of)
from moso_server import Server
from suite import expect, expect_raises, expect_true


def test_tools_automatic(server):
    """With tools at hand the model decides; a call it makes is a valid one."""
    for seed in range(2):
        message = client(server).messages.create(tools=TOOLS, **arguments(USE, 80, seed))
        calls = check_calls(message)
        if message.stop_reason != "max_tokens":
            expect(message.stop_reason, "tool_use" if calls else "end_turn", "the reason")


def test_tools_forced(server):
    """tool_choice any makes some call, tool the named one, and their arguments satisfy the schema."""
    choices = [({"type": "any"}, list(tools.SCHEMAS))] + [({"type": "tool", "name": name}, [name]) for name in tools.SCHEMAS]
    for choice, names in choices:
        # A small model that may use several tools at once may not know when to end.
        message = client(server).messages.create(tools=TOOLS, tool_choice=choice, **arguments(USE, 200))
        expect_true(message.stop_reason in ("tool_use", "max_tokens"), f"the reason is {message.stop_reason}")
        expect_true(len(check_calls(message, names)) >= 1, f"{choice}: there is no call")


def test_tools_one(server):
    """disable_parallel_tool_use makes exactly one call where one is forced, and at most one otherwise."""
    for seed in range(2):
        choices = [{"type": "any"}, {"type": "tool", "name": "get_time"}, {"type": "auto"}]
        for choice in choices:
            message = client(server).messages.create(
                tools=TOOLS, tool_choice={**choice, "disable_parallel_tool_use": True}, **arguments(USE, 200, seed))
            calls = check_calls(message)
            if calls:
                expect(message.stop_reason, "tool_use", "the reason")
            expect_true(len(calls) == 1 or (choice["type"] == "auto" and not calls), f"{choice}: {len(calls)} calls")


def test_tools_none(server):
    """tool_choice none makes no call."""
    message = client(server).messages.create(tools=TOOLS, tool_choice={"type": "none"}, **arguments(USE, 60))
    expect(calls_of(message), [], "the calls")
    expect_true(message.stop_reason in ("end_turn", "max_tokens"), f"the reason is {message.stop_reason}")


def test_tool_stream(server):
    """A streamed call brings its arguments in pieces that together are its JSON."""
    choice = {"type": "tool", "name": "get_weather", "disable_parallel_tool_use": True}
    forced = {"tools": TOOLS, "tool_choice": choice, **arguments(USE, 200)}
    whole = client(server).messages.create(**forced)
    types, pieces, snapshots = [], {}, []
    with client(server).messages.stream(**forced) as stream:
        for event in stream:
            if event.type == "input_json":
                snapshots.append(event.snapshot)
                continue
            if event.type == "text":
                continue
            types.append(event.type)
            if event.type == "content_block_start" and event.content_block.type == "tool_use":
                # The helper fills this very object as it reads on; at the start it was empty.
                pieces[event.index] = ""
            if event.type == "content_block_delta" and event.delta.type == "input_json_delta":
                pieces[event.index] += event.delta.partial_json
        final = stream.get_final_message()
    check_order(types)
    check_calls(final, ["get_weather"])
    expect([call.input for call in calls_of(final)], [call.input for call in calls_of(whole)], "the streamed arguments")
    expect([json.loads(text) for text in pieces.values()], [call.input for call in calls_of(whole)], "the pieces")
    expect_true(len(snapshots) > 3, f"the arguments came in {len(snapshots)} pieces only")


def test_tool_loop(server):
    """A call, its result and an answer: the loop that every agent goes through, with errors as results too."""
    ask = client(server).messages.create
    call = ask(tools=TOOLS, tool_choice={"type": "any", "disable_parallel_tool_use": True}, **arguments(USE, 200))
    use = check_calls(call)[0]
    asked = USE + [{"role": "assistant", "content": call.content}]
    long = "22 degrees in the shade and 31 degrees in the sun"
    results = [
        {"type": "tool_result", "tool_use_id": use.id, "content": "22 degrees"},
        {"type": "tool_result", "tool_use_id": use.id, "content": [{"type": "text", "text": "22 degrees"}]},
        {"type": "tool_result", "tool_use_id": use.id, "content": "22 degrees", "is_error": True},
        {"type": "tool_result", "tool_use_id": use.id},
        {"type": "tool_result", "tool_use_id": use.id, "content": long},
    ]
    lengths = []
    for result in results:
        answer = ask(
            tools=TOOLS, tool_choice={"type": "none"}, **arguments(asked + [{"role": "user", "content": [result]}], 20))
        expect([block.type for block in answer.content], ["text"], "the blocks of the answer")
        lengths.append(prompt_tokens(answer))
    expect(lengths[1], lengths[0], "the tokens with the result in a block")
    expect_true(lengths[0] < lengths[2], f"nothing says that a result is an error: {lengths}")
    expect_true(lengths[0] < lengths[4], f"the tokens with a short and a long result are {lengths}")
    for content, part in [
        ([{"type": "text", "text": "Well?"}], "`tool_use` ids were found without `tool_result` blocks immediately after"),
        ([{**results[0], "tool_use_id": "toolu_other"}], "tool_use_id"),
        ([results[0], results[0]], "tool_use_id"),
    ]:
        error = expect_raises(
            anthropic.BadRequestError,
            lambda: ask(tools=TOOLS, **arguments(asked + [{"role": "user", "content": content}])), "results amiss")
        expect_true(part in error.body["error"]["message"], f"the message is {error.message}")


def test_tool_runner(server):
    """The library's own tool loop calls a function with valid arguments and hands its result over."""
    heard = []

    @anthropic.beta_tool
    def get_time(zone: Literal["UTC", "CET", "JST"]) -> str:
        """The time in a zone.

        Args:
            zone: The zone.
        """
        heard.append(zone)
        return "It is noon."

    runner = client(server).beta.messages.tool_runner(
        model=Server.model, max_tokens=120, messages=[{"role": "user", "content": "What time is it?"}], tools=[get_time],
        tool_choice={"type": "any", "disable_parallel_tool_use": True}, max_iterations=2, **seeded())
    answers = list(runner)
    expect(len(answers), 2, "the number of turns")
    expect_true(len(heard) >= 1 and set(heard) <= {"UTC", "CET", "JST"}, f"the function was called with {heard}")


class Verdict(pydantic.BaseModel):
    mood: Literal["good", "bad"]
    certain: bool
    marks: list[Literal["a", "b", "c"]]


def test_schema(server):
    """output_config.format makes the answer JSON of the schema, whole and streamed."""
    wanted = {"format": {"type": "json_schema", "schema": tools.REPORT}}
    for seed in range(3):
        message = client(server).messages.create(output_config=wanted, **arguments(GREETING, 400, seed))
        expect(message.stop_reason, "end_turn", "the reason")
        tools.check_text(text_of(message), tools.REPORT, "the answer")
    with client(server).messages.stream(output_config=wanted, **arguments(GREETING, 400)) as stream:
        tools.check_text(text_of(stream.get_final_message()), tools.REPORT, "the streamed answer")


def test_parse(server):
    """messages.parse gives an object of the asked class."""
    message = client(server).messages.parse(output_format=Verdict, **arguments(GREETING, 400))
    expect(type(message.parsed_output), Verdict, "the class of the answer")
