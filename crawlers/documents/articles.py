"""A file in the archive to an article, by the facts of its crawl line: the same each time it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time

from lxml import etree

from crawlers.documents.apart import read_apart
from crawlers.documents.document import Document, FileRefused
from crawlers.documents.facts import Facts, guessed
from crawlers.documents.forms import form_of
from crawlers.pages.body import MIN_TEXT
from crawlers.pages.dates import LONDON
from crawlers.pages.markup import decode, read_tree
from crawlers.pages.parse import STAGE, Parsed, parse_page
from crawlers.pages.urls import article_id
from ledger.counts import Problem
from ledger.types import Article

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "mail": "message/rfc822",
    "text": "text/plain",
}
FILES = ("application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")


def type_of(form: str) -> str:
    """The media type of a form, as the archive keeps it."""
    return _TYPES[form]


def is_file(line: Mapping[str, object], headers: Mapping[str, str]) -> bool:
    """True for a crawl line, or a response, that holds no page of the web but a file."""
    return "file" in line or headers.get("content-type", "").partition(";")[0].strip().lower() in FILES


def parse_file(
    body: bytes, url: str, headers: Mapping[str, str], line: Mapping[str, object], fetched: datetime
) -> Parsed | Problem:
    """The article of a file, or the Problem that keeps it from being one. Facts that the line has not are
    guessed."""
    told = line.get("file")
    known = told if isinstance(told, dict) else {}
    name = str(known.get("name") or url.rpartition("/")[2])
    notes: tuple[Problem, ...] = ()
    page: Article | None = None
    try:
        form = form_of(body, name)
        if form == "html":
            parsed = parse_page(body, url, headers=headers, fetched=fetched)
            if isinstance(parsed, Problem):
                return parsed
            page, notes = parsed.article, parsed.notes
            document = Document(page.text, page.layout, (), page.title)
            shown = Document(_all_words(body, headers) or page.text, (), (), page.title)
        else:
            shown = document = read_apart(body, form)
            notes = tuple(Problem(STAGE, name, "not_all_read", note) for note in document.notes)
    except FileRefused as error:
        return Problem(STAGE, url, error.reason, str(error))
    if len(document.text) < MIN_TEXT:
        return Problem(STAGE, url, "no_text")
    day = _day(line.get("published"))
    if day is None and page is not None and page.published:  # which its words seldom tell
        day = page.published.date()
    facts = guessed(
        shown,
        name,
        kind=str(known.get("kind") or ""),
        publisher=str(line.get("outlet") or ""),
        speaker=str(known.get("speaker") or ""),
        day=day,
        title=str(line.get("title") or ""),
        brought=fetched.date(),
    )
    return Parsed(
        _article(document, facts, page or Article(article_id(url), "", url, "", ""), fetched), notes
    )


def _article(document: Document, facts: Facts, page: Article, fetched: datetime) -> Article:
    """The article that a document is, with these facts; what else is known of it is the page's."""
    published = datetime.combine(facts.day, time.min, LONDON) if facts.day else None
    if page.published and page.published.date() == facts.day:
        published = page.published
    return replace(
        page,
        outlet=facts.publisher,
        title=facts.title,
        text=document.text,
        byline=facts.speaker or page.byline,
        published=published,
        first_seen=fetched,
        kind=facts.kind,
        layout=document.layout,
        pages=document.pages,
    )


def _all_words(body: bytes, headers: Mapping[str, str]) -> str:
    """All that a reader of a saved page sees, by lines: its article alone may not say whose it is."""
    tree = read_tree(decode(body, headers)[0])
    if tree is None:
        return ""
    etree.strip_elements(tree, "script", "style", "head", "nav", with_tail=False)
    lines = (" ".join(words.split()) for words in tree.itertext())
    return "\n\n".join(line for line in lines if line)


def _day(value: object) -> date | None:
    return datetime.fromisoformat(value).date() if isinstance(value, str) and value else None
