"""HTTP/1.1 by hand: every byte that is sent, and when, and how fast is read, is for the test to say."""

import asyncio
import json
import socket
import struct


class Problem(Exception):
    """The server did something wrong."""


class Broken(Problem):
    """The connection ended where more had to come."""


class Reply:
    """The head of a reply; the body is read when it is asked for."""

    def __init__(self, status, headers, connection, has_body):
        self.status = status
        self.headers = headers
        self.connection = connection
        self.has_body = has_body

    async def parts(self, pause=None):
        """The body as it comes. `pause` is called after each receipt and says how many bytes to take next."""
        connection = self.connection
        if not self.has_body:
            return
        if "chunked" in self.headers.get("transfer-encoding", ""):
            while True:
                line = await connection.line(pause)
                try:
                    size = int(line.split(b";")[0], 16)
                except ValueError:
                    raise Problem(f"a chunk has the size {line[:40]!r}") from None
                if size == 0:
                    while await connection.line(pause):
                        pass
                    return
                yield await connection.exactly(size, pause)
                if await connection.line(pause):
                    raise Problem("a chunk is longer than its size")
        elif "content-length" in self.headers:
            yield await connection.exactly(int(self.headers["content-length"]), pause)
        else:
            while part := await connection.some(pause):
                yield part

    async def body(self, pause=None):
        """All of the body."""
        return b"".join([part async for part in self.parts(pause)])


class Connection:
    """One connection to the server."""

    def __init__(self, link):
        self.link = link
        self.buffer = b""
        self.loop = asyncio.get_running_loop()

    @classmethod
    async def open(cls, address, receive_buffer=None):
        link = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        link.setblocking(False)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        try:
            await asyncio.get_running_loop().sock_connect(link, address)
        except BaseException:
            link.close()
            raise
        return cls(link)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        self.close()

    def close(self):
        self.link.close()

    def reset(self):
        """Ends the connection the rude way, with a reset instead of an end."""
        self.link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.link.close()

    async def send(self, data):
        await self.loop.sock_sendall(self.link, data)

    # Reading

    async def some(self, pause=None):
        """What comes next, b"" at the end."""
        if self.buffer:
            taken, self.buffer = self.buffer, b""
            return taken
        count = await pause() if pause else 65_536
        return await self.loop.sock_recv(self.link, count)

    async def _more(self, pause):
        count = await pause() if pause else 65_536
        part = await self.loop.sock_recv(self.link, count)
        if not part:
            raise Broken(f"the connection ended within a reply, after {self.buffer[-60:]!r}")
        self.buffer += part

    async def exactly(self, count, pause=None):
        parts, missing = [], count
        while missing > 0:
            if not self.buffer:
                await self._more(pause)
            part, self.buffer = self.buffer[:missing], self.buffer[missing:]
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    async def line(self, pause=None):
        while b"\r\n" not in self.buffer:
            if len(self.buffer) > 100_000:
                raise Problem("a line of the reply's head has no end")
            await self._more(pause)
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    async def reply(self, method="POST", pause=None):
        """The head of the next reply."""
        first = (await self.line(pause)).decode("latin-1")
        version, _, rest = first.partition(" ")
        if version not in ("HTTP/1.1", "HTTP/1.0") or not rest[:3].isdigit():
            raise Problem(f"a reply begins with {first[:80]!r}")
        status, headers = int(rest[:3]), {}
        while line := await self.line(pause):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return Reply(status, headers, self, has_body=method != "HEAD" and status not in (100, 204, 304))


def head(method, path, port, headers=(), length=None, version="1.1", host=True):
    """The head of a request."""
    lines = [f"{method} {path} HTTP/{version}"]
    if host:
        lines.append(f"Host: 127.0.0.1:{port}")
    lines += [f"{name}: {value}" for name, value in headers]
    if length is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {length}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def post(path, port, body, headers=(), version="1.1"):
    """A whole request."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return head("POST", path, port, headers, len(data), version) + data
