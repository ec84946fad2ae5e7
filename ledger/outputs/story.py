"""A pledge's page as a story: what the dashboard, the exported site and the JSON form all tell, in one order.

Whose it is, the words, the dates, what came of it, the timeline, the evidence, what is worth a look, what
others said of it, an editor's verdict. Pure: a page of `pledge_page` in, values out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import get_args

from ledger.days import london
from ledger.presentation import labels
from ledger.presentation.links import web_link
from ledger.presentation.passages import Passage, words_alone
from ledger.presentation.timeline import EventKind, Picture, picture
from ledger.queries.pledge_page import Journalled, PledgePage, Shown, Stated
from ledger.queries.reading_list import Remark, ToCheck
from ledger.types import Decision
from ledger.vocabulary import Bearing

PASSAGES = 5  # of the reading list that are shown at once
_SIDES: dict[Bearing, str] = {"for": "For", "against": "Against", "neither": "Said again, without news"}
_TOLD = ("set_status", "verdict", "merge", "split")  # decisions that are part of the story
_ORDER = {kind: n for n, kind in enumerate(get_args(EventKind))}
_WORDS = 200  # characters of a line of the timeline


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One thing on the timeline. ``until``: the last day of several that one line tells; ``name``: what it is
    in words; ``words``: verbatim where ``quoted``, "" where rights leave none; ``whose``, ``where``: who says
    so, and in which outlets; ``place``: the id of the same thing further down the page."""

    kind: EventKind
    day: date | None
    until: date | None
    name: str
    words: str = ""
    quoted: bool = False
    whose: str = ""
    where: str = ""
    link: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a person's decision rests on: reports, those of one article together under a link to all of their
    passages; how many more are no longer held; links to what no outlet has reported. ``evidence``: the ids of
    all reports named."""

    reports: tuple[tuple[str, Shown], ...] = ()
    gone: int = 0
    links: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.reports or self.gone or self.links)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An editor's paragraph on a pledge, and what it rests on."""

    text: str
    who: str
    at: datetime | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Side:
    """Reports of one sign, newest first; those of one article to the same effect together, under a link that
    opens it at all of their passages."""

    sign: Bearing
    name: str
    count: int
    groups: tuple[tuple[str, tuple[Shown, ...]], ...]


@dataclass(frozen=True, slots=True)
class PledgeStory:
    """One pledge, told. ``stated``: each time it was said that stands, oldest first; ``head``: the one that
    the title is of, and ``head_words`` its words with the clause that matters; ``look`` and ``more``: the
    reading list. ``today``: the day that it is told on."""

    page: PledgePage
    today: date
    stated: tuple[Stated, ...]
    head: Stated | None
    head_words: Passage | None
    due: str
    due_words: str
    days_late: int | None  # past the first date promised, of one that is overdue
    measures: tuple[str, ...]
    places: tuple[str, ...]
    basis: Basis
    events: tuple[TimelineEvent, ...]
    picture: Picture | None
    sides: tuple[Side, ...]
    look: tuple[ToCheck, ...]
    more: tuple[ToCheck, ...]
    by_others: tuple[Remark, ...]
    verdict: Verdict | None
    remarks: tuple[Decision, ...]  # replies of the owner, then editors' notes, oldest first


def story(page: PledgePage, today: date) -> PledgeStory:
    """The page told as of ``today``."""
    pledge = page.pledge
    stated = tuple(time for time in page.stated if not time.is_rejected)
    titled = (time for time in stated if time.id == pledge.titled)
    head = next(titled, stated[0] if stated else None)
    due_words = (s.deadline_text for s in stated if s.deadline_last == pledge.deadline)
    events = _events(page, stated)
    look = page.to_check[:PASSAGES]
    shown = {one.id for one in look}
    return PledgeStory(
        page=page,
        today=today,
        stated=stated,
        head=head,
        head_words=words_alone(head.words, head.clause) if head else None,
        due=labels.when_due(pledge.deadline, today, pledge.first_due, pledge.flags),
        due_words=next(filter(None, due_words), ""),
        days_late=_days_late(page, today),
        measures=tuple(dict.fromkeys(_number(time) for time in stated if time.measure_text)),
        places=tuple(dict.fromkeys(time.place for time in stated if time.place)),
        basis=_basis(page, _last(page, "set_status")),
        events=tuple(_folded(events)),
        picture=picture([(event.kind, event.day) for event in events if event.day], today),
        sides=tuple(_sides([report for report in page.shown if not report.is_rejected])),
        look=look,
        more=page.to_check[PASSAGES:],
        by_others=tuple(one for one in page.by_others if shown.isdisjoint(one.passages)),
        verdict=_verdict(page),
        remarks=tuple(
            entry.decision
            for kind in ("reply", "note")
            for entry in reversed(page.journal)
            if entry.decision.kind == kind and not entry.undone
        ),
    )


def _events(page: PledgePage, stated: Sequence[Stated]) -> list[TimelineEvent]:
    """All in the order of time; of one day what was said, what came of it, what was decided, the date."""
    found = [_said(time, n == 0) for n, time in enumerate(stated)]
    heard = {time.article_id for time in stated}
    effects: dict[tuple[object, ...], list[Shown]] = {}
    for report in page.shown:
        if not report.is_rejected and (
            labels.sign(report.stance) != "neither" or report.article_id not in heard
        ):
            same = (report.day, report.stance, report.by_owner, report.source)
            effects.setdefault(same if report.by_owner else (*same, report.article_id), []).append(report)
    found += [_reported(group) for group in effects.values()]
    standing = _last(page, "verdict")
    for entry in reversed(page.journal):
        if (held := entry.decision).kind not in _TOLD or entry.undone:
            continue
        if held == standing:
            name, words, place = "The verdict", "", "verdict"
        else:
            name, words, place = "Decided", labels.cut(labels.decided(held), _WORDS), ""
        at = london(held.at)
        found.append(TimelineEvent("decided", at, None, name, words, whose=held.who, place=place))
    dues = dict.fromkeys(due for due in (page.pledge.first_due, page.pledge.deadline) if due)
    for n, due in enumerate(dues):
        found.append(TimelineEvent("due", due, None, "The new date promised" if n else "The date promised"))
    return sorted(found, key=lambda event: (event.day is None, event.day or date.max, _ORDER[event.kind]))


def _folded(events: Sequence[TimelineEvent]) -> Iterator[TimelineEvent]:
    """Words said again several times in a row as one line."""
    for kind, run in groupby(events, key=lambda event: event.kind):
        some = list(run)
        if kind != "restated" or len(some) == 1:
            yield from some
            continue
        first, last = some[0], some[-1]
        whose, where = (
            _some(dict.fromkeys(names)) for names in zip(*((e.whose, e.where) for e in some), strict=True)
        )
        until = last.day if last.day != first.day else None
        name = "Said again twice" if len(some) == 2 else f"Said again {len(some)} times"
        yield TimelineEvent(kind, first.day, until, name, whose=whose, where=where, place=first.place)


def _some(names: Iterable[str]) -> str:
    """At most three of these names."""
    known = list(filter(None, names))
    return ", ".join(known[:3]) + (f" and {len(known) - 3} more" if known[3:] else "")


def _said(time: Stated, first: bool) -> TimelineEvent:
    changed = time.changed or ""
    kind: EventKind = "said" if first else "moved" if changed else "restated"
    name = {"said": "First said", "moved": f"Changed, {changed}", "restated": "Said again"}[kind]
    words = labels.cut(time.clause or time.words, _WORDS)
    whose = time.speaker or time.source_name
    where = (time.outlet, time.link, f"said-{time.id}")
    return TimelineEvent(kind, london(time.published), None, name, words, bool(words), whose, *where)


def _reported(group: Sequence[Shown]) -> TimelineEvent:
    """What is told to the same effect on one day, by the first of its reports."""
    report = group[0]
    side = labels.sign(report.stance)
    kind: EventKind = "restated" if side == "neither" else side
    claimed = f", {labels.own_word(report.stance)}" if report.by_owner and side != "neither" else ""
    name = f"{labels.stance_name(report.stance)}{claimed}"
    words = labels.cut(report.words, _WORDS)
    whose = report.source if report.source != report.outlet else ""
    outlets = _some(dict.fromkeys(one.outlet for one in group))
    where = (outlets, report.link, f"report-{report.id}")
    return TimelineEvent(kind, report.day, None, name, words, bool(words), whose, *where)


def _days_late(page: PledgePage, today: date) -> int | None:
    first = page.pledge.first_due
    return (today - first).days if first and "overdue" in page.pledge.flags else None


def _number(stated: Stated) -> str:
    """The number as it was said, and what it is counted from."""
    counted = stated.measure_baseline
    return (stated.measure_text or "") + (f" (counted from {counted:,.10g})" if counted is not None else "")


def _last(page: PledgePage, kind: str) -> Decision | None:
    """The decision of a kind that stands: the journal of a page has the newest first."""
    entries: Iterator[Journalled] = (e for e in page.journal if e.decision.kind == kind and not e.undone)
    return next((entry.decision for entry in entries), None)


def _verdict(page: PledgePage) -> Verdict | None:
    held = _last(page, "verdict")
    if held is None:
        return None
    return Verdict(str(held.value.get("text") or ""), held.who, held.at, _basis(page, held))


def _basis(page: PledgePage, held: Decision | None) -> Basis:
    if held is None:
        return Basis()
    named, more = held.value.get("evidence"), held.value.get("links")
    ticked = set(map(str, named)) if isinstance(named, list) else set()
    by_article: dict[str, list[Shown]] = {}
    for report in page.shown:
        if report.id in ticked:
            by_article.setdefault(report.article_id, []).append(report)
    links = [str(held.value.get("link") or ""), *(map(str, more) if isinstance(more, list) else ())]
    return Basis(
        tuple((_link_to_all(group), group[0]) for group in by_article.values()),
        len(ticked - {report.id for report in page.shown}),
        tuple(filter(None, map(web_link, links))),
        tuple(sorted(ticked)),
    )


def _sides(shown: Sequence[Shown]) -> Iterator[Side]:
    for side, name in _SIDES.items():
        some = [one for one in shown if labels.sign(one.stance) == side]
        if some:
            groups = [tuple(group)[::-1] for _, group in groupby(reversed(some), key=_same_effect)]
            yield Side(side, name, len(some), tuple((_link_to_all(group), group) for group in groups))


def _same_effect(report: Shown) -> tuple[object, ...]:
    return report.article_id, report.stance, report.by_owner, report.source


def _link_to_all(group: Sequence[Shown]) -> str:
    first, *others = dict.fromkeys(report.link for report in group)
    return "&".join([first, *(link.partition(":~:")[2] for link in others if ":~:" in link)])
