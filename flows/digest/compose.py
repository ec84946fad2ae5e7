"""What a reader is told: of all events those that are wanted, the weightiest first, the others counted.

Pure: events in, `Digest` out. What earlier digests told is not told again; their record in ``data/digests``
is kept by `flows.digest.archive`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from flows.digest.events import DigestEvent, weights
from flows.digest.items import DigestItem, Wardrobe
from flows.digest.look import NOTHING_NEW, Look
from flows.digest.quiet import ALL_WELL, Quiet
from flows.digest.wording import words
from ledger.days import day as day_in_words
from ledger.follows.follow import Rhythm
from ledger.presentation.labels import number

_NAMED = 3  # sections that a subject names


@dataclass(frozen=True, slots=True)
class Section:
    """Items of one sort. ``more`` counts those left out of the list, ``list`` is where they all are; a
    standing section is no news."""

    name: str
    title: str
    label: str
    items: tuple[DigestItem, ...]
    more: int = 0
    standing: bool = False
    list: str = ""

    @property
    def total(self) -> int:
        return len(self.items) + self.more


@dataclass(frozen=True, slots=True)
class Digest:
    """One day's digest. ``since``: the day of the one before, None for the first, which greets its reader.

    ``pledges`` and ``overdue`` count those that the reader follows; ``follows`` and ``but`` name what that
    is, nothing for everything; ``unknown`` are lines about names that nothing is known by. ``trouble``: lines
    on what kept the machine from reading. ``ending``: how the letters are ended, with the address where that
    is done, "" where none is served. ``doubtful``: the days of earlier letters that may have arrived, and
    that this one tells again.
    """

    day: date
    since: date | None
    sections: tuple[Section, ...]
    pledges: int
    overdue: int
    told: tuple[str, ...]
    look: Look = NOTHING_NEW
    quiet: Quiet = ALL_WELL
    every: Rhythm = "day"
    address: str = ""
    follows: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()
    ending: tuple[str, str] = field(default=("", ""))
    doubtful: tuple[date, ...] = ()

    @property
    def first(self) -> bool:
        return self.since is None

    @property
    def news(self) -> tuple[Section, ...]:
        """The sections that hold something new."""
        return tuple(s for s in self.sections if s.items and not s.standing)

    @property
    def empty(self) -> bool:
        """True when there is nothing that a letter need be sent for."""
        return not (self.news or self.look.total or self.quiet.total or self.trouble)

    @property
    def missed(self) -> int:
        """The days before this one of which no letter came, where one comes every day."""
        return (self.day - self.since).days - 1 if self.since and self.every == "day" else 0

    @property
    def summary(self) -> str:
        """What is new, in a line."""
        if self.first and self.news:
            return f"{number(self.news[0].total, *_now())}"
        new = [f"{s.total} {s.label}" for s in self.news]
        if len(new) > _NAMED:
            new[_NAMED:] = [f"{sum(s.total for s in self.news[_NAMED:])} more"]
        if not new and self.look.total:
            return number(self.look.total, "passage to look at", "passages to look at")
        return ", ".join(new) or (self.trouble[0] if self.trouble else "nothing new")

    @property
    def subject(self) -> str:
        """One line: the day and what is new."""
        greeting = "Welcome to Said & Done" if self.first else "Said & Done"
        return f"{greeting}, {day_in_words(self.day)}: {self.summary}"


@dataclass(frozen=True, slots=True)
class Pick:
    """An event to be told, in a line or with the words, and what else of the same pledge it stands for."""

    event: DigestEvent
    brief: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A section's events to be told, and how many more there are."""

    name: str
    picks: tuple[Pick, ...]
    more: int = 0


def choose(wanted: Iterable[DigestEvent], asked: bool, standing: bool = True) -> list[Chosen]:
    """What of these events, the weightiest first, is told in each section. A pledge is told of once, in the
    first section that it has something in; what else there is of it stands beside. ``asked``: also the
    sections that are only for who follows somebody or something; ``standing``: also the calendar."""
    own: dict[str, list[DigestEvent]] = {}
    for event in wanted:
        own.setdefault(event.section, []).append(event)
    also: dict[str, list[str]] = {}  # by pledge, once it is told of
    found = []
    for section in words()["sections"]:
        name, listed = section["name"], own.get(section["name"], [])
        if (section.get("asked") and not asked) or (section.get("standing") and not standing):
            continue
        if section.get("standing"):
            listed = sorted(listed, key=lambda event: (event.day or date.max, event.pledge_id))
        else:
            listed = [event for event in listed if not _folded(event, also)]
        picks = [(event, n >= section["full"]) for n, event in enumerate(listed[: section["most"]])]
        found.append((name, picks, max(0, len(listed) - section["most"])))
    return [
        Chosen(name, tuple(Pick(event, brief, _beside(name, event, also)) for event, brief in picks), more)
        for name, picks, more in found
    ]


def _folded(event: DigestEvent, also: dict[str, list[str]]) -> bool:
    """Whether the event is told beside another of its pledge; else the next ones are beside it."""
    if event.pledge_id and event.pledge_id in also:
        also[event.pledge_id] += [event.what] if event.what else []
        return True
    if event.pledge_id:
        also[event.pledge_id] = []
    return False


def _beside(section: str, event: DigestEvent, also: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(also.get(event.pledge_id, ())) if section != "ahead" else ()


def choose_now(wanted: Iterable[DigestEvent]) -> list[Chosen]:
    """The things that matter most to a reader who has had nothing yet: one of each pledge, of several sorts
    and owners as far as there are, and new promises where there is not enough else."""
    most: dict[str, int] = weights()["now"]
    ranked = sorted(
        (event for event in wanted if event.section in most),
        key=lambda event: (-event.weight - most[event.section], event.pledge_id, event.section),
    )
    section = words()["now"]
    picked: dict[str, DigestEvent] = {}
    for varied in (True, False):
        sorts, owners = Counter(e.section for e in picked.values()), Counter(map(_owner, picked.values()))
        for event in ranked:
            sort, owner = event.section, _owner(event)
            many = (
                sorts[sort] >= weights()["most_of_a_sort"] or owners[owner] >= weights()["most_of_an_owner"]
            )
            if len(picked) == section["most"] or event.pledge_id in picked:
                continue
            if not (varied and (many or sort == "new")):
                picked[event.pledge_id] = event
                sorts[sort] += 1
                owners[owner] += 1
    order = {id(event): n for n, event in enumerate(ranked)}
    told = sorted(picked.values(), key=lambda event: order[id(event)])
    return [Chosen(section["name"], tuple(Pick(e, n >= section["full"]) for n, e in enumerate(told)))]


def _owner(event: DigestEvent) -> object:
    return min((facet for facet in event.facets if facet[0] in ("official", "body")), default=event.pledge_id)


def _now() -> tuple[str, str]:
    return words()["now"]["one"], words()["now"]["many"]


def sections_of(
    chosen: Sequence[Chosen], dressed: Wardrobe, address: str, because: Callable[[DigestEvent], str]
) -> tuple[Section, ...]:
    """The sections with their events dressed. ``because``: which of what is followed an event fits."""
    told = {section["name"]: section for section in [words()["now"], *words()["sections"]]}
    sections = []
    for one in chosen:
        row = told[one.name]
        made = [dressed.item(pick.event, pick.brief, pick.also, because(pick.event)) for pick in one.picks]
        items = tuple(item for item in made if item is not None)
        label = row["one"] if len(items) + one.more == 1 else row["many"]
        where = f"{address}/{row['list']}"
        standing = bool(row.get("standing"))
        sections.append(Section(one.name, row["title"], label, items, one.more, standing, where))
    return tuple(sections)
