"""OpenAI's own library for Python: chats, errors and load."""

import asyncio
import json
import math
import subprocess
import tempfile
import time

import openai

import tools
from openai_requests import GREETING, arguments, best, client, text_of
from moso_server import Server
from suite import expect, expect_raises, expect_true


def test_chat(server):
    """A chat is answered whole, with its names, counts and reason."""
    completion = client(server).chat.completions.create(**arguments())
    expect((completion.object, completion.model, len(completion.choices)), ("chat.completion", "smollm2", 1), "the kind")
    expect_true(completion.id.startswith("chatcmpl-"), f"the id is {completion.id!r}")
    expect_true(abs(completion.created - time.time()) < 3600, f"it was created at {completion.created}")
    choice = completion.choices[0]
    expect((choice.index, choice.message.role, choice.message.refusal), (0, "assistant", None), "the choice")
    expect_true(text_of(completion).strip() != "", "the text is empty")
    expect_true(choice.finish_reason in ("stop", "length"), f"the reason is {choice.finish_reason!r}")
    usage = completion.usage
    expect(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens, "the sum of the tokens")
    expect_true(0 < usage.completion_tokens <= 40 and usage.prompt_tokens > 0, f"the usage is {usage}")
    expect_true((completion._request_id or "").startswith("req_"), f"the request's id is {completion._request_id!r}")


def test_stream(server):
    """A stream begins with the role, ends with the reason and the usage, and says the same as the whole answer."""
    whole = client(server).chat.completions.create(**arguments())
    chunks = list(client(server).chat.completions.create(
        stream=True, stream_options={"include_usage": True}, **arguments()))
    expect({(chunk.object, chunk.model, chunk.id) for chunk in chunks},
           {("chat.completion.chunk", "smollm2", chunks[0].id)}, "the names of the chunks")
    expect(chunks[0].choices[0].delta.role, "assistant", "the role of the first chunk")
    expect([len(chunk.choices) for chunk in chunks], [1] * (len(chunks) - 1) + [0], "the choices of each chunk")
    expect([chunk.usage for chunk in chunks[:-1]], [None] * (len(chunks) - 1), "the usage before the end")
    pieces = [chunk.choices[0].delta.content for chunk in chunks[:-1]]
    expect("".join(piece or "" for piece in pieces), text_of(whole), "the text of the stream")
    expect_true(len(chunks) > 5, f"there are {len(chunks)} chunks only")
    reasons = [chunk.choices[0].finish_reason for chunk in chunks[:-1]]
    expect(reasons, [None] * (len(reasons) - 1) + [whole.choices[0].finish_reason], "the reasons")
    expect(chunks[-1].usage.completion_tokens, whole.usage.completion_tokens, "the tokens of the answer")
    expect(chunks[-1].usage.prompt_tokens, whole.usage.prompt_tokens, "the tokens of the prompt")
    plain = list(client(server).chat.completions.create(stream=True, **arguments()))
    expect([chunk for chunk in plain if not chunk.choices or chunk.usage], [], "what was not asked for")


def test_frames(server):
    """A stream is made of data frames only, and its last one is [DONE]."""
    with client(server).chat.completions.with_streaming_response.create(stream=True, **arguments()) as reply:
        expect(reply.headers["content-type"], "text/event-stream; charset=utf-8", "the type")
        body = b"".join(reply.iter_bytes()).decode()
    frames = [frame for frame in body.split("\n\n") if frame and not frame.startswith(":")]
    expect(frames[-1], "data: [DONE]", "the last frame")
    for frame in frames[:-1]:
        expect_true("id" in json.loads(frame.removeprefix("data: ")), f"a frame is {frame!r}")


def test_stream_helper(server):
    """The stream helper gathers the text, and its final completion is the whole answer."""
    whole = client(server).chat.completions.create(**arguments())
    gathered = ""
    with client(server).chat.completions.stream(**arguments()) as stream:
        for event in stream:
            if event.type == "content.delta":
                gathered += event.delta
                expect(event.snapshot, gathered, "the text so far")
        final = stream.get_final_completion()
    expect((text_of(final), final.choices[0].finish_reason), (text_of(whole), whole.choices[0].finish_reason), "the end")


def test_system(server):
    """Instructions are read as system or developer message, in a string or in parts, and change the answer."""
    ask = client(server).chat.completions.create
    text = "You are a pirate. You begin every answer with: Arr!"
    plain = ask(**arguments())
    forms = [
        {"role": "system", "content": text}, {"role": "system", "content": [{"type": "text", "text": text}]},
        {"role": "developer", "content": text}]
    answers = [ask(**arguments([form] + GREETING)) for form in forms]
    expect({text_of(answer) for answer in answers}, {text_of(answers[0])}, "the answers")
    expect({answer.usage.prompt_tokens for answer in answers}, {answers[0].usage.prompt_tokens}, "the tokens")
    expect_true(text_of(answers[0]) != text_of(plain), "the instructions change nothing")


def test_turns(server):
    """A conversation of several turns is read whole, and a last message of the assistant is continued."""
    ask = client(server).chat.completions.create
    first = ask(**best())
    more = [first.choices[0].message, {"role": "user", "content": "One more."}]
    second = ask(**best(GREETING + more))
    expect_true(
        second.usage.prompt_tokens > first.usage.prompt_tokens + first.usage.completion_tokens, "a turn was not read")
    words = text_of(first).split(" ")
    begun, rest = " ".join(words[:6]), " " + " ".join(words[6:])
    continued = text_of(ask(**best(GREETING + [{"role": "assistant", "content": begun}])))
    expect_true(continued.startswith(rest), f"the continuation is {continued!r}, expected {rest!r}")


def test_stop(server):
    """Stop strings, one or several, end the answer before themselves."""
    whole = text_of(client(server).chat.completions.create(**arguments()))
    word = max(whole.split()[2:], key=len)
    for stop in (word, ["\u2603", word]):
        completion = client(server).chat.completions.create(stop=stop, **arguments())
        expect(completion.choices[0].finish_reason, "stop", "the reason")
        expect(text_of(completion), whole[: whole.index(word)], "the text before the stop string")
    error = expect_raises(
        openai.BadRequestError,
        lambda: client(server).chat.completions.create(stop=list("abcde"), **arguments()), "five stop strings")
    expect(error.param, "stop", "the field")


def test_max_tokens(server):
    """max_tokens and max_completion_tokens end the answer."""
    for field in ("max_tokens", "max_completion_tokens"):
        request = {"model": Server.model, "messages": GREETING, field: 5}
        completion = client(server).chat.completions.create(**request)
        expect((completion.usage.completion_tokens, completion.choices[0].finish_reason), (5, "length"), field)


def test_seed(server):
    """The same seed gives the same answer; without one, the reply tells which was drawn."""
    ask = client(server).chat.completions.with_raw_response.create
    texts = [text_of(ask(**arguments(seed=seed, max_tokens=24, temperature=1.0)).parse()) for seed in (3, 3, 4, 5)]
    expect(texts[1], texts[0], "the answer with the same seed")
    expect(len(set(texts)), 3, "how many answers three seeds give")
    drawn = ask(model=Server.model, max_tokens=24, messages=GREETING, temperature=1.0)
    again = ask(**arguments(seed=int(drawn.headers["moso-seed"]), max_tokens=24, temperature=1.0))
    expect(text_of(again.parse()), text_of(drawn.parse()), "the answer with the seed that the reply told")


def test_choices(server):
    """n answers come with their indices, whole and streamed, and the count of tokens is that of all."""
    completion = client(server).chat.completions.create(n=3, **arguments(max_tokens=12, temperature=1.0))
    expect([choice.index for choice in completion.choices], [0, 1, 2], "the indices")
    texts = [choice.message.content for choice in completion.choices]
    expect_true(len(set(texts)) > 1, f"the answers are all {texts[0]!r}")
    expect_true(completion.usage.completion_tokens > 12, f"the usage is {completion.usage}")
    streamed = ["", "", ""]
    for chunk in client(server).chat.completions.create(
        n=3, stream=True, **arguments(max_tokens=12, temperature=1.0)
    ):
        for choice in chunk.choices:
            streamed[choice.index] += choice.delta.content or ""
    expect(streamed, texts, "the streamed answers")


def test_log_probabilities(server):
    """Log-probabilities belong to the tokens of the answer, whole and streamed, and the best come first."""
    request = best(max_tokens=8, logprobs=True, top_logprobs=3)
    completion = client(server).chat.completions.create(**request)
    tokens = completion.choices[0].logprobs.content
    expect(len(tokens), completion.usage.completion_tokens, "the number of tokens")
    expect("".join(token.token for token in tokens), text_of(completion), "the text of the tokens")
    for token in tokens:
        values = [one.logprob for one in token.top_logprobs]
        expect((len(values), values), (3, sorted(values, reverse=True)), "the alternatives")
        expect((token.token, token.logprob), (token.top_logprobs[0].token, values[0]), "the best token")
        expect_true(sum(map(math.exp, values)) <= 1.0001 and values[0] <= 0, f"the values are {values}")
        expect(bytes(token.bytes).decode(), token.token, "the token's bytes")
    chunks = list(client(server).chat.completions.create(stream=True, **request))
    streamed = [token for chunk in chunks for choice in chunk.choices if choice.logprobs for token in choice.logprobs.content]
    expect([token.model_dump() for token in streamed], [token.model_dump() for token in tokens], "the streamed tokens")
    expect(client(server).chat.completions.create(**best(max_tokens=2)).choices[0].logprobs, None, "what nobody asked for")


def test_bias(server):
    """A bias of 100 makes a token the only one that comes."""
    token = server.json("POST", "/tokenize", {"model": "smollm2", "prompt": " sea"})["tokens"]
    expect(len(token), 1, "the tokens of the word")
    completion = client(server).chat.completions.create(logit_bias={str(token[0]): 100}, **arguments(max_tokens=3))
    expect(text_of(completion), " sea sea sea", "the answer")


def test_errors(server):
    """Wrong requests raise the exception of their kind, with the field, the code and a message."""
    ask = client(server).chat.completions.create
    error = expect_raises(openai.NotFoundError, lambda: ask(**{**arguments(), "model": "other"}), "another model")
    expect((error.code, error.type, error.param), ("model_not_found", "invalid_request_error", "model"), "the error")
    expect_true((error.request_id or "").startswith("req_"), f"the request's id is {error.request_id!r}")
    for param, body in {
        "temperature": {"temperature": 3}, "messages.0.role": {"messages": [{"role": "nobody", "content": "Hello"}]},
        "n": {"n": 0}, "top_logprobs": {"top_logprobs": 3}, "response_format.type": {"response_format": {"type": "xml"}},
        "tool_choice": {"tool_choice": "required"}, "messages": {"messages": []}, "seed": {"seed": "seven"},
    }.items():
        error = expect_raises(openai.BadRequestError, lambda: ask(extra_body=body, **arguments()), f"{body}")
        expect((error.param, error.type), (param, "invalid_request_error"), "the error")
        expect_true(param in error.message, f"the message does not name {param}: {error.message}")
    for stream in (False, True):
        error = expect_raises(
            openai.BadRequestError,
            lambda: ask(stream=stream, **arguments([{"role": "user", "content": "word " * 9000}])), "a long prompt")
        expect(error.code, "context_length_exceeded", "the code")
        expect_true("tokens > 8192 maximum" in error.message, f"the message is {error.message}")
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    error = expect_raises(
        openai.BadRequestError, lambda: ask(**arguments([{"role": "user", "content": [picture]}])), "a picture")
    expect(error.param, "messages.0.content.0", "the field")


def test_keys(server):
    """With a file of keys, a good key is let in and a bad one raises an AuthenticationError."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/keys.json"
        made = subprocess.run(
            [server.moso, "keys", "add", "alice", "--file", file], check=True, capture_output=True, text=True)
        with Server(server.moso, "--keys", file, key=made.stdout.strip()) as guarded:
            expect_true(text_of(client(guarded).chat.completions.create(**arguments(max_tokens=5))) != "", "no answer")
            guarded.key = "moso-wrong"
            error = expect_raises(
                openai.AuthenticationError, lambda: client(guarded).chat.completions.create(**arguments()), "a bad key")
            expect(error.code, "invalid_api_key", "the code")
            expect_raises(openai.AuthenticationError, lambda: client(guarded).models.list(), "a bad key for models")


def long_arguments():
    """A request that takes seconds, whatever the model thinks of it."""
    shape = {"type": "json_schema", "json_schema": {"name": "long", "schema": tools.LONG}}
    return arguments(max_tokens=2000, response_format=shape)


def test_full(server):
    """A server that is full says when to come again, the library does, and a closed stream makes room at once."""
    with Server(server.moso, "--running", "1", "--waiting", "0") as small:
        stream = client(small).chat.completions.create(stream=True, **long_arguments())
        next(chunk for chunk in stream if chunk.choices[0].delta.content)
        ask = client(small).chat.completions.create
        error = expect_raises(openai.InternalServerError, lambda: ask(**arguments(max_tokens=1)), "a full server")
        expect((error.status_code, error.code), (503, "server_overloaded"), "the refusal")
        expect_true(int(error.response.headers["retry-after"]) >= 1, f"the headers are {error.response.headers}")
        patient = client(small, max_retries=20).chat.completions.with_raw_response
        expect_true(patient.create(**arguments(max_tokens=1)).retries_taken >= 1, "the library had no need to try again")
        stream = client(small).chat.completions.create(stream=True, **long_arguments())
        next(chunk for chunk in stream if chunk.choices[0].delta.content)
        expect_raises(openai.InternalServerError, lambda: ask(**arguments(max_tokens=1)), "a full server")
        stream.close()
        closed = time.monotonic()
        while True:
            try:
                ask(**arguments(max_tokens=1))
                break
            except openai.InternalServerError:
                expect_true(time.monotonic() - closed < 1.0, "the request goes on a second after its stream was closed")
                time.sleep(0.02)


def test_timeout(server):
    """A client that does not want to wait any longer raises its own exception, and the server goes on."""
    expect_raises(
        openai.APITimeoutError, lambda: client(server, timeout=0.2).chat.completions.create(**long_arguments()),
        "a short patience")
    expect_true(text_of(client(server).chat.completions.create(**arguments(max_tokens=5))) != "", "it does not go on")


def test_parallel(server):
    """Sixteen requests at once get the answers that they would get alone, through the asynchronous client."""

    async def all_at_once():
        async with client(server, openai.AsyncOpenAI, timeout=300.0) as together:

            async def streamed(seed):
                text = ""
                async for chunk in await together.chat.completions.create(
                    stream=True, **arguments(max_tokens=16, seed=seed)
                ):
                    text += chunk.choices[0].delta.content or ""
                return text

            async def whole(seed):
                return text_of(await together.chat.completions.create(**arguments(max_tokens=16, seed=seed)))

            return await asyncio.gather(*map(whole, range(8)), *map(streamed, range(8)))

    answers = asyncio.run(all_at_once())
    alone = [text_of(client(server).chat.completions.create(**arguments(max_tokens=16, seed=seed))) for seed in range(8)]
    expect(answers, alone + alone, "the answers")


def test_cache(server):
    """A second request with the same beginning tells how much of it was read from the cache."""
    text = " ".join(f"Rule {n}: be kind to number {n}." for n in range(40))
    messages = [{"role": "system", "content": text}] + GREETING
    first, second = (
        client(server).chat.completions.create(**arguments(messages, max_tokens=2)).usage for _ in range(2))
    expect(second.prompt_tokens, first.prompt_tokens, "the tokens of the prompt")
    expect_true(first.prompt_tokens_details.cached_tokens < 64, f"the first request read {first}")
    expect_true(second.prompt_tokens_details.cached_tokens > 256, f"the second request read {second}")


def test_unknown_fields(server):
    """Fields that mean nothing here are passed over, and a header names them."""
    ask = client(server).chat.completions.with_raw_response.create
    reply = ask(extra_body={"colour": "blue"}, store=True, user="somebody", **arguments(max_tokens=4))
    expect(sorted(reply.headers["moso-ignored-fields"].split(", ")), ["colour", "store"], "the ignored fields")
    expect("moso-ignored-fields" in ask(**arguments(max_tokens=4)).headers, False, "whether fields were ignored")
