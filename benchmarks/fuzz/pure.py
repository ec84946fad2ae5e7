"""The functions that touch nothing: hypothesis' examples of what holds of them, and what they cost on text
that grows, of which twice the length may take three times the time at most.

Time is a processor's, of this process alone; what seems dearer is measured again before it is told.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from benchmarks.faults.report import Measured, TrialOutcome
from benchmarks.fuzz.attempt import LIMIT, TookTooLong, say, where, within
from benchmarks.fuzz.properties import DAY, NOBODY, PROPERTIES, URL, Property
from benchmarks.fuzz.texts import SHAPES
from crawlers.discovery import listing_parsers
from crawlers.documents.document import FileRefused
from crawlers.documents.plain import read_mail, read_text
from crawlers.pages import parse
from crawlers.pages.about.byline import authors_in, tidy_byline
from crawlers.pages.dates import find_date
from crawlers.pages.head import read_head
from crawlers.pages.urls import fold
from crawlers.site_rules.robots import read_robots
from ledger.names.tokens import Matcher
from ledger.presentation.labels import breakable
from ledger.presentation.passages import link_to_words, passage
from ledger.presentation.tabular import cell
from ledger.search import query_syntax
from nlp import annotate
from nlp.commitments import dates
from nlp.evidence.passages import sentences_in
from nlp.names.find import find_names
from nlp.officials.offices import find_offices
from nlp.officials.organizations import find_bodies, find_stands
from nlp.pipeline import MODEL
from nlp.statements.quotes import quoted
from nlp.text import boilerplate, paragraphs, quantities, temporal
from nlp.text.sentences import sentence_breaks

MOST_TIMES = 3.0  # of the time of half the length
_CLEAR = 0.06  # seconds under which a time tells nothing
_ENOUGH = 0.3  # seconds at which no greater length is tried
_FIRST, _LAST = 8_000, 128_000  # characters
_ARTICLE = (5_000, 10_000)  # of texts for the whole text side: as long as long articles
_AGAIN = 5  # times that what seems too dear is measured again
_HANGS = 20.0  # seconds of one call that is not waited for
_EXAMPLES = 4  # one example of a property for so many inputs asked for
_LONG, _SOME = 5_000, 5  # inputs from which every shape is tried; else every so-manieth is
_number = count()
ReadsText = Callable[[str], object]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _in_page(text: str) -> bytes:
    return (
        b"<html><head><title>A</title></head><body><article><h1>A</h1><p>" + _bytes(text) + b"</p></article>"
    )


def _refusable(read: Callable[[bytes], object]) -> ReadsText:
    def reads(text: str) -> object:
        try:
            return read(_bytes(text))
        except FileRefused:
            return None

    return reads


def _offices(text: str) -> object:
    bodies = find_bodies(text)
    return find_offices(text, bodies, find_stands(text, bodies))


READERS: dict[str, ReadsText] = {
    "without_unseen": lambda t: boilerplate.without_unseen(t),  # noqa: PLW0108  # looked up when it is called: a fault may be there
    "page_furniture": boilerplate.page_furniture,
    "blanked": lambda t: boilerplate.blanked(t, [(0, len(t) // 2)]),
    "pieces": boilerplate.pieces,
    "paragraphs, items": paragraphs.items,
    "quoted": lambda t: quoted(t, paragraphs.paragraphs(t)),
    "sentences": lambda t: list(sentence_breaks(t)),
    "sentences_in": lambda t: list(sentences_in(t, (0, len(t)))),
    "find_deadlines": lambda t: temporal.find_deadlines(t, DAY, loose=True),
    "find_past_days": lambda t: temporal.find_past_days(t, DAY),
    "find_measures": quantities.find_measures,
    "deadline_of": lambda t: dates.deadline_of(t, (0, len(t)), [(0, len(t))], DAY),
    "find_offices": _offices,
    "find_names": lambda t: find_names(t, (), (), frozenset()),
    "query": query_syntax.parse,
    "Matcher": lambda t: Matcher(("council",), ("by March",)).spans(t),
    "passage": lambda t: passage(t, [(len(t) // 2, len(t) // 2 + 9)]),
    "link_to_words": lambda t: link_to_words(URL, t, [(len(t) // 2, len(t) // 2 + 9)]),
    "cell, breakable": lambda t: (cell(t), breakable(t)),
    "parse_page": lambda t: parse.parse_page(_in_page(t), URL),
    "parse_page, bare": lambda t: parse.parse_page(_bytes(t), URL),
    "read_head": lambda t: read_head(b"<html><head><meta name='a' " + _bytes(t), {}),
    "read_feed": lambda t: listing_parsers.read_feed(b"<rss><channel><item><title>" + _bytes(t), URL),
    "read_sitemap": lambda t: listing_parsers.read_sitemap(b"<urlset><url><loc>" + _bytes(t), URL),
    "read_section": lambda t: listing_parsers.read_section(_in_page(t), URL),
    "read_robots": lambda t: read_robots(200, b"User-agent: *\nDisallow: /" + _bytes(t)).allows(URL),
    "find_date": find_date,
    "byline": lambda t: authors_in(tidy_byline([t])),
    "fold": lambda t: fold(f"{URL}/{t}"),
    "read_text": _refusable(read_text),
    "read_mail": _refusable(lambda b: read_mail(b"From: a@b.example\nSubject: A\n\n" + b)),
}


def pure(inputs: int, number: int) -> Iterator[TrialOutcome | Measured]:
    """Every property with its share of examples, then the costs. ``number``: the seed of all chance."""
    for one in PROPERTIES:
        yield from tried(one, max(5, int(inputs // _EXAMPLES * one.share)), number)
    every = 1 if inputs >= _LONG else _SOME
    yield from costs(every, number)
    yield from article_costs(every, number)


def tried(one: Property, examples: int, number: int) -> Iterator[TrialOutcome]:
    """The property on so many examples: an outcome each, the last with the smallest example that fails."""
    met = 0

    @seed(number)
    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink), print_blob=False, report_multiple_bugs=False,
    )  # fmt: skip
    @given(one.given)
    def holds(example: Any) -> None:
        nonlocal met
        met += 1
        with within():
            one.holds(example)

    wrong: list[str] = []
    try:
        holds()
    except BaseException as error:  # what it is, is told; an interrupt is passed on
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        wrong = [where(error), *(ascii(note)[:600] for note in getattr(error, "__notes__", ())[:3])]
    say(f"{one.name}: {met} examples")
    group = f"property: {one.name}"
    for n in range(met):
        yield TrialOutcome(group, f"example {n}", False, wrong if n == met - 1 else [])


def seconds(read: ReadsText, text: str, times: int = 1) -> float:
    """The least of the times that a reading takes. The text is another one each time, since some are kept,
    and ends otherwise than it goes on: what is looked for up to an end is then not found there."""
    least = float("inf")
    for _ in range(times):
        given = f"{next(_number)} {text}x"
        begun = time.process_time()
        read(given)
        least = min(least, time.process_time() - begun)
    return least


def growth(
    read: ReadsText, shape: Callable[[int], str], first: int = _FIRST, last: int = _LAST
) -> tuple[int, float, float]:
    """(length, seconds at half of it, seconds at it) of the first length that takes long enough to tell, or
    of the last."""
    length, half = first, seconds(read, shape(first))
    while length < last:
        length *= 2
        whole = seconds(read, shape(length))
        if whole >= _ENOUGH:
            break
        half = whole
    else:
        half, whole = seconds(read, shape(length // 2)), seconds(read, shape(length))
    for _ in range(_AGAIN):  # perhaps by chance: others work on this machine, too
        if whole <= _CLEAR or whole <= MOST_TIMES * half:
            break
        half, whole = min(half, seconds(read, shape(length // 2))), min(whole, seconds(read, shape(length)))
    if whole > MOST_TIMES * half and length < last and whole < _HANGS / 8:
        # where something only begins at some length, the next one tells whether it grows
        length, half, whole = 2 * length, whole, seconds(read, shape(2 * length))
    return length, half, whole


def costs(every: int, number: int) -> Iterator[TrialOutcome | Measured]:
    """Every reader on every so-manieth shape, each on others than the one before it."""
    dearest = (0.0, "")
    for nth, (name, read) in enumerate(READERS.items(), number):
        for told, shape in list(SHAPES.items())[nth % every :: every]:
            gc.collect()
            outcome, rate = _cost(name, read, told, shape)
            dearest = max(dearest, (rate, f"{name} on {told}"))
            yield outcome
    yield Measured(f"dearest of these: {dearest[1]}, {dearest[0] * 1e5:,.2f} s for 100,000 characters")


def _cost(name: str, read: ReadsText, told: str, shape: Callable[[int], str]) -> tuple[TrialOutcome, float]:
    wrong: list[str] = []
    length, half, whole = 1, 0.0, 0.0
    try:
        with within(_HANGS):
            length, half, whole = growth(read, shape)
    except TookTooLong as error:
        wrong = [str(error)]
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told
        wrong = [where(error)]
    if whole > _CLEAR and whole > MOST_TIMES * half:
        wrong.append(f"{half:.3f} s for {length // 2:,} characters, {whole:.3f} s for {length:,}")
    return TrialOutcome("cost: one function", f"{name} on {told}", False, wrong), whole / length


def article_costs(every: int, number: int) -> Iterator[TrialOutcome | Measured]:
    """The whole text side on every so-manieth shape: linear, and no article over the limit."""

    def read(text: str) -> object:
        line = {"id": "a", "text": text, "title": "A title", "published": "2026-06-30"}
        return list(annotate.annotate([line], NOBODY, MODEL))

    seconds(read, "The council said that the baths will open by March.")  # the models are read
    dearest = (0.0, "")
    for told, shape in list(SHAPES.items())[number % every :: every]:
        wrong: list[str] = []
        half = whole = 0.0
        try:
            with within(_HANGS):
                half, whole = (seconds(read, shape(length)) for length in _ARTICLE)
                if whole > 4 * _CLEAR and whole > MOST_TIMES * half:
                    half, whole = (seconds(read, shape(length), 2) for length in _ARTICLE)
        except TookTooLong as error:
            wrong = [str(error)]
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told
            wrong = [where(error)]
        if whole > LIMIT:
            wrong.append(f"{whole:.1f} s for {_ARTICLE[1]:,} characters")
        if whole > 4 * _CLEAR and whole > MOST_TIMES * half:
            wrong.append(f"{half:.2f} s for {_ARTICLE[0]:,} characters, {whole:.2f} s for {_ARTICLE[1]:,}")
        dearest = max(dearest, (whole, told))
        yield TrialOutcome("cost: whole text side", told, False, wrong)
    yield Measured(f"dearest text of {_ARTICLE[1]:,} characters: {dearest[1]}, {dearest[0]:.1f} s")
