"""Minutes: what a body resolved, and who is to do what. "RESOLVED: that …", "ACTION: Clerk to write …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ledger.types import Span
from nlp.statements.forms.voice import form_pattern, titled
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para, without_bullet
from nlp.text.sentences import sentence_breaks

_CUE = re.compile(
    r"\b(?:(?P<action>ACTIONS?)(?: POINTS?)?: *(?=\S)"
    r"|(?P<cue>RESOLVED|AGREED)(?: unanimously| \([^()]{1,80}\))?"
    r"(?: ?[:–—-]| (?=that\b)|,[^,.:;]{1,60}:|(?<=\)) )\s*(?:[Tt]hat\s+)?(?=\S))"
)
# In minutes proper small letters do, at the head of a line or behind who resolved; what was moved is none.
_PAPER_CUE = re.compile(
    r"(?:^|(?<=\| ))[\W\d]*(?P<action>[Aa]ctions?|ACTIONS?)(?: [Pp]oints?)?(?: by \w+)? ?[:–—-] *(?=\S)"
    r"|(?:(?:^|(?<=\| ))[\W\d]*|(?<=[.;:] )|\b(?:[Ii]t was|IT WAS|[Cc]ouncil|[Cc]ommittee|[Cc]abinet"
    r"|[Mm]embers|were|and) (?:\w+ly )?)"
    r"(?P<cue>[Rr]esolved|[Aa]greed|[Dd]ecided|[Dd]ecision|DECISION|DECIDED|RESOLVED|AGREED)"
    r"(?: unanimously| \([^()]{1,80}\))*(?: ?[:–—-] *(?:[Tt]hat\s+)?|,? that\s+)(?=\S)"
    r"|\b(?P<firm>RESOLVED|AGREED|[Rr]esolved)(?: unanimously| \([^()]{1,80}\))* (?=to [a-z])",
    re.MULTILINE,
)
_ITEMS_BELOW = re.compile(r"\b(?P<cue>RESOLVED|AGREED)[^.;\n]{0,80}[:–—-]$")
_PAPER_BELOW = re.compile(
    r"(?:(?:^|(?<=\| ))[\W\d]*|\b(?:was|were|and|[Cc]ouncil|[Cc]ommittee|[Cc]abinet|[Mm]embers) (?:\w+ly )?)"
    r"(?P<cue>[Rr]esolved|[Aa]greed|[Dd]ecided|[Dd]ecisions?|RESOLVED|AGREED|DECISIONS?)[^.;\n]{0,80}"
    r"(?:[:–—-]|\b[Tt]hat)$",
    re.MULTILINE,
)
_THAT = re.compile(r"(?:\([^()]{1,4}\) *)?[Tt]hat\s+")
_THAT_ALONE = re.compile(r"[Tt]hat(?: [^.;:\n]{1,60}:|[:–—-]?)")
NAME_WORDS = r"(?:[A-Z][\w’'.-]*)(?: [A-Z][\w’'.-]*){1,4}"
_WORD = r"(?:[A-Z][\w'’.-]*|of|the|for|and)"
_DOER = re.compile(rf"(?:[Tt]he )?(?P<who>{_WORD}(?: {_WORD}){{0,6}}|[a-z]+(?: [a-z]+)?) to [a-z]+ \w")
_MINUTES = re.compile(r"\b[Mm](?:inutes|INUTES)\b")
_HEAD = 600  # characters of a text in which it calls itself minutes
_LEAST_WORDS = 3
_LIKE_VERBS = {"VB", "NN", "NNP", "VBP", "VBD"}  # tags that the parser mistakes a verb behind "to" for


def minutes(page: Page, found: Sequence[Candidate], paper: bool = False) -> list[Candidate]:
    """What was resolved and what is to be done, outside of what is found already.

    ``paper``: the text is minutes and nothing else, so that its cues need no capitals.
    """
    taken = {page.para_of(start) for one in found for start, _ in one.content}
    return [one for one in _minuted(page, paper) if page.para_of(one.content[0][0]) not in taken]


def _minuted(page: Page, paper: bool) -> Iterator[Candidate]:
    """By the sentence; a name before "to" says who is to do something only in minutes proper."""
    proper = paper or bool(_MINUTES.search(page.title) or _MINUTES.search(page.text, 0, _HEAD))
    resolved: Span | None = None  # the cue of the items below it
    for para in page.paras:
        if para.furniture:
            continue
        below = (_PAPER_BELOW if paper else _ITEMS_BELOW).search(page.text, para.start, para.end)
        if resolved and not below and (item := _item(page, para, resolved, paper)):
            yield item
            continue
        if resolved and not below and _THAT_ALONE.fullmatch(page.text, para.start, para.end):
            continue
        resolved = below.span("cue") if below else None
        found = list(_in_line(page, para, _PAPER_CUE if paper else _CUE))
        yield from found
        if proper and not found and para.kind in ("list", "heading") and (doer := _doer(page, para)):
            yield doer
        elif paper:
            yield from _doers(page, para)


def _in_line(page: Page, para: Para, cues: re.Pattern[str]) -> Iterator[Candidate]:
    """ "RESOLVED that …" and "ACTION: …" within a paragraph, to the end of their sentences."""
    end = para.start
    for match in cues.finditer(page.text, para.start, para.end):
        if match.start() < end or page.quote_at(match.start()):
            continue
        cell = page.text.find(" |", match.end(), para.end)
        content = match.end(), _stop(page, match.end(), cell if cell >= 0 else para.end)
        if len(page.text[slice(*content)].split()) >= _LEAST_WORDS:
            end = content[1]
            rule = "action" if match["action"] else "resolved"
            cue = next(match.span(name) for name in match.re.groupindex if match[name])
            yield Candidate("indirect", (content,), (cue,), (), None, "", rule)


def _stop(page: Page, start: int, end: int) -> int:
    """The end of the sentence, without its stop."""
    stop = next((left for left, _ in sentence_breaks(page.text, start, end)), end)
    return stop - (page.text[stop - 1] == ".")


def _item(page: Page, para: Para, cue: Span, paper: bool) -> Candidate | None:
    """An item below "RESOLVED:", a statement of its own."""
    start = without_bullet(page.text, para)
    that = _THAT.match(page.text, start if paper else para.start, para.end)
    start = that.end() if that else start
    if that is None and para.kind != "list":
        return None
    return Candidate("indirect", ((start, _stop(page, start, para.end)),), (cue,), (), None, "", "resolved")


def doer_at(page: Page, start: int, end: int) -> re.Match[str] | None:
    """Who is to do something, from ``start`` on: "Clerk to write", not "Changes to the rota". Of somebody by
    title or office a word that the parser takes for a noun counts, too: "Cllr Frost to water the tubs"."""
    match = _DOER.match(page.text, start, end)
    if match is None:
        return None
    first = match.end("who") + len(" to ")
    tags = {token.tag_ for token in page.tokens(first, first + 1)}
    known = titled(match["who"]) or form_pattern("office").search(match["who"])
    return match if ("VB" in tags and match["who"][0].isupper()) or (known and tags & _LIKE_VERBS) else None


def _doer(page: Page, para: Para) -> Candidate | None:
    """ "(ii) Cllr Frost to supply photographs": who is to do something, in a line of its own."""
    start = without_bullet(page.text, para)
    match = doer_at(page, start, para.end)
    if match is None:
        return None
    content = match.end("who") + 1, _stop(page, start, para.end)
    return Candidate("indirect", (content,), (), (match.span("who"),), None, "", "action")


def _doers(page: Page, para: Para) -> Iterator[Candidate]:
    """ "… The lane was icy. Cllr Frost to write to the county.": in minutes proper, by the sentence."""
    end = para.end
    for _, start in sentence_breaks(page.text, para.start, para.end):
        match = doer_at(page, start, end)
        if match and (titled(match["who"]) or form_pattern("office").search(match["who"])):
            content = match.end("who") + 1, _stop(page, start, end)
            yield Candidate("indirect", (content,), (), (match.span("who"),), None, "", "action")
