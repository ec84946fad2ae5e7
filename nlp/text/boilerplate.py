"""What is taken out of a text before the parse: furniture, what nobody sees; the text in pieces for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.types import Span
from nlp.text.paragraphs import furniture_spans, paragraphs

PIECE_CHARS = 8_000  # longest stretch given to the parser at once; longer texts are cut between paragraphs
PIECE_TOKENS = 1_200  # and most tokens of it: a sentence without end costs the square of its length
LONGEST_GLUED = 120  # characters at a line's beginning looked at for glued furniture
_SEAM = re.compile(r"[a-z](?=[A-Z“\"‘'])")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))  # that no parser breaks words at
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")  # soft hyphens; blanks and joiners of no width
_SURROGATE = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """The text with replacement characters for halves of surrogate pairs, which no reader takes; as long."""
    return _SURROGATE.sub("\ufffd", text)


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

    It is `whole`; blanks that keep words together become plain ones.
    """
    text = whole(text).translate(_BLANKS)
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


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text without what nobody sees. ``cuts``: where in ``text`` it was, and how much of it up to there."""

    text: str
    cuts: tuple[tuple[int, int], ...] = ()

    def there(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        """Spans of ``text`` as spans of the text that it was made from."""
        if not self.cuts:
            return spans
        return tuple(
            (self._back(start), self._back(max(start, end - 1)) + (end > start)) for start, end in spans
        )

    def here(self, span: Span) -> Span:
        """A span of the text that this was made from as one of ``text``."""
        return self._on(span[0]), self._on(span[1])

    def _on(self, at: int) -> int:
        nth = bisect_right(self.cuts, at, key=lambda cut: cut[0] + cut[1])
        return at - (self.cuts[nth - 1][1] if nth else 0)

    def _back(self, at: int) -> int:
        nth = bisect_right(self.cuts, at, key=lambda cut: cut[0])
        return at + (self.cuts[nth - 1][1] if nth else 0)


def without_unseen(text: str) -> PlainText:
    """The text as it is read, in time linear in its length."""
    parts, cuts, at, gone = [], [], 0, 0
    for match in _UNSEEN.finditer(text):
        parts.append(text[at : match.start()])
        gone += len(match[0])
        cuts.append((match.end() - gone, gone))
        at = match.end()
    return PlainText("".join([*parts, text[at:]]), tuple(cuts)) if cuts else PlainText(text)
