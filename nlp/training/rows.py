"""What the votes are fitted to: rows of figures of labelled regions, each told right or wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ledger.types import PRIVATE, Article, Span
from nlp.annotate import article_of
from nlp.components import load_model
from nlp.models.learned import Learned, Reads
from nlp.models.regions import Region
from nlp.models.tagger import Tagged
from nlp.models.votes import FigureRows, Vote
from nlp.officials.register import Register
from nlp.pipeline import MODEL, Extraction, Reader
from nlp.speakers.link import LEAST, told_of
from nlp.speakers.linking.features import RuledArticle, candidates, figures, same_person
from nlp.statements.extract import find_statements, lines_of
from nlp.statements.model import Candidate, Page
from nlp.statements.vote.choose import chosen
from nlp.statements.vote.features import table
from nlp.statements.vote.proposals import proposals
from nlp.text.boilerplate import page_furniture

LIKE = 0.5  # characters shared over characters of both from which a span is a labelled statement
NOBODY = Register(())


@dataclass(frozen=True)
class VoteRows:
    """``figures`` (n, k) by the order of ``names``; ``right`` (n,)."""

    names: Sequence[str]
    figures: FigureRows
    right: NDArray[np.bool_]


@dataclass(frozen=True)
class Studied:
    """An article that is read but not resolved: page, what rules found, what the tagger read, labels."""

    article: Article
    page: Page
    aside: Sequence[Span]
    ruled: Sequence[Candidate]
    seen: Tagged
    labels: Sequence[Mapping[str, Any]]


def study(region: Region, tagger: Reads) -> list[Studied]:
    """A region's articles, parsed with its register and tagged."""
    articles = [article_of(line) for line in region.articles]
    asides = [page_furniture(article.text) for article in articles]
    reader = Reader(load_model(MODEL), Register.load(region.officials), LEAST, _no_votes(tagger))
    pages = [page for page in reader.pages(articles, asides, [()] * len(articles)) if page is not None]
    seen = tagger.read([lines_of(page) for page in pages])
    return [
        Studied(article, page, aside, find_statements(page), read, region.labels[article.id]["statements"])
        for article, aside, page, read in zip(articles, asides, pages, seen, strict=True)
    ]


def said(region: Region, studied: Iterable[Studied], learned: Learned) -> list[tuple[Article, Extraction]]:
    """What a region's articles say by these weights, with its register, of the parse that is there."""
    reader = Reader(load_model(MODEL), Register.load(region.officials), LEAST, learned)
    return [(one.article, reader.said(one.page, one.seen, one.article, one.aside)) for one in studied]


def statement_rows(studied: Iterable[Studied]) -> VoteRows:
    """A row for each proposed span: right where it is a labelled statement."""
    parts = []
    for one in studied:
        offered = proposals(one.page, one.ruled, one.seen)
        names, rows = table(one.page, one.ruled, one.seen, offered)
        right = [_likest(span.content, one.labels)[0] >= LIKE for span in offered]
        parts.append((names, rows, right))
    return _joined(parts)


def speaker_rows(studied: Iterable[Studied], statements: Vote, register: Register) -> VoteRows:
    """A row for each candidate of each found statement that is labelled: right where that person said it.

    Left out are statements of private people whom a region's labels leave unnamed though the text names them.
    """
    parts = []
    for one in studied:
        found = chosen(one.page, one.ruled, one.seen, statements)
        told = told_of(one.page.doc, found, one.article, register, one.aside)
        people = candidates(told)
        for i, item in enumerate(found):
            like, label = _likest(item.content, one.labels)
            if like < LIKE or label is None or not people or _unlabelled(told, i, label):
                continue
            listed = figures(told, i, people)
            right = [same_person(person, label["speaker"]) for person in people]
            parts.append(
                (list(listed[0]), np.array([list(row.values()) for row in listed], np.float32), right)
            )
    return _joined(parts)


def _unlabelled(told: RuledArticle, i: int, label: Mapping[str, Any]) -> bool:
    person = told.resolved[i].person
    return (
        label["speaker"] is None
        and label["role"] in (None, PRIVATE)
        and person is not None
        and person.full
        and person.official is None
    )


def _likest(
    content: Sequence[Span], labels: Sequence[Mapping[str, Any]]
) -> tuple[float, Mapping[str, Any] | None]:
    """The labelled statement that shares most with a span, and how much."""
    best: tuple[float, Mapping[str, Any] | None] = (0.0, None)
    size = sum(end - start for start, end in content)
    for label in labels:
        shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in content for b in label["content"])
        if shared:
            whole = size + sum(end - start for start, end in label["content"]) - shared
            best = max(best, (shared / whole, label), key=lambda pair: pair[0])
    return best


def _joined(parts: Sequence[tuple[Sequence[str], FigureRows, Sequence[bool]]]) -> VoteRows:
    filled = [part for part in parts if len(part[2])]
    names = filled[0][0]
    return VoteRows(
        names,
        np.concatenate([rows for _, rows, _ in filled]),
        np.array([right for _, _, rights in filled for right in rights], bool),
    )


def together(listed: Iterable[VoteRows]) -> VoteRows:
    """VoteRows of several regions as one."""
    rows = list(listed)
    return VoteRows(
        rows[0].names,
        np.concatenate([one.figures for one in rows]),
        np.concatenate([one.right for one in rows]),
    )


class _Never:
    """A vote that nobody asks: rules and tagger are read before there is one."""

    def shares(self, names: Sequence[str], rows: FigureRows) -> FigureRows:
        """Raises NotImplementedError."""
        raise NotImplementedError


def _no_votes(tagger: Reads) -> Learned:
    return Learned(tagger, _Never(), _Never())
