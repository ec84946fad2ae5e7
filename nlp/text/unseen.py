"""Characters that a page holds and nobody sees, taken out of a text and put back under its spans."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from ledger.types import Span

_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")  # soft hyphens; blanks and joiners of no width


@dataclass(frozen=True, slots=True)
class Seen:
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


def without_unseen(text: str) -> Seen:
    """The text as it is read, in time linear in its length."""
    parts, cuts, at, gone = [], [], 0, 0
    for match in _UNSEEN.finditer(text):
        parts.append(text[at : match.start()])
        gone += len(match[0])
        cuts.append((match.end() - gone, gone))
        at = match.end()
    return Seen("".join([*parts, text[at:]]), tuple(cuts)) if cuts else Seen(text)
