"""A full server, clients that go away, and many clients at a time, through Anthropic's own library for Python."""

import asyncio
import time

import anthropic

import tools
from anthropic_requests import GREETING, IS_EARLIER, arguments, client, text_of
from moso_server import Server
from suite import Failure, expect, expect_raises, expect_true


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
