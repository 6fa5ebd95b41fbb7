"""Clients that try the limits of HTTP/1.1 itself."""

import asyncio
import json

import answers
from answers import is_overload, require
from asking import Refused, read_answer
from wire import Connection, head, post


def short_body(world, **fields):
    return json.dumps(
        {"model": world.model, "max_tokens": 2, "messages": [{"role": "user", "content": "Hi"}]} | fields).encode()


async def exchange(world, data):
    """The reply to some bytes: the status, the headers, the body, and whether the connection ended then."""
    async with await Connection.open(world.address) as connection:
        try:
            await connection.send(data)
        except ConnectionError:
            # The reply may have come before all was sent, and then the end.
            pass
        reply = await connection.reply()
        body = await reply.body()
        try:
            async with asyncio.timeout(2):
                is_over = await connection.some() == b""
        except TimeoutError:
            is_over = False
        except ConnectionError:
            is_over = True
        return reply, body, is_over


def malformed(world):
    """Requests that are none: a name, the bytes, and the statuses that fit."""
    body = short_body(world)
    chunked = head("POST", "/v1/messages", world.port, [("Transfer-Encoding", "chunked")])
    both = head("POST", "/v1/messages", world.port, [("Content-Length", "5"), ("Transfer-Encoding", "chunked")])
    return [
        ("no HTTP", b"\x00\x01\x02\xff\r\n\r\n", {400}),
        ("the start of TLS", b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"\x00" * 90 + b"\r\n\r\n", {400}),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}),
        ("a request line of 100,000 bytes", head("GET", "/" + "a" * 100_000, world.port), {431}),
        ("a header of 100,000 bytes", head("GET", "/healthz", world.port, [("X-Long", "y" * 100_000)]), {431}),
        ("a thousand headers", head("GET", "/healthz", world.port, [(f"X-{n}", "y") for n in range(1_000)]), {431}),
        ("a header without a name", head("GET", "/healthz", world.port).replace(b"\r\n\r\n", b"\r\n: x\r\n\r\n"), {400}),
        ("a negative length", head("POST", "/v1/messages", world.port, [("Content-Length", "-5")]), {400}),
        ("two lengths", head("POST", "/v1/messages", world.port, [("Content-Length", "5"), ("Content-Length", "6")]), {400}),
        ("a length beyond all", head("POST", "/v1/messages", world.port, [("Content-Length", "9" * 30)]), {400, 413}),
        ("a length and chunks", both + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body), {400}),
        ("a chunk without a size", chunked + b"zz\r\nabc\r\n0\r\n\r\n", {400}),
        ("no host", head("GET", "/healthz", world.port, host=False), {400}),
    ]


async def malformed_client(world):
    """What is no request of HTTP is refused, and the connection with it"""
    name, data, statuses = world.random.choice(malformed(world))
    reply, body, is_over = await exchange(world, data)
    require(reply.status in statuses, f"{name} has the status {reply.status}: {body[:300]!r}")
    require(is_over or name == "no host", f"{name} does not end the connection")


async def stranger(world):
    """Unknown paths, methods, hosts and pages are refused with the status that says so"""
    cases = [
        ("GET", "/nothing", [], 404), ("POST", "/v1/nothing", [], 404), ("GET", "/v1/models/nothing", [], 404),
        ("GET", "/../../etc/passwd", [], 404), ("GET", "/%00%ff%zz", [], 404), ("GET", "/v1/messages", [], 405),
        ("DELETE", "/v1/chat/completions", [], 405), ("PATCH", "/healthz", [], 405), ("BREW", "/v1/messages", [], {400, 405}),
        ("GET", "/healthz", [("Origin", "http://elsewhere.example")], 403),
    ]
    async with await Connection.open(world.address) as connection:
        for method, path, headers, status in world.random.sample(cases, 5):
            await connection.send(head(method, path, world.port, headers))
            reply = await connection.reply(method)
            body = await reply.body()
            statuses = status if isinstance(status, set) else {status}
            require(reply.status in statuses, f"{method} {path} has the status {reply.status}: {body[:200]!r}")
            if reply.status == 400:
                return
            answers.refusal(path, reply.status, reply.headers, body)
            require(reply.status != 405 or reply.headers.get("allow"), f"405 without allow: {reply.headers}")
    reply, body, _ = await exchange(
        world, head("GET", "/v1/models", world.port, [("Host", "elsewhere.example")], host=False))
    require(reply.status == 403, f"another host has the status {reply.status}: {body[:200]!r}")


async def head_client(world):
    """HEAD is answered with the headers of GET and without a body"""
    async with await Connection.open(world.address) as connection:
        lengths = []
        for method in ("GET", "HEAD", "GET"):
            await connection.send(head(method, "/healthz", world.port))
            reply = await connection.reply(method)
            await reply.body()
            require(reply.status == 200, f"{method} has the status {reply.status}")
            lengths.append(reply.headers.get("content-length"))
        require(lengths[1] in (None, lengths[0]), f"HEAD says that GET has {lengths[1]} bytes, which are {lengths[0]}")


async def chunk_writer(world):
    """Bodies in chunks are read"""
    question = world.maker.any(most=6)
    body = json.dumps(question.body).encode()
    data = head("POST", question.path, world.port, [("Transfer-Encoding", "chunked"), *question.headers])
    while body:
        size = world.random.randint(1, 200)
        part, body = body[:size], body[size:]
        data += b"%X;x=y\r\n%s\r\n" % (len(part), part)
    async with await Connection.open(world.address) as connection:
        await connection.send(data + b"0\r\nX-Trailer: x\r\n\r\n")
        await read_answer(question, await connection.reply())


async def careful_client(world):
    """A client that asks first hears at once whether to send its body"""
    question = world.maker.any(most=6)
    body = json.dumps(question.body).encode()
    async with await Connection.open(world.address) as connection:
        await connection.send(
            head("POST", question.path, world.port, [("Expect", "100-continue"), *question.headers], len(body)))
        try:
            async with asyncio.timeout(10):
                reply = await connection.reply()
        except TimeoutError:
            raise answers.Problem("neither 100 nor another status within ten seconds") from None
        require(reply.status == 100, f"the status is {reply.status}")
        await connection.send(body)
        await read_answer(question, await connection.reply())


async def careful_client_with_too_much(world):
    """A client that asks whether to send too much is refused before it does"""
    length = world.body_limit + 1
    data = head("POST", "/v1/messages", world.port, [("Expect", "100-continue")], length)
    async with await Connection.open(world.address) as connection:
        await connection.send(data)
        reply = await connection.reply()
        body = await reply.body()
        require(reply.status == 413, f"the status is {reply.status}: {body[:200]!r}")
        answers.refusal("/v1/messages", reply.status, reply.headers, body)


async def oversized_client(world):
    """Bodies that are too large are refused, with and without their length told"""
    path = world.random.choice(["/v1/messages", "/v1/chat/completions", "/v1/embeddings", "/tokenize"])
    size = world.body_limit + world.random.randint(1, 100_000)
    if world.random.random() < 0.5:
        data = head("POST", path, world.port, length=size) + b" " * size
    else:
        data = head("POST", path, world.port, [("Transfer-Encoding", "chunked")])
        data += (b"10000\r\n" + b" " * 65_536 + b"\r\n") * (size // 65_536 + 1) + b"0\r\n\r\n"
    reply, body, _ = await exchange(world, data)
    require(reply.status == 413, f"the status is {reply.status}: {body[:200]!r}")
    answers.refusal(path, reply.status, reply.headers, body)


async def largest_client(world):
    """Bodies of exactly the largest size are read"""
    body = short_body(world)
    body += b" " * (world.body_limit - len(body))
    reply, answer, _ = await exchange(world, post("/v1/messages", world.port, body))
    if is_overload(reply.status):
        raise Refused
    require(reply.status == 200, f"the status is {reply.status}: {answer[:200]!r}")


async def closing_client(world):
    """Connection: close ends the connection after the reply"""
    path, fields = world.random.choice([("/v1/messages", {}), ("/v1/chat/completions", {"stream": True})])
    reply, body, is_over = await exchange(
        world, post(path, world.port, short_body(world, **fields), [("Connection", "close")]))
    require(reply.status == 200 or is_overload(reply.status), f"the status is {reply.status}: {body[:200]!r}")
    require(is_over, "the connection is kept")


async def old_client(world):
    """A client of HTTP/1.0 gets its answer without chunks, and then the end of the connection"""
    is_streamed = world.random.random() < 0.5
    reply, body, is_over = await exchange(
        world, post("/v1/messages", world.port, short_body(world, stream=is_streamed), version="1.0"))
    if is_overload(reply.status):
        raise Refused
    require(reply.status == 200, f"the status is {reply.status}: {body[:200]!r}")
    require("transfer-encoding" not in reply.headers, "the answer comes in chunks, which HTTP/1.0 does not know")
    require(is_over or "content-length" in reply.headers, "the connection is kept, though nothing says where the answer ends")
    (answers.messages_stream if is_streamed else answers.message)(body)
