"""What the clients of a soak do: ask, read slowly, write slowly, go away in the middle, send nonsense.

Each function is one client's visit; its docstring is the sentence of its check. It raises `Problem` when the server does
something wrong and `Refused` when it has no room."""

import asyncio
import json

import answers
import hostile
import openai_answers
from answers import is_overload, require
from asking import Refused, ask, ask_bytes, get, read_answer
from questions import count_request
from wire import Broken, Connection, head, post


class World:
    """What every client knows: the server, the random numbers, and what can be asked."""

    def __init__(self, server, random, maker, context, body_limit):
        self.server, self.random, self.maker = server, random, maker
        self.address, self.port, self.model = server.address, server.port, server.model
        self.context, self.body_limit = context, body_limit
        self.refused = list(hostile.refused(server.model, context))
        self.taken = list(hostile.taken(server.model))


# Well-behaved clients


async def messages_client(world):
    """The Messages API answers as it has to, whole and in pieces"""
    await ask(world.address, world.maker.messages())


async def chat_client(world):
    """Chat completions answer as they have to, whole and in pieces, one and several"""
    await ask(world.address, world.maker.chat())


async def completion_client(world):
    """Completions continue, echo and measure texts and tokens"""
    await ask(world.address, world.maker.completion())


async def long_client(world):
    """Conversations of many pages of memory are answered, also when the memory is short"""
    question = world.maker.messages(most=90)
    question.body["messages"][-1]["content"] += " " + " ".join(world.maker.text(100) for _ in range(world.random.randint(2, 5)))
    await ask(world.address, question)


async def patient_client(world):
    """A connection is used again and again"""
    async with await Connection.open(world.address) as connection:
        for _ in range(world.random.randint(2, 5)):
            await ask(world.address, world.maker.any(most=12), connection)


async def pipelining_client(world):
    """Requests sent in one go are answered in their order"""
    questions = [world.maker.any(most=8) for _ in range(3)]
    data = b"".join(post(question.path, world.port, question.body, question.headers) for question in questions)
    async with await Connection.open(world.address) as connection:
        await connection.send(data + head("GET", "/healthz", world.port))
        for question in questions:
            try:
                await read_answer(question, await connection.reply())
            except Refused:
                pass
        reply = await connection.reply("GET")
        require(reply.status == 200 and b"alive" in await reply.body(), "the last of the replies is another one's")


async def embedding_client(world):
    """Embeddings are vectors of length 1, in both encodings the same"""
    texts = [world.maker.text(40) for _ in range(world.random.randint(1, 4))]
    found = []
    for encoding in ("float", "base64"):
        body = {"model": world.model, "input": texts, "encoding_format": encoding}
        async with await Connection.open(world.address) as connection:
            reply, data = await ask_bytes(connection, "/v1/embeddings", body, port=world.port)
        if is_overload(reply.status):
            answers.refusal("/v1/embeddings", reply.status, reply.headers, data)
            raise Refused
        require(reply.status == 200, f"status {reply.status}: {data[:300]!r}")
        found.append(openai_answers.embeddings(data, len(texts)))
    require(found[0] == found[1], "the two encodings hold different numbers")


async def counting_client(world):
    """Counted tokens are those that the answer's usage tells"""
    question = world.maker.messages(stream=False)
    question.body["max_tokens"] = 0
    for key in ("output_config", "tool_choice"):
        question.body.pop(key, None)
    question.held_to = ""
    async with await Connection.open(world.address) as connection:
        reply, data = await ask_bytes(
            connection, "/v1/messages/count_tokens", count_request(question), question.headers, world.port)
        require(reply.status == 200, f"status {reply.status}: {data[:300]!r}")
        answer = await ask(world.address, question, connection)
    counted = answers.parsed(data)["input_tokens"]
    require(counted == answer.prompt_tokens, f"{counted} tokens were counted and {answer.prompt_tokens} read")
    require(answer.output_tokens == 0, f"{answer.output_tokens} tokens although none were asked for")


async def tokenizer_client(world):
    """Tokens of a text are that text again"""
    text = world.maker.text(200)
    async with await Connection.open(world.address) as connection:
        _, data = await ask_bytes(connection, "/tokenize", {"model": world.model, "prompt": text}, port=world.port)
        tokens = answers.parsed(data)["tokens"]
        _, data = await ask_bytes(connection, "/detokenize", {"model": world.model, "tokens": tokens}, port=world.port)
    require(answers.parsed(data)["prompt"] == text, f"{text!r} became {data[:300]!r}")


async def curious_client(world):
    """Models, health and counts are told at any time"""
    for path, word in [
        ("/v1/models", world.model), (f"/v1/models/{world.model}", world.model), ("/healthz", "alive"), ("/readyz", "ready"),
        ("/metrics", "moso_kv_pages_lost"), ("/openapi.json", "{"), ("/api/hello", "hello"),
    ]:
        headers = [("anthropic-version", "2023-06-01")] if world.random.random() < 0.5 else []
        status, data = await get(world.address, path, headers)
        require(status == 200 and word.encode() in data, f"{path} has the status {status}: {data[:200]!r}")


# Slow clients


async def slow_reader(world):
    """Clients that read ten bytes a second get the same in the end"""
    text = " ".join(world.maker.text(60) for _ in range(4))
    # Much text after few steps of arithmetic: more than fits between the server and who reads.
    question = world.maker.completion(stream=True)
    question.body |= {"prompt": [text, text], "echo": True, "logprobs": 20, "max_tokens": 2}
    question.body.pop("n", None)
    if world.random.random() < 0.5:
        question = world.maker.any(stream=True)
    seconds = world.random.randint(3, 12)

    async def pause():
        nonlocal seconds
        if seconds == 0:
            return 65_536
        seconds -= 1
        await asyncio.sleep(1)
        return 10

    async with await Connection.open(world.address, receive_buffer=4_096) as connection:
        await ask(world.address, question, connection, pause)


async def slow_writer(world):
    """Requests that arrive in small pieces are answered"""
    question = world.maker.any(most=10)
    data = post(question.path, world.port, question.body, question.headers)
    size = max(1, len(data) // 25)
    async with await Connection.open(world.address) as connection:
        for start in range(0, len(data), size):
            await connection.send(data[start:start + size])
            await asyncio.sleep(world.random.random() * 0.2)
        await read_answer(question, await connection.reply())


# Clients that go away


async def leave(world, connection):
    """Ends a connection in one of the two ways."""
    if world.random.random() < 0.5:
        connection.reset()
    else:
        connection.close()


async def leaver_before_the_end_of_the_request(world):
    """Clients may go away before their request is complete"""
    question = world.maker.any()
    data = post(question.path, world.port, question.body, question.headers)
    connection = await Connection.open(world.address)
    await connection.send(data[: world.random.choice([0, 1, 20, len(data) // 2, len(data) - 1])])
    await asyncio.sleep(world.random.random() * 0.3)
    await leave(world, connection)


async def leaver_while_waiting(world):
    """Clients may go away while they wait for their turn or for the whole answer"""
    question = world.maker.any(most=200)
    connection = await Connection.open(world.address)
    await connection.send(post(question.path, world.port, question.body, question.headers))
    await asyncio.sleep(world.random.random() * 1.5)
    await leave(world, connection)


async def leaver_in_the_stream(world):
    """Clients may go away in the middle of a stream, which was in order so far"""
    question = world.maker.messages(stream=True, most=300)
    connection = await Connection.open(world.address)
    try:
        await connection.send(post(question.path, world.port, question.body, question.headers))
        reply = await connection.reply()
        if is_overload(reply.status):
            raise Refused
        require(reply.status == 200, f"status {reply.status}")
        data, wanted = b"", world.random.choice([0, 1, 500, 2_000])
        if wanted:
            async for part in reply.parts():
                data += part
                if len(data) >= wanted:
                    break
        reader = answers.MessagesStream()
        for name, text in answers.frames(answers.whole_prefix(data)):
            reader.take(name, text)
    finally:
        await leave(world, connection)


async def half_closer(world):
    """Clients that close their side only get their answer or the end of the connection"""
    question = world.maker.any(most=10)
    async with await Connection.open(world.address) as connection:
        await connection.send(post(question.path, world.port, question.body, question.headers))
        connection.link.shutdown(1)
        try:
            await read_answer(question, await connection.reply())
        except (Broken, ConnectionError):
            pass


# Clients that send nonsense


async def wrong_client(world):
    """Wrong requests are refused with the status and the words of their API"""
    async with await Connection.open(world.address) as connection:
        for name, path, data, status, words in world.random.sample(world.refused, 6):
            reply, body = await ask_bytes(connection, path, data, port=world.port)
            shown = f"{name} at {path} ({data[:200]!r})"
            require(reply.status == status, f"{shown} has the status {reply.status} instead of {status}: {body[:300]!r}")
            message = answers.refusal(path, reply.status, reply.headers, body)
            require(words in message, f"{shown}: {words!r} is not in {message!r}")


async def odd_client(world):
    """Requests that only look wrong are answered"""
    name, path, data = world.random.choice(world.taken)
    async with await Connection.open(world.address) as connection:
        reply, body = await ask_bytes(connection, path, data, port=world.port)
    if is_overload(reply.status):
        raise Refused
    require(reply.status == 200, f"{name} at {path} ({data[:200]!r}) has the status {reply.status}: {body[:300]!r}")


async def mutating_client(world):
    """Requests with anything in any field are answered or refused, never with the status 500"""
    question = world.maker.any(most=6)
    if world.random.random() < 0.3:
        data = hostile.damaged(world.random, json.dumps(question.body).encode())
    else:
        data = json.dumps(hostile.mutated(world.random, question.body)).encode()
    connection = await Connection.open(world.address)
    try:
        # Some ask for answers without an end; nobody wants to read those.
        async with asyncio.timeout(8):
            reply, body = await ask_bytes(connection, question.path, data, question.headers, world.port)
    except TimeoutError:
        return
    finally:
        connection.close()
    if reply.status != 200:
        shown = f"{question.path} with {data[:1500]!r}"
        require(reply.status < 500 or reply.status in (503, 529), f"status {reply.status}: {body[:300]!r} for {shown}")
        try:
            answers.refusal(question.path, reply.status, reply.headers, body)
        except answers.Problem as problem:
            raise answers.Problem(f"{problem} for {shown}") from None
        if is_overload(reply.status):
            raise Refused


async def burst(world):
    """More requests at once than there is room for: each is answered or refused with retry-after"""
    questions = [world.maker.any(most=6) for _ in range(40)]
    results = await asyncio.gather(*(ask(world.address, question) for question in questions), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, Refused):
            raise result
