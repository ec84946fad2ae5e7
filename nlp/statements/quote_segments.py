"""Which quoted stretches of a paragraph are speech, and which of them one attribution holds together."""

from __future__ import annotations

import itertools

from nlp.statements.model import Page
from nlp.statements.quotes import Quoted
from nlp.text.sentences import sentence_breaks

_NEAR = 200  # characters looked at on either side of a quotation


def speech_runs(page: Page, start: int, end: int, quotes: list[Quoted], going: bool) -> list[list[Quoted]]:
    """The paragraph's quotations that are speech, in runs that one attribution splits."""
    runs: list[list[Quoted]] = []
    for n, quote in enumerate(quotes):
        if not _looks_spoken(page, start, end, quote, going):
            continue
        if runs and runs[-1][-1] is quotes[n - 1] and _one_attribution(page, runs[-1][-1], quote):
            runs[-1].append(quote)
        else:
            runs.append([quote])
    return runs


def _looks_spoken(page: Page, start: int, end: int, quote: Quoted, going: bool) -> bool:
    words = page.text[quote.start : quote.end]
    before = page.text[max(start, quote.left - _NEAR) : quote.left].rstrip()
    after = page.text[quote.right : min(end, quote.right + _NEAR)].lstrip()
    if not words.strip():
        return False
    last = words.rstrip("’'”\"")[-1:] or words[-1]
    ended = last in ".!?…"
    capital = words[:1].isupper() or not words[:1].isalpha()
    if before.endswith(":") or (not before and not after):
        return capital or len(words.split()) > 3
    opens = (
        not before
        or before[-1] in '.!?…:)”"’'
        or (before.endswith(",") and _cue_near(page, start, quote.left, 8))
    )
    if opens and (ended or last in ",—–-") and (capital or before.endswith(",")):
        return True
    if ended and not opens and cue_right_before(page, start, quote.left):
        return True
    told = before.endswith(",") and after[:1] in (".", "") and _cue_near(page, start, quote.left, 8)
    if last in ",—–-" or after[:1] == "," or told:
        return bool(opens or before.endswith(",")) and len(words.split()) > 1
    return bool(
        not before and capital and len(words.split()) > 3 and _cue_near(page, quote.right, quote.right + 60)
    )


def _cue_near(page: Page, start: int, end: int, last: int = 0) -> bool:
    """True for a cue between the two, among the ``last`` tokens where that is given."""
    tokens = page.tokens(start, end)[-last:]
    return any(page.is_cue(token, True) for token in tokens if not page.quote_at(token.idx))


def cue_right_before(page: Page, start: int, at: int) -> bool:
    """True when the word before a quotation reports it: a man yelled "Stay there!"."""
    before = [t for t in page.tokens(max(start, at - 40), at) if not t.is_space]
    if not before or before[-1].tag_[:2] != "VB" or not page.is_cue(before[-1], True):
        return False
    return page.lexicon.verbs[page.lemma(before[-1])] != "label"


def _one_attribution(page: Page, one: Quoted, other: Quoted) -> bool:
    """True when the words between two stretches attribute both: they hold one cue and end no new lead-in."""
    between = page.text[one.right : other.left]
    if len(between) > 200:
        return False
    edges = [
        one.right,
        *(start for _, start in sentence_breaks(page.text, one.right, other.left)),
        other.left,
    ]
    pieces = [p for p in itertools.pairwise(edges) if page.text[p[0] : p[1]].strip(" .,;")]
    if not pieces:  # two quotations with nothing between them are mostly two people's
        return not between.strip() and not one.closed
    if len(pieces) > 1 or between.rstrip().endswith(":"):
        return False
    last = page.text[one.end - 1 : one.end]
    if last == "." or (last in "!?" and between.rstrip().endswith(",")):
        return False  # a sentence that ends within the marks is not attributed behind them
    if between.rstrip().endswith(".") and page.text[other.end - 1 : other.end] == ",":
        return not _cue_near(page, other.right, other.right + 40)  # "…," Jones says. "…," he adds.
    words = page.tokens(one.right, other.left)
    told = last in ",?!" and len(words) < 12
    return any(page.is_cue(token, True) or (told and token.tag_ in ("VBD", "VBZ")) for token in words)


def is_speech(page: Page, run: list[Quoted]) -> bool:
    """Without any attribution, only whole sentences count as speech."""
    words = page.text[run[0].start : run[-1].end]
    return len(words.split()) >= 4 and words[-1:] in ".!?…,"


def is_whole(start: int, end: int, run: list[Quoted]) -> bool:
    return run[0].left == start and end - run[-1].right <= 2
