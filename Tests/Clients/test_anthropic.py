"""Anthropic's own library for Python: answers, counts, errors. That of today speaks the dialect 2026-10-21, the one
before 1.0 the dialect 2023-06-01; both are tested with these files."""

import json
import subprocess
import tempfile

import anthropic

from anthropic_requests import (
    GREETING, IS_EARLIER, TOOLS, USE, arguments, check_order, client, prompt_tokens, text_of)
from moso_server import Server
from suite import Skipped, expect, expect_raises, expect_true


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


def test_blocks(server):
    """Documents, results of searches and instructions within the conversation are read."""
    count = client(server).messages.count_tokens

    def tokens(messages):
        found = count(model=Server.model, messages=messages).input_tokens
        message = client(server).messages.create(**arguments(messages, 1))
        expect(prompt_tokens(message), found, "the tokens of the prompt")
        return found

    question = {"type": "text", "text": "What colour is the sky?"}
    plain = tokens([{"role": "user", "content": [question]}])
    text = {"type": "text", "media_type": "text/plain", "data": "The sky is green."}
    blocks = [
        {"type": "document", "source": text, "title": "Skies", "context": "A field guide."},
        {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "The sky is green."}]}},
        {"type": "search_result", "source": "https://sky.example", "title": "Skies",
         "content": [{"type": "text", "text": "The sky is green."}]},
    ]
    for block in blocks:
        found = tokens([{"role": "user", "content": [block, question]}])
        expect_true(found > plain + 4, f"{block['type']}: {found} tokens with it, {plain} without it")
    found = tokens([{"role": "user", "content": [question]}, {"role": "system", "content": "Answer with one word only."}])
    expect_true(found > plain + 4, f"{found} tokens with the instruction, {plain} without it")


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
    expect_raises(anthropic.BadRequestError, lambda: ask(**arguments(seed="seven")), "a seed that is no number")
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
            by_token = anthropic.Anthropic(base_url=guarded.base, auth_token=guarded.key, api_key=None, max_retries=0)
            expect_true(text_of(by_token.messages.create(**arguments(max_tokens=5))) != "", "no answer to a token")
            guarded.key = "moso-wrong"
            error = expect_raises(
                anthropic.AuthenticationError, lambda: client(guarded).messages.create(**arguments()), "a bad key")
            expect(error.body["error"]["type"], "authentication_error", "the type")
            expect_raises(anthropic.AuthenticationError, lambda: client(guarded).models.list(), "a bad key for models")


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
