"""Direct speech: quoted stretches told as speech or as fragments, each with its cue and source.

What stands around the stretches of a paragraph decides: words after a stretch attribute it ("…," said X),
words before attribute what follows (X said: "…"), a stretch split by its attribution is one statement, and
a paragraph that is all quotation goes on with the speaker of the one before.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from typing import Any

from ledger.types import Span
from nlp.beside import cue_beside
from nlp.found import Found, Page, noun_phrase
from nlp.layout import sentence_ends
from nlp.quotations import Quoted

_NAME_WORD = r"(?:[A-Z][\w’'.-]*|of|the|for|and|de|van)"
_NAME = rf"{_NAME_WORD}(?:[ ,]+{_NAME_WORD}){{0,8}}"
_SPEAKER_LINE = re.compile(rf"({_NAME}):\s*$")
_HEADED = re.compile(
    rf"({_NAME}) (?:on|to|about) [^.,:?!]+:\s*$|.*\s[-–—]\s({_NAME}):\s*$|From ({_NAME}):\s*$"
)
_MARKS = "”\"’'»"
_NEAR = 200  # characters looked at on either side of a quotation


def direct_statements(page: Page) -> list[Found]:
    """The direct statements of a page, in order; fragments of quotation are left to `nlp.indirect`."""
    by_para: dict[int, list[Quoted]] = {}
    for quote in page.quotes:
        by_para.setdefault(quote.para, []).append(quote)
    found: list[Found] = []
    going: int | None = None  # the statement whose speaker goes on into the next paragraph
    unclosed = False
    for number, para in enumerate(page.paras):
        if para.furniture:
            continue
        quotes = by_para.get(number, [])
        runs = _speech_runs(page, para.start, para.end, quotes, going is not None)
        if not runs:
            lead = _lead_in(page, para.start, para.end)
            if lead is not None:
                found.append(lead)
                going = len(found) - 1
            else:
                going = None
            unclosed = False
            continue
        for run in runs:
            statement = _attributed(page, para.start, para.end, run, quotes)
            if statement.source or statement.cue:
                found.append(statement)
                going = len(found) - 1
            elif going is not None and (unclosed or _whole(para.start, para.end, run) or run[0].continued):
                found.append(_carried(statement, going))
            elif _is_speech(page, run):
                found.append(statement)
                going = None
        unclosed = bool(quotes) and not quotes[-1].closed
    return _without_leads(found)


def _speech_runs(page: Page, start: int, end: int, quotes: list[Quoted], going: bool) -> list[list[Quoted]]:
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
    if ended and not opens and _cue_right_before(page, start, quote.left):
        return True
    if last in ",—–-" or after[:1] == ",":
        return bool(opens or before.endswith(",")) and len(words.split()) > 1
    return bool(
        not before and capital and len(words.split()) > 3 and _cue_near(page, quote.right, quote.right + 60)
    )


def _cue_near(page: Page, start: int, end: int, last: int = 0) -> bool:
    """True for a cue between the two, among the ``last`` tokens where that is given."""
    tokens = page.tokens(start, end)[-last:]
    return any(page.is_cue(token, True) for token in tokens if not page.quote_at(token.idx))


def _cue_right_before(page: Page, start: int, at: int) -> bool:
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
    edges = [one.right, *(end for _, end in sentence_ends(page.text, one.right, other.left)), other.left]
    pieces = [p for p in itertools.pairwise(edges) if page.text[p[0] : p[1]].strip(" .,;")]
    if not pieces:
        return not between.strip()
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


def _attributed(page: Page, start: int, end: int, run: list[Quoted], quotes: list[Quoted]) -> Found:
    """A run with the cue and source that the words after it, else those before it, give."""
    content = tuple(_bare(page.text, q) for q in run)
    first, last = run[0], run[-1]
    lefts = [q.left for q in quotes]
    behind, ahead = bisect_left(lefts, first.left), bisect_right(lefts, last.left)
    following = lefts[ahead] if ahead < len(lefts) else end
    preceding = quotes[behind - 1].right if behind else start
    pieces: list[tuple[int, int, bool]] = []
    if len(run) > 1:
        pieces.append((run[0].right, run[1].left, True))
    after_end = _sentence_stop(page.text, last.right, following)
    if page.text[last.right : after_end].strip(" .,;:"):
        pieces.append((last.right, after_end, True))
    before_start = _sentence_start(page.text, preceding, first.left)
    led_in = page.text[before_start : first.left].rstrip().endswith((":", ","))
    ends = page.text[first.end - 1 : first.end]  # "…," he said, "…." is attributed by what splits it
    if _cue_right_before(page, before_start, first.left) or (led_in and ends == "."):
        pieces.insert(0, (before_start, first.left, False))
    elif led_in or not pieces:
        pieces.append((before_start, first.left, False))
    before = page.text[before_start : first.left]
    if headed := _HEADED.match(before):
        left, right = (before_start + edge for edge in headed.span(headed.lastindex or 0))
        if not any(token.pos_ == "VERB" for token in page.tokens(left, right)):
            return Found("direct", content, (), ((left, right),), None, "", "name and colon")
    for left, right, after in pieces:
        if cue := cue_beside(page, left, right, after):
            verb, source = cue
            page.taken.add(verb.i)
            return Found(
                "direct",
                content,
                (_cue_span(page, verb),),
                source,
                None,
                page.lemma(verb),
                "quotation with cue",
            )
    if name := _SPEAKER_LINE.search(before):
        span = (before_start + name.start(1), before_start + name.end(1))
        return Found("direct", content, (), (span,), None, "", "name and colon")
    return Found("direct", content)


def _cue_span(page: Page, verb: Any) -> Span:
    return verb.idx, verb.idx + len(verb.text)


def _lead_in(page: Page, start: int, end: int) -> Found | None:
    """A paragraph that ends in a colon introduces the quotation of the next: who says it."""
    text = page.text[start:end].rstrip()
    if not text.endswith(":"):
        return None
    left = _sentence_start(page.text, start, end)
    if cue := cue_beside(page, left, end, False):
        verb, source = cue
        page.taken.add(verb.i)
        return Found(
            "direct",
            ((start, start),),
            (_cue_span(page, verb),),
            source,
            None,
            page.lemma(verb),
            "lead-in",
        )
    if name := _SPEAKER_LINE.search(page.text[left:end]):
        return Found(
            "direct",
            ((start, start),),
            (),
            ((left + name.start(1), left + name.end(1)),),
            None,
            "",
            "lead-in",
        )
    return None


def _without_leads(found: list[Found]) -> list[Found]:
    """Hand each lead-in's cue and source to the first statement carried from it, and drop the lead-in."""
    kept: list[Found] = []
    place: dict[int, int] = {}
    for n, one in enumerate(found):
        if one.why == "lead-in":
            continue
        carried = one.carried
        if carried is not None and found[carried].why == "lead-in" and carried not in place:
            lead = found[carried]
            one = Found(
                "direct", one.content, lead.cue, lead.source, None, lead.cue_lemma, "lead-in paragraph"
            )
            place[carried] = len(kept)
        elif carried is not None:
            one = _carried(one, place[carried])
        place[n] = len(kept)
        kept.append(one)
    return kept


def subject_before(page: Page, number: int, at: int) -> Span | None:
    """Whoever the sentence before a quotation is about, within its paragraph: Jones laughed. "No."."""
    start = max(page.paras[number].start, at - 3 * _NEAR)
    tokens = [t for t in page.tokens(start, at - 1) if not page.quote_at(t.idx)]
    if not tokens or page.text[start:at].rstrip(_MARKS + "“‘ ")[-1:] not in (".", "?", "!", ":"):
        return None
    last = tokens[-1].sent.root
    subject = next((c for c in last.children if c.dep_ == "nsubj"), None)
    if subject is None or page.quote_at(subject.idx) or subject.idx < start:
        return None
    person = subject.ent_type_ == "PERSON" or subject.lower_ in ("he", "she")
    return noun_phrase(page, subject) if person else None


def _carried(statement: Found, head: int) -> Found:
    return Found("direct", statement.content, (), (), head, "", "the speaker goes on")


def _whole(start: int, end: int, run: list[Quoted]) -> bool:
    return run[0].left == start and end - run[-1].right <= 2


def _is_speech(page: Page, run: list[Quoted]) -> bool:
    """Without any attribution, only whole sentences count as speech."""
    words = page.text[run[0].start : run[-1].end]
    return len(words.split()) >= 4 and words[-1:] in ".!?…,"


def _bare(text: str, quote: Quoted) -> Span:
    """The words without the comma that belongs to the attribution."""
    end = quote.end
    while end > quote.start and text[end - 1] in ",;—–- ":
        end -= 1
    return (quote.start, end) if end > quote.start else (quote.start, quote.end)


def _sentence_stop(text: str, left: int, right: int) -> int:
    """The end of the sentence that begins at ``left``."""
    return next((start + 1 for start, _ in sentence_ends(text, left, right)), right)


def _sentence_start(text: str, left: int, right: int) -> int:
    """The start of the last sentence between the two."""
    return max((end for _, end in sentence_ends(text, left, right) if end < right), default=left)
