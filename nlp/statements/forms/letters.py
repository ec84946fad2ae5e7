"""Letters: from "Dear Ann," or "Sir –" to who has signed them, each paragraph the signer's own words.

On a page whose title says that it holds letters they need no opening: a short heading is enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ledger.types import Span
from nlp.statements.forms.voice import names_person
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para

_SALUTATION = re.compile(r"(?:Dear [^\n,.:;?!“”\"]{1,60}?|Sirs?|SIRS?|Madam|Editor)(?: ?[,:–—-]+)+\s*")
_CLOSING = re.compile(
    r"(?:Yours(?: (?:ever|sincerely|faithfully|truly|etc\.?|in \w+))?|(?:With )?(?:[Kk]ind|[Bb]est|[Ww]arm)"
    r" (?:regards|wishes)|Sincerely|Regards),?\s*"
)
_PAGE = re.compile(
    r"(?:(?:your|our|readers['’]) )?(?:letters|postbag)(?: page| to the editor)?\s*(?:[:|–—-]|$)",
    re.IGNORECASE,
)
_STOPS = ".!?…:;,”\"’'"
_LONGEST_LETTER = 30  # paragraphs
_LONGEST_SIGNATURE = 110  # characters of a line


def letters(page: Page) -> list[Candidate]:
    """The paragraphs of signed letters, in order; a letter without a signature is left alone."""
    report = [para for para in page.paras if not para.furniture]
    made: list[Candidate] = []
    place = 0
    while place < len(report):
        opening = _SALUTATION.match(page.text, report[place].start, report[place].end)
        signed = _signed(page, report, place) if opening else None
        if opening is None or signed is None:
            place += 1
            continue
        last, source = signed
        for para in report[place:last]:
            start = max(para.start, opening.end())
            if start < para.end and para.kind != "heading":
                made.append(Candidate("direct", ((start, para.end),), (), (source,), None, "", "letter"))
        place = last + 1
    return made or (_unopened(page, report) if _PAGE.match(page.title) else [])


def _unopened(page: Page, report: Sequence[Para]) -> list[Candidate]:
    """The paragraphs of letters without a salutation, from a heading or a signature to the next signature."""
    made: list[Candidate] = []
    held: list[Para] = []
    for place, para in enumerate(report):
        if held and _is_signature(page, para):
            source = _signature(page, report, place)
            made += [
                Candidate("direct", ((one.start, one.end),), (), (source,), None, "", "letter")
                for one in held
            ]
            held = []
        elif page.text[para.end - 1] not in _STOPS:  # a heading
            held = []
        else:
            held.append(para)
    return made


def _signed(page: Page, report: Sequence[Para], opened: int) -> tuple[int, Span] | None:
    """The place of the line that ends a letter, and the span of its signature."""
    for place in range(opened + 1, min(opened + _LONGEST_LETTER, len(report))):
        para = report[place]
        if _SALUTATION.match(page.text, para.start, para.end):
            return None
        closing = _CLOSING.match(page.text, para.start, para.end)
        if closing and closing.end() < para.end:
            return place, (closing.end(), min(para.end, closing.end() + _LONGEST_SIGNATURE))
        if closing:
            return (place, _signature(page, report, place + 1)) if place + 1 < len(report) else None
        if _is_signature(page, para):
            return place, _signature(page, report, place)
    return None


def _is_signature(page: Page, para: Para) -> bool:
    """A short line without a stop that begins with a name, in capitals or known as one."""
    words = page.text[para.start : para.end]
    if len(words) > _LONGEST_SIGNATURE or not (words[-1].isalnum() or words[-1] == ")"):
        return False
    name = words.partition(",")[0]
    capitals = len(name.split()) > 1 and name.isupper()
    return capitals or names_person(page, (para.start, para.start + len(name)))


def _signature(page: Page, report: Sequence[Para], place: int) -> Span:
    """The line of a name, with that of an office right below it."""
    para = report[place]
    end = para.end
    if place + 1 < len(report) and report[place + 1].kind == "heading":
        between = page.text[para.end : report[place + 1].start]
        end = report[place + 1].end if between.count("\n") == 1 else end
    return para.start, end
