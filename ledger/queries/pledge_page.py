"""All that one pledge's page shows: its statements, what speaks for and against it, and who decided what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ledger.decisions import journal as decision_journal
from ledger.decisions import published, reckoning
from ledger.presentation.passages import Passage
from ledger.queries.pledge_list import PledgeRow, rows
from ledger.queries.reading_list import Remark, ToCheck, reading_lists, remarks
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.rights import RESERVED
from ledger.storage.rows import in_context
from ledger.storage.warehouse import Connection
from ledger.types import Decision


@dataclass(frozen=True, slots=True)
class Stated:
    """One time a pledge was stated, in its context. ``office`` is the post held on that day."""

    id: str  # the commitment's
    statement_id: str
    article_id: str
    kind: str
    words: str
    clause: str  # of the words, what is undertaken here; "" where it is all of them
    speaker: str | None
    official_id: str | None
    role: str | None
    body: str | None
    office: str | None
    source_name: str
    speaker_why: str
    type: str
    condition: str | None
    why: str
    measure_text: str | None
    measure_baseline: float | None
    place: str | None
    deadline_text: str | None
    deadline_last: date | None
    changed: str | None
    is_rejected: bool
    confirmed_by: str | None
    outlet: str
    url: str
    headline: str
    published: datetime | None
    context: Passage
    link: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One piece of evidence. ``original`` is the report that copies of it share."""

    id: str
    article_id: str
    stance: str
    day: date | None
    by_owner: bool
    source: str
    why: str
    words: str
    outlet: str
    url: str
    headline: str
    published: datetime | None
    original: str
    is_rejected: bool
    context: Passage
    link: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """A change of the machine's suggestion."""

    suggested: str
    was: str | None
    why: str
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Journalled:
    """A row of the journal, and whether a later row undid it."""

    decision: Decision
    undone: bool


Decided = Mapping[str, Sequence[Journalled]]  # rows of the journal by what they are about


@dataclass(frozen=True, slots=True)
class PledgePage:
    """One pledge with everything known of it; statements, evidence and what others said of it oldest first,
    ``journal`` newest first, ``to_check`` best first."""

    pledge: PledgeRow
    stated: tuple[Stated, ...]
    shown: tuple[Shown, ...]
    suggested: tuple[Suggested, ...]
    journal: tuple[Journalled, ...]
    to_check: tuple[ToCheck, ...] = ()
    by_others: tuple[Remark, ...] = ()


def pledge(settings: Settings, pledge_id: str, known: date | None = None) -> PledgePage | None:
    """The page of a pledge, None where there is no such pledge (or people rejected all of it).

    ``known``: as it stood on that day, by what had been published and decided.
    """
    with published.reading(settings, known) as connection:
        # the id of one that was grouped with others, or of one before its correction, leads to its pledge
        grouped = connection.execute(
            """SELECT pledge_id FROM led_to
            WHERE commitment_id = coalesce((SELECT now FROM w.succeeded WHERE was = $1), $1)""",
            [pledge_id],
        ).fetchone()
        key = str(grouped[0]) if grouped else pledge_id
        if known is not None:
            reckoning.see_anew(connection, [key], known)
        found = rows(connection, PledgeRow, "SELECT * FROM pledge_view WHERE id = ?", [key])
        return next(pages(connection, found, lambda about: by_subject(journal(settings, known, about))), None)


def pages(
    connection: Connection, listed: Sequence[PledgeRow], decided: Callable[[set[str]], Decided]
) -> Iterator[PledgePage]:
    """The pages of these pledges, in their order, asked for together.

    ``decided``: gives what was decided on these subjects (and on others, if it likes).
    """
    ids = [row.id for row in listed]
    connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [ids])
    said, changes = (warehouse.fetch(connection, query) for query in (_STATED, _SUGGESTED))
    reported = _reported(connection)
    lists = reading_lists(connection, ids)
    others = remarks(connection, ids) if lists else {}
    articles = _articles(connection, said, _TEXTS)
    keys = {*ids, *(row[key] for row in said for key in ("id", "statement_id"))}
    former = _former(connection, keys)
    entries_on = decided(keys.union(*former.values()) | {row["id"] for row in reported})
    stated = _by_pledge({**row, **articles[row["article_id"]]} for row in said)
    shown, suggested = _by_pledge(reported), _by_pledge(changes)
    for row in listed:
        times, reports = stated.get(row.id, []), shown.get(row.id, [])
        subjects = {row.id, *(time[key] for time in times for key in ("id", "statement_id"))}
        subjects |= {report["id"] for report in reports}
        subjects = subjects.union(*(former.get(subject, ()) for subject in subjects))
        entries = {e.decision.row: e for subject in subjects for e in entries_on.get(subject, ())}
        yield PledgePage(
            row,
            tuple(Stated(**in_context(time)) for time in times),
            tuple(Shown(**in_context(report)) for report in reports),
            tuple(Suggested(**change) for change in suggested.get(row.id, [])),
            tuple(entries[row] for row in sorted(entries, reverse=True)),
            tuple(lists.get(row.id, ())),
            tuple(others.get(row.id, ())),
        )


def _former(connection: Connection, ids: set[str]) -> dict[str, list[str]]:
    """The ids, of these statements and commitments, from before their words were corrected, and those of
    pledges that they go on with."""
    query = """SELECT now, list(was) FROM (
            SELECT now, was FROM w.succeeded UNION ALL SELECT heir, id FROM w.former)
        WHERE now IN (SELECT unnest(?)) GROUP BY now"""
    return dict(connection.execute(query, [sorted(ids)]).fetchall())


def reports(settings: Settings, pledge_ids: Sequence[str]) -> dict[str, tuple[Shown, ...]]:
    """What was reported of each of these pledges, oldest first, without what people rejected."""
    with published.reading(settings) as connection:
        connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [list(pledge_ids)])
        found = _by_pledge(_reported(connection))
    return {
        key: tuple(Shown(**in_context(row)) for row in some if not row["is_rejected"])
        for key, some in found.items()
    }


def _reported(connection: Connection) -> list[dict[str, Any]]:
    """What was reported of the pledges in the variable ``asked``, with its articles, oldest first."""
    found = warehouse.fetch(connection, _SHOWN)
    articles = _articles(connection, found, _TOLD)
    rows = [{**articles[row["article_id"]], **row} for row in found]
    return sorted(
        rows, key=lambda row: (*map(_late, (row["day"], row["published"])), row.pop("first"), row["id"])
    )


def _late(moment: date | None) -> tuple[bool, date | None]:
    """Sorts none behind all."""
    return moment is None, moment


def _articles(
    connection: Connection, rows: Iterable[dict[str, Any]], query: str
) -> dict[str, dict[str, Any]]:
    """The articles of these rows, asked for by their ids alone: a join would read the texts of all."""
    asked = sorted({row["article_id"] for row in rows})
    return {row.pop("id"): row for row in warehouse.fetch(connection, query, [asked])}


def _by_pledge(found: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    parted: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        parted.setdefault(row.pop("pledge_id"), []).append(row)
    return parted


def journal(
    settings: Settings, known: date | None = None, subjects: Iterable[str] | None = None
) -> tuple[Journalled, ...]:
    """The journal's rows (up to the day ``known``; about these subjects), newest first."""
    found = decision_journal.entries(settings, known, subjects)
    return tuple(Journalled(row, undone) for row, undone in reversed(found))


def by_subject(entries: Sequence[Journalled]) -> dict[str, list[Journalled]]:
    """Rows of the journal by what they are about: a merge, a split and the undo of one by both sides."""
    about: dict[object, tuple[str, ...]] = {
        entry.decision.row: sides(entry.decision) for entry in entries if entry.decision.kind != "undo"
    }
    parted: dict[str, list[Journalled]] = {}
    for entry in entries:
        decision = entry.decision
        undid = decision.value.get("row") if decision.kind == "undo" else decision.row
        for subject in about.get(undid, (decision.subject,)):
            parted.setdefault(subject, []).append(entry)
    return parted


def sides(decision: Decision) -> tuple[str, ...]:
    """What a decision is about: its subject and, of a merge or a split, the other side, of a passage the
    pledge."""
    other = str(decision.value.get("with") or decision.value.get("pledge") or "")
    return (decision.subject, other) if other and other != decision.subject else (decision.subject,)


_STATED = """
SELECT c.pledge_id, c.id, c.statement_id, c.article_id, c.kind, c.words, c.clause, c.content,
    [c.span] AS focus, c.speaker, c.official_id, c.role, c.body, c.source_name, c.speaker_why, c.type,
    c.condition, c.why, c.measure_text,
    c.measure_baseline, c.place, c.deadline_text, c.deadline_last, c.changed, c.is_rejected,
    c.confirmed_by, c.outlet, c.url, c.headline, c.published, p.office
FROM asked_commitment c
LEFT JOIN w.posts p ON p.official_id = c.official_id AND p.role = c.role AND p.body = c.body
    AND (p.first IS NULL OR p.first <= c.published::DATE) AND (p.last IS NULL OR c.published::DATE <= p.last)
QUALIFY row_number() OVER (PARTITION BY c.id ORDER BY p.first DESC NULLS LAST, p.office) = 1
ORDER BY c.published NULLS LAST, c.position, c.span, c.id"""

_TEXTS = f"""
SELECT a.id, a.text, a.pages, {RESERVED} AS reserved
FROM (SELECT unnest(?::VARCHAR[]) AS id) k JOIN w.articles a ON a.id = k.id"""

_TOLD = f"""
SELECT a.id, a.outlet, a.url, a.title AS headline, a.published, coalesce(a.copy_of, a.id) AS original,
    a.text, a.pages, {RESERVED} AS reserved
FROM (SELECT unnest(?::VARCHAR[]) AS id) k JOIN w.articles a ON a.id = k.id"""

_SHOWN = """
SELECT e.pledge_id, e.id, e.article_id, e.stance, e.day, e.by_owner, e.source, e.why, e.words, e.content,
    e.first, e.id IN (FROM rejected) AS is_rejected
FROM asked_evidence e
WHERE getvariable('known') IS NULL OR e.day IS NULL OR e.day <= getvariable('known')::DATE"""

_SUGGESTED = """
SELECT pledge_id, suggested, was, why, as_of FROM suggestion
WHERE pledge_id IN (FROM asked_key)
ORDER BY as_of, noted, suggested"""
