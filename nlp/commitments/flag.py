"""Commitments: which statements undertake something that could be seen to happen or not, and what.

Rules over the words (nlp/commitments/rules.py) give signs with weights; the strongest is the headline act,
and its words give type, deadline, measure and condition. A trained model (nlp/commitments/classifier.py)
judges the same words; the two are averaged. Not flagged: words of people without public office, demands on
others, opinions, refusals to promise, a reporter's retelling of an old promise.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ledger.types import Commitment, CommitmentType, Deadline
from nlp.commitments import classifier
from nlp.commitments import slots as fields
from nlp.commitments.clauses import Sign
from nlp.commitments.features import features, focus, type_of, worth_a_look
from nlp.commitments.lexicon import words
from nlp.commitments.locations import place
from nlp.commitments.parse import ParsedStatement, Said, read
from nlp.text.embeddings import Embedder


def confidence(reading: ParsedStatement) -> float:
    """How surely the statement is a commitment, 0 to 1, by the rules alone."""
    return min(0.99, max(0.0, reading.headline.weight)) if reading.headline else 0.0


def bar(said: Said) -> float:
    """How sure one must be to flag it: surer in a text of one speaker's own words, as in a press release."""
    return float(
        words().data["flag_from"]["own_words" if said.role is None and not said.cue else "statement"]
    )


def _why(sign: Sign | None, due: Deadline | None, condition: str) -> str:
    """The reason in words: "first person will + “publish the plan”; deadline; no condition"."""
    dated = "deadline" if due and due.last else "time without a date" if due else "no deadline"
    shown = sign.why if sign else "by likeness to known commitments"
    return f"{shown}; {dated}; {'condition' if condition else 'no condition'}"


def _commitment(said: Said, reading: ParsedStatement, kind: CommitmentType, sure: float) -> Commitment:
    parts = list(reading.parts)
    sign = reading.headline or Sign("model", kind, 0, "", (0, len(parts[0].words)), sure, "")
    condition = fields.condition(sign, parts) if kind == "conditional" else ""
    due = fields.deadline(sign, parts, condition)
    return Commitment(
        id=Commitment.make_id(said.statement_id),
        statement_id=said.statement_id,
        type=kind,
        action=fields.action(sign, parts),
        measure=fields.measure(sign, parts),
        deadline=due,
        condition=condition,
        confidence=round(sure, 3),
        why=_why(reading.headline, due, condition),
        place=place(sign, parts),
    )


@cache
def _embedder() -> Embedder:
    return Embedder()


def flag(items: Sequence[Said], embedder: Embedder | None = None) -> list[Commitment | None]:
    """The commitment in each statement, None where there is none; same length and order as ``items``.

    Raises WrongUse when the embedding model or commitment_model.json is absent or not the one expected.
    """
    flagged: list[Commitment | None] = [None] * len(items)
    wanted = [
        number for number, said in enumerate(items) if said.role != "non_official" and said.text.strip()
    ]
    readings = {number: read(items[number]) for number in wanted}
    asked = [n for n in wanted if not readings[n].recall and worth_a_look(items[n], readings[n])]
    if not asked:
        return flagged
    model = classifier.load()
    vectors = (embedder or _embedder()).encode([focus(items[n], readings[n]) for n in asked])
    rows = classifier.design([features(items[n], readings[n]) for n in asked], vectors, model.scale)
    share = float(words().data["model_share"])
    for n, likely, learnt in zip(asked, model.flagged(rows), model.kinds(rows), strict=True):
        said, reading = items[n], readings[n]
        sure = share * float(likely) + (1 - share) * confidence(reading)
        if sure >= bar(said):
            flagged[n] = _commitment(said, reading, type_of(reading, learnt), sure)
    return flagged
