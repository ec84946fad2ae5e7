"""Direct speech: quoted stretches told as speech or as fragments, each with its cue and source.

What stands around the stretches of a paragraph decides: words after a stretch attribute it ("…," said X),
words before attribute what follows (X said: "…"), a stretch split by its attribution is one statement, and
a paragraph that is all quotation goes on with the speaker of the one before.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ledger.types import Span
from nlp.statements.attribution import cue_beside, name_behind, name_below, names_above
from nlp.statements.forms.blocks import block_behind
from nlp.statements.forms.interviews import quoted_answers
from nlp.statements.forms.posts import posts
from nlp.statements.forms.programmes import items_behind, leads_list, owner_of_list, possessor
from nlp.statements.forms.unmarked import joined, unmarked_speech
from nlp.statements.model import Candidate, Page, noun_phrase
from nlp.statements.quote_segments import cue_right_before, is_speech, is_whole, speech_runs
from nlp.statements.quotes import Quoted
from nlp.text.sentences import sentence_breaks

_NAME_WORD = r"(?:[A-Z][\w’'.-]*|of|the|for|and|de|van)"
_NAME = rf"{_NAME_WORD}(?:[ ,]+{_NAME_WORD}){{0,8}}"
_SPEAKER_LINE = re.compile(rf"({_NAME}):\s*$")
_HEADED = re.compile(
    rf"({_NAME}) (?:on|to|about) [^.,:?!]+:\s*$|.*\s[-–—]\s({_NAME}):\s*$|From ({_NAME}):\s*$"
)
_MARKS = "”\"’'»"
_LEAD = "lead"  # the rule of an introduction whose cue and source go to the words after it
_NEAR = 200  # characters looked at on either side of a quotation


def direct_statements(page: Page) -> list[Candidate]:
    """The direct statements of a page, in order; fragments of quotation are left to
    `nlp.statements.reported_speech`.

    With them what is verbatim without marks: turns of a transcript, posts, and paragraphs that a lead-in
    introduces.
    """
    unmarked, claimed = unmarked_speech(page)
    posted, as_posts = posts(page)
    marked = quoted_answers(page, _Reader(page, claimed | as_posts).read())
    return joined(joined(unmarked, posted), marked)


class _Reader:
    """Goes through the paragraphs once; ``going`` is the statement whose speaker goes on into the next."""

    def __init__(self, page: Page, done: frozenset[int]) -> None:
        self.page = page
        self.done = set(done)
        self.found: list[Candidate] = []
        self.going: int | None = None
        self.unclosed = False
        self.by_para: dict[int, list[Quoted]] = {}
        for quote in page.quotes:
            self.by_para.setdefault(quote.para, []).append(quote)
        paras = page.paras
        whole = (n for n, q in self.by_para.items() if is_whole(paras[n].start, paras[n].end, q))
        self.above = names_above(page, frozenset(whole))

    def read(self) -> list[Candidate]:
        for number, para in enumerate(self.page.paras):
            if para.furniture or number in self.done:
                continue
            quotes = self.by_para.get(number, [])
            runs = speech_runs(self.page, para.start, para.end, quotes, self.going is not None)
            if runs:
                self._spoken(number, runs, quotes)
            else:
                self._told(number)
            self.unclosed = bool(runs and quotes) and not quotes[-1].closed
        return _without_leads(self.found)

    def _spoken(self, number: int, runs: list[list[Quoted]], quotes: list[Quoted]) -> None:
        para = self.page.paras[number]
        for run in runs:
            statement = _attributed(self.page, para.start, para.end, run, quotes)
            goes_on = self.unclosed or is_whole(para.start, para.end, run) or run[0].continued
            if statement.source or statement.cue:
                self._begin(statement)
            elif self.going is not None and goes_on:
                self.found.append(_carried(statement, self.going))
            elif is_speech(self.page, run):
                self.found.append(statement)
                self.going = None

    def _told(self, number: int) -> None:
        """A paragraph without speech: it may name who spoke before it, or introduce who speaks next."""
        page, para = self.page, self.page.paras[number]
        last = self.found[-1] if self.found else None
        if (
            last
            and not (last.source or last.cue or last.carried is not None)
            and ((name := name_below(page, number)) and page.para_of(last.content[0][0]) == number - 1)
        ):
            for nth in self._block_above(number):
                content = self.found[nth].content
                self.found[nth] = Candidate("direct", content, (), (name,), None, "", "name_below")
            self.going = None
        elif name := self.above.get(number):
            self._begin(Candidate("direct", ((para.start, para.start),), (), (name,), None, "", _LEAD))
        elif lead := _lead_in(page, para.start, para.end):
            self._begin(lead)
            if not self._quoted_next(number):
                self._introduced(number + 1, lead)
        elif owner := owner_of_list(page, para, _sentence_start(page.text, para.start, para.end)):
            self._begin(Candidate("direct", ((para.start, para.start),), (), (owner,), None, "", _LEAD))
            self._listed(number + 1)
        elif para.kind == "quote":
            self._begin(Candidate("direct", ((para.start, para.end),), rule="quote"))
        else:
            self.going = None

    def _block_above(self, number: int) -> Iterator[int]:
        """What was found last, and above it the rest of its block quotation, as places in ``found``."""
        for nth in range(len(self.found) - 1, -1, -1):
            one = self.found[nth]
            at = self.page.para_of(one.content[0][0])
            quoted = nth == len(self.found) - 1 or (at == number - 1 and self.page.paras[at].kind == "quote")
            if not quoted or one.source or one.cue or one.carried is not None:
                return
            yield nth
            number = at

    def _introduced(self, number: int, lead: Candidate) -> None:
        """What a lead-in introduces without marks: a block, a list, or a block with a list below it."""
        page = self.page
        block = block_behind(page, number, lead.cue[0][1] if lead.cue_lemma else None)
        for para in block:
            self.done.add(page.para_of(para.start))
            words = ((para.start, para.end),)
            self.found.append(Candidate("direct", words, (), (), self.going, "", "block"))
        if block or leads_list(page, page.paras[number - 1], lead):
            if not block and lead.source and (owner := possessor(page, *lead.source[0])):
                self.found[-1] = replace(lead, source=(owner,))
            self._listed(number + len(block))

    def _listed(self, number: int) -> None:
        for item in items_behind(self.page, number):
            self.done.add(self.page.para_of(item[0]))
            self.found.append(Candidate("direct", (item,), (), (), self.going, "", "item"))

    def _quoted_next(self, number: int) -> bool:
        following = (n for n in range(number + 1, len(self.page.paras)) if not self.page.paras[n].furniture)
        return bool(self.by_para.get(next(following, -1)))

    def _begin(self, statement: Candidate) -> None:
        self.found.append(statement)
        self.going = len(self.found) - 1


def _attributed(page: Page, start: int, end: int, run: list[Quoted], quotes: list[Quoted]) -> Candidate:
    """A run with the cue and source that the words after it, else those before it, give."""
    content = tuple(_bare(page.text, q) for q in run)
    first, last = run[0], run[-1]
    lefts = [q.left for q in quotes]
    behind, ahead = bisect_left(lefts, first.left), bisect_right(lefts, last.left)
    following = lefts[ahead] if ahead < len(lefts) else end
    preceding = quotes[behind - 1].right if behind else start
    pieces: list[tuple[int, int, bool]] = []
    if len(run) > 1:
        pieces.append((run[0].right, run[1].left, True))
    after_end = _sentence_stop(page.text, last.right, following)
    if page.text[last.right : after_end].strip(" .,;:"):
        pieces.append((last.right, after_end, True))
    before_start = _sentence_start(page.text, preceding, first.left)
    led_in = page.text[before_start : first.left].rstrip().endswith((":", ","))
    ends = page.text[first.end - 1 : first.end]  # "…," he said, "…." is attributed by what splits it
    if cue_right_before(page, before_start, first.left) or (led_in and ends == "."):
        pieces.insert(0, (before_start, first.left, False))
    elif led_in or not pieces:
        pieces.append((before_start, first.left, False))
    before = page.text[before_start : first.left]
    if headed := _HEADED.match(before):
        left, right = (before_start + edge for edge in headed.span(headed.lastindex or 0))
        if not any(token.pos_ == "VERB" for token in page.tokens(left, right)):
            return Candidate("direct", content, (), ((left, right),), None, "", "name_colon")
    if name_span := name_behind(page, last.right, end):
        return Candidate("direct", content, (), (name_span,), None, "", "name_behind")
    for left, right, after in pieces:
        if cue := cue_beside(page, left, right, after):
            verb, source = cue
            page.taken.add(verb.i)
            return Candidate(
                "direct",
                content,
                (_cue_span(page, verb),),
                source,
                None,
                page.lemma(verb),
                "marked_quote",
            )
    if name := _SPEAKER_LINE.search(before):
        span = (before_start + name.start(1), before_start + name.end(1))
        return Candidate("direct", content, (), (span,), None, "", "name_colon")
    return Candidate("direct", content)


def _cue_span(page: Page, verb: Any) -> Span:
    return verb.idx, verb.idx + len(verb.text)


def _lead_in(page: Page, start: int, end: int) -> Candidate | None:
    """A paragraph that ends in a colon introduces the quotation of the next: who says it."""
    text = page.text[start:end].rstrip()
    if not text.endswith(":"):
        return None
    left = _sentence_start(page.text, start, end)
    if cue := cue_beside(page, left, end, False):
        verb, source = cue
        page.taken.add(verb.i)
        return Candidate(
            "direct",
            ((start, start),),
            (_cue_span(page, verb),),
            source,
            None,
            page.lemma(verb),
            _LEAD,
        )
    if name := _SPEAKER_LINE.search(page.text[left:end]):
        return Candidate(
            "direct",
            ((start, start),),
            (),
            ((left + name.start(1), left + name.end(1)),),
            None,
            "",
            _LEAD,
        )
    return None


def _without_leads(found: list[Candidate]) -> list[Candidate]:
    """Hand each lead-in's cue and source to the first statement carried from it, and drop the lead-in."""
    kept: list[Candidate] = []
    place: dict[int, int] = {}
    for n, one in enumerate(found):
        if one.rule == _LEAD:
            continue
        carried = one.carried
        if carried is not None and found[carried].rule == _LEAD and carried not in place:
            lead = found[carried]
            rule = one.rule if one.rule in ("block", "item") else "lead_in"
            one = Candidate(one.kind, one.content, lead.cue, lead.source, None, lead.cue_lemma, rule)
            place[carried] = len(kept)
        elif carried is not None:
            one = replace(one, carried=place[carried])
        place[n] = len(kept)
        kept.append(one)
    return kept


def subject_before(page: Page, number: int, at: int) -> Span | None:
    """Whoever the sentence before a quotation is about, within its paragraph: Jones laughed. "No."."""
    start = max(page.paras[number].start, at - 3 * _NEAR)
    tokens = [t for t in page.tokens(start, at - 1) if not page.quote_at(t.idx)]
    if not tokens or page.text[start:at].rstrip(_MARKS + "“‘ ")[-1:] not in (".", "?", "!", ":"):
        return None
    last = tokens[-1].sent.root
    subject = next((c for c in last.children if c.dep_ == "nsubj"), None)
    if subject is None or page.quote_at(subject.idx) or subject.idx < start:
        return None
    person = subject.ent_type_ == "PERSON" or subject.lower_ in ("he", "she")
    return noun_phrase(page, subject) if person else None


def _carried(statement: Candidate, head: int) -> Candidate:
    return Candidate(statement.kind, statement.content, (), (), head, "", "carried")


def _bare(text: str, quote: Quoted) -> Span:
    """The words without the comma that belongs to the attribution."""
    end = quote.end
    while end > quote.start and text[end - 1] in ",;—–- ":
        end -= 1
    return (quote.start, end) if end > quote.start else (quote.start, quote.end)


def _sentence_stop(text: str, left: int, right: int) -> int:
    """The end of the sentence that begins at ``left``."""
    return next((end for end, _ in sentence_breaks(text, left, right)), right)


def _sentence_start(text: str, left: int, right: int) -> int:
    """The start of the last sentence between the two."""
    return max((start for _, start in sentence_breaks(text, left, right) if start < right), default=left)
