"""Plain text, and the text of a mail: lines to paragraphs."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import html

from crawlers.documents.document import (
    MAX_TOLD,
    BlockKind,
    Document,
    FileRefused,
    TextBlock,
    assembled,
    one_line,
)

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MOST_CONTROL = 0.001  # of a text's characters
_ITEM = re.compile(r"(?:[•·▪‣●*–—-]|\(?\d{1,3}(?:\.\d{1,3})*[.)]|\(?[a-z][.)])\s+\S")
_WRAPPED = (45, 100)  # characters of lines that were broken to fit a page
_BLOCKS = frozenset("p div li h1 h2 h3 h4 h5 h6 tr blockquote pre table ul ol section article".split())
_UNSEEN = frozenset("script style head title template noscript".split())
_MAX_PARTS = 200


def read_text(data: bytes) -> Document:
    """The document of a text file; a form feed begins a page. Raises FileRefused: ``not_read``, ``empty``."""
    text = _decoded(data)
    if len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text):
        raise FileRefused("not_read", "it is neither text nor a kind of file that is known here")
    sheets = text.split("\f")
    blocks = [
        block
        for number, sheet in enumerate(sheets, 1)
        for block in _blocks(sheet, number if len(sheets) > 1 else 0)
    ]
    if not blocks:
        raise FileRefused("empty", "there are no words in it")
    return assembled(blocks)


def _decoded(data: bytes) -> str:
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _blocks(text: str, page: int) -> Iterator[TextBlock]:
    for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        if not lines:
            continue
        low, high = _WRAPPED
        wrapped = len(lines) > 1 and all(low <= len(line) <= high for line in lines[:-1])
        held = ""
        for line in lines:
            item = _ITEM.match(line) is not None
            if held and (item or not (wrapped or _ITEM.match(held))):
                yield _block(held, page)
                held = ""
            held = f"{held} {line}" if held else line
        yield _block(held, page)


def _block(text: str, page: int) -> TextBlock:
    return TextBlock(one_line(text), "list" if _ITEM.match(text) else "", page)


def read_mail(data: bytes) -> Document:
    """The document of a mail: its own words, not what is attached. Raises FileRefused: ``damaged`` or
    ``empty``."""
    message = message_from_bytes(data, policy=default)
    parts: list[Any] = []
    for part in _walked(message):
        if len(parts) == _MAX_PARTS:
            raise FileRefused("damaged", f"it is a mail of more than {_MAX_PARTS} parts")
        parts.append(part)
    others = [p for p in parts if p.is_attachment() or p.get_content_maintype() == "message"]
    attached = [str(part.get_filename() or part.get_content_type()) for part in others]
    words = [part for part in parts if not part.is_attachment() and part.get_content_maintype() == "text"]
    plain = [part for part in words if part.get_content_subtype() == "plain"]
    blocks: list[TextBlock] = []
    for part in plain or words:
        blocks += (
            _markup(_content(part)) if part.get_content_subtype() == "html" else _blocks(_content(part), 0)
        )
    if not blocks:
        raise FileRefused("empty", "there are no words in it")
    notes = (f"attached, and not read: {', '.join(attached)}: add it as a file",) if attached else ()
    return assembled(
        blocks,
        title=one_line(_header(message, "subject"))[:MAX_TOLD],
        author=one_line(_header(message, "from").partition("<")[0].strip(' "'))[:MAX_TOLD],
        date=_day(_header(message, "date")),
        notes=notes,
    )


def _walked(message: Any) -> Iterator[Any]:
    """The parts of a mail, a mail that it carries as one part: its words are somebody else's."""
    yield message
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        for part in message.iter_parts():
            yield from _walked(part)


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name) or "")


def _day(date: str) -> str:
    try:
        return parsedate_to_datetime(date).date().isoformat() if date else ""
    except ValueError:
        return ""


def _content(part: Any) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # an unknown or a wrong charset
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")


def _markup(text: str) -> Iterator[TextBlock]:
    """The blocks of a mail in HTML, without a look at anything outside it."""
    if not text.strip():
        return
    tree = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, remove_comments=True))
    held: list[str] = []
    kind: BlockKind = ""

    def walk(element: Any) -> Iterator[tuple[str, str]]:
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            yield element.tail or "", ""
            return
        block = element.tag in _BLOCKS
        if block or element.tag == "br":
            yield "", element.tag
        yield element.text or "", ""
        for child in element:
            yield from walk(child)
        if block:
            yield "", "/"
        yield element.tail or "", ""

    for words, tag in walk(tree):
        if tag:
            if done := one_line("".join(held)):
                yield TextBlock(f"• {done}" if kind == "list" else done, kind)
            held = []
            kind = "list" if tag == "li" else "heading" if re.fullmatch(r"h[1-6]", tag) else ""
        held.append(words)
    if done := one_line("".join(held)):
        yield TextBlock(done, kind)
