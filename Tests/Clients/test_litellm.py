"""litellm, which many agents and evaluations speak through: it turns one form of request into either API and back."""

import asyncio
import json
import os
import subprocess
import tempfile

# What it would otherwise fetch from elsewhere when it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"

import litellm  # noqa: E402

import tools  # noqa: E402
from moso_server import Server  # noqa: E402
from suite import expect, expect_raises, expect_true  # noqa: E402

litellm.telemetry = False
litellm.suppress_debug_info = True

GREETING = [{"role": "user", "content": "Write two sentences about the sea."}]
USE = [{"role": "user", "content": tools.QUESTION}]
TOOLS = [
    {"type": "function", "function": {"name": name, "description": tools.DESCRIPTIONS[name], "parameters": schema}}
    for name, schema in tools.SCHEMAS.items()
]


def both(server):
    """How to reach the server through each of its APIs."""
    return {
        "messages": {"model": "anthropic/smollm2", "api_base": server.base, "api_key": server.key},
        "chats": {"model": "openai/smollm2", "api_base": server.base + "/v1", "api_key": server.key},
    }


def arguments(messages=GREETING, max_tokens=40, seed=7, **more):
    return {
        "messages": messages, "max_tokens": max_tokens, "extra_headers": {"moso-seed": str(seed)}, "timeout": 120,
        "num_retries": 0, "max_retries": 0, **more}


def text_of(reply):
    return reply.choices[0].message.content or ""


def check_calls(reply, names=tuple(tools.SCHEMAS)):
    calls = reply.choices[0].message.tool_calls or []
    for call in calls:
        expect_true(call.id != "", "a call has no id")
        tools.check_call(call.function.name, call.function.arguments, names)
    return calls


def test_completion(server):
    """Both APIs give the same answer with the same counts to the same request."""
    found = {}
    for api, place in both(server).items():
        reply = litellm.completion(temperature=0, **place, **arguments())
        expect_true(reply.choices[0].finish_reason in ("stop", "length"), f"{api}: {reply.choices[0].finish_reason}")
        expect(reply.usage.total_tokens, reply.usage.prompt_tokens + reply.usage.completion_tokens, f"{api}: the sum")
        found[api] = (text_of(reply), reply.usage.prompt_tokens, reply.usage.completion_tokens)
    expect(found["messages"], found["chats"], "the answer through the Messages API")
    expect_true(found["chats"][0] != "", "the answer is empty")


def test_stream(server):
    """A stream says the same as the whole answer, with its reason and usage."""
    for api, place in both(server).items():
        whole = litellm.completion(**place, **arguments())
        chunks = list(litellm.completion(stream=True, stream_options={"include_usage": True}, **place, **arguments()))
        expect_true(len(chunks) > 5, f"{api}: there are {len(chunks)} chunks only")
        built = litellm.stream_chunk_builder(chunks, messages=GREETING)
        expect(text_of(built), text_of(whole), f"{api}: the text of the stream")
        expect(built.choices[0].finish_reason, whole.choices[0].finish_reason, f"{api}: the reason")
        expect(built.usage.completion_tokens, whole.usage.completion_tokens, f"{api}: the tokens of the answer")
        expect(built.usage.prompt_tokens, whole.usage.prompt_tokens, f"{api}: the tokens of the prompt")


def test_turns(server):
    """System prompts, several turns and a beginning of the answer are read in both APIs alike."""
    conversation = [
        {"role": "system", "content": "You are brief."}, *GREETING, {"role": "assistant", "content": "It is blue."},
        {"role": "user", "content": [{"type": "text", "text": "Name three colours."}]},
        {"role": "assistant", "content": "Red,"},
    ]
    found = [
        (reply.usage.prompt_tokens, text_of(reply))
        for reply in (litellm.completion(temperature=0, **place, **arguments(conversation)) for place in both(server).values())]
    expect(found[0], found[1], "the answer through the Messages API")


def test_ends(server):
    """Stop strings and max_tokens end an answer, and the reasons are told."""
    for api, place in both(server).items():
        whole = text_of(litellm.completion(**place, **arguments()))
        word = max(whole.split()[2:], key=len)
        stopped = litellm.completion(stop=[word], **place, **arguments())
        expect((text_of(stopped), stopped.choices[0].finish_reason), (whole[: whole.index(word)], "stop"), api)
        short = litellm.completion(**place, **arguments(max_tokens=3))
        expect((short.usage.completion_tokens, short.choices[0].finish_reason), (3, "length"), api)


def test_tools_forced(server):
    """Forced tools are called with arguments that satisfy their schemas, whole and streamed."""
    choices = [("required", list(tools.SCHEMAS))]
    choices += [({"type": "function", "function": {"name": name}}, [name]) for name in tools.SCHEMAS]
    for api, place in both(server).items():
        for choice, names in choices:
            forced = {"tools": TOOLS, "tool_choice": choice, "parallel_tool_calls": False, **place, **arguments(USE, 200)}
            reply = litellm.completion(**forced)
            expect(reply.choices[0].finish_reason, "tool_calls", f"{api}: the reason")
            expect(len(check_calls(reply, names)), 1, f"{api}: the number of calls with {choice}")
            built = litellm.stream_chunk_builder(list(litellm.completion(stream=True, **forced)), messages=USE)
            streamed, whole = (
                [json.loads(call.function.arguments) for call in check_calls(one, names)] for one in (built, reply))
            expect(streamed, whole, f"{api}: the streamed arguments")


def test_tool_loop(server):
    """A call, its result and an answer."""
    for api, place in both(server).items():
        called = litellm.completion(
            tools=TOOLS, tool_choice="required", parallel_tool_calls=False, **place, **arguments(USE, 200))
        call = check_calls(called)[0]
        lengths = []
        for content in ("22 degrees", "22 degrees in the shade and 31 degrees in the sun"):
            result = {"role": "tool", "tool_call_id": call.id, "name": call.function.name, "content": content}
            answer = litellm.completion(
                tools=TOOLS, tool_choice="none", **place, **arguments(USE + [called.choices[0].message, result], 20))
            expect((text_of(answer) != "", answer.choices[0].message.tool_calls), (True, None), f"{api}: the answer")
            lengths.append(answer.usage.prompt_tokens)
        expect_true(lengths[0] < lengths[1], f"{api}: the tokens with a short and a long result are {lengths}")


def test_schema(server):
    """response_format gives JSON of the schema."""
    wanted = {"type": "json_schema", "json_schema": {"name": "report", "strict": True, "schema": tools.REPORT}}
    for api, place in both(server).items():
        reply = litellm.completion(response_format=wanted, **place, **arguments(max_tokens=400))
        tools.check_text(text_of(reply), tools.REPORT, f"{api}: the answer")


def test_choices(server):
    """Several answers and log-probabilities come through OpenAI's API."""
    place = both(server)["chats"]
    reply = litellm.completion(n=2, temperature=1.0, logprobs=True, top_logprobs=2, **place, **arguments(max_tokens=8))
    expect([choice.index for choice in reply.choices], [0, 1], "the indices")
    for choice in reply.choices:
        tokens = choice.logprobs.content
        expect("".join(token.token for token in tokens), choice.message.content, "the text of the tokens")


def test_text_completion(server):
    """A text is continued, with log-probabilities."""
    place = both(server)["chats"] | {"model": "text-completion-openai/smollm2"}
    reply = litellm.text_completion(
        prompt="The capital of France is", max_tokens=4, temperature=0, logprobs=1, max_retries=0, **place)
    expect_true("Paris" in reply.choices[0].text, f"the continuation is {reply.choices[0].text!r}")
    expect(len(reply.choices[0].logprobs.tokens), 4, "the number of tokens")


def test_embeddings(server):
    """Texts are embedded."""
    reply = litellm.embedding(input=["The sea.", "The sky."], **both(server)["chats"])
    lengths = [sum(x * x for x in one["embedding"]) for one in reply.data]
    expect_true(len(lengths) == 2 and all(abs(length - 1) < 1e-3 for length in lengths), f"the lengths are {lengths}")


def test_cache(server):
    """What was read from the cache is told through both APIs, within the tokens of the prompt."""
    for api, place in both(server).items():
        text = f"These are the rules of {api}. " + " ".join(f"Rule {n}: be kind to number {n}." for n in range(40))
        part = {"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}
        messages = [{"role": "system", "content": [part]}] + GREETING
        first, second = (litellm.completion(**place, **arguments(messages, 2)).usage for _ in range(2))
        expect(second.prompt_tokens, first.prompt_tokens, f"{api}: the tokens of the prompt")
        cached = second.prompt_tokens_details.cached_tokens
        expect_true(256 < cached < second.prompt_tokens, f"{api}: the second request read {second}")


def test_errors(server):
    """Errors of the server become the exceptions of their kind."""
    for api, place in both(server).items():
        other = {**place, "model": place["model"].replace("smollm2", "other")}
        expect_raises(litellm.NotFoundError, lambda: litellm.completion(**other, **arguments()), f"{api}: another model")
        long = [{"role": "user", "content": "word " * 9000}]
        expect_raises(
            litellm.ContextWindowExceededError, lambda: litellm.completion(**place, **arguments(long)),
            f"{api}: a long prompt")
        error = expect_raises(
            litellm.BadRequestError, lambda: litellm.completion(temperature=7, **place, **arguments()),
            f"{api}: temperature 7")
        expect_true("temperature" in str(error), f"{api}: the message is {error}")


def test_keys(server):
    """With a file of keys, a good key is let in and a bad one raises an AuthenticationError."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/keys.json"
        made = subprocess.run(
            [server.moso, "keys", "add", "alice", "--file", file], check=True, capture_output=True, text=True)
        with Server(server.moso, "--keys", file, key=made.stdout.strip()) as guarded:
            for api, place in both(guarded).items():
                expect_true(text_of(litellm.completion(**place, **arguments(max_tokens=4))) != "", f"{api}: no answer")
                expect_raises(
                    litellm.AuthenticationError,
                    lambda: litellm.completion(**{**place, "api_key": "wrong"}, **arguments()), f"{api}: a bad key")


def test_full(server):
    """A server that is full is asked again as often as the caller wants, and answers in the end."""
    shape = {"type": "json_schema", "json_schema": {"name": "long", "schema": tools.LONG}}
    with Server(server.moso, "--running", "1", "--waiting", "0") as small:
        for api, place in both(small).items():
            stream = litellm.completion(
                stream=True, response_format=shape, **both(small)["chats"], **arguments(max_tokens=2000))
            next(chunk for chunk in stream if chunk.choices[0].delta.content)
            error = None
            try:
                litellm.completion(**place, **arguments(max_tokens=1))
            except (litellm.InternalServerError, litellm.ServiceUnavailableError) as found:
                error = found
            expect_true(error is not None, f"{api}: a full server took one more")
            again = {**arguments(max_tokens=1), **place, "num_retries": 10, "retry_strategy": "exponential_backoff_retry"}
            expect_true(text_of(litellm.completion_with_retries(**again)) != "", f"{api}: no answer in the end")


def test_parallel(server):
    """Sixteen requests at once, eight through each API, get the answers that they would get alone."""

    async def all_at_once():
        return await asyncio.gather(*(
            litellm.acompletion(**place, **arguments(max_tokens=12, seed=seed))
            for place in both(server).values() for seed in range(8)))

    answers = [text_of(reply) for reply in asyncio.run(all_at_once())]
    place = both(server)["chats"]
    alone = [text_of(litellm.completion(**place, **arguments(max_tokens=12, seed=seed))) for seed in range(8)]
    expect(answers, alone + alone, "the answers")
