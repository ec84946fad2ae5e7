"""Why a passage is held to bear on a pledge, in words that a reader can check against the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.pledges.stems import stem
from ledger.types import Span, Stance
from nlp.evidence.counts import later_date
from nlp.evidence.figures import Pair, days_after, speaks
from nlp.evidence.profile import Profile
from nlp.evidence.signs import MAX_CHARS, plain, seen, signs
from nlp.models.promise_encoder import time_told
from nlp.text import similarity

SHOWN = 4  # shared words that a reason names
TOLD_BY = {  # signs whose words are quoted for a stance, the first that stands there
    "restated": ("recalled", "firm", "to_come"),
    "delayed": ("delayed", "missed", "to_come"),
    "progress": ("begun", "share"),
    "delivered": ("done",),
    "cancelled": ("scrapped", "missed"),
    "broken": ("missed", "scrapped", "delayed", "denied"),
}
_WORD = re.compile(r"[^\W\d_]{3,}")
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")


def reason(pair: Pair, stance: Stance, own: bool) -> str:
    """Shared words, its number, the time against the date, and the words that tell the stance."""
    one, passage = pair.profile, pair.passage
    parts = ["the pledge is made again"] if own else []
    parts += _sharing(pair)
    if number := max(one.numbers & similarity.numbers(passage.text), default=None):
        parts.append(f"names its number {number:,.12g}")
    after = days_after(pair)
    if after is not None:
        parts.append(time_told(after))
    ahead = stance == "delayed" and "to_come" in seen(passage.text)
    if ahead and (later := later_date(passage.text, passage.day, one.first_due)):
        parts.append(f"“{later.text}” is later than was promised")
    elif found := _telling(passage.text, stance):
        parts.append(f"“{passage.text[slice(*found)]}”")
    if speaks(pair) and not own:
        parts.append("said by who promised it")
    return "; ".join(parts) or "reads like it, in other words"


def marked(pair: Pair, stance: Stance) -> tuple[Span, ...]:
    """Where the words that matter stand in the article: shared ones, the number, those of the stance."""
    passage = pair.passage
    at, text = passage.span[0], passage.text[:MAX_CHARS]
    spans = [span for _, span in _shared_spans(pair.profile, text)]
    spans += [
        match.span()
        for match in _FIGURE.finditer(text)
        if similarity.numbers(match[0]) & pair.profile.numbers
    ]
    if found := _telling(passage.text, stance):
        spans.append(found)
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple((at + start, at + end) for start, end in joined)


def _telling(text: str, stance: Stance) -> Span | None:
    """The words that tell a stance; None where it is told by the whole."""
    for name in TOLD_BY[stance]:
        if found := signs()[name].search(plain(text)):
            return found.span()
    return None


def _sharing(pair: Pair) -> list[str]:
    """The words shared with the passage, else with the sentence before, else with the headline."""
    passage = pair.passage
    for text, told in (
        (passage.text, "shares"),
        (passage.before, "the sentence before shares"),
        (pair.near.article.headline, "its headline shares"),
    ):
        found = sorted(_shared_spans(pair.profile, text), key=lambda row: (-row[0], row[1]))
        words = list(dict.fromkeys(text[start:end].lower() for _, (start, end) in found))
        if words:
            return [f"{told} {', '.join(f'“{word}”' for word in words[:SHOWN])} with the pledge"]
    return []


def _shared_spans(one: Profile, text: str) -> Iterator[tuple[float, Span]]:
    """The words of a text that are the pledge's too, each with how uncommon it is."""
    for match in _WORD.finditer(text[:MAX_CHARS]):
        if (stemmed := stem(match[0].lower())) in one.words:
            yield one.words[stemmed], match.span()
