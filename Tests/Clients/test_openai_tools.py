"""Tools and answers of a given form through OpenAI's own library for Python."""

import openai
import pydantic
from typing_extensions import Literal

import tools
from openai_requests import TOOLS, USE, arguments, best, check_calls, client, named, text_of
from suite import expect, expect_raises, expect_true


def test_tools_automatic(server):
    """With tools at hand the model decides; a call it makes is a valid one, and none makes no call."""
    completion = client(server).chat.completions.create(tools=TOOLS, **arguments(USE, 80))
    calls = check_calls(completion)
    if completion.choices[0].finish_reason != "length":
        expect(completion.choices[0].finish_reason, "tool_calls" if calls else "stop", "the reason")
    completion = client(server).chat.completions.create(tools=TOOLS, tool_choice="none", **arguments(USE, 40))
    expect(completion.choices[0].message.tool_calls, None, "the calls")


def test_tools_forced(server):
    """tool_choice required makes some call, a name that one, and their arguments satisfy the schema."""
    choices = [("required", list(tools.SCHEMAS))] + [(named(name), [name]) for name in tools.SCHEMAS]
    for choice, names in choices:
        completion = client(server).chat.completions.create(
            tools=TOOLS, tool_choice=choice, parallel_tool_calls=False, **arguments(USE, 200))
        expect(completion.choices[0].finish_reason, "tool_calls", "the reason")
        expect(len(check_calls(completion, names)), 1, "the number of calls")
    # A small model that may use several tools at once may not know when to end.
    completion = client(server).chat.completions.create(tools=TOOLS, tool_choice="required", **arguments(USE, 200))
    expect_true(completion.choices[0].finish_reason in ("tool_calls", "length"), "the reason is another one")
    expect_true(len(check_calls(completion)) >= 1, "there is no call")


def test_tool_stream(server):
    """A streamed call begins with its name and brings its arguments in pieces that together are its JSON."""
    forced = {"tools": TOOLS, "tool_choice": named("get_weather"), "parallel_tool_calls": False, **arguments(USE, 200)}
    whole = check_calls(client(server).chat.completions.create(**forced), ["get_weather"])[0]
    pieces = [
        call for chunk in client(server).chat.completions.create(stream=True, **forced)
        for choice in chunk.choices for call in choice.delta.tool_calls or []]
    expect({call.index for call in pieces}, {0}, "the indices of the calls")
    expect((pieces[0].function.name, pieces[0].type, bool(pieces[0].id)), ("get_weather", "function", True), "the first")
    expect("".join(call.function.arguments or "" for call in pieces), whole.function.arguments, "the arguments")
    expect_true(len(pieces) > 4, f"the arguments came in {len(pieces)} pieces only")
    with client(server).chat.completions.stream(**forced) as stream:
        final = stream.get_final_completion()
    expect(check_calls(final)[0].function.arguments, whole.function.arguments, "the arguments by the helper")


def test_tool_loop(server):
    """A call, its result and an answer: the loop that every agent goes through."""
    ask = client(server).chat.completions.create
    called = ask(tools=TOOLS, tool_choice="required", parallel_tool_calls=False, **arguments(USE, 200))
    call = check_calls(called)[0]
    asked = USE + [called.choices[0].message]
    long = "22 degrees in the shade and 31 degrees in the sun"
    results = ["22 degrees", [{"type": "text", "text": "22 degrees"}], "", long]
    lengths = []
    for content in results:
        result = {"role": "tool", "tool_call_id": call.id, "content": content}
        answer = ask(tools=TOOLS, tool_choice="none", **arguments(asked + [result], 20))
        expect((text_of(answer) != "", answer.choices[0].message.tool_calls), (True, None), "the answer")
        lengths.append(answer.usage.prompt_tokens)
    expect(lengths[1], lengths[0], "the tokens with the result in parts")
    expect_true(lengths[0] < lengths[3], f"the tokens with a short and a long result are {lengths}")
    for wrong in [{"role": "user", "content": "Well?"}, {"role": "tool", "tool_call_id": "other", "content": "x"}]:
        expect_raises(openai.BadRequestError, lambda: ask(tools=TOOLS, **arguments(asked + [wrong])), "a result amiss")


class Verdict(pydantic.BaseModel):
    mood: Literal["good", "bad"]
    certain: bool
    marks: list[Literal["a", "b", "c"]] = pydantic.Field(max_length=4)


class GetTime(pydantic.BaseModel):
    """The time in a zone."""

    zone: Literal["UTC", "CET", "JST"]


def test_schema(server):
    """response_format json_schema makes the answer JSON of the schema, json_object some object."""
    wanted = {"type": "json_schema", "json_schema": {"name": "report", "strict": True, "schema": tools.REPORT}}
    for seed in range(2):
        completion = client(server).chat.completions.create(response_format=wanted, **arguments(max_tokens=400, seed=seed))
        expect(completion.choices[0].finish_reason, "stop", "the reason")
        tools.check_text(text_of(completion), tools.REPORT, "the answer")
    chunks = client(server).chat.completions.create(response_format=wanted, stream=True, **arguments(max_tokens=400))
    streamed = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    tools.check_text(streamed, tools.REPORT, "the streamed answer")
    completion = client(server).chat.completions.create(response_format={"type": "json_object"}, **best(max_tokens=300))
    expect_true(text_of(completion).lstrip().startswith("{"), f"the answer is {text_of(completion)!r}")
    if completion.choices[0].finish_reason == "stop":
        tools.check_text(text_of(completion), {"type": "object"}, "the answer")


def test_parse(server):
    """parse gives an object of the asked class, also of a tool's arguments, also by the stream helper."""
    completion = client(server).chat.completions.parse(response_format=Verdict, **arguments(max_tokens=200))
    expect(type(completion.choices[0].message.parsed), Verdict, "the class of the answer")
    with client(server).chat.completions.stream(response_format=Verdict, **arguments(max_tokens=200)) as stream:
        parsed = stream.get_final_completion().choices[0].message.parsed
    expect(parsed, completion.choices[0].message.parsed, "the streamed object")
    completion = client(server).chat.completions.parse(
        tools=[openai.pydantic_function_tool(GetTime)], tool_choice="required", parallel_tool_calls=False,
        **arguments(USE, 200))
    calls = completion.choices[0].message.tool_calls
    expect([type(call.function.parsed_arguments) for call in calls], [GetTime], "the classes of the arguments")
