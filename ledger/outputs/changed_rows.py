"""What is no longer as readers knew it: pledges under other ids or gone, decisions that find nothing, and
settings that this version reads otherwise than the one that wrote the warehouse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from ledger.data_files import read_yaml
from ledger.days import day
from ledger.decisions import published
from ledger.decisions.upgrade import AT, FROM
from ledger.presentation.labels import decided
from ledger.queries.journal_page import subjects
from ledger.queries.pledge_list import rows
from ledger.queries.pledge_page import Journalled, journal, sides
from ledger.settings import Settings
from ledger.storage.warehouse import fetch
from ledger.validation import load_toml, load_yaml


@dataclass(frozen=True, slots=True)
class FormerPledge:
    """A pledge that readers knew by an id under which nothing is found any more.

    ``now_id``, ``now_title``: the pledge that its promise is in now, where it is in one. ``minor``: it is too
    small to be listed. ``decisions``: what people decided of it and did not undo, in words, oldest first.
    """

    id: str
    owner: str
    title: str
    now_id: str | None
    now_title: str | None
    minor: bool
    noted: datetime
    decisions: tuple[str, ...]

    @property
    def told(self) -> str:
        """What became of it, in words."""
        if self.now_id:
            return f"is in {self.now_id} now ({self.now_title}), and so is what was decided on it"
        return "counts as minor now" if self.minor else "nothing of it is read as a promise any more"


@dataclass(frozen=True, slots=True)
class Changed:
    """``upgraded``: the day on which an earlier version's warehouse was brought up to date, None for never.

    ``succeeded``: how many statements and commitments stand for others. ``idle``: decisions in force on what
    is not found, but for those of ``former``, in words; they take hold again when it is found.
    """

    upgraded: date | None
    settings: tuple[str, ...]
    succeeded: int
    former: tuple[FormerPledge, ...]
    idle: tuple[str, ...]


def changed(settings: Settings) -> Changed:
    """All of it. Raises WrongUse when nothing is published, or a list of the home cannot be read."""
    with published.reading(settings) as connection:
        ((succeeded,),) = connection.execute("SELECT count(*) FROM w.succeeded").fetchall()
        meta = {row["key"]: str(row["value"]) for row in fetch(connection, "FROM w.meta")}
        former = rows(connection, FormerPledge, _FORMER)
    entries = [
        entry for entry in reversed(journal(settings)) if not entry.undone and entry.decision.kind != "undo"
    ]
    found = subjects(settings, entries)
    ids = {one.id for one in former}
    lost = [e for e in entries if e.decision.subject not in found and e.decision.subject not in ids]
    return Changed(
        datetime.fromisoformat(meta[AT]).date() if AT in meta else None,
        tuple(_read_otherwise(settings, meta[FROM])) if FROM in meta else (),
        succeeded,
        tuple(_with_decisions(former, entries)),
        tuple(_in_words(entry, settings) for entry in lost),
    )


def _with_decisions(former: Iterable[FormerPledge], entries: Iterable[Journalled]) -> Iterable[FormerPledge]:
    on: dict[str, list[str]] = {}
    for entry in entries:
        for side in sides(entry.decision):
            on.setdefault(side, []).append(f"{entry.decision.who} {decided(entry.decision)}")
    for one in former:
        yield replace(one, decisions=tuple(on.get(one.id, ())))


def _in_words(entry: Journalled, settings: Settings) -> str:
    decision = entry.decision
    why = f" ({decision.why})" if decision.why else ""
    taken = f"{decision.row}, {day(settings.seen_on(decision.at))}"
    return f"{taken}: {decision.who} {decided(decision)}, {decision.subject}{why}"


def _read_otherwise(settings: Settings, before: str) -> Iterable[str]:
    """What of the home's files is read otherwise than by the form of that number."""
    toml, lists = settings.own_file("settings.toml"), settings.own_file("subscriptions.yaml")
    said = load_toml(toml) if toml else {}
    entries = load_yaml(lists) if lists else []
    keys = {key for entry in entries or () if isinstance(entry, dict) for key in entry}
    for line in read_yaml(__file__, "upgrades.yaml").get(int(before), ()):
        unless, where = line.get("unless"), line.get("where")
        if (unless is None or not said.keys() & set(unless)) and (where is None or keys & set(where)):
            yield str(line["told"])


_FORMER = """
SELECT f.id, f.owner, f.title, p.id AS now_id, p.title AS now_title, coalesce(c.minor, false) AS minor,
    f.noted, []::VARCHAR[] AS decisions
FROM w.former f LEFT JOIN w.succeeded s ON s.was = f.id
LEFT JOIN w.commitments c ON c.id = coalesce(s.now, f.id)
LEFT JOIN led_to place ON place.commitment_id = coalesce(s.now, f.id)
LEFT JOIN pledge_view p ON p.id = place.pledge_id
ORDER BY p.id IS NULL, f.noted DESC, f.id"""
