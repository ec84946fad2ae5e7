"""Short ways to make what grouping, evidence and status take, for their tests."""

from __future__ import annotations

from datetime import date

from ledger.types import Commitment, CommitmentType, Deadline, Evidence, Measure, Role, Stance, Statement
from nlp.models.learned import promise_encoder
from nlp.pledges.pair_features import Item, Printed, encoded, item_of, texts_of
from nlp.text.embeddings import Embedder


def item(
    words: str,
    day: str | None = "2025-01-10",
    speaker: str | None = "Ann Carr",
    body: str | None = "Westby Council",
    role: Role = "council_leader",
    due: str | None = None,
    measure: Measure | None = None,
    type_: CommitmentType = "firm",
    context: str = "",
) -> Item:
    """An item in an article of its own day and words, with its vectors."""
    article = f"{day}-{words[:12]}"
    title, _, first = context.partition(". ")
    before = f"{first}\n" if first else ""
    start, end = len(before), len(before) + len(words)
    statement = Statement(
        Statement.make_id(article, (words,), 0),
        article,
        "direct",
        ((start, end),),
        speaker=speaker,
        official_id=speaker,
        role=role,
        body=body,
    )
    deadline = Deadline(due, date.fromisoformat(due), date.fromisoformat(due)) if due else None
    commitment = Commitment(
        Commitment.make_id(statement.id),
        statement.id,
        type_,
        words[:80],
        measure,
        deadline,
        confidence=0.9,
        span=(start, end),
    )
    sentences = [(0, len(first)), (start, end)] if first else [(start, end)]
    printed = Printed(title, f"{before}{words}", sentences)
    (vectors,) = encoded([texts_of(commitment.span, printed)], Embedder(), promise_encoder())
    return item_of(commitment, statement, printed, date.fromisoformat(day) if day else None, vectors)


def commitment(
    type_: CommitmentType = "firm",
    due: str | None = None,
    value: float | None = None,
    action: str = "build the homes",
    nth: int = 0,
) -> Commitment:
    """A commitment alone. ``due``: ISO day."""
    deadline = Deadline(due, date.fromisoformat(due), date.fromisoformat(due)) if due else None
    measure = Measure(value, "homes", f"{value:g} homes") if value is not None else None
    return Commitment(f"c{nth}", f"s{nth}", type_, action, measure, deadline)


def evidence(
    stance: Stance, day: str, by_owner: bool = False, confidence: float = 0.97, source: str = "Gazette"
) -> Evidence:
    return Evidence(
        f"{stance}{day}{by_owner}",
        "p",
        f"a{day}",
        (0, 5),
        stance,
        date.fromisoformat(day),
        by_owner,
        source,
        confidence,
    )
