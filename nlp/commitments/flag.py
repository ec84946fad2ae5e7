"""Commitments: the clauses of a statement that undertake something that could be seen to happen or not.

The tagger and the sentences propose clauses; a learned vote over named figures keeps those that stand and do
not lie on one another; two more tell their type and whether anybody would track them. Rules give what a
clause holds: act, measure, deadline, condition, place.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ledger.types import Commitment, Deadline, Span
from nlp.commitments import slots
from nlp.commitments.acts.act import act_or_words
from nlp.commitments.acts.fill import Around
from nlp.commitments.dates import deadline_of, measure_of, with_whole_time
from nlp.commitments.figures import signs, table
from nlp.commitments.locations import place
from nlp.commitments.parse import Said
from nlp.commitments.points import CELL, SURE, point_of
from nlp.commitments.proposals import ProposedClause, covered, proposals
from nlp.models.learned import PromiseVotes
from nlp.text.normalize import fold_quotes

LEAST = 0.42  # belief from which a clause is kept: the best F1 on regions left out
OVERLAP = 0.3  # share of the shorter of two clauses from which only the likelier stands
MINOR = 0.5
_LONGEST_BY = 12  # characters around a day that stands alone: "by ", "due: "
SHOWN = (
    "will",
    "would",
    "going_to",
    "promised",
    "planned",
    "hoped",
    "is_to",
    "expected",
    "resolved",
    "never",
)


def flag(items: Sequence[Said], votes: PromiseVotes) -> list[tuple[Commitment, ...]]:
    """The commitments of each statement, in the order of the text; same length and order as ``items``."""
    return [_flagged(said, votes) for said in items]


def _flagged(said: Said, votes: PromiseVotes) -> tuple[Commitment, ...]:
    if said.point:
        if (point := point_of(said.article, said.content)) is None:
            return ()
        span, kind = point
        if slots.denied(said.article, span):
            return ()
        one = ProposedClause(span, span, "sentence")
        return (_commitment(said, one, kind, SURE, False),)
    offered = proposals(said.article, said.content, said.seen) if said.seen else []
    if said.seen is None or not offered:
        return ()
    names, rows = table(said, said.seen, offered)
    belief = votes.clauses.shares(names, rows)
    undertaken = (n for n in standing(offered, belief) if not slots.denied(said.article, offered[n].span))
    kept = sorted(undertaken, key=lambda n: offered[n].span)
    if not kept:
        return ()
    kinds = [_by_cue(said, kind) for kind in votes.types.kinds(names, rows[kept])]
    minor = votes.minor.shares(names, rows[kept])
    starts = [*(offered[n].span[0] for n in kept[1:]), None]
    return tuple(
        _commitment(said, offered[n], kind, float(belief[n]), bool(unmissed >= MINOR), until)
        for n, kind, unmissed, until in zip(kept, kinds, minor, starts, strict=True)
    )


def _by_cue(said: Said, kind: str) -> str:
    """The type, by whose cue it was promised to do: who "pledged to build" it does not only intend to."""
    content = fold_quotes(said.article[slice(*said.content[0])]).lower()
    firm = signs()["promised"].search(fold_quotes(said.cue).lower()) and signs()["to_do"].search(content)
    return "firm" if kind == "intention" and firm else kind


def standing(offered: Sequence[ProposedClause], belief: NDArray[np.float32]) -> list[int]:
    """Numbers of the clauses that stand, likeliest first, none over `OVERLAP` of another."""
    kept: list[int] = []
    for n in sorted(range(len(offered)), key=lambda n: (-belief[n], offered[n].span)):
        if belief[n] < LEAST:
            break
        if all(covered(offered[n].span, offered[k].span) <= OVERLAP for k in kept):
            kept.append(n)
    return kept


def _commitment(
    said: Said, one: ProposedClause, kind: str, sure: float, minor: bool, until: int | None = None
) -> Commitment:
    """``until``: where the next commitment of the statement begins."""
    start, end = _whole(said, one.span)
    words = said.article[start:end]
    due = deadline_of(said.article, (start, end), said.content, said.published, until)
    if due is None and said.point and len(said.content) > 1:
        due = _day_alone(said)
    condition = slots.condition(said.article, (start, end), one.sentence) if kind == "conditional" else ""
    return Commitment(
        id=Commitment.make_id(said.statement_id, words),
        statement_id=said.statement_id,
        type=kind,
        action=_act(said, (start, end), kind),
        measure=measure_of(said.article, (start, end), due),
        deadline=due,
        condition=condition,
        confidence=round(sure, 3),
        why=_why(words, kind, due is not None, bool(due and due.last)),
        place=place(words, due),
        span=(start, end),
        minor=minor,
    )


def _day_alone(said: Said) -> Deadline | None:
    """Of a point, a last part that is nothing but a day: "The hedge is to be cut. Action: Clerk by 4 May"."""
    start, end = said.content[-1]
    due = deadline_of(said.article, (start, end), said.content[-1:], said.published)
    return due if due and len(due.text) + _LONGEST_BY > end - start else None


def _whole(said: Said, span: Span) -> Span:
    """A clause with the whole of the time it ends in, as far as that was said."""
    start, end = with_whole_time(said.article, span)
    return start, max(span[1], min(end, said.content[-1][1] if said.content else end))


def _act(said: Said, span: Span, kind: str) -> str:
    """The act that a title can be made of; the clause itself, in quotation marks, where none can be told."""
    clause = said.article[span[0] : span[1]]
    if said.point:
        clause = clause.partition(CELL)[0]
    # A point stands for itself: those before it are other promises.
    return act_or_words(
        clause, Around() if said.point else Around(said.article, span[0], said.headline), kind
    )


def _why(words: str, kind: str, timed: bool, dated: bool) -> str:
    """The reason in words: "reads as firm: “will”; deadline"."""
    plain = fold_quotes(words).lower()
    seen = (signs()[name].search(plain) for name in SHOWN)
    shown = ", ".join(f"“{match[0].strip()}”" for match in seen if match) or "by its words as a whole"
    time = "deadline" if dated else "time without a date" if timed else "no deadline"
    return f"reads as {kind}: {shown}; {time}"
