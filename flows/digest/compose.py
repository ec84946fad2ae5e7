"""What a reader is told each day, each item with its reason, the words and where they stand.

`compose` is pure: rows in, `Digest` out. What earlier digests told is not told again; their record in
``data/digests`` is kept by `flows.digest.archive`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flows.digest.look import NOTHING_NEW, Fresh, Look
from flows.digest.quiet import ALL_WELL, Quiet
from flows.digest.wording import MOST_WORDS, ago, ahead, clean, words
from ledger import vocabulary
from ledger.days import day as day_in_words
from ledger.presentation.labels import LEFT_OUT, role_in_text, status_name
from ledger.presentation.passages import link_to_words

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words as they stand in an article, who said them, and the link that opens it there ("" if none).

    ``note`` says what the words are where they are not plainly the speaker's own.
    """

    words: str
    who: str
    outlet: str
    headline: str
    day: date | None
    link: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One thing told about one pledge. ``what`` is the event in words, ``why`` the reason for it."""

    key: str
    pledge_id: str
    title: str
    owner: str
    status: str
    what: str
    why: str
    said: Quote
    shown: Quote | None = None  # the latest evidence


@dataclass(frozen=True, slots=True)
class Section:
    """Items of one sort. ``more`` counts those left out of the list; a standing section is no news."""

    name: str
    title: str
    label: str
    items: tuple[DigestItem, ...]
    more: int = 0
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """One day's digest. ``since``: the day of the one before, None for the first."""

    day: date
    since: date | None
    sections: tuple[Section, ...]
    pledges: int
    overdue: int
    told: tuple[str, ...]
    look: Look = NOTHING_NEW
    quiet: Quiet = ALL_WELL

    @property
    def news(self) -> tuple[Section, ...]:
        """The sections that hold something new."""
        return tuple(s for s in self.sections if s.items and not s.standing)

    @property
    def subject(self) -> str:
        """One line: the day and what is new."""
        new = ", ".join(f"{len(s.items) + s.more} {s.label}" for s in self.news)
        return f"Said & Done, {day_in_words(self.day)}: {new or 'nothing new'}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a pledge, not yet dressed for the reader. ``keys`` are what it tells."""

    section: str
    pledge_id: str
    keys: tuple[str, ...]
    what: str
    why: str
    order: Any


def events(
    pledges: Sequence[Columns],
    suggestions: Sequence[Columns],
    decisions: Sequence[Columns],
    fresh: Fresh,
    edits: Sequence[Columns] = (),
) -> list[Event]:
    """What there is to tell on the day of ``fresh``: rows of `ledger.outputs.digest_rows` in, events out."""
    found = []
    new = set()
    day = fresh.day
    for row in pledges:
        pledge, first, due = str(row["id"]), row["first_due"], row["deadline"]
        if fresh(f"new:{pledge}", row["came"]):
            new.add(pledge)
            said = row["last_stated"]
            order = -said.timestamp() if isinstance(said, datetime) else 0.0
            found.append(Event("new", pledge, (f"new:{pledge}",), "", "", order))
        flags = row["flags"] or ()
        if (
            first
            and "overdue" in flags
            and fresh(key := f"missed:{pledge}:{first}", first + timedelta(days=1))
        ):
            found.append(Event("missed", pledge, (key,), ago(first, day), "", -first.toordinal()))
        if due and "due_soon" in flags:
            found.append(Event("ahead", pledge, (), ahead(due, day), "", due.toordinal()))
    for row in edits:
        if fresh(key := f"edit:{row['id']}", row["day"]):
            what = "Altered after publication" if row["after"] else "Taken out after publication"
            found.append(Event("edited", str(row["id"]), (key,), what, "", -row["day"].toordinal()))
    return found + _changes(suggestions, decisions, new, fresh)


def _changes(
    suggestions: Sequence[Columns], decisions: Sequence[Columns], new: Collection[str], fresh: Fresh
) -> list[Event]:
    """Changed statuses: the machine's of one pledge folded into one, each person's by itself."""
    folded: dict[str, list[Columns]] = {}
    for row in suggestions:
        if row["pledge_id"] not in new and fresh(_key(row), row["day"]):
            folded.setdefault(str(row["pledge_id"]), []).append(row)
    found = []
    for pledge, rows in folded.items():
        first, last = rows[0], rows[-1]
        if first["was"] != last["status"]:
            what = f"{_status(first['was'])} → {_status(last['status'])}, suggested by the machine"
            keys = tuple(_key(row) for row in rows)
            found.append(Event("changed", pledge, keys, what, str(last["why"] or ""), (1, pledge)))
    for row in decisions:
        if fresh(key := f"decision:{row['n']}", row["day"]):
            what = f"{_status(row['status'])}, set by {clean(row['who'], 80)}"
            if row["suggested"] != row["status"]:
                what += f" (the machine suggests: {_status(row['suggested'])})"
            found.append(
                Event("changed", str(row["pledge_id"]), (key,), what, str(row["why"]), (0, -int(row["n"])))
            )
    return found


def _status(name: object) -> str:
    return status_name(str(name)).lower()


def _key(row: Columns) -> str:
    return f"change:{row['pledge_id']}:{row['run_id']}"


def choose(found: Sequence[Event]) -> tuple[dict[str, list[Event]], dict[str, int]]:
    """The events listed in each section, in order, and how many more there are of each."""
    listed: dict[str, list[Event]] = {}
    more: dict[str, int] = {}
    for section in words()["sections"]:
        name, most = section["name"], section["most"]
        own = sorted((e for e in found if e.section == name), key=lambda e: (e.order, e.pledge_id))
        listed[name], more[name] = own[:most], max(0, len(own) - most)
    return listed, more


def compose(
    day: date,
    since: date | None,
    found: Sequence[Event],
    promises: Mapping[str, Columns],
    evidence: Mapping[str, Columns],
    pledges: Sequence[Columns],
    edits: Mapping[str, Columns],
    look: tuple[Look, tuple[str, ...]] = (NOTHING_NEW, ()),
    quiet: tuple[Quiet, tuple[str, ...]] = (ALL_WELL, ()),
) -> Digest:
    """The digest of these events. ``promises``, ``evidence`` and ``edits`` hold a row for each listed;
    ``look``: what is worth a look, and the keys of it; ``quiet``: listings that gave nothing, likewise."""
    listed, more = choose(found)
    sections = []
    for section in words()["sections"]:
        name = section["name"]
        items = tuple(
            _edited(event, edits[event.pledge_id])
            if name == "edited"
            else _item(event, promises[event.pledge_id], evidence.get(event.pledge_id))
            for event in listed[name]
            if event.pledge_id in (edits if name == "edited" else promises)
        )
        label = section["one"] if len(items) + more[name] == 1 else section["many"]
        sections.append(
            Section(name, section["title"], label, items, more[name], section.get("standing", False))
        )
    told = tuple(sorted([*(key for event in found for key in event.keys), *look[1], *quiet[1]]))
    overdue = sum("overdue" in (row["flags"] or ()) for row in pledges)
    return Digest(day, since, tuple(sections), len(pledges), overdue, told, look[0], quiet[0])


def _item(event: Event, promise: Columns, evidence: Columns | None) -> DigestItem:
    what, why, due, title = event.what, event.why, promise["deadline"], clean(promise["title"])
    if event.section == "new":
        kind = vocabulary.types()[promise["type"]]
        what = (kind.told or kind.label) + (f", due {day_in_words(due)}" if due else "")
        why = str(promise["flagged_why"] or "")
    elif event.section in ("missed", "ahead"):
        if event.section == "missed" and due > promise["first_due"]:
            what += f"; now {day_in_words(due)}"
        spoken = clean(promise["deadline_words"])
        what += f" (said: “{spoken}”)" if spoken else ""
        why = str(promise["status_why"] or "")
    return DigestItem(
        key=" ".join(event.keys) or f"{event.section}:{event.pledge_id}",
        pledge_id=event.pledge_id,
        title=title[:1].upper() + title[1:],
        owner=clean(promise["owner"]),
        status=_status(promise["status"]),
        what=what[:1].upper() + what[1:],
        why=clean(why, MOST_WORDS),
        said=_quote(promise, _spoken_by(promise), promise["content"], words()["kinds"][promise["kind"]]),
        shown=_shown(evidence),
    )


def _edited(event: Event, row: Columns) -> DigestItem:
    """A quotation that was changed: as it was first read, and as it stands now."""
    spans = [(row["first"], row["last"])] if row["first"] is not None else []
    who = _spoken_by(row)
    was = replace(_quote({**row, "words": row["before"]}, who, [], "First read as"), link=row["url"])
    now = _quote({**row, "words": row["after"]}, who, spans, "Now") if row["after"] else None
    title = clean(row["headline"])
    return DigestItem(event.keys[0], "", title, clean(row["outlet"]), "", event.what, "", was, now)


def _shown(evidence: Columns | None) -> Quote | None:
    if evidence is None:
        return None
    source = "" if evidence["source"] == evidence["outlet"] else clean(evidence["source"])
    told = vocabulary.stances()[evidence["stance"]]
    note = told.told or told.label
    if evidence["by_owner"]:
        note += ", by the owner's own word"
    return _quote(evidence, source, evidence["content"], note)


def _quote(row: Columns, who: str, spans: Any, note: str) -> Quote:
    said = row["published"]
    note = note if row["words"] else f"{note}. {LEFT_OUT}".removeprefix(". ")
    return Quote(
        words=clean(row["words"], MOST_WORDS),
        who=who,
        outlet=clean(row["outlet"]),
        headline=clean(row["headline"]),
        day=said.date() if isinstance(said, datetime) else None,
        link=link_to_words(row["url"], row["text"], [(int(s), int(e)) for s, e in spans]),
        note=note,
    )


def _spoken_by(row: Columns) -> str:
    """Name, then the post held that day: "Ruth Calloway, Chief Constable, Marlshire Police"."""
    name, body = clean(row["speaker"]), clean(row["body"])
    if not name:
        return f"{clean(row['source_name']) or 'unnamed'} ({body or 'speaker not resolved'})"
    post = clean(row["office"]) or role_in_text(row["role"])
    return ", ".join(part for part in (name, post, "" if body.lower() in post.lower() else body) if part)
