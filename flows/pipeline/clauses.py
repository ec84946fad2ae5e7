"""The commitments of statements, and which of them stands for which that was found there before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from ledger.storage import pending, pledge_index, records, warehouse
from ledger.types import Commitment
from nlp.commitments.flag import flag
from nlp.commitments.parse import Said
from nlp.evidence.edits import clause_successors
from nlp.models.learned import promise_votes
from nlp.names.unnamed import without_names


@dataclass(frozen=True, slots=True)
class Flagged:
    """Commitments in the order of their statements, each with the words of its clause by its id ("" where it
    is the whole statement)."""

    found: list[Commitment] = field(default_factory=list)
    clauses: dict[str, str] = field(default_factory=dict)


def flagged(given: Sequence[tuple[Said, Collection[str]]]) -> Flagged:
    """The commitments in these statements, each given with the words in it that name somebody whom no title
    is to name."""
    made = Flagged()
    found = flag([one for one, _ in given], promise_votes())
    for (one, hidden), mine in zip(given, found, strict=True):
        made.found.extend(replace(c, action=without_names(c.action, hidden)) if hidden else c for c in mine)
        made.clauses.update({c.id: one.article[slice(*c.span)] for c in mine})
    return made


def put_flagged(
    connection: warehouse.Connection, ids: Sequence[str], made: Flagged, named: Collection[str], run_id: str
) -> None:
    """Replace the commitments of these statements, and note which stands for which that is gone: of the same
    statement, or of one whose place it took. One whose clause stands as it was read before keeps its id, and
    with it that of its pledge, however its statement is read now.

    ``named``: ids of the journal that nothing stands for yet. Among them may be those of 0.1.0, which knew
    one commitment a statement and no clause: the one that tells of the same act takes its id, else the first.
    """
    before: dict[str, dict[str, str]] = {key: {} for key in ids}
    early: set[str] = set()
    for row in pending.former_commitments(connection, ids):
        mine = before[str(row["now"])]
        if (whole := Commitment.make_id(str(row["was"]))) in named:
            mine[whole] = ""
            early.add(whole)
        if row["id"]:
            mine[str(row["id"])] = str(row["clause"] or row["act"])
            (early.discard if row["clause"] else early.add)(str(row["id"]))
    after: dict[str, dict[str, str]] = {key: {} for key in ids}
    for commitment in made.found:
        after[commitment.statement_id][commitment.id] = made.clauses[commitment.id]
    kept: dict[str, str] = {}  # of what was read now, the id that it had
    for key in ids:
        found = clause_successors(before[key], after[key])
        unlike = {was: "" for was in before[key] if was in early and was not in found}
        found |= clause_successors(unlike, after[key])
        for was, now in found.items():
            if now not in before[key] and (was in early or before[key][was] == after[key][now]):
                kept.setdefault(now, was)
        found = {was: kept.get(now, now) for was, now in found.items()}
        records.put_successors(connection, {was: now for was, now in found.items() if was != now})
    pending.drop_commitments_of(connection, ids)
    pledge_index.drop_vectors_of(connection, sorted(kept.values()))  # may be of other words
    commitments = [replace(one, id=kept.get(one.id, one.id)) for one in made.found]
    clauses = {kept.get(one, one): words for one, words in made.clauses.items()}
    records.put_commitments(connection, commitments, run_id, clauses)
