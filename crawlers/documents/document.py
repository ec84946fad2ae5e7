"""What a reader of files gives: blocks of text with their kinds and pages, put together as one document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from ledger.errors import SaidError
from ledger.types import Laid, LayoutKind

MAX_TOLD = 500  # characters of a title or an author that a file names
_BLANKS = re.compile(r"\s+")


class FileRefused(SaidError):
    """A file that is not read. ``reason``: a short name for counting; the message says it to people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


BlockKind = LayoutKind | Literal[""]


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph, a heading, an item of a list, a row of a table.

    ``kind``: one of the layout's kinds, "" for a paragraph. ``page``: the page it begins on, 0 where the file
    has none. ``turns``: where in ``text`` later pages begin, as (offset, page).
    """

    text: str
    kind: BlockKind = ""
    page: int = 0
    turns: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file. ``layout``: kinds of spans of it. ``pages``: (offset, page), in order of offsets:
    from there on the text stands on that page; () for a file without pages.

    ``title``, ``author`` and ``date`` (ISO): as the file says of itself, "" where it does not.
    ``notes``: what of the file was not read, in words.
    """

    text: str
    layout: tuple[Laid, ...] = ()
    pages: tuple[tuple[int, int], ...] = ()
    title: str = ""
    author: str = ""
    date: str = ""
    notes: tuple[str, ...] = field(default=())


def assembled(blocks: Iterable[TextBlock], **more: object) -> Document:
    """The blocks as one text, parted by empty lines. ``more``: other fields of the document."""
    parts: list[str] = []
    layout: list[Laid] = []
    pages: list[tuple[int, int]] = []
    at = 0
    for block in blocks:
        if not block.text.strip():
            continue
        if parts:
            at += 2
        if block.kind:
            layout.append(Laid(block.kind, (at, at + len(block.text))))
        for offset, page in ((0, block.page), *block.turns):
            if page and (not pages or pages[-1][1] != page):
                pages.append((at + offset, page))
        parts.append(block.text)
        at += len(block.text)
    return Document("\n\n".join(parts), tuple(layout), tuple(pages), **more)  # type: ignore[arg-type]


def one_line(text: str) -> str:
    """Words with single blanks between them."""
    return _BLANKS.sub(" ", text).strip()
