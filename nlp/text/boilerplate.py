"""Page furniture that a publisher glued into a text, blanked before the parse; the text in pieces for it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ledger.types import Span
from nlp.text.paragraphs import furniture_spans, paragraphs

PIECE_CHARS = 8_000  # longest stretch given to the parser at once; longer texts are cut between paragraphs
PIECE_TOKENS = 1_200  # and most tokens of it: a sentence without end costs the square of its length
LONGEST_GLUED = 120  # characters at a line's beginning looked at for glued furniture
_SEAM = re.compile(r"[a-z](?=[A-Z“\"‘'])")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))  # that no parser breaks words at
_SURROGATE = re.compile("[\ud800-\udfff]")


def page_furniture(text: str) -> list[Span]:
    """Spans of page furniture: whole lines, and what of such a line is glued to a sentence's beginning."""
    spans = furniture_spans(text)
    for para in paragraphs(text):
        line = text[para.start : min(para.end, para.start + LONGEST_GLUED)]
        if para.furniture:
            continue
        for seam in reversed(list(_SEAM.finditer(line))):
            if furniture_spans(line[: seam.end()]):
                spans.append((para.start, para.start + seam.end()))
                break
    return sorted(spans)


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans turned to blanks, so that no sentence runs through them, of the same length.

    Halves of surrogate pairs, which no parser takes, become replacement characters; blanks that keep words
    together become plain ones.
    """
    text = _SURROGATE.sub("\ufffd", text).translate(_BLANKS)
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], re.sub(r"[^\n]", " ", text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def pieces(text: str) -> list[str]:
    """The text cut into stretches that the parser can take, between paragraphs or words where it can be."""
    found: list[str] = []
    at = 0
    while at < len(text):
        end = at
        for nth, match in enumerate(_TOKEN.finditer(text, at, min(at + PIECE_CHARS, len(text)))):
            end = match.end()
            if nth == PIECE_TOKENS:
                break
        else:
            end = min(at + PIECE_CHARS, len(text))
        if end < len(text):
            half = (at + end) // 2
            cut = max(text.rfind("\n", half, end), -1) + 1 or max(text.rfind(" ", half, end), -1) + 1
            end = cut or end
        found.append(text[at:end])
        at = end
    return found or [""]
