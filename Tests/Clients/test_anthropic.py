"""Anthropic's own library for Python: that of today (dialect 2026-10-21) and the one before 1.0 (dialect 2023-06-01)."""

import asyncio
import json
import subprocess
import tempfile
import time

import anthropic
import pydantic
from typing_extensions import Literal

import tools
from moso_server import Server
from suite import Failure, Skipped, expect, expect_raises, expect_true

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
    for call in calls:
        expect_true(call.id.startswith("toolu_"), f"the id of the call is {call.id!r}")
        tools.check_call(call.name, call.input, names)
    expect(len({call.id for call in calls}), len(calls), "the number of different ids")
    return calls


def prompt_tokens(message):
    usage = message.usage
    return usage.input_tokens + (usage.cache_creation_input_tokens or 0) + (usage.cache_read_input_tokens or 0)


# MARK: Answers


def test_message(server):
    """A message is answered whole, with its names, counts and reason."""
    message = client(server).messages.create(**arguments())
    expect((message.type, message.role, message.model), ("message", "assistant", "smollm2"), "the message")
    expect_true(message.id.startswith("msg_"), f"the id is {message.id!r}")
    expect([block.type for block in message.content], ["text"], "the blocks")
    expect_true(message.content[0].text.strip() != "", "the text is empty")
    expect_true(message.stop_reason in ("end_turn", "max_tokens"), f"the reason is {message.stop_reason!r}")
    expect(message.stop_sequence, None, "the stop sequence")
    expect_true(message.usage.input_tokens > 0, f"the usage is {message.usage}")
    expect_true(0 < message.usage.output_tokens <= 40, f"the usage is {message.usage}")
    expect_true((message._request_id or "").startswith("req_"), f"the request's id is {message._request_id!r}")


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


def test_stream(server):
    """A stream has the events in the order of the API, and says the same as the whole answer."""
    whole = client(server).messages.create(**arguments())
    events = list(client(server).messages.create(stream=True, **arguments()))
    check_order([event.type for event in events])
    start = events[0].message
    expect((start.content, start.stop_reason, start.model), ([], None, "smollm2"), "the message at the start")
    expect(prompt_tokens(start), prompt_tokens(whole), "the prompt's tokens at the start")
    expect([event.index for event in events if hasattr(event, "index")],
           [0] * sum(hasattr(event, "index") for event in events), "the indices")
    deltas = [event.delta.text for event in events if event.type == "content_block_delta"]
    expect_true(len(deltas) > 3, f"the answer came in {len(deltas)} pieces only")
    expect("".join(deltas), text_of(whole), "the text of the stream")
    end = events[-2]
    expect((end.delta.stop_reason, end.usage.output_tokens), (whole.stop_reason, whole.usage.output_tokens), "the end")


def test_frames(server):
    """Every frame of a stream is named as its data is, and none says [DONE]."""
    with client(server).messages.with_streaming_response.create(stream=True, **arguments()) as reply:
        expect(reply.headers["content-type"], "text/event-stream; charset=utf-8", "the type")
        expect(reply.headers["cache-control"], "no-cache", "cache-control")
        expect_true(reply.headers["request-id"].startswith("req_"), f"the headers are {reply.headers}")
        body = b"".join(reply.iter_bytes()).decode()
    frames = [frame for frame in body.split("\n\n") if frame and not frame.startswith(":")]
    expect_true(len(frames) > 5, f"there are {len(frames)} frames only")
    for frame in frames:
        first, second = frame.split("\n")
        expect(first, "event: " + json.loads(second.removeprefix("data: "))["type"], "the frame's name")


def test_stream_helper(server):
    """The stream helper gathers the text, and its final message is the whole answer."""
    whole = client(server).messages.create(**arguments())
    gathered = ""
    with client(server).messages.stream(**arguments()) as stream:
        for event in stream:
            if event.type == "text":
                gathered += event.text
                expect(event.snapshot, gathered, "the text so far")
        final = stream.get_final_message()
        expect_true((stream.request_id if not IS_EARLIER else "req_").startswith("req_"), "the request has no id")
    expect((final.content[0].text, final.stop_reason), (text_of(whole), whole.stop_reason), "the final message")
    expect(final.usage.output_tokens, whole.usage.output_tokens, "the final count of tokens")
    with client(server).messages.stream(**arguments()) as stream:
        expect("".join(stream.text_stream), text_of(whole), "the stream of text")


def test_system(server):
    """A system prompt is read, as one string or as blocks, and changes the answer."""
    ask = client(server).messages.create
    plain = ask(**arguments())
    system = "You are a pirate. You begin every answer with: Arr!"
    string = ask(system=system, **arguments())
    blocks = ask(system=[{"type": "text", "text": system}], **arguments())
    expect(text_of(blocks), text_of(string), "the answer to the system prompt in a block")
    expect(prompt_tokens(blocks), prompt_tokens(string), "the tokens of the system prompt in a block")
    expect_true(text_of(plain) != text_of(string), "the system prompt changes nothing")


def test_turns(server):
    """A conversation of several turns is read whole; neighbours of the same role count as one."""
    ask = client(server).messages.create
    first = ask(**arguments())
    conversation = GREETING + [
        {"role": "assistant", "content": first.content},
        {"role": "user", "content": [{"type": "text", "text": "And"}, {"type": "text", "text": " one more."}]},
    ]
    second = ask(**arguments(conversation))
    expect_true(prompt_tokens(second) > prompt_tokens(first) + first.usage.output_tokens, "the turns were not all read")
    neighbours = ask(**arguments(GREETING + [{"role": "user", "content": "Use the word blue."}]))
    expect_true(text_of(neighbours) != "", "two messages of the user in a row were not answered")


def test_stop_sequence(server):
    """A stop sequence ends the answer before itself, and the reason names it."""
    whole = text_of(client(server).messages.create(**arguments()))
    word = max(whole.split()[2:], key=len)
    message = client(server).messages.create(stop_sequences=["\u2603", word], **arguments())
    expect((message.stop_reason, message.stop_sequence), ("stop_sequence", word), "the reason")
    expect(text_of(message), whole[: whole.index(word)], "the text before the stop sequence")
    with client(server).messages.stream(stop_sequences=[word], **arguments()) as stream:
        final = stream.get_final_message()
    expect((text_of(final), final.stop_sequence), (text_of(message), word), "the stream with the stop sequence")


def test_max_tokens(server):
    """max_tokens ends the answer; 0 reads the prompt only."""
    whole = text_of(client(server).messages.create(**arguments()))
    message = client(server).messages.create(**arguments(max_tokens=5))
    expect((message.usage.output_tokens, message.stop_reason), (5, "max_tokens"), "the end")
    expect_true(whole.startswith(text_of(message)), f"{text_of(message)!r} does not begin {whole!r}")
    nothing = client(server).messages.create(**arguments(max_tokens=0))
    expect((text_of(nothing), nothing.usage.output_tokens), ("", 0), "the answer of no tokens")


def test_prefill(server):
    """A last message of the assistant is continued, and not repeated."""
    ask = client(server).messages.create
    begun = [{"role": "assistant", "content": "Here are three colours: red,"}]
    message = ask(**arguments([{"role": "user", "content": "Name three colours."}] + begun, max_tokens=12))
    expect_true(text_of(message) != "" and "Here are three" not in text_of(message), f"found {text_of(message)!r}")
    error = expect_raises(
        anthropic.BadRequestError,
        lambda: ask(**arguments(GREETING + [{"role": "assistant", "content": "The sea "}])), "white space at the end")
    expect_true("white space" in error.body["error"]["message"], f"the message is {error.message}")


def test_prefill_continues(server):
    """The continuation of an answer's own beginning is the rest of that answer."""
    if not IS_EARLIER:
        raise Skipped("without temperature there is no best answer")
    ask = client(server).messages.create
    whole = text_of(ask(temperature=0, **arguments()))
    words = whole.split(" ")
    begun, rest = " ".join(words[:6]), " " + " ".join(words[6:])
    message = ask(temperature=0, **arguments(GREETING + [{"role": "assistant", "content": begun}]))
    expect_true(text_of(message).startswith(rest), f"found {text_of(message)!r}, expected {rest!r}")


def test_seed(server):
    """The same seed gives the same answer; without one, the reply tells which was drawn."""
    ask = client(server).messages.with_raw_response.create
    texts = [text_of(ask(**arguments(seed=seed, max_tokens=24)).parse()) for seed in (3, 3, 4, 5, 6)]
    expect(texts[1], texts[0], "the answer with the same seed")
    expect_true(len(set(texts)) > 1, "four seeds give one and the same answer")
    drawn = ask(model=Server.model, max_tokens=24, messages=GREETING)
    again = ask(**arguments(seed=drawn.headers["moso-seed"], max_tokens=24))
    expect(text_of(again.parse()), text_of(drawn.parse()), "the answer with the seed that the reply told")


def test_sampling(server):
    """Sampling parameters are taken in the earlier dialect and refused in that of today."""
    ask = client(server).messages.create
    if IS_EARLIER:
        answers = [
            text_of(ask(model=Server.model, max_tokens=20, messages=GREETING, temperature=0.0, top_k=40, top_p=0.9))
            for _ in range(2)]
        expect(answers[1], answers[0], "the second answer at temperature 0")
        expect_raises(anthropic.BadRequestError, lambda: ask(temperature=1.5, **arguments()), "temperature 1.5")
        return
    for name, value in {"temperature": 1.0, "top_p": 0.9, "top_k": 40}.items():
        error = expect_raises(
            anthropic.BadRequestError, lambda: ask(extra_body={name: value}, **arguments()), f"{name} of today")
        expect(error.type, "invalid_request_error", "the error's type")
        expect_true(name in error.api_message, f"the message does not name the field: {error.api_message}")


# MARK: Tools


def test_tools_automatic(server):
    """With tools at hand the model decides; a call it makes is a valid one."""
    for seed in range(2):
        message = client(server).messages.create(tools=TOOLS, **arguments(USE, 80, seed))
        calls = check_calls(message)
        if message.stop_reason != "max_tokens":
            expect(message.stop_reason, "tool_use" if calls else "end_turn", "the reason")


def test_tools_forced(server):
    """tool_choice any makes some call, tool the named one, and their arguments satisfy the schema."""
    for seed in range(3):
        message = client(server).messages.create(
            tools=TOOLS, tool_choice={"type": "any"}, **arguments(USE, 400, seed))
        expect(message.stop_reason, "tool_use", "the reason")
        expect_true(len(check_calls(message)) >= 1, "there is no call")
        for name in tools.SCHEMAS:
            message = client(server).messages.create(
                tools=TOOLS, tool_choice={"type": "tool", "name": name}, **arguments(USE, 400, seed))
            expect(message.stop_reason, "tool_use", "the reason")
            expect_true(len(check_calls(message, [name])) >= 1, "there is no call")


def test_tools_one(server):
    """disable_parallel_tool_use makes exactly one call where one is forced, and at most one otherwise."""
    for seed in range(3):
        choices = [{"type": "any"}, {"type": "tool", "name": "get_time"}, {"type": "auto"}]
        for choice in choices:
            message = client(server).messages.create(
                tools=TOOLS, tool_choice={**choice, "disable_parallel_tool_use": True}, **arguments(USE, 200, seed))
            calls = check_calls(message)
            expect_true(len(calls) == 1 or (choice["type"] == "auto" and not calls), f"{choice}: {len(calls)} calls")


def test_tools_none(server):
    """tool_choice none makes no call."""
    message = client(server).messages.create(tools=TOOLS, tool_choice={"type": "none"}, **arguments(USE, 60))
    expect(calls_of(message), [], "the calls")
    expect_true(message.stop_reason in ("end_turn", "max_tokens"), f"the reason is {message.stop_reason}")


def test_tool_stream(server):
    """A streamed call brings its arguments in pieces that together are its JSON."""
    forced = {"tools": TOOLS, "tool_choice": {"type": "tool", "name": "get_weather"}, **arguments(USE, 400)}
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
    results = [
        {"type": "tool_result", "tool_use_id": use.id, "content": "22 degrees, sunny"},
        {"type": "tool_result", "tool_use_id": use.id, "content": [{"type": "text", "text": "It is 12 o'clock."}]},
        {"type": "tool_result", "tool_use_id": use.id, "content": "no such city", "is_error": True},
        {"type": "tool_result", "tool_use_id": use.id},
    ]
    for result in results:
        answer = ask(
            tools=TOOLS, tool_choice={"type": "none"}, **arguments(asked + [{"role": "user", "content": [result]}]))
        expect([block.type for block in answer.content], ["text"], "the blocks of the answer")
        expect_true(prompt_tokens(answer) > prompt_tokens(call), "the result was not read")
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


# MARK: Structured output


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


# MARK: Counts and models


def test_count(server):
    """count_tokens says how many input tokens a request will have."""
    system = [{"type": "text", "text": "You are brief. \u00bfQu\u00e9? \U0001f33b"}]
    for more in [{}, {"system": system}, {"system": "Be brief.", "tools": TOOLS}]:
        count = client(server).messages.count_tokens(model=Server.model, messages=USE, **more)
        message = client(server).messages.create(**arguments(USE, 1), **more)
        expect(count.input_tokens, prompt_tokens(message), f"the count with {sorted(more)}")


def test_models(server):
    """Models are listed, page by page, and found by name."""
    models = list(client(server).models.list(limit=1))
    expect([model.id for model in models], ["smollm2"], "the models")
    page = client(server).models.list(limit=1)
    expect((page.has_more, page.first_id, page.last_id), (False, "smollm2", "smollm2"), "the page")
    expect(list(client(server).models.list(after_id="smollm2")), [], "the models after the last")
    model = client(server).models.retrieve("smollm2")
    expect((model.id, model.type), ("smollm2", "model"), "the model")
    expect_true(model.display_name != "" and model.created_at is not None, f"the model is {model}")
    expect((model.max_input_tokens, model.capabilities.structured_outputs.supported), (8192, True), "the model")
    expect_raises(anthropic.BadRequestError, lambda: client(server).models.list(limit=0), "limit 0")
    expect_raises(anthropic.NotFoundError, lambda: client(server).models.retrieve("other"), "another model")


# MARK: Errors


def test_errors(server):
    """Wrong requests raise the exception of their kind, with a message that names the field."""
    ask = client(server).messages.create
    error = expect_raises(
        anthropic.NotFoundError, lambda: ask(**{**arguments(), "model": "other"}), "another model")
    expect(error.body["error"]["type"], "not_found_error", "the type")
    expect_true(error.body["request_id"] == error.response.headers["request-id"] == error.request_id, f"{error.body}")
    for part, body in {
        "messages.0.role": {"messages": [{"role": "nobody", "content": "Hello"}]},
        "max_tokens": {"max_tokens": "many"},
        "messages.0.content.0.type": {"messages": [{"role": "user", "content": [{"type": "tool_use"}]}]},
        "stop_sequences": {"stop_sequences": "x"},
        "tool_choice": {"tool_choice": {"type": "any"}},
        "messages": {"messages": []},
        "tools.0.input_schema": {"tools": [{"name": "a", "input_schema": {"type": "object", "properties": {
            "x": {"type": "nothing"}}}}]},
    }.items():
        error = expect_raises(anthropic.BadRequestError, lambda: ask(extra_body=body, **arguments()), f"{body}")
        expect(error.body["error"]["type"], "invalid_request_error", "the type")
        expect_true(part in error.body["error"]["message"], f"{part} is not named: {error.body['error']['message']}")
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}
    error = expect_raises(
        anthropic.BadRequestError, lambda: ask(**arguments([{"role": "user", "content": [picture]}])), "a picture")
    expect_true("messages.0.content.0" in error.body["error"]["message"], f"the message is {error.message}")


def test_too_long(server):
    """A prompt that does not fit is refused with the words that agents look for, streamed or not."""
    long = [{"role": "user", "content": "word " * 9000}]
    for stream in (False, True):
        error = expect_raises(
            anthropic.BadRequestError, lambda: client(server).messages.create(stream=stream, **arguments(long)),
            "a long prompt")
        message = error.body["error"]["message"]
        expect_true(message.startswith("prompt is too long: ") and " tokens > 8192 maximum" in message, message)


def test_keys(server):
    """With a file of keys, a good key is let in and a bad one raises an AuthenticationError."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/keys.json"
        key = subprocess.run(
            [server.moso, "keys", "add", "alice", "--file", file], check=True, capture_output=True, text=True
        ).stdout.strip()
        with Server(server.moso, "--keys", file, key=key) as guarded:
            expect_true(text_of(client(guarded).messages.create(**arguments(max_tokens=5))) != "", "no answer")
            expect([model.id for model in client(guarded).models.list()], ["smollm2"], "the models")
            guarded.key = "moso-wrong"
            error = expect_raises(
                anthropic.AuthenticationError, lambda: client(guarded).messages.create(**arguments()), "a bad key")
            expect(error.body["error"]["type"], "authentication_error", "the type")
            expect_raises(anthropic.AuthenticationError, lambda: client(guarded).models.list(), "a bad key for models")


# MARK: Load


def long_stream(server):
    """A stream that takes seconds, of which the first events have been read."""
    stream = client(server).messages.create(
        stream=True, output_config={"format": {"type": "json_schema", "schema": tools.LONG}}, **arguments(max_tokens=2000))
    for event in stream:
        if event.type == "content_block_delta":
            return stream
    raise Failure("the stream has no text")


def test_full(server):
    """A server that is full says so with 529 and when to come again, and the library does come again."""
    with Server(server.moso, "--running", "1", "--waiting", "0") as small:
        stream = long_stream(small)
        error = expect_raises(
            anthropic.OverloadedError if not IS_EARLIER else anthropic._exceptions.OverloadedError,
            lambda: client(small).messages.create(**arguments(max_tokens=5)), "a full server")
        expect((error.status_code, error.body["error"]["type"]), (529, "overloaded_error"), "the refusal")
        expect_true(int(error.response.headers["retry-after"]) >= 1, f"the headers are {error.response.headers}")
        reply = client(small, max_retries=20).messages.with_raw_response.create(**arguments(max_tokens=5))
        expect_true(reply.retries_taken >= 1, "the library had no need to try again")
        expect_true(text_of(reply.parse()) != "", "there is no answer")
        stream.close()


def test_cancel(server):
    """Closing a stream ends the request at once: the next one finds room."""
    with Server(server.moso, "--running", "1", "--waiting", "0") as small:
        stream = long_stream(small)
        expect_raises(
            anthropic._exceptions.OverloadedError, lambda: client(small).messages.create(**arguments(max_tokens=1)),
            "a full server")
        closed = time.monotonic()
        stream.close()
        while True:
            try:
                client(small).messages.create(**arguments(max_tokens=1))
                break
            except anthropic._exceptions.OverloadedError:
                expect_true(time.monotonic() - closed < 1.0, "the request goes on a second after its stream was closed")
                time.sleep(0.02)


def test_timeout(server):
    """A client that does not want to wait any longer raises its own exception, and the server goes on."""
    slow = arguments(max_tokens=2000, output_config={"format": {"type": "json_schema", "schema": tools.LONG}})
    expect_raises(
        anthropic.APITimeoutError, lambda: client(server, timeout=0.2).messages.create(**slow), "a short patience")
    expect_true(text_of(client(server).messages.create(**arguments(max_tokens=5))) != "", "the server does not go on")


def test_parallel(server):
    """Sixteen requests at once get the answers that they would get alone, through the asynchronous client."""

    async def all_at_once():
        async with anthropic.AsyncAnthropic(
            base_url=server.base, api_key=server.key, max_retries=0, timeout=300.0
        ) as together:
            async def streamed(seed):
                async with together.messages.stream(**arguments(GREETING, 24, seed)) as stream:
                    return await stream.get_final_message()

            whole = [together.messages.create(**arguments(GREETING, 24, seed)) for seed in range(8)]
            return await asyncio.gather(*whole, *(streamed(seed) for seed in range(8)))

    answers = [text_of(answer) for answer in asyncio.run(all_at_once())]
    alone = [text_of(client(server).messages.create(**arguments(GREETING, 24, seed))) for seed in range(8)]
    expect(answers[:8], alone, "the whole answers")
    expect(answers[8:], alone, "the streamed answers")


# MARK: The rest


def test_cache(server):
    """A second request with the same marked system prompt reads it from the cache, and the counts add up."""
    text = "You are the keeper of a long list of rules. " + " ".join(f"Rule {n}: be kind to number {n}." for n in range(60))
    system = [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]
    first, second = (client(server).messages.create(system=system, **arguments(max_tokens=4)).usage for _ in range(2))
    total = client(server).messages.count_tokens(model=Server.model, messages=GREETING, system=system).input_tokens
    for usage in (first, second):
        split = (usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens)
        expect(sum(split), total, f"the sum of {split}")
        expect(usage.cache_creation.ephemeral_5m_input_tokens, usage.cache_creation_input_tokens, "the 5-minute part")
    expect_true(first.cache_creation_input_tokens > 64, f"the first request wrote {first}")
    expect_true(second.cache_read_input_tokens > 64, f"the second request read {second}")
    expect(second.cache_creation_input_tokens, 0, "what the second request wrote")


def test_thinking(server):
    """A request to think is harmless with a model that cannot, and a forced tool beside it is refused."""
    for thinking in [
        {"type": "enabled", "budget_tokens": 1024}, {"type": "adaptive"}, {"type": "disabled"},
        {"type": "adaptive", "display": "omitted"},
    ]:
        with client(server).messages.stream(thinking=thinking, **arguments(max_tokens=1100)) as stream:
            message = stream.get_final_message()
        expect([block.type for block in message.content], ["text"], f"the blocks with {thinking}")
    expect_raises(
        anthropic.BadRequestError,
        lambda: client(server).messages.create(
            thinking={"type": "adaptive"}, tools=TOOLS, tool_choice={"type": "any"}, **arguments()), "thoughts and force")


def test_beta(server):
    """The beta methods, whose path has ?beta=true, do the same."""
    message = client(server).beta.messages.create(betas=["context-management-2025-06-27"], **arguments())
    expect(text_of(message), text_of(client(server).messages.create(**arguments())), "the answer")
    count = client(server).beta.messages.count_tokens(model=Server.model, messages=GREETING)
    expect(count.input_tokens, prompt_tokens(message), "the count")
    with client(server).beta.messages.stream(**arguments()) as stream:
        expect(text_of(stream.get_final_message()), text_of(message), "the streamed answer")


def test_unknown_fields(server):
    """Fields that mean nothing here are passed over, and a header names them."""
    ask = client(server).messages.with_raw_response.create
    reply = ask(extra_body={"inference_geo": "eu", "colour": "blue"}, metadata={"user_id": "somebody"}, **arguments())
    expect(sorted(reply.headers["moso-ignored-fields"].split(", ")), ["colour", "inference_geo"], "the ignored fields")
    expect("moso-ignored-fields" in ask(**arguments()).headers, False, "whether a plain request has ignored fields")
