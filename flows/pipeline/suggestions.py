"""What is suggested of each pledge today, and how it stood on every day of its past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from flows.pipeline.versions import version
from ledger.decisions import suggestions
from ledger.storage import pending, records, rows, warehouse
from ledger.types import Evidence, Pledge, text_hash
from nlp.pledges.history import standings
from nlp.pledges.pair_features import Item
from nlp.pledges.status import suggest

STAGE = "standings"


def keep_standings(
    connection: warehouse.Connection,
    pledges: Sequence[Pledge],
    items: Sequence[Item],
    evidence: Mapping[str, list[Evidence]],
    track: str,
    run_id: str,
) -> None:
    """Write the standings of the pledges whose statements or evidence differ from the last time.

    ``track``: the version of the stage that made the evidence.
    """
    known = {item.id: item for item in items}
    done = pending.done_versions(connection, STAGE)
    stage = version(STAGE, track)
    for pledge in pledges:
        mine = sorted(evidence.get(pledge.id, []), key=lambda row: row.id)
        told = [*pledge.commitments, *(f"{e.id} {e.stance} {e.by_owner} {e.day}" for e in mine)]
        state = f"{stage} {text_hash(','.join(told))[:16]}"
        if done.get(pledge.id) == state:
            continue
        made = standings(pledge.id, [known[c] for c in pledge.commitments], mine)
        suggestions.clear_standings(connection, [pledge.id])
        records.insert(connection, "standings", [records.row_of(row, run_id=run_id) for row in made])
        records.mark_done(connection, STAGE, state, [pledge.id])


def evidence_of_pledges(connection: warehouse.Connection) -> dict[str, list[Evidence]]:
    """All evidence by pledge."""
    found: dict[str, list[Evidence]] = {}
    for row in suggestions.evidence(connection):
        one = rows.evidence_of(row)
        found.setdefault(one.pledge_id, []).append(one)
    return found


def suggest_statuses(
    connection: warehouse.Connection,
    pledges: Iterable[Pledge],
    items: Sequence[Item],
    evidence: Mapping[str, list[Evidence]],
    said: Mapping[str, date | None],
    today: date,
    run_id: str,
) -> None:
    """Write what the rules suggest as of ``today``, and note each suggestion that differs from the last."""
    before = {str(row["id"]): row for row in suggestions.pledges(connection)}
    commitments = {item.commitment.id: item.commitment for item in items}
    for pledge in pledges:
        mine = [commitments[c] for c in pledge.commitments]
        last_said = max((day for c in pledge.commitments if (day := said.get(c))), default=None)
        status, flags, why = suggest(pledge, mine, evidence.get(pledge.id, []), today, last_said)
        was = before[pledge.id]
        suggestions.suggest(connection, pledge.id, status, flags, why)
        if was["noted"] != status:
            noted = str(was["noted"]) if was["noted"] else None
            suggestions.note_change(connection, pledge.id, status, noted, why, today, run_id)
