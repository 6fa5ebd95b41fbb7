"""Asks a server one question, in the plain way that most clients do."""

import json

import answers
from answers import is_overload, require
from wire import Connection, head, post


class Refused(Exception):
    """The server was too busy and said so as it has to."""


async def ask_bytes(connection, path, data, headers=(), port=0, pause=None):
    """Sends a body; returns status, headers and body of the reply."""
    await connection.send(post(path, port, data, headers))
    reply = await connection.reply(pause=pause)
    return reply, await reply.body(pause)


async def read_answer(question, reply, pause=None):
    """The answer to a question that was sent.

    Raises `Refused` when the server has no room, and `Problem` where it says anything but an answer."""
    data = await reply.body(pause)
    if is_overload(reply.status):
        answers.refusal(question.path, reply.status, reply.headers, data)
        raise Refused
    require(reply.status == 200, f"status {reply.status}: {data[:300]!r} for {json.dumps(question.body)[:600]}")
    require("request-id" in reply.headers and "moso-seed" in reply.headers, f"headers are {reply.headers}")
    expected = "text/event-stream; charset=utf-8" if question.is_streamed else "application/json"
    require(reply.headers.get("content-type") == expected, f"content-type is {reply.headers.get('content-type')}")
    return question.read(data)


async def ask(address, question, connection=None, pause=None):
    """The answer to a question, on a connection of its own unless one is given."""
    own = connection or await Connection.open(address)
    try:
        await own.send(post(question.path, address[1], question.body, question.headers))
        return await read_answer(question, await own.reply(pause=pause), pause)
    finally:
        if own is not connection:
            own.close()


async def get(address, path, headers=()):
    """The reply to a GET: status and body."""
    async with await Connection.open(address) as connection:
        await connection.send(head("GET", path, address[1], headers))
        reply = await connection.reply("GET")
        return reply.status, await reply.body()
