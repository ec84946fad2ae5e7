"""A Word file's paragraphs, as far as they are words: no macro, no link and no picture of it is looked at."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
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
from crawlers.documents.numbering import Numbering, W, WordStyle, numbering, styles, value

MAX_PART = 40_000_000  # bytes of one part, unpacked
_STRICT, _USUAL = (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W.strip("{}").encode())
_CHOICES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_BLANK = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}
_UNREAD = {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText"}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_BOX = f"{W}txbxContent"
_MARKS = {f"{W}t", f"{W}lastRenderedPageBreak", _BOX, *_NOTES}
_RUNNING = re.compile(r"word/(header|footer)\d*\.xml")
_PAGE_NUMBER = re.compile(r"\b(?:PAGE|NUMPAGES|SECTIONPAGES)\b")
_MOST_RUNNING = 60  # parts of running heads and feet: three for each of twenty sections


def read_docx(data: bytes) -> Document:
    """The document of a DOCX or DOCM file. Raises FileRefused: ``damaged``, ``too_large``, ``empty``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            main = _part(pack, "word/document.xml")
            if main is None:
                raise FileRefused("not_read", "it is a packed file, but no Word document")
            heads, feet = _running(pack)
            reading = _Reading(
                numbering(_part(pack, "word/numbering.xml")),
                styles(_part(pack, "word/styles.xml")),
                {kind: _notes(_part(pack, f"word/{kind}.xml")) for kind in _NOTES.values()},
                1 if next(main.iter(f"{W}lastRenderedPageBreak"), None) is not None else 0,
            )
            core = _part(pack, "docProps/core.xml")
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError) as error:
        raise FileRefused("damaged", "it is no whole Word file") from error
    blocks = list(reading.blocks(main.find(f"{W}body")))
    blocks += reading.behind
    if not any(block.text.strip() for block in blocks):
        raise FileRefused("empty", "there are no words in it")
    told = {"title": "", "author": "", "date": ""}
    if core is not None:
        told["title"] = one_line(core.findtext(f"{_DUBLIN}title") or "")[:MAX_TOLD]
        told["author"] = one_line(core.findtext(f"{_DUBLIN}creator") or "")[:MAX_TOLD]
        told["date"] = _day(core.findtext(f"{_TERMS}modified") or "")
    within = {block.text for block in blocks}
    around = [[one for one in running if one.text not in within] for running in (heads, feet)]
    return assembled([*around[0], *blocks, *around[1]], **told)


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
            data.replace(_STRICT, _USUAL),
            etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False),
        )
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileRefused("damaged", f"its part {name} cannot be read") from error
    if tree.getroottree().docinfo.doctype:
        raise FileRefused("damaged", f"its part {name} declares entities, which no Word file does")
    return tree


def _running(pack: zipfile.ZipFile) -> tuple[list[TextBlock], list[TextBlock]]:
    """What stands over and under the pages, each line once; nobody says it, so it is as a caption is."""
    found: dict[str, dict[str, TextBlock]] = {"header": {}, "footer": {}}
    named = [match for name in sorted(pack.namelist()) if (match := _RUNNING.fullmatch(name))]
    for match in named[:_MOST_RUNNING]:
        part = _part(pack, match[0])
        for paragraph in () if part is None else part.iter(f"{W}p"):
            told = " ".join(
                [*(one.text or "" for one in paragraph.iter(f"{W}instrText"))]
                + [one.get(f"{W}instr") or "" for one in paragraph.iter(f"{W}fldSimple")]
            )
            words = one_line("".join(_BLANK.get(one.tag, one.text or "") for one in _spoken(paragraph)))
            if words and not _PAGE_NUMBER.search(told):
                found[match[1]][words] = TextBlock(words, "caption")
    heads, feet = (list(lines.values()) for lines in found.values())
    return heads, [one for one in feet if one not in heads]


def _notes(tree: Any) -> dict[str, Any]:
    """The notes of a part by id, but for the lines that part them from the text."""
    notes = () if tree is None else tree
    return {one.get(f"{W}id") or "": one for one in notes if one.get(f"{W}type") in (None, "normal")}


@dataclass(slots=True)
class _Reading:
    """How far a file is read. ``page``: as it was last laid out, 0 where it does not say. ``behind``: notes
    for its end. ``held``: of a paragraph whose end was deleted, so that the next one goes on with it."""

    numbering: Numbering
    styles: dict[str, WordStyle]
    notes: dict[str, dict[str, Any]]
    page: int
    behind: list[TextBlock] = field(default_factory=list)
    held: TextBlock | None = None

    def blocks(self, parent: Any) -> Iterator[TextBlock]:
        """The blocks within an element in order; boxes and notes behind the paragraph that they hang on."""
        for element in () if parent is None else parent:
            if element.tag == f"{W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{W}tbl":
                for row in _inner(element, "tr"):
                    if row.find(f"{W}trPr/{W}del") is not None:
                        continue
                    first = self.page
                    cells = [
                        " ".join(block.text for block in self.blocks(cell) if block.text)
                        for cell in _inner(row, "tc")
                    ]
                    yield TextBlock(" | ".join(cells) if any(cells) else "", "row", first)
            elif element.tag == f"{W}sdt":
                yield from self.blocks(element.find(f"{W}sdtContent"))
            elif element.tag in (f"{W}customXml", f"{W}ins", f"{W}moveTo"):
                yield from self.blocks(element)
        if self.held and (parent is None or parent.tag != f"{W}sdtContent"):
            held, self.held = self.held, None
            yield held

    def _paragraph(self, element: Any) -> Iterator[TextBlock]:
        text, first, turns = "", self.page, []
        hung: list[Any] = []
        for part in _spoken(element):
            if part.tag == f"{W}lastRenderedPageBreak":
                self.page += 1
                if text.strip():
                    turns.append((len(text), self.page))
                else:
                    first = self.page
            elif part.tag == _BOX or part.tag in _NOTES:
                hung.append(part)
            else:
                text += _BLANK.get(part.tag, "") or (part.text or "")
        unended = element.find(f"{W}pPr/{W}rPr/{W}del") is not None
        held, self.held = self.held, None
        if held is None:
            kind, mark = self._kind(element) if text.strip() or not unended else ("", "")
            lead = len(text) - len(text.lstrip())
        else:
            kind, mark, first, lead = held.kind, held.text, held.page, 0
        words = text.strip() if held is None else text.rstrip()
        shift = len(mark) - lead
        moved = [(min(at + shift, len(mark) + len(words)), number) for at, number in turns]
        whole = mark + words if words or held else ""
        block = TextBlock(whole, kind if whole else "", first, (*(held.turns if held else ()), *moved))
        if unended and whole:
            self.held = replace(block, text=whole + text[len(text.rstrip()) :])
        else:
            yield block
        for part in hung:
            yield from self._hung(part)

    def _hung(self, part: Any) -> Iterator[TextBlock]:
        """A box's blocks, or a note's, each note once; those for the end of the file are kept for it."""
        if part.tag == _BOX:
            yield from self.blocks(part)
            return
        kind = _NOTES[part.tag]
        note = self.notes[kind].pop(part.get(f"{W}id") or "", None)
        found = [replace(block, page=self.page) for block in self.blocks(note)]
        if kind == "endnotes":
            self.behind += found
        else:
            yield from found

    def _kind(self, element: Any) -> tuple[BlockKind, str]:
        """("heading" or "list" or "", what stands before the words of an item)."""
        told = element.find(f"{W}pPr")
        if told is None:
            return "", ""
        named = value(told, "pStyle")
        style = self.styles.get(named, WordStyle())
        numbered = told.find(f"{W}numPr")
        listed, level = style.listed, style.level
        if numbered is not None:
            listed, level = value(numbered, "numId") or listed, value(numbered, "ilvl") or level
        mark = self.numbering.mark(listed, level or "0") + " " if listed not in ("", "0") else ""
        names = (named.lower(), style.name)
        if any(name.startswith(("heading", "title", "subtitle")) for name in names):
            return "heading", mark if mark.strip() != "•" else ""
        if mark or any(name.startswith(("listbullet", "list bullet")) for name in names):
            return "list", mark or "• "
        return "", ""


def _inner(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table, or the cells of a row, also those within controls; none of a table in a cell."""
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"):
            yield from _inner(child, name)


def _spoken(element: Any) -> Iterator[Any]:
    """The parts of a paragraph that hold words, in order; what was deleted or is hidden is left out.

    Of what is kept twice, for newer and for older programs, the first is read. A box is given as it is.
    """
    for child in element:
        if child.tag in _UNREAD or child.find(f"{W}rPr/{W}vanish") is not None:
            continue
        if child.tag == f"{_CHOICES}AlternateContent":
            yield from _spoken(child[0] if len(child) else child)
        elif child.tag in _BLANK or child.tag in _MARKS:
            yield child
        else:
            yield from _spoken(child)
