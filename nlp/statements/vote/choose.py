"""The candidates that stand: the likeliest proposals that do not lie on one another, with cue and source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ledger.types import Span
from nlp.models.tagger import Tagged
from nlp.models.votes import Vote
from nlp.statements.model import Candidate, Page, source_of
from nlp.statements.vote.features import table
from nlp.statements.vote.proposals import NEAR, SURE, ProposedSpan, kind_of, proposals, trimmed

# Beliefs from which a span is kept: a rule's, and one that only the tagger gave. They keep most of the best
# F1 on regions left out, and other news, with other conventions, is read nearly as well as by rules.
LEAST_RULE, LEAST_ELSE = 0.3, 0.7
# Of the tagger's spans those that mostly promise are seldom no statement: plans and reports without a cue.
LEAST_PROMISE = 0.4
PROMISES = 0.5  # mean belief from which a span does
# Rules that read a form of the page, not a sentence: of a hundred of their spans 94 to 100 are right in
# regions of all kinds, and the forms are rarer than the tagger needs to learn them. A post that is signed
# with a handle stands in no region: the page's own markup tells it.
EXACT = frozenset("block label post answer item action resolved own_words letter quote name_below".split())
BELIEVED = 0.9  # what they are believed at least
OVERLAP = 0.3  # share of the shorter of two spans from which only the likelier stands
RULED = 0.3  # belief that a tagger's span must have beyond a rule's like it, whose bounds are exact


def chosen(page: Page, found: Sequence[Candidate], seen: Tagged, vote: Vote) -> list[Candidate]:
    """The statements among rules' candidates and tagger's spans, in the order of the text."""
    offered = proposals(page, found, seen)
    if not offered:
        return []
    names, rows = table(page, found, seen, offered)
    exact = [one.rule is not None and found[one.rule].rule in EXACT for one in offered]
    shares = vote.shares(names, rows)
    belief = np.where(exact, np.maximum(BELIEVED, shares), shares)
    least = np.where(rows[:, names.index("promise")] >= PROMISES, LEAST_PROMISE, LEAST_ELSE)
    kept = [offered[n] for n in best(offered, belief, least)]
    return _candidates(page, found, seen, sorted(kept, key=lambda one: one.content))


def best(
    offered: Sequence[ProposedSpan], belief: NDArray[np.float32], least_else: NDArray[np.float32]
) -> list[int]:
    """Numbers of the proposals that stand, likeliest first, none over `OVERLAP` of another.

    ``least_else``: the belief that each needs where it is no rule's own.
    """
    order = sorted(
        range(len(offered)),
        key=lambda n: (-belief[n] - RULED * (offered[n].origin == "rule"), offered[n].content),
    )
    kept: list[int] = []
    for n in order:
        least = LEAST_RULE if offered[n].origin == "rule" else least_else[n]
        if belief[n] >= least and not any(_over(offered[n].content, offered[k].content) for k in kept):
            kept.append(n)
    return kept


def _over(one: Sequence[Span], other: Sequence[Span]) -> bool:
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    shorter = min(sum(end - start for start, end in spans) for spans in (one, other))
    return shared > OVERLAP * shorter


def _candidates(
    page: Page, found: Sequence[Candidate], seen: Tagged, kept: Sequence[ProposedSpan]
) -> list[Candidate]:
    """The kept proposals as candidates; who goes on speaking is told by the new numbers."""
    number = {one.rule: n for n, one in enumerate(kept) if one.rule is not None}
    made: list[Candidate] = []
    for one in kept:
        if one.rule is None:
            like = _like(found, one)
            made.append(
                _from_tagger(page, seen, one, made) if like is None else replace(like, content=one.content)
            )
            if like is not None and like.carried is not None:
                made[-1] = _carried(found, made[-1], number)
        else:
            made.append(_carried(found, found[one.rule], number))
    return made


def _like(found: Sequence[Candidate], one: ProposedSpan) -> Candidate | None:
    """The rule's candidate that most of a span is, with other bounds."""
    return next(
        (rule for rule in found if _over(rule.content, one.content) and (rule.source or rule.cue)), None
    )


def _carried(found: Sequence[Candidate], one: Candidate, number: Mapping[int, int]) -> Candidate:
    """A candidate whose speaker goes on, pointing at what was kept of the ones before it."""
    at = one.carried
    while at is not None and at not in number:
        if found[at].source:
            return replace(one, carried=None, source=found[at].source)
        at = found[at].carried
    return replace(one, carried=None if at is None else number[at])


def _from_tagger(page: Page, seen: Tagged, one: ProposedSpan, before: Sequence[Candidate]) -> Candidate:
    """A span that only the tagger gives, with the nearest cue and source that it read beside it."""
    start, end = one.content[0][0], one.content[-1][1]
    para = page.paras[page.para_of(start)]
    cue = _beside(page, seen.cue, seen, (start, end), (para.start, para.end))
    source = _beside(page, seen.source, seen, (start, end), (para.start, para.end))
    if cue and source and cue[1] <= source[0]:
        source = _subject(page, cue) or source
    goes_on = len(before) - 1 if source is None and before and _near(page, before[-1], start) else None
    if goes_on is not None and (head := before[goes_on].carried) is not None:
        goes_on = head
    return Candidate(
        kind=kind_of(page, one.content, seen),
        content=one.content,
        cue=(cue,) if cue else (),
        source=(source,) if source else (),
        carried=goes_on,
        cue_lemma=page.lexicon.forms.get(page.text[cue[0] : cue[1]].lower(), "") if cue else "",
        rule="tagger",
    )


def _subject(page: Page, cue: Span) -> Span | None:
    """What stands before a cue as its subject: "Ann Lee repeated, in reply to Bob Pike, that …"."""
    verb = next((token for token in page.tokens(*cue) if page.is_cue(token)), None)
    subject = source_of(page, verb) if verb is not None else None
    return subject if subject and subject[1] <= cue[0] else None


def _near(page: Page, before: Candidate, at: int) -> bool:
    return page.para_of(at) - page.para_of(before.content[-1][1]) <= 1


def _beside(page: Page, belief: NDArray[np.float32], seen: Tagged, span: Span, line: Span) -> Span | None:
    """The run of pieces nearest to a span, in its line, that the tagger holds for a cue or a source."""
    place = seen.within((max(line[0], span[0] - NEAR), min(line[1], span[1] + NEAR)))
    runs: list[list[int]] = []
    for n in range(place.start, place.stop):
        if belief[n] < SURE:
            continue
        if runs and seen.starts[n] - runs[-1][1] <= 1:
            runs[-1][1] = int(seen.ends[n])
        else:
            runs.append([int(seen.starts[n]), int(seen.ends[n])])
    apart = [(max(span[0] - b, a - span[1], 0), a, b) for a, b in runs]
    if not apart:
        return None
    _, a, b = min(apart)
    return trimmed(page.text, a, b)
