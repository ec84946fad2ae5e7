"""What holds of the functions that touch nothing, whatever they are given.

Each is a strategy and a check that raises where it does not hold; `pure` gives it hypothesis' examples.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.seeds import feeds, files, pages, robots, sitemaps
from benchmarks.fuzz.texts import news, seen, sprinkled, stretches, texts
from crawlers.discovery import listing_parsers
from crawlers.documents.document import FileRefused
from crawlers.documents.docx import read_docx
from crawlers.documents.forms import form_of
from crawlers.documents.plain import read_mail, read_text
from crawlers.pages import parse
from crawlers.pages.dates import find_date
from crawlers.pages.head import read_head
from crawlers.pages.urls import canonical, fold, key
from crawlers.site_rules.robots import read_robots
from ledger.errors import WrongUse
from ledger.names.tokens import Matcher
from ledger.pledges.members import Member
from ledger.pledges.reckon import reckon
from ledger.presentation.labels import breakable, cut
from ledger.presentation.passages import link_to_words, passage, quotation_only, within_marks
from ledger.presentation.tabular import cell
from ledger.search import query_syntax
from ledger.types import Article, Commitment, Span
from nlp import annotate
from nlp.commitments import dates
from nlp.names.find import find_names
from nlp.officials.offices import find_offices
from nlp.officials.organizations import find_bodies, find_stands
from nlp.officials.register import Register
from nlp.pipeline import MODEL, extract
from nlp.statements.quotes import quoted
from nlp.text import boilerplate, paragraphs, quantities, temporal
from nlp.text.sentences import sentence_breaks

DAY = date(2026, 6, 30)
URL = "https://paper.example/a"
NOBODY = Register(())
_WHEN = datetime(2026, 6, 30, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Property:
    """``share``: of the examples that a property has in full."""

    name: str
    given: st.SearchStrategy[Any]
    holds: Callable[[Any], None]
    share: float = 1.0


def inside(text: str, spans: Iterable[Span], what: str) -> None:
    """Each span lies in the text, and holds something."""
    for start, end in spans:
        assert 0 <= start < end <= len(text), f"{what}: {start} to {end} of {len(text)}"


def _text(text: str) -> None:
    """All that is found in a text lies in it, is what is told of it, and is found again."""
    paras = paragraphs.paragraphs(text)
    inside(text, [(p.start, p.end) for p in paras if p.end > p.start], "paragraph")
    inside(text, boilerplate.page_furniture(text), "furniture")
    inside(text, [one for one in paragraphs.items(text) if one[1] > one[0]], "item")
    assert "".join(boilerplate.pieces(text)) == text
    assert len(boilerplate.blanked(text, boilerplate.page_furniture(text))) == len(text)
    quotes = quoted(text, paras)
    inside(text, [(q.left, q.right) for q in quotes], "quotation")
    assert all(q.left <= q.start <= q.end <= q.right for q in quotes)
    assert all(one.right <= other.left for one, other in pairwise(quotes))
    assert quotes == quoted(text, paras)
    breaks = list(sentence_breaks(text))
    assert all(0 <= stop <= begin <= len(text) for stop, begin in breaks)


def _times_and_amounts(text: str) -> None:
    for loose in (False, True):
        found = temporal.find_deadlines(text, DAY, loose=loose)
        inside(text, [span for span, _ in found], "deadline")
        assert all(text[slice(*span)].strip() == told.text for span, told in found)
        assert all(told.last is None or told.last >= DAY for _, told in found)
        assert found == temporal.find_deadlines(text, DAY, loose=loose)
    inside(text, [span for span, _ in temporal.find_past_days(text, DAY)], "past day")
    flat = re.sub(r"\s", " ", text)
    for span, told in quantities.find_measures(text):
        inside(text, [span], "amount")
        assert told.text.strip() in flat[max(0, span[0] - 1) : span[1] + 1], told.text
        assert math.isfinite(told.value), told.text


def _people(text: str) -> None:
    bodies = find_bodies(text)
    inside(text, [body.span for body in bodies], "body")
    stands = find_stands(text, bodies)
    inside(text, [one.span for one in stands], "stand")
    for name in find_names(text, (), [body.span for body in bodies], frozenset()):
        inside(text, [name.span], "name")
        assert name.words and name.start <= name.span[0]
    inside(text, [office.span for office in find_offices(text, bodies, stands)], "office")


def _unseen(given: tuple[str, int]) -> None:
    """Characters that nobody sees change no word of what is found."""
    plain, seed = given
    text = sprinkled(plain, seed)
    read = boilerplate.without_unseen(text)
    assert read.text == seen(text)
    for match in re.finditer(r"\w+", read.text):
        ((start, end),) = read.there((match.span(),))
        assert seen(text[start:end]) == match[0], f"{text[start:end]!r} for {match[0]!r}"
        assert read.here((start, end)) == match.span()


def _clause(given: tuple[str, list[Span]]) -> None:
    text, spans = given
    clause = spans[0]
    start, end = dates.with_whole_time(text, clause)
    assert start == clause[0] and clause[1] <= end <= len(text)
    due = dates.deadline_of(text, clause, spans, DAY)
    assert due is None or due.text in text
    dates.measure_of(text, clause, due)
    assert due == dates.deadline_of(text, clause, spans, DAY)


def _shown(given: tuple[str, list[Span]]) -> None:
    """What is shown of an article are its own words, marked where they stand."""
    text, spans = given
    whole, alone = passage(text, spans), quotation_only(text, spans)
    for one in (whole, alone):
        inside(one.text, one.marks, "mark")
    within_marks(text, spans)
    link = link_to_words(URL, text, spans)
    assert link.startswith(URL) and link.isascii() and not re.search(r"[\s<>\"']", link)
    Matcher(("council", "open"), ("by March",)).spans(text)
    assert len(cut(text, 80)) <= 81 and "".join(breakable(text))
    told = cell(text)
    assert not isinstance(told, str) or told[:1] not in "=+-@\t\r" or not told


def _title(given: list[tuple[str, str]]) -> None:
    """A pledge of any words has a title of one line."""
    made = [
        Member(
            Commitment(f"{n:016x}", f"{n:016x}", "firm", action, why="x", span=(0, len(words))),
            day=DAY, published=_WHEN, words=words, headline=action,
        )
        for n, (action, words) in enumerate(given)
    ]  # fmt: skip
    found = reckon("0" * 16, made, (), DAY).pledge
    assert found and "\n" not in found.title and len(found.title) < 400
    assert found == reckon("0" * 16, made, (), DAY).pledge


def _query(text: str) -> None:
    try:
        asked = query_syntax.parse(text)
    except WrongUse as error:
        assert "\n" not in str(error)
        return
    again = query_syntax.parse(query_syntax.written(asked))
    told = "words phrases without speaker role outlet area after before commitment".split()
    if len(query_syntax.written(asked)) < query_syntax.LONGEST:
        for name in told:
            one, other = getattr(asked, name), getattr(again, name)
            assert _folded(one) == _folded(other), f"{name}: {one!r}, read again as {other!r}"


def _folded(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _page(body: bytes) -> None:
    found = parse.parse_page(body, URL, fetched=_WHEN)
    read_head(body, {})
    if isinstance(found, parse.Parsed):
        article = found.article
        inside(article.text, [laid.span for laid in article.layout], "layout")
        assert article.text.strip() and "\0" not in article.text + article.title
        assert len(article.title) <= parse.MAX_TITLE and "\n" not in article.title
        article.text.encode()
        assert found == parse.parse_page(body, URL, fetched=_WHEN)


def _listing(body: bytes) -> None:
    for read in (listing_parsers.read_feed, listing_parsers.read_sitemap, listing_parsers.read_section):
        held = read(body, URL)
        for link in (*held.links, *held.children):
            assert link.url.startswith(("http://", "https://")), link.url
            assert link.url == fold(link.url)
            assert all(when is None or when.tzinfo for when in (link.published, link.modified))
            link.title.encode("utf-8", "surrogatepass")


def _robots(body: bytes) -> None:
    for status in (200, 404, 503):
        rules = read_robots(status, body)
        assert rules.delay >= 0 and math.isfinite(rules.delay), rules.delay
        rules.allows(URL)
        rules.allows("https://paper.example/" + "a/" * 500 + "?" + "b=&" * 500)
        assert all(one.startswith("http") for one in rules.sitemaps)


def _words_of_pages(text: str) -> None:
    found = find_date(text)
    assert found is None or found.tzinfo
    for url in (text, f"https://{text}", f"{URL}/{text}"):
        folded = fold(url)
        assert not folded or fold(folded) == folded, f"{folded!r}, and then {fold(folded)!r}"
        canonical(url, URL, text)
        key(url)


def _file(data: bytes) -> None:
    for read in (read_text, read_mail, read_docx):
        try:
            form_of(data, "a.txt")
            held = read(data)
        except FileRefused as error:
            assert error.reason and "\n" not in str(error)
            continue
        inside(held.text, [laid.span for laid in held.layout], "layout")
        held.text.encode()
        assert all(0 <= at <= len(held.text) for at, _ in held.pages)


def _whole(text: str) -> None:
    """The text side from end to end: each offset is one of the text given."""
    (answer,) = annotate.annotate([_line(text)], NOBODY, MODEL)
    for said in answer["statements"]:
        for name in ("content", "cue", "source"):
            inside(text, [(a, b) for a, b in said[name] or ()], name)
        for one in said["commitments"]:
            inside(text, [tuple(one["span"])], "commitment")
            due = one["deadline_text"]
            assert due is None or seen(due) in seen(text), due
    for row in answer["evidence"]:
        inside(text, [(a, b) for a, b in row["content"]], "evidence")
    assert [answer] == list(annotate.annotate([_line(text)], NOBODY, MODEL))


def _line(text: str) -> dict[str, Any]:
    return {"id": "a", "text": text, "title": text[:80], "byline": text[:20], "published": "2026-06-30"}


def _same_words(given: tuple[str, int]) -> None:
    """What is said is the same words, with characters in them that nobody sees or without."""
    plain, seed = given
    text = sprinkled(seen(plain), seed)
    told = []
    for one in (seen(plain), text):
        ((_, found),) = extract([Article("a", "o", "", "", one, published=_WHEN)], NOBODY)
        told.append([[seen(one[a:b]) for a, b in said.content] for said in found.statements])
    assert told[0] == told[1], f"{told[0]} and {told[1]}"[:600]


def _seeded(strategy: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    return st.builds(mutated, st.sampled_from(strategy), st.integers(0, 2**32))


def _in_page(text: str) -> bytes:
    words = text.encode("utf-8", "surrogatepass")
    return b"<html><head><title>%s</title></head><body><article><h1>%s</h1><p>%s</p></article>" % (
        (words,) * 3
    )


_SEEDS = st.integers(0, 2**32)
PROPERTIES = (
    Property("text: offsets", texts(), _text),
    Property("text: times and amounts", texts(), _times_and_amounts),
    Property("text: bodies, names, offices", texts(), _people),
    Property("text: unseen characters", st.tuples(texts(), _SEEDS), _unseen),
    Property("clauses: dates and amounts", stretches(), _clause),
    Property("passages, links, cells", stretches(), _shown),
    Property("titles", st.lists(st.tuples(texts(4), texts(4)), min_size=1, max_size=4), _title),
    Property("questions", texts(8), _query),
    Property("pages", st.one_of(_seeded(pages()), texts().map(_in_page)), _page),
    Property("feeds and sitemaps", _seeded((*feeds(URL), *sitemaps(URL))), _listing),
    Property("robots.txt", _seeded(robots(URL)), _robots),
    Property("dates and addresses", texts(4), _words_of_pages),
    Property("files", _seeded(files()), _file),
    Property("whole text side", texts(12), _whole, 0.1),
    Property("whole text side: unseen", st.tuples(news(), _SEEDS), _same_words, 0.1),
)
