"""Whether a paragraph without quotation marks can be somebody's own words, and whether it sounds like it."""

from __future__ import annotations

import re
from functools import cache

from ledger.data_files import read_yaml
from ledger.types import Span
from nlp.officials.lexicon import lexicon
from nlp.statements.model import Page
from nlp.text.paragraphs import Para

STOPS = (".", "!", "?", "…")
FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]urs?|[Mm]y|us|me|myself|ourselves)\b")
_SUBJECT = re.compile(r"\b(?:I|[Ww]e|[Mm]y|me)\b")
_SPOKEN = re.compile(
    r"\b(?:[Ii]t|[Tt]hat|[Tt]here|[Tt]hey|[Ww]hat|[Yy]ou|[Ww]e|I)['’](?:s|re|ll|ve|d|m)\b|n['’]t\b"
)
_LABEL = re.compile(r"\**(?P<label>(?:[^\W\d_][\w.'’-]* ){0,4}[^\W\d_][\w.'’-]*) ?(?::\**|\**:) +(?=\S)")
_MARKS = '“"‘«„'
_CLOSING = "”\"’')]*"
_LEAST_QUOTED = 4  # words within marks that make a quotation of a mention


@cache
def form_words(key: str) -> frozenset[str]:
    """A list of words of forms.yaml."""
    return frozenset(read_yaml(__file__, "forms.yaml")[key].split())


@cache
def form_pattern(key: str) -> re.Pattern[str]:
    """A pattern of forms.yaml."""
    return re.compile(read_yaml(__file__, "forms.yaml")[key])


def is_spoken(page: Page, para: Para) -> bool:
    """True for whole sentences without a quotation among them: what a block or a turn can be made of."""
    words = page.text[para.start : para.end]
    if para.furniture or para.kind in ("list", "heading", "caption", "label"):
        return False
    if words[0] in _MARKS or not words.rstrip(_CLOSING).endswith(STOPS):
        return False
    return not any(
        len(page.text[q.start : q.end].split()) >= _LEAST_QUOTED and page.text[q.end - 1] in ".,!?…"
        for q in page.quotes_within(para.start, para.end)
    )


def sounds_spoken(page: Page, para: Para) -> bool:
    """True for words in the first person, or in the short forms of speech, that are not the page's own."""
    words = page.text[para.start : para.end]
    if _SUBJECT.search(words) or _SPOKEN.search(words):
        return True
    ours = FIRST_PERSON.search(words) is not None
    return ours and not any(word.strip(".,:;!?").lower() in form_words("contact") for word in words.split())


def titled(name: str) -> bool:
    """True for words that begin with a title, in capitals or not: "CLLR PELL"."""
    first = name.split()[0]
    return bool(lexicon().titles.match((first.title() if first.isupper() else first) + " "))


def names_person(page: Page, span: Span) -> bool:
    """True for words with a title before them, or a person's name among them."""
    return titled(page.text[slice(*span)]) or any(t.ent_type_ == "PERSON" for t in page.tokens(*span))


def label_of(page: Page, para: Para) -> re.Match[str] | None:
    """The few words before a colon that a paragraph begins with, as the group "label"."""
    return _LABEL.match(page.text, para.start, para.end)
