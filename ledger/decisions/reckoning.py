"""Pledges reckoned by the rules of `ledger.pledges` from what is stored and decided.

A run does it for all and keeps what comes out; readers do it again for those on which people have decided
something since, and for what they ask for as it was known on a day. Both ask ``sql/members.sql``, so that the
same comes before the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pyarrow as pa

from ledger.decisions import effects
from ledger.pledges.members import Member
from ledger.pledges.reckon import Reckoned, reckon
from ledger.pledges.summary import summarise
from ledger.storage import records
from ledger.storage.warehouse import Connection, incoming
from ledger.types import Commitment, Deadline, Evidence, Measure, Pledge

STAGE = "reckon"  # whose note says which decisions the kept pledges were reckoned with
_DAY = "reckoned"  # in `meta`: the day as of which the pledges were reckoned
_RECKONED_ON = """SELECT coalesce((SELECT value::DATE FROM w.meta WHERE key = ?),
    getvariable('today')::DATE)"""  # the reader's own day where a run kept none
_ASKED = "SET VARIABLE asked = ?::VARCHAR[]"
_EVERY = "SET VARIABLE asked = (SELECT list(DISTINCT pledge_id) FROM place_view)"
_MEMBERS = """SELECT pledge_id, id, statement_id, type, action, measure_value, measure_unit, measure_text,
    deadline_text, deadline_first, deadline_last, day, speaker, official_id, role, body, area, core, central,
    published, came, outlet, is_rejected, office, source_name, words, headline FROM member"""
_REPORTS = """SELECT pledge_id, id, article_id, stance, day, by_owner, source, confidence
    FROM report ORDER BY id"""
# A print of each pledge's rows: of the same rows the same sum, in whatever order they come.
_PRINTS = "SELECT pledge_id, sum(hash(told)::HUGEINT)::VARCHAR FROM ({rows}) told GROUP BY pledge_id"
_STATED = "SELECT * EXCLUDE (is_rejected, came, published, area, office) FROM member WHERE NOT is_rejected"
# Of the pledges that are told as of a day as they were last, and whose places nothing wrote anew, that print.
_STANDING = """SELECT pledge_id, print FROM reckoned
    WHERE $1::DATE >= as_of AND $1::DATE < coalesce(until, 'infinity')
    AND pledge_id NOT IN (SELECT pledge_id FROM pledge_commitments WHERE position IS NULL)"""
_PLACE = """INSERT INTO again_place SELECT * REPLACE (CASE WHEN pledge_id IN (
        SELECT pledge_id FROM incoming JOIN w.withheld_commitment USING (commitment_id))
    THEN w.unquoted(changed) ELSE changed END AS changed) FROM incoming"""
_SUGGESTED = """INSERT INTO suggestions BY NAME
    SELECT p.id AS pledge_id, p.suggested, g.suggested AS was, p.why, ? AS as_of, ? AS run_id, now() AS noted
    FROM pledges p
    LEFT JOIN (SELECT pledge_id, arg_max(suggested, noted) AS suggested FROM suggestions GROUP BY 1) g
        ON g.pledge_id = p.id
    WHERE g.suggested IS DISTINCT FROM p.suggested ORDER BY p.id"""


def prints(connection: Connection) -> dict[str, str]:
    """Of every pledge of a run's side file a print of what it is in its statements; what is rejected whole is
    none."""
    connection.execute(_EVERY)
    return _prints(connection, _STATED)


def _prints(connection: Connection, rows: str) -> dict[str, str]:
    return dict(connection.execute(_PRINTS.format(rows=rows)).fetchall())


def pledges(connection: Connection, ids: Sequence[str] | None = None) -> list[Pledge]:
    """All pledges of a run's side file, or these, by what their statements tell, in the order of their first
    ones; what is rejected whole is none."""
    if ids is None:
        connection.execute(_EVERY)
    else:
        connection.execute(_ASKED, [list(ids)])
    kept = {key: [m for m in mine if not m.rejected] for key, mine in _members(connection).items()}
    return [summarise(key, mine) for key, mine in kept.items() if mine]


def keep(connection: Connection, today: date, run_id: str, rules: str = "") -> None:
    """Reckon the pledges of a run's side file as of ``today``, keep them in the place of those of before, and
    note each suggestion that differs from the last one.

    A pledge is left as it was reckoned last where its statements and evidence are the same, and no day has
    come from which they tell otherwise. ``rules``: the version of what decides; none is left that another
    decided.
    """
    connection.execute(_EVERY)
    reports = _prints(connection, "FROM report")
    found_of = {
        key: f"{rules} {mark} {reports.get(key, '')}"
        for key, mark in _prints(connection, "FROM member").items()
    }
    for table, column in (("pledges", "id"), ("reckoned", "pledge_id")):
        connection.execute(f"DELETE FROM {table} WHERE {column} NOT IN (FROM asked_key)")
    same = dict(connection.execute(_STANDING, [today]).fetchall())
    connection.execute(_ASKED, [[key for key, mark in found_of.items() if same.get(key) != mark]])
    found = _reckoned(connection, today)
    connection.execute("DELETE FROM pledges WHERE id IN (FROM asked_key)")
    records.put_pledges(connection, [one.pledge for one in found if one.pledge], run_id)
    if found:
        with incoming(connection, _places(found)):
            connection.execute(
                """UPDATE pledge_commitments pc SET position = i.position, changed = i.changed
                FROM incoming i WHERE i.commitment_id = pc.commitment_id"""
            )
    noted = [
        {"pledge_id": one.id, "print": found_of[one.id], "as_of": today, "until": one.until} for one in found
    ]
    records.insert(connection, "reckoned", noted)
    connection.execute(_SUGGESTED, [today, run_id])
    records.insert(connection, "meta", [{"key": _DAY, "value": today.isoformat()}])
    effects.worked_with(connection, STAGE)


def see_anew(connection: Connection, ids: Sequence[str], known: date | None = None) -> None:
    """Put these pledges, reckoned anew, in the place of what readers have of them: as of the day of the run,
    or as they were ``known`` on a day."""
    execute = connection.execute
    execute(_ASKED, [list(ids)])
    execute("DELETE FROM again WHERE id IN (FROM asked_key)")
    execute("DELETE FROM again_place WHERE pledge_id IN (FROM asked_key)")
    execute("INSERT INTO touched FROM asked_key WHERE id NOT IN (FROM touched)")
    ((day,),) = execute(_RECKONED_ON, [_DAY]).fetchall()
    found = _reckoned(connection, known or day)
    if not found:
        return
    records.append(connection, "again", records.pledge_rows(one.pledge for one in found if one.pledge))
    with incoming(connection, _places(found)):
        execute("DELETE FROM again_place WHERE commitment_id IN (SELECT commitment_id FROM incoming)")
        execute(_PLACE)


def _reckoned(connection: Connection, today: date) -> list[Reckoned]:
    """The pledges that the variable ``asked`` names."""
    members = _members(connection)
    reports: dict[str, list[Evidence]] = {}
    for row in connection.execute(_REPORTS).fetchall():
        pledge_id, key, article_id, stance, day, by_owner, source, confidence = row
        reports.setdefault(pledge_id, []).append(
            Evidence(key, pledge_id, article_id, (0, 0), stance, day, by_owner, source or "", confidence)
        )
    return [reckon(key, mine, reports.get(key, []), today) for key, mine in members.items()]


def _members(connection: Connection) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for row in connection.execute(_MEMBERS).fetchall():
        pledge_id, key, statement_id, kind, action, value, unit, measured, due, first, last, *more = row
        measure = None if measured is None else Measure(value, unit or "", measured)
        deadline = None if due is None else Deadline(due, first, last)
        commitment = Commitment(key, statement_id, kind, action, measure, deadline)
        found.setdefault(pledge_id, []).append(Member(commitment, *more))
    return found


def _places(found: Iterable[Reckoned]) -> pa.Table:
    rows = [
        {"commitment_id": v.commitment_id, "pledge_id": one.id, "position": n, "changed": v.changed}
        for one in found
        for n, v in enumerate(one.versions)
    ]
    return pa.Table.from_pylist(rows)
