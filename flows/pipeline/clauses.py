"""The commitments of statements, and which of them stands for which that was found there before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ledger.storage import pending, records, warehouse
from ledger.types import Commitment
from nlp.commitments.flag import flag
from nlp.commitments.parse import Said
from nlp.evidence.edits import clause_successors
from nlp.models.learned import promise_votes


@dataclass(frozen=True, slots=True)
class Flagged:
    """Commitments in the order of their statements, each with the words of its clause by its id ("" where it
    is the whole statement)."""

    found: list[Commitment] = field(default_factory=list)
    clauses: dict[str, str] = field(default_factory=dict)


def flagged(said: Sequence[Said]) -> Flagged:
    """The commitments in these statements."""
    made = Flagged()
    for one, found in zip(said, flag(said, promise_votes()), strict=True):
        made.found.extend(found)
        made.clauses.update({c.id: one.article[slice(*c.span)] for c in found})
    return made


def put_flagged(
    connection: warehouse.Connection, ids: Sequence[str], made: Flagged, named: Collection[str], run_id: str
) -> None:
    """Replace the commitments of these statements, and note which stands for which that is gone: of the same
    statement, or of one whose place it took.

    ``named``: ids of the journal that nothing stands for yet. Among them may be those of 0.1.0, which knew
    one commitment a statement.
    """
    before: dict[str, dict[str, str]] = {key: {} for key in ids}
    for row in pending.former_commitments(connection, ids):
        mine = before[str(row["now"])]
        if (early := Commitment.make_id(str(row["was"]))) in named:
            mine[early] = ""
        if row["id"]:
            mine[str(row["id"])] = str(row["clause"])
    after: dict[str, dict[str, str]] = {key: {} for key in ids}
    for commitment in made.found:
        after[commitment.statement_id][commitment.id] = made.clauses[commitment.id]
    for key in ids:
        records.put_successors(connection, clause_successors(before[key], after[key]))
    pending.drop_commitments_of(connection, ids)
    records.put_commitments(connection, made.found, run_id, made.clauses)
