"""Sends requests to a server at once and notes when bytes of the answers arrive.

It shares the processors with the server that it measures, so while answers are on their way it does nothing but take
the time of what arrives; only afterwards the bytes are read as HTTP, as events and as JSON.
"""

import bisect
import dataclasses
import gc
import json
import math
import selectors
import socket
import time

HOST = "127.0.0.1"


class LoadError(Exception):
    """A server that refused, was too slow or sent something that is no answer; the text is a sentence."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """One streamed answer; times are seconds on one clock, tokens as the server counts them."""

    sent: float
    text_times: list[float]
    ended: float
    prompt_tokens: int
    cached_tokens: int
    output_tokens: int
    stop_reason: str | None

    def first_text(self) -> float:
        """Seconds from the request to the first text."""
        return self.text_times[0] - self.sent

    def gaps(self) -> list[float]:
        """Seconds between one piece of text and the next."""
        return [later - earlier for earlier, later in zip(self.text_times, self.text_times[1:])]


@dataclasses.dataclass(frozen=True)
class Exchange:
    """What came of several requests that were sent at once, and the processor's time that sending and noting took."""

    answers: list[Answer]
    client_seconds: float

    def seconds(self) -> float:
        """From the first request to the end of the last answer."""
        return max(answer.ended for answer in self.answers) - min(answer.sent for answer in self.answers)

    def output_tokens(self) -> int:
        return sum(answer.output_tokens for answer in self.answers)


def percentile(values: list[float], share: float) -> float:
    """The least value that is not less than `share` of the values (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1]


def post_at_once(port: int, bodies: list[dict], limit: float) -> Exchange:
    """Sends every body to `/v1/messages` on a connection of its own and waits for the ends of all answers.

    Raises LoadError if nothing arrives for `limit` seconds or an answer is not whole.
    """
    requests = [_request(port, body) for body in bodies]
    connections = [socket.create_connection((HOST, port), timeout=limit) for _ in bodies]
    sent: list[float] = []
    received: list[list[tuple[float, bytes]]] = [[] for _ in bodies]
    gc.disable()
    began = time.process_time()
    try:
        with selectors.DefaultSelector() as selector:
            for connection, request, parts in zip(connections, requests, received):
                sent.append(time.perf_counter())
                connection.sendall(request)
                connection.setblocking(False)
                selector.register(connection, selectors.EVENT_READ, parts)
            _note_arrivals(selector, limit)
    finally:
        client_seconds = time.process_time() - began
        gc.enable()
        for connection in connections:
            connection.close()
    answers = [read_answer(time_sent, parts) for time_sent, parts in zip(sent, received)]
    return Exchange(answers, client_seconds)


def _request(port: int, body: dict) -> bytes:
    content = json.dumps(body).encode()
    head = [
        "POST /v1/messages HTTP/1.1",
        f"Host: {HOST}:{port}",
        "Content-Type: application/json",
        "anthropic-version: 2023-06-01",
        f"Content-Length: {len(content)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + content


def _note_arrivals(selector: selectors.BaseSelector, limit: float) -> None:
    while selector.get_map():
        ready = selector.select(limit)
        if not ready:
            raise LoadError(f"Nothing arrived for {limit:.0f} seconds while answers were on their way.")
        for key, _ in ready:
            data = key.fileobj.recv(65536)
            if data:
                key.data.append((time.perf_counter(), data))
            else:
                selector.unregister(key.fileobj)


def read_answer(sent: float, parts: list[tuple[float, bytes]]) -> Answer:
    """Reads what arrived as one streamed answer of the Messages API; an event's time is that of its last byte."""
    raw = b"".join(data for _, data in parts)
    ends, total = [], 0
    for _, data in parts:
        total += len(data)
        ends.append(total)
    texts: list[float] = []
    usage: dict[str, int] = {}
    stop_reason, ended = None, None
    for position, event in _events(raw):
        arrived = parts[bisect.bisect_left(ends, position)][0]
        kind = event.get("type")
        if kind == "error":
            raise LoadError(f"The server ended an answer with {json.dumps(event)}.")
        if kind == "message_start":
            usage |= event["message"].get("usage", {})
        elif kind == "content_block_delta" and event["delta"].get("text"):
            texts.append(arrived)
        elif kind == "message_delta":
            usage |= event.get("usage", {})
            stop_reason = event["delta"].get("stop_reason")
        elif kind == "message_stop":
            ended = arrived
    if ended is None or not texts:
        raise LoadError(f"An answer has no text or no end; its last bytes are {raw[-200:]!r}.")
    cached = usage.get("cache_read_input_tokens", 0)
    prompt = usage.get("input_tokens", 0) + usage.get("cache_creation_input_tokens", 0) + cached
    # A server that counts nothing sends at least one piece of text for each token that writes any.
    return Answer(sent, texts, ended, prompt, cached, usage.get("output_tokens") or len(texts), stop_reason)


def _events(raw: bytes):
    """The JSON of each server-sent event of a response, with how many bytes had to arrive for it to be whole."""
    head, separator, _ = raw.partition(b"\r\n\r\n")
    status = head.split(b"\r\n", 1)[0].decode(errors="replace")
    if not separator or " 200" not in status:
        raise LoadError(f"The server answered {status!r}: {raw[len(head):][:500].decode(errors='replace').strip()}")
    start = len(head) + len(separator)
    if b"transfer-encoding: chunked" in head.lower():
        pieces = _chunks(raw, start)
    else:
        pieces = [(start, len(raw))]
    body, body_ends, raw_ends = bytearray(), [], []
    for begin, end in pieces:
        body += raw[begin:end]
        body_ends.append(len(body))
        raw_ends.append(end)
    begin = 0
    while (end := body.find(b"\n\n", begin)) >= 0:
        lines = body[begin:end].decode().split("\n")
        data = "".join(line[5:].strip() for line in lines if line.startswith("data:"))
        begin = end + 2
        if data and data != "[DONE]":
            piece = bisect.bisect_left(body_ends, begin)
            yield raw_ends[piece] - (body_ends[piece] - begin), json.loads(data)


def _chunks(raw: bytes, position: int) -> list[tuple[int, int]]:
    """Where the contents of the chunks of a chunked body begin and end."""
    pieces = []
    while (line_end := raw.find(b"\r\n", position)) >= 0:
        size = int(raw[position:line_end].split(b";")[0], 16)
        if size == 0:
            return pieces
        pieces.append((line_end + 2, line_end + 2 + size))
        position = line_end + 2 + size + 2
    raise LoadError("A connection was closed in the middle of an answer.")


def get(connection: socket.socket, port: int, path: str) -> str:
    """Gets a path on a connection that stays open, and returns the first line of the answer once all of it is read."""
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode())
    received = b""
    while True:
        head, separator, body = received.partition(b"\r\n\r\n")
        lines = head.decode(errors="replace").split("\r\n")
        lengths = [int(line.partition(":")[2]) for line in lines if line.lower().startswith("content-length:")]
        if separator and lengths and len(body) >= lengths[0]:
            return lines[0]
        data = connection.recv(65536)
        if not data:
            raise LoadError(f"The server closed the connection before {path} was answered.")
        received += data


def is_open(connection: socket.socket) -> bool:
    """Whether the other side still holds a connection on which nothing is to be read."""
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
