"""Bytes changed as broken servers, careless programs and people of ill will change them."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Callable
from functools import partial

Mutation = Callable[[bytes, random.Random], bytes]
_TAG = re.compile(rb"<[^<>]{0,400}>")
_NUMBER = re.compile(rb"\d+")
_CHARSET = re.compile(rb"utf-8", re.IGNORECASE)
_ENCODINGS = ("utf-16", "utf-16-be", "utf-32", "cp1252", "utf-7", "cp037", "shift_jis", "utf-8-sig")
_CLAIMS = (
    b"utf-16",
    b"iso-8859-1",
    b"utf-7",
    b"x-none",
    b"",
    b"\0",
    b"idna",
    b"rot13",
    b"hex",
    b"punycode",
    b"u" * 9_000,
)
_ENTITIES = (
    b"&#0;",
    b"&#x110000;",
    b"&#xd800;",
    b"&bogus;",
    b"&#99999999999999999999;",
    b"&lt;",
    b"&amp;amp;",
    b"&",
)
_NUMBERS = (b"0", b"-1", b"9" * 20, b"9" * 5_000, b"1e999", b"NaN", b"2147483648", b"00", b"\xd9\xa3")
_OPENED = (
    b"<!--",
    b"<![CDATA[",
    b"<script>",
    b"<style>",
    b"<textarea>",
    b"<svg><",
    b"<a href='",
    b"{",
    b"(",
    b"<<",
    b"<?xml ",
)
_LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
)
_MAGIC = (
    b"\x1f\x8b",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\0",
    b"\xfe\xff\0",
    b"BM",
    b"\x4c\x6f\xa7\x94",
)
_NESTS = (
    (b"<div>", b"</div>"),
    (b"<b><i>", b""),
    (b"<ul><li>", b""),
    (b"[", b"]"),
    (b"<<", b">>"),
    (b"<table><tr><td>", b""),
    (b'{"a":', b"}"),
)
DEEP = 10_000


def mutated(body: bytes, seed: int) -> bytes:
    """The body with one to four mutations, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 2, 3, 4))):
        body = chance.choice(MUTATIONS)(body, chance)
    return body


def _place(body: bytes, chance: random.Random) -> int:
    return chance.randrange(len(body) + 1)


def _stretch(body: bytes, chance: random.Random, most: int = 2_000) -> tuple[int, int]:
    start = _place(body, chance)
    return start, min(len(body), start + chance.randint(1, most))


def _put(body: bytes, at: int, more: bytes) -> bytes:
    return body[:at] + more + body[at:]


def _cut(body: bytes, chance: random.Random) -> bytes:
    return body[: _place(body, chance)]


def _begun_late(body: bytes, chance: random.Random) -> bytes:
    return body[_place(body, chance) :]


def _flipped(body: bytes, chance: random.Random) -> bytes:
    held = bytearray(body)
    for _ in range(chance.choice((1, 5, 50)) if held else 0):
        held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
    return bytes(held)


def _noise(body: bytes, chance: random.Random) -> bytes:
    return _put(body, _place(body, chance), chance.randbytes(chance.choice((1, 16, 400))))


def _zeros(body: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(body, chance, 200)
    return body[:start] + b"\0" * (end - start) + body[end:]


def _doubled(body: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(body, chance)
    return _put(body, _place(body, chance), body[start:end])


def _many(body: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(body, chance, 60)
    return _put(body, end, body[start:end] * chance.choice((100, 2_000)))


def _dropped(body: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(body, chance)
    return body[:start] + body[end:]


def _tags_swapped(body: bytes, chance: random.Random) -> bytes:
    tags = [match.span() for match in _TAG.finditer(body)]
    if len(tags) < 2:
        return _doubled(body, chance)
    (a, b), (c, d) = sorted(chance.sample(tags, 2))
    return body[:a] + body[c:d] + body[b:c] + body[a:b] + body[d:]


def _nested(body: bytes, chance: random.Random) -> bytes:
    opening, closing = chance.choice(_NESTS)
    ends = [match.end() for match in _TAG.finditer(body)] or [0, len(body)]
    depth = chance.choice((50, 300, DEEP))
    at = chance.choice(ends)
    return _put(body, at, opening * depth) + closing * depth


def _attribute(body: bytes, chance: random.Random) -> bytes:
    ends = [match.end() - 1 for match in _TAG.finditer(body)] or [0]
    value = chance.choice((b"x" * 300_000, b"a b=c " * 20_000, b"&#0;" * 2_000, b"%00%ff" * 500))
    return _put(body, chance.choice(ends), b' class="%s"' % value)


def _of(choices: tuple[bytes, ...], body: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 3))):
        body = _put(body, _place(body, chance), chance.choice(choices))
    return body


def _numbers(body: bytes, chance: random.Random) -> bytes:
    found = [match.span() for match in _NUMBER.finditer(body)]
    for start, end in sorted(chance.sample(found, min(len(found), 3)), reverse=True):
        body = body[:start] + chance.choice(_NUMBERS) + body[end:]
    return body


def _recoded(body: bytes, chance: random.Random) -> bytes:
    return body.decode("utf-8", "replace").encode(chance.choice(_ENCODINGS), "replace")


def _claimed(body: bytes, chance: random.Random) -> bytes:
    claim = chance.choice(_CLAIMS)
    return _CHARSET.sub(lambda _: claim, body)


def _led(body: bytes, chance: random.Random) -> bytes:
    return chance.choice((*_MAGIC, _LAUGHS, b" " * 5_000, b"\n" * 5_000)) + body


def _packed(body: bytes, chance: random.Random) -> bytes:
    packed = gzip.compress(body, 1)
    return packed if chance.random() < 0.5 else packed[: _place(packed, chance)]


def _marks(body: bytes, chance: random.Random) -> bytes:
    mark = chance.choice((b'"', b"<", b">", b"=", b"/", b":", b"\n", b"e", b" "))
    return body.replace(
        mark, chance.choice((b"", b"'", mark * 2, b"\0", b"\xff", b"\r\n")), chance.choice((1, 9, -1))
    )


MUTATIONS: tuple[Mutation, ...] = (
    _cut, _begun_late, _flipped, _flipped, _noise, _zeros, _doubled, _many, _dropped, _tags_swapped,
    _tags_swapped, _nested, _attribute, _numbers, _recoded, _claimed, _led, _packed, _marks,
    partial(_of, _ENTITIES), partial(_of, _OPENED),
)  # fmt: skip
