"""A Word file's paragraphs, as far as they are words: no macro, no link and no picture of it is looked at."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree

from crawlers.documents.document import (
    MAX_TOLD,
    BlockKind,
    Document,
    FileRefused,
    TextBlock,
    assembled,
    one_line,
)

MAX_PART = 40_000_000  # bytes of one part, unpacked
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_BLANK = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}
_UNREAD = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_W}txbxContent"}


@dataclass(slots=True)
class _Numbering:
    """How the lists of a file are numbered: by the list's id and its level, the number's form."""

    forms: dict[tuple[str, str], tuple[str, str]]
    counted: dict[str, dict[int, int]]

    def mark(self, listed: str, level: str) -> str:
        """The bullet, or the next number, of an item."""
        kind, shape = self.forms.get((listed, level), ("bullet", ""))
        if kind != "decimal" or not level.isdigit():
            return "•"
        mine = self.counted[listed]
        mine[int(level)] = mine.get(int(level), 0) + 1
        for deeper in [one for one in mine if one > int(level)]:
            del mine[deeper]
        for n in range(int(level) + 1):
            shape = shape.replace(f"%{n + 1}", str(mine.get(n, 1)))
        return shape or f"{mine[int(level)]}."


def read_docx(data: bytes) -> Document:
    """The document of a DOCX or DOCM file. Raises FileRefused: ``damaged``, ``too_large``, ``empty``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            main = _part(pack, "word/document.xml")
            if main is None:
                raise FileRefused("not_read", "it is a packed file, but no Word document")
            numbering = _numbering(_part(pack, "word/numbering.xml"))
            core = _part(pack, "docProps/core.xml")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise FileRefused("damaged", "it is no whole Word file") from error
    body = main.find(f"{_W}body")
    counted = main.iter(f"{_W}lastRenderedPageBreak")
    blocks = list(_blocks(body, numbering, _Page(1 if next(counted, None) is not None else 0)))
    if not any(block.text.strip() for block in blocks):
        raise FileRefused("empty", "there are no words in it")
    told = {"title": "", "author": "", "date": ""}
    if core is not None:
        told["title"] = one_line(core.findtext(f"{_DUBLIN}title") or "")[:MAX_TOLD]
        told["author"] = one_line(core.findtext(f"{_DUBLIN}creator") or "")[:MAX_TOLD]
        told["date"] = _day(core.findtext(f"{_TERMS}modified") or "")
    return assembled(blocks, **told)


def _day(told: str) -> str:
    """The day of a time in ISO form, "" where it is none."""
    try:
        return date.fromisoformat(told[:10]).isoformat()
    except ValueError:
        return ""


def _part(pack: zipfile.ZipFile, name: str) -> Any:
    """A part's tree, None where the file has none of the name."""
    try:
        told = pack.getinfo(name)
    except KeyError:
        return None
    with pack.open(told) as file:
        data = file.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise FileRefused("too_large", f"it unpacks to more than {MAX_PART // 1_000_000} MB")
    try:
        tree = etree.fromstring(
            data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        )
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileRefused("damaged", f"its part {name} cannot be read") from error
    if tree.getroottree().docinfo.doctype:
        raise FileRefused("damaged", f"its part {name} declares entities, which no Word file does")
    return tree


@dataclass(slots=True)
class _Page:
    """The page that reading has come to, as the file was last laid out; 0 where it does not say."""

    number: int


def _blocks(parent: Any, numbering: _Numbering, page: _Page) -> Iterator[TextBlock]:
    for element in () if parent is None else parent:
        if element.tag == f"{_W}p":
            yield _paragraph(element, numbering, page)
        elif element.tag == f"{_W}tbl":
            for row in _inner(element, "tr"):
                first = page.number
                cells = [
                    " ".join(block.text for block in _blocks(cell, numbering, page) if block.text)
                    for cell in _inner(row, "tc")
                ]
                yield TextBlock(" | ".join(cells) if any(cells) else "", "row", first)
        elif element.tag == f"{_W}sdt":
            yield from _blocks(element.find(f"{_W}sdtContent"), numbering, page)


def _inner(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table, or the cells of a row, also those within controls; none of a table in a cell."""
    for child in element:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"):
            yield from _inner(child, name)


def _paragraph(element: Any, numbering: _Numbering, page: _Page) -> TextBlock:
    kind, mark = _kind(element, numbering)
    text, first, turns = "", page.number, []
    for part in _spoken(element):
        if part.tag == f"{_W}lastRenderedPageBreak":
            page.number += 1
            if text.strip():
                turns.append((len(text), page.number))
            else:
                first = page.number
        else:
            text += _BLANK.get(part.tag, "") or (part.text or "")
    lead = len(text) - len(text.lstrip())
    words = text.strip()
    shift = len(mark) - lead
    moved = [(min(at + shift, len(mark) + len(words)), number) for at, number in turns]
    return TextBlock(mark + words if words else "", kind if words else "", first, tuple(moved))


def _kind(element: Any, numbering: _Numbering) -> tuple[BlockKind, str]:
    """("heading" or "list" or "", what stands before the words of an item)."""
    told = element.find(f"{_W}pPr")
    if told is None:
        return "", ""
    style = told.find(f"{_W}pStyle")
    named = (style.get(f"{_W}val") or "").lower() if style is not None else ""
    numbered = told.find(f"{_W}numPr")
    mark = ""
    if numbered is not None:
        listed, level = (numbered.find(f"{_W}{name}") for name in ("numId", "ilvl"))
        number = listed.get(f"{_W}val") if listed is not None else "0"
        if number != "0":
            mark = numbering.mark(number, level.get(f"{_W}val") if level is not None else "0") + " "
    if named.startswith(("heading", "title", "subtitle")):
        return "heading", mark if mark.strip() != "•" else ""
    if mark or named.startswith("listbullet"):
        return "list", mark or "• "
    return "", ""


def _spoken(element: Any) -> Iterator[Any]:
    """The parts of a paragraph that hold words, in order; what was deleted is left out."""
    for child in element:
        if child.tag in _UNREAD:
            continue
        if child.tag in _BLANK or child.tag in (f"{_W}t", f"{_W}lastRenderedPageBreak"):
            yield child
        else:
            yield from _spoken(child)


def _numbering(tree: Any) -> _Numbering:
    forms: dict[tuple[str, str], tuple[str, str]] = {}
    if tree is not None:
        levels: dict[str, dict[str, tuple[str, str]]] = {}
        for plan in tree.findall(f"{_W}abstractNum"):
            levels[plan.get(f"{_W}abstractNumId") or ""] = {
                level.get(f"{_W}ilvl") or "": (_value(level, "numFmt"), _value(level, "lvlText"))
                for level in plan.findall(f"{_W}lvl")
            }
        for one in tree.findall(f"{_W}num"):
            for level, form in levels.get(_value(one, "abstractNumId"), {}).items():
                forms[one.get(f"{_W}numId") or "", level] = form
    return _Numbering(forms, defaultdict(dict))


def _value(element: Any, name: str) -> str:
    found = element.find(f"{_W}{name}")
    return (found.get(f"{_W}val") or "") if found is not None else ""
