"""The whole text side on lines of JSON: what `said annotate` and `said classify` do, and what is scored."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from ledger.errors import WrongUse
from ledger.types import Article, Commitment, Evidence, Pledge, Span, Statement, content_id
from nlp.commitments.flag import flag
from nlp.commitments.parse import Said, said_of
from nlp.commitments.points import is_point
from nlp.evidence.find import Found, find_evidence
from nlp.evidence.passages import passages_of
from nlp.models.learned import Learned, evidence_models, promise_encoder, promise_votes, tagger
from nlp.models.promise_encoder import PromiseEncoder
from nlp.models.promises import packed, unpacked
from nlp.models.votes import Vote
from nlp.officials.register import Register
from nlp.pipeline import Extraction, extract
from nlp.pledges.clustering import assign
from nlp.pledges.pair_features import Item, Printed, encoded, item_of, texts_of, voices_of
from nlp.pledges.summary import build_pledges, offices_of
from nlp.speakers.link import LEAST
from nlp.text.boilerplate import whole
from nlp.text.embeddings import Embedder
from nlp.text.paragraphs import layout_of

JsonLine = dict[str, Any]


@dataclass(frozen=True)
class Text:
    """The text side's answers on a set of articles, before they are written out.

    ``commitments``: by statement id. ``items``, ``pledges``: as `nlp.pledges.clustering`
    has them. ``found``: what later articles say of them. ``problems``: what is wrong with the layout given,
    by article; it is read without it. ``same``: the vote on pairs, where another than the one that ships.
    """

    extracted: Sequence[tuple[Article, Extraction]]
    commitments: Mapping[str, tuple[Commitment, ...]]
    items: Sequence[Item]
    pledge_of: Mapping[str, str]
    pledges: Sequence[Pledge]
    found: Found
    problems: Mapping[str, str] = field(default_factory=dict)
    offices: Mapping[str, str] = field(default_factory=dict)
    same: Vote | None = None


@dataclass(frozen=True)
class Promises:
    """What is undertaken in a set of articles, before pledges are made of it; fields as `Text` has them."""

    extracted: Sequence[tuple[Article, Extraction]]
    days: Mapping[str, date | None]
    commitments: Mapping[str, tuple[Commitment, ...]]
    items: Sequence[Item]
    problems: Mapping[str, str] = field(default_factory=dict)


def read_promises(
    lines: Iterable[JsonLine],
    register: Register,
    model: str,
    least: float = LEAST,
    learned: Learned | None = None,
) -> Promises:
    """Statements and commitments of these lines. ``learned``: other weights than those that ship."""
    articles, problems = _articles(lines)
    extracted = list(extract(articles, register, model=model, least=least, learned=learned))
    return replace(promises_of(extracted, learned), problems=problems)


def promises_of(extracted: Sequence[tuple[Article, Extraction]], learned: Learned | None = None) -> Promises:
    """The same of articles whose statements are found."""
    known = {article.id: article for article, _ in extracted}
    days = {key: _day(article.published) for key, article in known.items()}
    statements = [s for _, extraction in extracted for s in extraction.statements]
    said = [
        said_of(s, a.text, days[a.id], a.title, is_point(s, a.text, a.kind, a.layout))
        for s, a in ((s, known[s.article_id]) for s in statements)
    ]
    votes = learned.promises if learned and learned.promises else promise_votes()
    flagged = list(zip(statements, flag(said, votes), strict=True))
    commitments = {s.id: found for s, found in flagged if found}
    tracked = [(s, c) for s, found in flagged for c in found if not c.minor]
    encoder = (learned and learned.encoder) or promise_encoder()
    items = _items(extracted, tracked, days, encoder) if tracked else []
    return Promises(extracted, days, commitments, items)


def read_texts(
    lines: Iterable[JsonLine],
    register: Register,
    model: str,
    least: float = LEAST,
    learned: Learned | None = None,
) -> Text:
    """Statements, commitments, pledges and evidence of these lines, read whole: pledges join across them.

    ``learned``: other weights than those that ship.
    """
    return with_pledges(read_promises(lines, register, model, least, learned), register, learned)


def with_pledges(read: Promises, register: Register, learned: Learned | None = None) -> Text:
    """Pledges and evidence of articles whose commitments are found."""
    if not read.items:
        return Text(read.extracted, read.commitments, [], {}, [], Found(), read.problems)
    same = learned.same if learned else None
    pledge_of = assign(read.items, [], {}, same, learned.joins if learned else None)
    said = ((s, read.days[s.article_id]) for _, e in read.extracted for s in e.statements)
    offices = offices_of(said, [*register.officials, *(o for _, e in read.extracted for o in e.provisional)])
    pledges = build_pledges(read.items, pledge_of, offices, same)
    coverage = [passages_of(a, read.days[a.id], e.sentences, e.statements) for a, e in read.extracted]
    found = find_evidence(pledges, read.items, coverage, (learned and learned.evidence) or evidence_models())
    rows = read.extracted, read.commitments, read.items
    return Text(*rows, pledge_of, pledges, found, read.problems, offices, same)


def annotate(
    lines: Iterable[JsonLine], register: Register, model: str, least: float = LEAST
) -> Iterator[JsonLine]:
    """Annotated lines, in the order given: statements with speakers and commitments, and evidence.

    Offsets are into the given text. An article that cannot be read gives an empty answer with a
    ``problem`` of {"reason", "detail"}; one whose layout cannot be read is read without it.
    """
    yield from written(read_texts(lines, register, model, least))


def written(text: Text) -> Iterator[JsonLine]:
    """The text side's answers as annotated lines."""
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for row in text.found.evidence:
        evidence[row.article_id].append(row)
    for article, extraction in text.extracted:
        answer: JsonLine = {
            "id": article.id,
            "statements": [_statement(s, text.commitments, text.pledge_of) for s in extraction.statements],
            "evidence": [_evidence(e) for e in evidence[article.id]],
        }
        if extraction.problem:
            answer["problem"] = {"reason": "unreadable_text", "detail": extraction.problem}
        elif article.id in text.problems:
            answer["problem"] = {"reason": "unreadable_layout", "detail": text.problems[article.id]}
        yield answer


def classify(lines: Iterable[JsonLine]) -> Iterator[JsonLine]:
    """For texts that are one speaker's own words: the commitments in each, and the surest of them or null."""
    listed = [line | {"text": whole(line["text"])} for line in lines]
    seen = tagger().read([(line["text"], _lines(line["text"]), ()) for line in listed])
    said = [
        Said(
            statement_id=content_id("text", line["id"]),
            article=line["text"],
            content=tuple(_lines(line["text"])),
            seen=unpacked(packed(read, _lines(line["text"]))),
            published=_day(_moment(line.get("published"))),
            speaker=line.get("speaker"),
        )
        for line, read in zip(listed, seen, strict=True)
    ]
    for line, found in zip(listed, flag(said, promise_votes()), strict=True):
        surest = max(found, key=lambda c: c.confidence, default=None)
        yield {
            "id": line["id"],
            "commitment": surest and _commitment(surest),
            "commitments": [_commitment(c) for c in found],
        }


def _lines(text: str) -> list[Span]:
    """The lines of a text that hold something."""
    return [match.span() for match in re.finditer(r"[^\n]*\S[^\n]*", text)]


def _items(
    extracted: Sequence[tuple[Article, Extraction]],
    pairs: Sequence[tuple[Statement, Commitment]],
    days: Mapping[str, date | None],
    encoder: PromiseEncoder,
) -> list[Item]:
    """The commitments with what grouping compares of them."""
    printed = {a.id: Printed(a.title, a.text, e.sentences, voices_of(e.statements)) for a, e in extracted}
    texts = [texts_of(c.span, printed[s.article_id]) for s, c in pairs]
    vectors = encoded(texts, Embedder(), encoder)
    return [
        item_of(c, s, printed[s.article_id], days[s.article_id], vectors[n]) for n, (s, c) in enumerate(pairs)
    ]


def article_of(line: JsonLine) -> Article:
    """An input line as an Article; its own id is kept. Fields of another type count as absent."""

    def text(key: str) -> str:
        value = line.get(key)
        return whole(value) if isinstance(value, str) else ""

    return Article(
        id=line["id"],
        outlet=text("outlet"),
        url=text("url"),
        title=text("title"),
        text=text("text"),
        byline=text("byline"),
        published=_moment(line.get("published")),
        kind=text("kind") or "news",
    )


def _articles(lines: Iterable[JsonLine]) -> tuple[list[Article], dict[str, str]]:
    """The lines as articles with their layouts, and what is wrong with those that cannot be read, by id."""
    articles: list[Article] = []
    problems: dict[str, str] = {}
    for line in lines:
        article = article_of(line)
        try:
            layout = layout_of(line.get("layout"), article.text, "layout")
        except WrongUse as error:
            problems[article.id] = str(error)
            layout = ()
        articles.append(replace(article, layout=layout))
    return articles, problems


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _spans(spans: Iterable[Span]) -> list[list[int]] | None:
    return [list(span) for span in spans] or None


def _statement(
    statement: Statement,
    commitments: Mapping[str, tuple[Commitment, ...]],
    pledge_of: Mapping[str, str],
) -> JsonLine:
    return {
        "kind": statement.kind,
        "content": [list(span) for span in statement.content],
        "cue": _spans(statement.cue),
        "source": _spans(statement.source),
        "speaker": statement.speaker,
        "official": statement.official_id,
        "role": statement.role,
        "body": statement.body,
        "confidence": round(statement.confidence, 3),
        "why": statement.why,
        "commitments": [
            _commitment(c) | {"pledge_id": pledge_of.get(c.id)} for c in commitments.get(statement.id, ())
        ],
    }


def _commitment(commitment: Commitment) -> JsonLine:
    deadline = commitment.deadline
    return {
        "span": list(commitment.span),
        "type": commitment.type,
        "what": commitment.action,
        "measure": asdict(commitment.measure) if commitment.measure else None,
        "condition": commitment.condition or None,
        "place": commitment.place or None,
        "deadline": deadline.last.isoformat() if deadline and deadline.last else None,
        "deadline_text": deadline.text if deadline else None,
        "minor": commitment.minor,
        "confidence": commitment.confidence,
        "why": commitment.why,
    }


def _evidence(evidence: Evidence) -> JsonLine:
    return {
        "pledge_id": evidence.pledge_id,
        "content": [list(evidence.span)],
        "stance": evidence.stance,
        "claimed": evidence.by_owner,
        "by": evidence.source or None,
        "confidence": evidence.confidence,
        "why": evidence.why,
    }
