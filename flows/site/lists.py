"""The overview and the lists of the exported site, each as a page and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from itertools import accumulate, chain, groupby

from flows.site.pages import common, template
from ledger import vocabulary
from ledger.days import month_of
from ledger.outputs.site_rows import ALL, SHORT, Listed, ListKind, SiteList, SiteReader
from ledger.presentation import labels
from ledger.queries.overview_page import LATELY, Minor, ShortList, Tally
from ledger.queries.pledge_list import PledgeRow

MINOR = "minor"  # the list of what no other list has
_PART_NAMES = {
    "overdue": labels.flag_name("overdue"),
    "ahead": "Still ahead",
    "passed": "Date passed, not overdue",
    "undated": "No date given",
}
_FIELDS = (
    "id", "title", "owner", "body", "person", "role", "area", "first_due", "deadline", "status", "suggested",
    "set_status", "set_by", "headline", "flags", "first_stated", "restatements", "evidence", "independent",
)  # fmt: skip


def places(total: int, length: int) -> range:
    """The numbers of the pages that a list of so many takes, at least one."""
    return range(1, max(1, -(-total // length)) + 1)


def file_name(name: str, place: int = 1) -> str:
    """The file of one page of a list."""
    return name + (f"-{place}" if place > 1 else "") + ".html"


def overview_page(reader: SiteReader, rule: str) -> Iterator[str]:
    """The site's first page; ``rule``: by what the headline pledges were chosen, in words."""
    o = reader.overview
    of_key = {(one.kind, one.key): one for one in reader.lists}

    def files(kind: ListKind, tallies: Sequence[Tally]) -> list[tuple[Tally, str]]:
        return [(one, file_name(of_key[kind, one.key].name)) for one in tallies]

    return template("index").generate(
        **common(o.day, "index.html"),
        o=o,
        rule=rule,
        outcomes=_outcomes(reader),
        short=[
            *_short(reader),
            ("longest", f"{file_name(ALL)}#overdue", "Longest overdue", "", o.lists["overdue"]),
        ],
        tallies=[
            ("By official or public body", "Whose", files("owner", o.by_owner)),
            ("By topic", "About", files("topic", reader.topics)),
        ],
    )


def _short(reader: SiteReader) -> Iterator[tuple[str, str, str, str, ShortList]]:
    """Each short list that is one of the site's: name, file, heading, what stands where it has nothing."""
    o = reader.overview
    for name in SHORT:
        yield (
            name,
            file_name(name),
            _heading(SiteList(name, "short", name), o.day),
            _none(name),
            o.lists[name],
        )


def _outcomes(reader: SiteReader) -> Iterator[tuple[str, int, int, list[tuple[str, int]]]]:
    """In words how pledges ended, how many, of how many people set it, and the number of each status."""
    for outcome in (*labels.OUTCOME, None):
        some = {status: (n, people) for status, of, n, people in reader.overview.by_status if of == outcome}
        if some or outcome:
            words = (
                f"{labels.OUTCOME[outcome].lower()}: {labels.OUTCOME_MEANS[outcome]}" if outcome else "other"
            )
            numbers = [(row.name, some[row.name][0]) for row in vocabulary.statuses().ordered(some)]
            yield words, sum(n for n, _ in some.values()), sum(n for _, n in some.values()), numbers


def list_page(reader: SiteReader, one: SiteList, place: int, length: int, rule: str) -> Iterator[str]:
    """One page of a list, piece by piece."""
    day, (total, by_people), counts = reader.overview.day, reader.numbers(one.name), reader.parts(one.name)
    begins = dict(zip(counts, accumulate(counts.values(), initial=0), strict=False))
    last = places(total, length)[-1]
    on_page = groupby(reader.listed((place - 1) * length + 1, length, one.name), key=lambda row: row.part)
    return template("list").generate(
        **common(day, file_name(one.name), current="page" if place == 1 else "true"),
        name=one.name,
        heading=_heading(one, day),
        about=rule if one.key == "headline" else _about(one),
        total=total,
        by_people=by_people,
        minor=reader.overview.minor if one.name == ALL else 0,
        # each part with its number and where it begins; those on this page with their rows
        jumps=[
            (part, _PART_NAMES[part], number, file_name(one.name, begins[part] // length + 1))
            for part, number in counts.items()
        ],
        parts=[
            (part, _PART_NAMES[part], counts[part], begins[part] < (place - 1) * length, list(some))
            for part, some in on_page
        ],
        **_pager(one.name, place, last),
    )


def minor_page(reader: SiteReader, place: int, length: int) -> Iterator[str]:
    """One page of the commitments that no list has."""
    o = reader.overview
    return template("minor").generate(
        **common(o.day, file_name(MINOR), current="page" if place == 1 else "true"),
        name=MINOR,
        total=o.minor,
        some=reader.minor((place - 1) * length + 1, length),
        **_pager(MINOR, place, places(o.minor, length)[-1]),
    )


def _pager(name: str, place: int, last: int) -> dict[str, object]:
    beside = [("Previous page", place - 1, "prev"), ("Next page", place + 1, "next")]
    turns = [(words, file_name(name, to), relation) for words, to, relation in beside if 1 <= to <= last]
    return {"place": place, "last": last, "turns": turns}


def _heading(one: SiteList, day: date) -> str:
    if one.kind == "status":
        return f"Pledges: {labels.status_name(one.key).lower()}"
    if one.kind == "short":
        short = {"headline": "Headline pledges", "month": f"Promised for {month_of(day)}"}
        return (short | {"newly": "Newly overdue", "moved": "Moved again"})[one.key]
    if one.kind == "owner":
        return f"Pledges of {labels.owner_name(one.words)}"
    return one.words or "Pledges"


def _about(one: SiteList) -> str:
    """A sentence on what the list holds, "" where its heading says all."""
    if one.kind == "status":
        return vocabulary.statuses()[one.key].meaning
    if one.kind == "topic":
        return "By the words of the pledge; a pledge may be about several topics, or none."
    return {
        "month": "The first date given, or the one that stands, lies in this month.",
        "newly": f"The date promised passed in the last {LATELY} days.",
        "moved": f"A later date was given in the last {LATELY} days.",
    }.get(one.key, "")


def _none(name: str) -> str:
    return {
        "month": "Nothing was promised for this month.",
        "newly": f"No date has passed in the last {LATELY} days.",
        "moved": f"No date was put off in the last {LATELY} days.",
    }.get(name, "")


def listing(reader: SiteReader, name: str, length: int) -> Iterator[str]:
    """A list as JSON: one array, a pledge a line, with its page's place."""
    return _array(map(_held, rows(reader, name, length)))


def rows(reader: SiteReader, name: str, length: int) -> Iterator[Listed]:
    """The pledges of a list, read in pieces of ``length``."""
    for first in range(1, reader.numbers(name)[0] + 1, length):
        yield from reader.listed(first, length, name)


def _held(row: PledgeRow) -> dict[str, object]:
    held = {key: getattr(row, key) for key in _FIELDS}
    return held | {"outcome": vocabulary.statuses()[row.status].outcome, "link": f"pledge/{row.id}.html"}


def minor_listing(reader: SiteReader, length: int) -> Iterator[str]:
    """What no list has, as JSON in the same form."""
    firsts = range(1, reader.overview.minor + 1, length)
    some: Iterable[Minor] = chain.from_iterable(reader.minor(first, length) for first in firsts)
    return _array(asdict(one) for one in some)


def overview_json(reader: SiteReader, rule: str) -> str:
    """The numbers of the first page, and the files of all lists."""
    o = reader.overview
    statuses = ("status", "outcome", "pledges", "set_by_people")
    told = {
        "as_of": o.day,
        "pledges": o.total,
        "set_by_people": o.reviewed,
        "minor": o.minor,
        "headline_rule": rule,
        "by_status": [dict(zip(statuses, row, strict=True)) for row in o.by_status],
        "by_official": [asdict(one) for one in o.by_owner],
        "by_topic": [asdict(one) for one in reader.topics],
        "lists": [
            {
                "name": _heading(one, o.day),
                "pledges": reader.numbers(one.name)[0],
                "page": file_name(one.name),
                "json": f"{one.name}.json",
            }
            for one in reader.lists
            if listed(one)
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n"


def listed(one: SiteList) -> bool:
    """False of the list of a status that has left the vocabulary: its pledges are in the others."""
    return one.kind != "status" or one.key in vocabulary.statuses()


def _array(some: Iterable[dict[str, object]]) -> Iterator[str]:
    comma = ""
    yield "["
    for row in some:
        yield f"{comma}\n{json.dumps(row, ensure_ascii=False, default=str)}"
        comma = ","
    yield "\n]\n"
