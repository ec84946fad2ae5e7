"""A text as windows of word pieces for the tagger: what it reads when it learns and when it works.

A window packs whole lines, each closed by the model's own mark, until `MOST` pieces are full; a line
longer than that is cut. MiniLM's vocabulary knows no capitals and the cut into lines loses where a quotation
runs, so each piece carries its ``shape`` too: small, capital or capitals, outside or inside marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

Span = tuple[int, int]
MOST = 220  # pieces of a window without its marks: MiniLM reads 256, and attention costs the square
BEFORE = 32  # pieces of the line before that a window sees again, without being asked about them
FIRST, LAST = "[CLS]", "[SEP]"
SHAPES = 6
SMALL, CAPITAL, CAPITALS, INSIDE = 0, 1, 2, 3  # INSIDE is added to one of the others


@dataclass(frozen=True, slots=True)
class Window:
    """``pieces``: numbers of the vocabulary with the marks; ``shapes``: one a piece; ``offsets``: characters
    of the text, (-1, -1) for a mark; ``asked``: the first piece that this window answers for.
    """

    pieces: list[int]
    shapes: list[int]
    offsets: list[Span]
    asked: int


@dataclass(slots=True)
class _Line:
    pieces: list[int]
    shapes: list[int]
    offsets: list[Span]


def windows(
    tokenizer: Tokenizer, text: str, lines: Iterable[Span], inside: Sequence[Span]
) -> Iterator[Window]:
    """The windows of a text's lines (spans of characters, in order), given its quoted spans (in order)."""
    first, last = number_of(tokenizer, FIRST), number_of(tokenizer, LAST)
    pack: list[_Line] = []
    size = 0
    before: _Line | None = None
    for line in _lines(tokenizer, text, lines, inside):
        if pack and size + len(line.pieces) + 1 > MOST:
            yield _packed(pack, before, first, last)
            before, pack, size = pack[-1], [], 0
        pack.append(line)
        size += len(line.pieces) + 1
    if pack:
        yield _packed(pack, before, first, last)


def _packed(pack: Sequence[_Line], before: _Line | None, first: int, last: int) -> Window:
    made = Window([first], [SMALL], [(-1, -1)], 1)
    context = [] if before is None else [_tail(before)]
    asked = 1
    for n, line in enumerate([*context, *pack]):
        made.pieces.extend([*line.pieces, last])
        made.shapes.extend([*line.shapes, SMALL])
        made.offsets.extend([*line.offsets, (-1, -1)])
        if n < len(context):
            asked = len(made.pieces)
    return Window(made.pieces, made.shapes, made.offsets, asked)


def _tail(line: _Line) -> _Line:
    return _Line(line.pieces[-BEFORE:], line.shapes[-BEFORE:], line.offsets[-BEFORE:])


def _lines(tokenizer: Tokenizer, text: str, lines: Iterable[Span], inside: Sequence[Span]) -> Iterator[_Line]:
    """Each line's pieces, long ones cut; a quoted span is looked up once, as both run in order."""
    spans = list(lines)
    encoded = tokenizer.encode_batch([text[a:b] for a, b in spans], add_special_tokens=False)
    at = 0
    for (start, _), encoding in zip(spans, encoded, strict=True):
        offsets = [(start + a, start + b) for a, b in encoding.offsets]
        shapes = []
        for a, b in offsets:
            while at < len(inside) and inside[at][1] <= a:
                at += 1
            quoted = at < len(inside) and inside[at][0] <= a
            shapes.append(_shape(text[a:b]) + INSIDE * quoted)
        room = MOST - 1
        for cut in range(0, max(1, len(offsets)), room):
            part = slice(cut, cut + room)
            yield _Line(encoding.ids[part], shapes[part], offsets[part])


def number_of(tokenizer: Tokenizer, written: str) -> int:
    """The number of a mark in the vocabulary. Raises ValueError where it is not one piece."""
    number = tokenizer.token_to_id(written)
    if number is None:
        raise ValueError(f"{written!r} is no piece of the vocabulary")
    return number


def _shape(word: str) -> int:
    if not word[:1].isupper():
        return SMALL
    return CAPITALS if len(word) > 1 and word.isupper() else CAPITAL
