"""What there is to tell: rows of the published run come in, events go out, each with what it weighs.

Pure. `flows.digest.compose` chooses of them for each reader, `flows.digest.items` dresses what is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from flows.digest.look import Fresh
from flows.digest.wording import clean, words
from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.presentation.labels import capital, status_name, when_due
from ledger.queries.topics import topics_of
from ledger.vocabulary import Bearing

Columns = Mapping[str, Any]
_FAR = 30  # days after which something is no older news than before
_MANY = 5  # outlets and reports that are counted


@dataclass(frozen=True, slots=True)
class DigestEvent:
    """Something that happened. ``keys`` are what it tells; ``subject`` is the id of the commitment, evidence,
    statement or edit that shows it, where it is not the pledge itself. ``day``: on which it happened, or is
    to happen. ``facets``: whom and what it concerns, as (kind, value), kinds as of `ledger.follows.follow`,
    "statement", and "person" where only a name is known."""

    section: str
    pledge_id: str
    keys: tuple[str, ...]
    what: str = ""
    why: str = ""
    weight: float = 0
    subject: str = ""
    day: date | None = None
    facets: frozenset[tuple[str, str]] = frozenset()


@cache
def weights() -> dict[str, Any]:
    """The figures of ``data/weights.yaml``."""
    loaded: dict[str, Any] = read_yaml(__file__, "weights.yaml")
    return loaded


@dataclass(frozen=True, slots=True)
class Happened:
    """The rows of `ledger.outputs.digest_rows` that events are made of. ``headline``: ids of pledges that an
    editor marked as such."""

    pledges: Sequence[Columns] = ()
    suggestions: Sequence[Columns] = ()
    decisions: Sequence[Columns] = ()
    moved: Sequence[Columns] = ()
    reports: Sequence[Columns] = ()
    edits: Sequence[Columns] = ()
    said: Sequence[Columns] = ()
    verdicts: Sequence[Columns] = ()
    headline: Collection[str] = ()


def events(rows: Happened, fresh: Fresh) -> list[DigestEvent]:
    """What there is to tell on the day of ``fresh``, the weightiest of each section first."""
    pledges = {str(row["id"]): row for row in rows.pledges}
    found = _with_what_they_bring([*_of_pledges(rows, fresh), *_happenings(rows, pledges, fresh)])
    found += [*_set(rows, pledges, fresh), *_verdicts(rows, pledges, fresh)]
    found += [*_edits(rows, fresh), *_words(rows, fresh)]
    return sorted(found, key=lambda event: (-event.weight, event.section, event.pledge_id, event.keys))


def _happenings(rows: Happened, pledges: Mapping[str, Columns], fresh: Fresh) -> Iterator[DigestEvent]:
    """What happened to pledges by what was read since."""
    yield from _suggested(rows, pledges, fresh)
    yield from _moves(rows, pledges, fresh)
    yield from _reports(rows, pledges, fresh)


def _with_what_they_bring(found: Sequence[DigestEvent]) -> list[DigestEvent]:
    """A new pledge's reports, moves and suggestions are told with it, and not beside it."""
    new = {event.pledge_id: [*event.keys] for event in found if event.section == "new"}
    kept = []
    for event in found:
        if event.pledge_id in new and event.section in ("changed", "moved", "report"):
            new[event.pledge_id] += event.keys
        else:
            kept.append(event)
    return [replace(e, keys=tuple(new[e.pledge_id])) if e.section == "new" else e for e in kept]


def _of_pledges(rows: Happened, fresh: Fresh) -> Iterator[DigestEvent]:
    day = fresh.day
    for row in rows.pledges:
        pledge, first, due = str(row["id"]), row["first_due"], row["deadline"]
        about, heavy = pledge_facets(row), _weight(row, rows.headline)
        if fresh(key := f"new:{pledge}", row["came"]):
            said = row["last_stated"]
            on = said.date() if said else None
            yield DigestEvent("new", pledge, (key,), weight=heavy + _lately(on, day), day=on, facets=about)
        flags = row["flags"] or ()
        told = capital(when_due(due, day, first, flags))
        missed = f"missed:{pledge}:{first}"
        if first and "overdue" in flags and fresh(missed, first + timedelta(days=1)):
            late = heavy + _lately(first, day)
            yield DigestEvent("missed", pledge, (missed,), told, weight=late, day=first, facets=about)
        if due and row["awaited"] and day <= due <= day + timedelta(days=words()["soon_days"]):
            yield DigestEvent("ahead", pledge, (), told, weight=heavy, day=due, facets=about)


def _suggested(rows: Happened, pledges: Mapping[str, Columns], fresh: Fresh) -> Iterator[DigestEvent]:
    """Changed statuses that the machine suggests, those of one pledge folded into one."""
    folded: dict[str, list[Columns]] = {}
    for row in rows.suggestions:
        if fresh(_change(row), row["day"]):
            folded.setdefault(str(row["pledge_id"]), []).append(row)
    for pledge, changes in folded.items():
        first, last = changes[0], changes[-1]
        if first["was"] == last["status"]:
            continue
        what = f"{_status(first['was'])} → {_status(last['status'])}, suggested by the machine"
        heavy = _weight(pledges.get(pledge), rows.headline) + _lately(last["day"], fresh.day)
        keys, why = tuple(map(_change, changes)), str(last["why"] or "")
        about = pledge_facets(pledges.get(pledge))
        yield DigestEvent("changed", pledge, keys, what, why, heavy, day=last["day"], facets=about)


def _set(rows: Happened, pledges: Mapping[str, Columns], fresh: Fresh) -> Iterator[DigestEvent]:
    """Statuses that people set."""
    for row in rows.decisions:
        if not fresh(key := f"decision:{row['n']}", row["day"]):
            continue
        pledge = str(row["pledge_id"])
        what = f"{_status(row['status'])}, set by {clean(row['who'], 80)}"
        if row["suggested"] != row["status"]:
            what += f" (the machine suggests: {_status(row['suggested'])})"
        heavy = _weight(pledges.get(pledge), rows.headline) + weights()["by_person"]
        heavy += _lately(row["day"], fresh.day) + row["n"] / 1e9  # of two decisions the later first
        about = pledge_facets(pledges.get(pledge))
        yield DigestEvent(
            "decided", pledge, (key,), what, str(row["why"]), heavy, day=row["day"], facets=about
        )


def _verdicts(rows: Happened, pledges: Mapping[str, Columns], fresh: Fresh) -> Iterator[DigestEvent]:
    """Paragraphs that editors wrote."""
    for row in rows.verdicts:
        if fresh(key := f"verdict:{row['n']}", row["day"]):
            pledge, what = str(row["pledge_id"]), f"Verdict, by {clean(row['who'], 80)}"
            heavy = _weight(pledges.get(pledge), rows.headline) + weights()["by_person"]
            heavy += _lately(row["day"], fresh.day) + weights()["verdict"]
            about = pledge_facets(pledges.get(pledge))
            yield DigestEvent(
                "decided", pledge, (key,), what, str(row["text"]), heavy, day=row["day"], facets=about
            )


def _moves(rows: Happened, pledges: Mapping[str, Columns], fresh: Fresh) -> Iterator[DigestEvent]:
    """Changed dates and numbers: of one pledge the last, with how often it moved."""
    moved: dict[str, list[Columns]] = {}
    for row in rows.moved:
        moved.setdefault(str(row["pledge_id"]), []).append(row)
    for pledge, every in moved.items():
        news = [row for row in every if fresh(f"moved:{row['id']}", row["came"])]
        if not news or pledge not in pledges:
            continue
        last = news[-1]
        what = str(last["changed"])
        if len(every) > 1:
            what += f" (moved {len(every)} times)"
        heavy = _weight(pledges[pledge], rows.headline) + _lately(last["day"], fresh.day)
        heavy += weights()["postponed"] if "the date:" in what else 0
        keys = tuple(f"moved:{row['id']}" for row in news)
        about = pledge_facets(pledges[pledge])
        yield DigestEvent("moved", pledge, keys, clean(what), "", heavy, str(last["id"]), last["day"], about)


def _reports(rows: Happened, pledges: Mapping[str, Columns], fresh: Fresh) -> Iterator[DigestEvent]:
    """Reports of what was done: of one pledge and of one tendency the last, with how many there are."""
    told: dict[tuple[str, Bearing], list[Columns]] = {}
    for row in rows.reports:
        pledge = str(row["pledge_id"])
        if fresh(f"report:{row['id']}", row["came"]) and pledge in pledges:
            told.setdefault((pledge, vocabulary.stances()[row["stance"]].sign), []).append(row)
    for (pledge, _), reports in told.items():
        last = reports[-1]
        stance = vocabulary.stances()[last["stance"]]
        what = stance.told or stance.label
        outlets = sorted({outlet for row in reports for outlet in row["outlets"]})
        if len(outlets) > 1:
            what += f", in {len(outlets)} outlets"
        own = weights()["owner_says"] if last["by_owner"] else 0
        heavy = _weight(pledges[pledge], rows.headline) + own + _lately(last["day"], fresh.day)
        keys = tuple(f"report:{row['id']}" for row in reports)
        about = pledge_facets(pledges[pledge])
        yield DigestEvent("report", pledge, keys, what, "", heavy, str(last["id"]), last["day"], about)


def _edits(rows: Happened, fresh: Fresh) -> Iterator[DigestEvent]:
    for row in rows.edits:
        if fresh(key := f"edit:{row['id']}", row["day"]):
            what = "Altered after publication" if row["after"] else "Taken out after publication"
            heavy = _lately(row["day"], fresh.day) + (0 if row["after"] else weights()["postponed"])
            about = _facets([], [row["body"]], [], f"{row['before']} {row['after']}")
            about |= {("person", str(row["speaker"]).casefold())}
            yield DigestEvent("edited", "", (key,), what, "", heavy, str(row["id"]), row["day"], about)


def _words(rows: Happened, fresh: Fresh) -> Iterator[DigestEvent]:
    """What officials said; the same words in copies or other outlets are one."""
    same: dict[tuple[str, str], list[Columns]] = {}
    for row in rows.said:
        if fresh(f"said:{row['id']}", row["came"]):
            same.setdefault((str(row["official_id"]), _plain(row["words"]) or str(row["id"])), []).append(row)
    for copies in same.values():
        row = copies[-1]  # the first to print it
        outlets = {one["outlet"] for one in copies}
        heavy = weights()["outlet"] * min(len(outlets), _MANY) + _lately(row["day"], fresh.day)
        heavy += weights()["direct"] if row["kind"] == "direct" else 0
        heavy += weights()["promising"] if row["pledges"] else 0
        heavy += weights()["figure"] if re.search(r"\d", str(row["words"])) else 0
        what = f"in {len(outlets)} outlets" if len(outlets) > 1 else ""
        keys = tuple(f"said:{one['id']}" for one in copies)
        about = _facets([row["official_id"]], [row["body"]], [row["area"], row["region"]], row["words"])
        about |= {("statement", str(one["id"])) for one in copies}
        about |= {("pledge", str(one)) for one in row["pledges"] or ()}
        yield DigestEvent("said", "", keys, what, "", heavy, str(row["id"]), row["day"], about)


def _weight(row: Columns | None, headline: Collection[str]) -> float:
    """How much a promise weighs, whatever happened to it."""
    if row is None:
        return 0
    figures = weights()
    heavy = figures["firmness"] * vocabulary.types()[row["type"]].firmness
    heavy += figures["dated"] if row["first_due"] else 0
    heavy += figures["named"] if row["owner_id"] or row["person_id"] else 0
    heavy += figures["outlet"] * min(len(row["outlets"] or ()), _MANY)
    heavy += figures["independent"] * min(row["independent"] or 0, _MANY)
    return float(heavy + (figures["headline"] if row["id"] in headline else 0))


def _lately(happened: date | None, day: date) -> float:
    """What is taken off for the days since it happened: a number up to 0."""
    days = _FAR if happened is None else min(max((day - happened).days, 0), _FAR)
    return float(-weights()["day"] * days)


def pledge_facets(row: Columns | None) -> frozenset[tuple[str, str]]:
    """Whom and what a pledge concerns."""
    if row is None:
        return frozenset()
    return _facets(
        [row["owner_id"], row["person_id"]],
        [row["owner"], row["body"]],
        [row["area"], row["region"]],
        f"{row['title']} {row['words']}",
    ) | {("pledge", str(row["id"])), *(("statement", str(one)) for one in row["statements"] or ())}


def _facets(
    officials: Sequence[object],
    bodies: Sequence[object],
    areas: Sequence[object],
    text: str,
) -> frozenset[tuple[str, str]]:
    listed = [("official", officials), ("body", bodies), ("area", areas)]
    found = {(kind, str(value).casefold()) for kind, values in listed for value in values if value}
    return frozenset(found | {("topic", topic) for topic in topics_of(text)})


def _plain(text: object) -> str:
    return " ".join(re.findall(r"\w+", str(text or "").casefold()))


def _status(name: object) -> str:
    return status_name(str(name)).lower()


def _change(row: Columns) -> str:
    return f"change:{row['pledge_id']}:{row['run_id']}"
