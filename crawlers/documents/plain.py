"""Plain text, and the text of a mail: lines to paragraphs."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import groupby, pairwise
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
from ledger.data_files import read_yaml

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MOST_CONTROL = 0.001  # of a text's characters
_COMMENT = re.compile(r"\([^()]*\)")  # in an address
_ITEM = re.compile(r"(?:[•·▪‣●*–—-]|\(?\d{1,3}(?:\.\d{1,3})*[.)]|\(?[a-z][.)])\s+\S")
_WRAPPED = (45, 100)  # characters of lines that were broken to fit a page
_BLOCKS = frozenset("p div li h1 h2 h3 h4 h5 h6 tr blockquote pre table ul ol section article".split())
_UNSEEN = frozenset("script style head title template noscript".split())
_MAX_PARTS = 200
_FLOWED = re.compile(r"(?<=[^\s>-]) \n(?=[^\s>])")
_ANSWERED = "the mail that it answers"
_LEAST_OWN = 15  # words over a mail that is passed on: with fewer, that mail is what the file is for


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
    words = [part for part in parts if not part.is_attachment() and part.get_content_maintype() != "message"]
    texts = [part for part in words if part.get_content_maintype() == "text" or _is_torn(part)]
    plain = [part for part in texts if part.get_content_subtype() != "html" and _content(part).strip()]
    lines = [line for part in plain or texts for line in _lines(part)]
    own, passed_on, left = _own(lines)
    told = {"from": _header(message, "from"), "subject": _header(message, "subject")}
    told["date"] = _header(message, "date")
    if passed_on and sum(len(line.text.split()) for line in own) < _LEAST_OWN:
        head, body = _head(passed_on)
        own, _, left = _own(body)
        told |= head
    elif passed_on:
        left.append("a mail passed on in it")
    blocks = _put_together(own)
    if not blocks:
        raise FileRefused(
            "empty", "there are no words of its sender in it" if left else "there are no words in it"
        )
    notes = [f"attached, and not read: {', '.join(attached)}: add it as a file"] if attached else []
    notes += [f"not read, as not its sender's words: {', '.join(dict.fromkeys(left))}"] if left else []
    return assembled(
        blocks,
        title=one_line(told["subject"])[:MAX_TOLD],
        author=one_line(_COMMENT.sub("", told["from"].partition("<")[0]).strip(' "'))[:MAX_TOLD],
        date=_day(told["date"]),
        notes=tuple(notes),
    )


def _is_torn(part: Any) -> bool:
    """True for a mail that says that it has parts, and has none."""
    return part.get_content_maintype() == "multipart" and not part.is_multipart()


@cache
def _rules() -> dict[str, re.Pattern[str]]:
    rules = read_yaml(__file__, "mail.yaml")
    return {name: re.compile(rules[name], re.IGNORECASE) for name in rules if name != "elements"}


def _lines(part: Any) -> list[TextBlock]:
    """A part's lines as they stand, blank ones too, or the blocks of one in HTML."""
    text = _content(part)
    if part.get_content_subtype() == "html":
        return list(_markup(text))
    if part.get_param("format") == "flowed":
        text = _FLOWED.sub(" ", text.replace("\r\n", "\n"))
    return [TextBlock(line, "row") for line in text.splitlines()]


def _put_together(lines: Sequence[TextBlock]) -> list[TextBlock]:
    """Blocks of HTML as they are, stretches of plain lines as paragraphs."""
    found: list[TextBlock] = []
    for is_plain, run in groupby(lines, lambda line: line.kind == "row"):
        mine = list(run)
        found += _blocks("\n".join(line.text for line in mine), 0) if is_plain else mine
    return found


def _own(lines: Sequence[TextBlock]) -> tuple[list[TextBlock], list[TextBlock], list[str]]:
    """The sender's own words, the mail that is passed on below them, and in words what was left out."""
    rules = _rules()
    own: list[TextBlock] = []
    left: list[str] = []
    skipped = False  # the second line of "On Monday, Ann Lee <ann@…>" / "wrote:"
    for n, (line, following) in enumerate(pairwise([*lines, TextBlock("")])):
        text, below = line.text.strip(), following.text.strip()
        if skipped:
            skipped = False
            continue
        if rules["forwarded"].fullmatch(text):
            return own, list(lines[n + 1 :]), left
        if rules["signature"].fullmatch(line.text.rstrip("\r\n")):
            return own, _passed_on(lines[n + 1 :]), [*left, "the signature"]
        head = rules["head"].fullmatch(text)
        headed = head and head["name"].lower() == "from" and rules["head"].fullmatch(below)
        skipped = below.endswith(":") and bool(rules["answered"].fullmatch(f"{text} {below}"))
        if skipped or rules["answered"].fullmatch(text) or (own and headed):
            left.append(_ANSWERED)
            if not any(rules["quoted"].match(one.text) for one in lines[n:]):
                return own, [], left
        elif rules["quoted"].match(line.text):
            left.append(_ANSWERED)
        elif not rules["notice"].fullmatch(text) and (text or own):
            own.append(line)
    return own, [], left


def _passed_on(lines: Sequence[TextBlock]) -> list[TextBlock]:
    """What stands below a line that says that a mail is passed on."""
    at = (n for n, line in enumerate(lines) if _rules()["forwarded"].fullmatch(line.text.strip()))
    return list(lines[next(at, len(lines)) + 1 :])


def _head(lines: Sequence[TextBlock]) -> tuple[dict[str, str], Sequence[TextBlock]]:
    """What the head of a mail that is passed on tells, and the lines below it."""
    told: dict[str, str] = {}
    for n, line in enumerate(lines):
        text = line.text.strip()
        match = _rules()["head"].fullmatch(text)
        if text and match is None:
            return told, lines[n:]
        if match:
            told[{"sent": "date"}.get(match["name"].lower(), match["name"].lower())] = match["value"]
    return told, []


def _walked(message: Any) -> Iterator[Any]:
    """The parts of a mail, a mail that it carries as one part: its words are somebody else's."""
    yield message
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        for part in message.iter_parts():
            yield from _walked(part)


def _header(message: EmailMessage, name: str) -> str:
    """A header's words. The library's own reader of addresses and days raises at what no mail should hold."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    plain = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return str(make_header(decode_header(plain)))
    except (HeaderParseError, LookupError, ValueError):
        return plain


def _day(date: str) -> str:
    try:
        return parsedate_to_datetime(date).date().isoformat() if date else ""
    except (ValueError, TypeError, OverflowError):
        return ""


def _content(part: Any) -> str:
    """A part's words; what calls itself Latin or says nothing is often of another charset."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        payload = part.get_payload()
        return payload if isinstance(payload, str) else ""
    try:
        name = codecs.lookup(str(part.get_content_charset() or "ascii")).name
        return _decoded(data) if name in ("ascii", "iso8859-1") else data.decode(name, "replace")
    except (LookupError, ValueError):  # no encoding, or one that is not of texts ("idna", "hex")
        return _decoded(data)


def _markup(text: str) -> Iterator[TextBlock]:
    """The blocks of a mail in HTML, without a look at anything outside it."""
    if not text.strip():
        return
    tree = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, remove_comments=True))
    for element in tree.xpath(read_yaml(__file__, "mail.yaml")["elements"]):
        element.drop_tree()
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
