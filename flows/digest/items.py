"""Events dressed for the reader: the words, whose they are, where they stand, and the pledge's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from flows.digest.events import DigestEvent
from flows.digest.wording import MOST_VERDICT, MOST_WORDS, clean, words
from ledger import vocabulary
from ledger.outputs import digest_rows
from ledger.presentation.labels import LEFT_OUT, role_in_text, status_name, when_due
from ledger.presentation.passages import link_to_words
from ledger.storage.warehouse import Connection

Columns = Mapping[str, Any]
Rows = Mapping[str, Columns]


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
    """One thing told, mostly about one pledge. ``what`` is the event in words, ``why`` the reason for it.

    ``page``: the address of the pledge's or quotation's page. ``brief``: told in a line, without the words.
    ``also``: what else happened to the same pledge. ``because``: which of what its reader follows it fits.
    ``verdict``: an editor's paragraph.
    """

    key: str
    pledge_id: str
    title: str
    owner: str
    status: str
    what: str
    why: str
    said: Quote
    shown: Quote | None = None  # the latest evidence
    page: str = ""
    brief: bool = False
    also: tuple[str, ...] = ()
    because: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """The rows of `ledger.outputs.digest_rows` that events are dressed with, by id; ``address``: the
    dashboard's, ``day``: the letter's."""

    address: str
    day: date
    promises: Rows = field(default_factory=dict)
    evidence: Rows = field(default_factory=dict)
    restated: Rows = field(default_factory=dict)
    reports: Rows = field(default_factory=dict)
    statements: Rows = field(default_factory=dict)
    edits: Rows = field(default_factory=dict)

    def item(self, event: DigestEvent, brief: bool, also: Sequence[str], because: str) -> DigestItem | None:
        """The event for the reader; None where what it tells of is gone by now."""
        made = self._dressed(event)
        if made is None:
            return None
        told = tuple(clean(one[:1].upper() + one[1:]) for one in also)
        return replace(made, brief=brief, also=told, because=clean(because))

    def _dressed(self, event: DigestEvent) -> DigestItem | None:
        if event.section == "edited":
            return _edited(event, self.edits[event.subject]) if event.subject in self.edits else None
        if event.section == "said":
            row = self.statements.get(event.subject)
            return _spoken(event, row, f"{self.address}/quotation?id={event.subject}") if row else None
        promise = self.promises.get(event.pledge_id)
        if promise is None:
            return None
        made = _item(event, promise, f"{self.address}/pledge?id={event.pledge_id}", self.day)
        if event.keys and event.keys[0].startswith("verdict:"):
            return replace(made, why="", verdict=clean(event.why, MOST_VERDICT))
        if row := self.restated.get(event.subject):
            return replace(made, said=_quote(row, _spoken_by(row), row["content"], _kind(row)))
        if row := self.reports.get(event.subject):
            return replace(made, why=clean(row["why"], MOST_WORDS), shown=_shown(row))
        return replace(made, shown=_shown(self.evidence.get(event.pledge_id)))


def wardrobe(
    connection: Connection, address: str, day: date, chosen: Sequence[DigestEvent], edits: Sequence[Columns]
) -> Wardrobe:
    """All that these events are dressed with, read at once."""
    pledges = sorted({event.pledge_id for event in chosen if event.pledge_id})

    def subjects(section: str) -> list[str]:
        return sorted({event.subject for event in chosen if event.section == section})

    return Wardrobe(
        address,
        day,
        _by("id", digest_rows.promise_rows(connection, pledges)),
        _by("pledge_id", digest_rows.evidence_rows(connection, pledges)),
        _by("id", digest_rows.restatement_rows(connection, subjects("moved"))),
        _by("id", digest_rows.reports_shown(connection, subjects("report"))),
        _by("id", digest_rows.words_of(connection, subjects("said"))),
        _by("id", edits),
    )


def _by(key: str, rows: Sequence[Columns]) -> dict[str, Columns]:
    return {str(row[key]): row for row in rows}


def _item(event: DigestEvent, promise: Columns, page: str, day: date) -> DigestItem:
    what, why, due, title = event.what, event.why, promise["deadline"], clean(promise["title"])
    if event.section == "new":
        kind = vocabulary.types()[promise["type"]]
        what = kind.told or kind.label
        what += f", {when_due(due, day, promise['first_due'], promise['flags'] or ())}" if due else ""
        why = str(promise["flagged_why"] or "")
    elif event.section in ("missed", "ahead"):
        spoken = clean(promise["deadline_words"])
        what += f" (said: “{spoken}”)" if spoken else ""
        why = str(promise["status_why"] or "")
    return DigestItem(
        key=" ".join(event.keys) or f"{event.section}:{event.pledge_id}",
        pledge_id=event.pledge_id,
        title=title[:1].upper() + title[1:],
        owner=clean(promise["owner"]),
        status=status_name(promise["status"]).lower(),
        what=what[:1].upper() + what[1:],
        why=clean(why, MOST_WORDS),
        said=_quote(promise, _spoken_by(promise), promise["content"], _kind(promise)),
        page=page,
    )


def _spoken(event: DigestEvent, row: Columns, page: str) -> DigestItem:
    """Words of an official, on no pledge that is told of here."""
    who = _spoken_by(row)
    name, _, post = who.partition(", ")
    said = _quote(row, "", row["content"], _kind(row))
    return DigestItem(event.keys[0], "", name, post, "", event.what, "", said, page=page)


def _edited(event: DigestEvent, row: Columns) -> DigestItem:
    """A quotation that was changed: as it was first read, and as it stands now."""
    spans = [(row["first"], row["last"])] if row["first"] is not None else []
    who = _spoken_by(row)
    was = replace(_quote({**row, "words": row["before"]}, who, [], "First read as"), link=row["url"])
    now = _quote({**row, "words": row["after"]}, who, spans, "Now") if row["after"] else None
    title = clean(row["headline"])
    return DigestItem(event.keys[0], "", title, clean(row["outlet"]), "", event.what, "", was, now)


def _kind(row: Columns) -> str:
    """What words are where they are not plainly the speaker's own."""
    return str(words()["kinds"][row["kind"]])


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
