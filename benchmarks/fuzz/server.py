"""A web server that answers as it is told to: whole, late, never, half, too long, in another encoding,
without end.

It speaks HTTP/1.1 over asyncio by hand, since what it is for no library of servers lets one write. Each
outlet has an address of its own on this machine (127.0.0.0/8, which Linux gives without asking).
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache

import brotli

HTML = "text/html; charset=utf-8"
_BOMB = 60_000_000  # bytes that a bomb unpacks to
_BLOCK = 65_536
_ENDLESS = 2_000  # blocks after which even an endless answer ends: 130 MB


@dataclass(frozen=True, slots=True)
class FuzzAnswer:
    """``manner``: one of `MANNERS`."""

    body: bytes
    kind: str = HTML
    manner: str = "whole"


FuzzAnswers = dict[tuple[str, str], FuzzAnswer]  # by host and path
_Writer = asyncio.StreamWriter
_Manner = Callable[[_Writer, FuzzAnswer], Awaitable[None]]
_STRANGE = (("X", "\x00\xff"), ("Set-Cookie", "a" * 8_000), ("Last-Modified", "31 Feb"), ("ETag", "\x7f"))


class LyingServer:
    """Serves from a thread of its own. ``asked``: how often each address was asked for."""

    def __init__(self, hosts: Sequence[str]) -> None:
        self.answers: FuzzAnswers = {}
        self.asked: dict[tuple[str, str], int] = {}
        self.errors: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self.port = _free_port(hosts[0])
        self._hosts, self._ready = list(hosts), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def origin(self, host: str) -> str:
        return f"http://{host}:{self.port}"

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(30):
            raise RuntimeError("the lying server does not start")

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._answer, self._hosts, self.port, limit=1 << 20, backlog=512)
        self._ready.set()
        await self._stop.wait()
        server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: _Writer) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode("latin-1").partition("?")[0]
            host = str(writer.get_extra_info("sockname")[0])
            self.asked[host, path] = self.asked.get((host, path), 0) + 1
            answer = self.answers.get((host, path))
            if answer is None:
                writer.write(_head(404, [("Content-Length", "0")]))
            else:
                await MANNERS[answer.manner](writer, answer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, TimeoutError):
            pass  # whoever asked has gone, or the server ends
        except Exception as error:  # noqa: BLE001  # a fault of the harness is told at the end
            self.errors.append(repr(error))
        finally:
            with suppress(Exception):
                writer.close()


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _head(status: int, headers: Sequence[tuple[str, str]], reason: str = "As asked") -> bytes:
    lines = [
        f"HTTP/1.1 {status} {reason}",
        *(f"{name}: {value}" for name, value in headers),
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _told(body: bytes, kind: str, *more: tuple[str, str]) -> bytes:
    return _head(200, [("Content-Type", kind), ("Content-Length", str(len(body))), *more]) + body


def _simply(made: Callable[[FuzzAnswer], bytes]) -> _Manner:
    async def manner(writer: _Writer, answer: FuzzAnswer) -> None:
        writer.write(made(answer))

    return manner


def _moved(to: str, status: int = 302) -> _Manner:
    return _simply(lambda _: _head(status, [("Location", to), ("Content-Length", "0")]))


def _status(status: int, *more: tuple[str, str]) -> _Manner:
    return _simply(lambda a: _head(status, [("Content-Length", str(len(a.body))), *more]) + a.body)


def _packed_as(name: str, pack: Callable[[bytes], bytes]) -> _Manner:
    return _simply(lambda a: _told(pack(a.body), a.kind, ("Content-Encoding", name)))


@cache
def _bomb(name: str) -> bytes:
    body = b"<html><body>" + b"\n" * _BOMB
    if name == "br":
        return bytes(brotli.compress(body, quality=1))
    return gzip.compress(body, 1) if name == "gzip" else zlib.compress(body, 1)


def _of_length(counted: Callable[[int], int]) -> _Manner:
    def made(answer: FuzzAnswer) -> bytes:
        length = str(counted(len(answer.body)))
        return _head(200, [("Content-Type", answer.kind), ("Content-Length", length)]) + answer.body

    return _simply(made)


def _of_kind(kind: Callable[[str], str], *more: tuple[str, str]) -> _Manner:
    return _simply(lambda a: _told(a.body, kind(a.kind), *more))


def _in_charset(name: str) -> _Manner:
    return _of_kind(lambda kind: f"{kind.partition(';')[0]}; charset={name}")


async def _stalled(writer: _Writer, answer: FuzzAnswer) -> None:
    writer.write(_head(200, [("Content-Type", answer.kind), ("Content-Length", "9999")]) + answer.body[:100])
    await writer.drain()
    await asyncio.sleep(3_600)


async def _silent(writer: _Writer, answer: FuzzAnswer) -> None:
    await asyncio.sleep(3_600)


async def _dripping(writer: _Writer, answer: FuzzAnswer) -> None:
    writer.write(
        _head(200, [("Content-Type", answer.kind), ("Content-Length", str(len(answer.body) + 9_999))])
    )
    for at in range(0, 3_600):
        writer.write(answer.body[at : at + 1] or b" ")
        await writer.drain()
        await asyncio.sleep(0.5)


async def _broken(writer: _Writer, after: bytes) -> None:
    writer.write(after)
    await writer.drain()
    held = writer.get_extra_info("socket")
    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _reset(writer: _Writer, answer: FuzzAnswer) -> None:
    await _broken(writer, b"")


async def _reset_within(writer: _Writer, answer: FuzzAnswer) -> None:
    await _broken(writer, _told(answer.body, answer.kind)[: len(answer.body) // 2])


async def _endless(writer: _Writer, answer: FuzzAnswer) -> None:
    writer.write(_head(200, [("Content-Type", answer.kind)]) + answer.body)
    for _ in range(_ENDLESS):
        writer.write(b"<p>and so on " * (_BLOCK // 13))
        await writer.drain()


async def _endless_head(writer: _Writer, answer: FuzzAnswer) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for n in range(_ENDLESS):
        writer.write(b"X-%d: %s\r\n" % (n, b"x" * 1_000))
        await writer.drain()


def _chunks(answer: FuzzAnswer) -> bytes:
    head = _head(200, [("Content-Type", answer.kind), ("Transfer-Encoding", "chunked")])
    return head + b"%x\r\n%s\r\nzz\r\nmore" % (len(answer.body), answer.body)


MANNERS: dict[str, _Manner] = {
    "whole": _simply(lambda a: _told(a.body, a.kind)),
    "too short": _of_length(lambda length: length + 5_000),
    "too long": _of_length(lambda length: length // 2),
    "two lengths": _simply(lambda a: _told(a.body, a.kind, ("Content-Length", "7"))),
    "no number of bytes": _of_length(lambda _: -1),
    "wrong chunks": _simply(_chunks),
    "no gzip": _packed_as("gzip", lambda body: body),
    "half a gzip": _packed_as("gzip", lambda body: gzip.compress(body)[: len(body) // 8]),
    "gzip twice": _packed_as("gzip, gzip", lambda body: gzip.compress(gzip.compress(body))),
    "no br": _packed_as("br", gzip.compress),
    "unknown encoding": _packed_as("x-none", lambda body: body),
    "gzip bomb": _packed_as("gzip", lambda _: _bomb("gzip")),
    "br bomb": _packed_as("br", lambda _: _bomb("br")),
    "deflate bomb": _packed_as("deflate", lambda _: _bomb("deflate")),
    "wrong charset": _in_charset("utf-16"),
    "unknown charset": _in_charset('"x-none\x01'),
    "no kind": _of_kind(lambda _: ""),
    "another kind": _of_kind(lambda _: "image/png"),
    "strange headers": _of_kind(str, *_STRANGE),
    "no status": _simply(lambda a: b"HTTP/1.1 \r\n\r\n" + a.body),
    "no HTTP": _simply(lambda a: a.body),
    "status 999": _status(999),
    "status 304": _status(304),
    "status 204": _status(204),
    "status 206": _status(206, ("Content-Range", "bytes 0-1/9")),
    "status 401": _status(401),
    "status 410": _status(410),
    "status 429": _status(429, ("Retry-After", "0")),
    "status 500": _status(500),
    "status 503": _status(503, ("Retry-After", "soon")),
    "round and round": _moved("?a", 301),
    "to a file": _moved("file:///etc/hostname"),
    "to nowhere": _moved("http://[::1"),
    "to data": _moved("data:text/html,<p>words"),
    "away": _moved("http://127.0.0.1:9/"),
    "without an address": _simply(lambda _: _head(302, [("Content-Length", "0")])),
    "stalled": _stalled,
    "silent": _silent,
    "dripping": _dripping,
    "reset": _reset,
    "reset within": _reset_within,
    "endless": _endless,
    "endless head": _endless_head,
}
SLOW = ("stalled", "silent", "dripping", "endless", "endless head")
LIES = tuple(name for name in MANNERS if name not in ("whole", *SLOW))


@contextmanager
def lying(hosts: Sequence[str]) -> Iterator[LyingServer]:
    """The server at work until the block ends."""
    server = LyingServer(hosts)
    server.start()
    try:
        yield server
    finally:
        server.stop()
