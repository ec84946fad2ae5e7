"""`said pledges` of one pledge, and what is worth a look: taken as evidence or struck, one key each."""

from __future__ import annotations

from datetime import date, datetime

import click

from flows.cli.app import home_option, json_flag
from flows.cli.lines import flat
from ledger import days, vocabulary
from ledger.decisions import journal
from ledger.errors import WrongUse
from ledger.outputs import pledge_json
from ledger.outputs.story import PASSAGES, story
from ledger.presentation.labels import (
    LEFT_OUT,
    capital,
    layered,
    number,
    owner_name,
    role_name,
    stance_name,
    status_name,
    when_due,
)
from ledger.presentation.passages import Passage
from ledger.queries import pledge_page, reading_list
from ledger.queries.pledge_list import PledgeRow
from ledger.queries.pledge_page import Shown, Stated
from ledger.queries.reading_list import ToCheck
from ledger.settings import Settings
from ledger.types import Decision

_STRIKE, _NEXT, _END = "x", "n", "q"
_NO_SUCH = "no pledge has the id {!r}: `said pledges` gives them"
_MOST = 500  # passages gone through in one sitting


@click.command()
@click.argument("pledge_id", metavar="ID")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="As known on that day: by what had been published and decided.",
)
@json_flag
@home_option
def pledge(settings: Settings, pledge_id: str, on: datetime | None, as_json: bool) -> None:
    """One pledge's page: whose, the words, what came of it, what is worth a look; or all of it as JSON."""
    show(settings, pledge_id, "json" if as_json else "table", on.date() if on else None)


def show(settings: Settings, pledge_id: str, form: str, known: date | None = None) -> None:
    """One pledge: whose, due when, its status, what came of it, what is worth a look; ``known``: as it was
    known on that day."""
    found = pledge_page.pledge(settings, pledge_id, known)
    if found is None:
        raise WrongUse(_NO_SUCH.format(pledge_id))
    if form != "table":
        click.echo(pledge_json.text(story(found, known or settings.today)), nl=False)
        return
    told = story(found, known or settings.today)
    if known:
        click.echo(f"As known on {days.day(known)}, by what had been published and decided up to that day.")
    click.echo(_heading(found.pledge, told.today))
    click.echo(f"\nSaid {number(len(told.stated), 'time')}:")
    for one in told.stated:
        click.echo(_said(one))
    reports = [side for side in told.sides if side.sign != "neither"]
    click.echo(f"\nWhat came of it: {number(sum(side.count for side in reports), 'report')}")
    for side in told.sides:
        click.echo(f"  {side.name}: {side.count:,}")
        for _, group in side.groups:
            for report in group:
                click.echo(_reported(report))
    click.echo(f"\nWorth a look: {number(len(found.to_check), 'passage')}")
    for passage in found.to_check[:PASSAGES]:
        click.echo(_passage(passage))
    if (more := len(found.to_check) - PASSAGES) > 0:
        click.echo(f"  and {more:,} more: said pledges --look --id {found.pledge.id}")
    if verdict := found.pledge.verdict:
        who = f"{flat(found.pledge.verdict_by)}, {days.day(found.pledge.verdict_at)}"
        click.echo(f"\nVerdict ({who}): {flat(verdict)}")


def _heading(pledge: PledgeRow, today: date) -> str:
    """Title, id, whose, due when, status with who says so and why, flags with what they mean."""
    said_by = pledge.person if pledge.person not in (None, pledge.owner) else ""
    whose = [owner_name(pledge.owner), f"said by {said_by}" if said_by else "", role_name(pledge.role)]
    by = f"set by {pledge.set_by} on {days.day(pledge.set_at)}" if pledge.set_by else "suggested"
    why = pledge.set_why if pledge.set_by else pledge.why
    lines = [
        capital(pledge.title),
        f"  id {pledge.id}",
        f"  {', '.join(part for part in whose if part)}",
        f"  {capital(when_due(pledge.deadline, today, pledge.first_due, pledge.flags))}",
        f"  {status_name(pledge.status, pledge.set_reason)} ({by}){f': {why}' if why else ''}",
    ]
    marks = vocabulary.flags().ordered(pledge.flags)
    return "\n".join(map(_flat_line, [*lines, *(f"  {mark.label}: {mark.meaning}" for mark in marks)]))


def _flat_line(line: str) -> str:
    return f"{line[: len(line) - len(line.lstrip())]}{flat(line.lstrip())}"


def _said(one: Stated) -> str:
    """When, by whom, the words, and where they stand."""
    whom = (
        one.speaker or f"unresolved ({one.source_name or 'no source'})",
        one.office or role_name(one.role),
        one.body,
    )
    who = ", ".join(dict.fromkeys(part for part in whom if part))
    words = f"“{flat(one.words)}”" if one.words else LEFT_OUT
    where = ", ".join(part for part in (one.outlet, f"“{one.headline}”", one.context.page) if part)
    moved = f"\n    {flat(one.changed)}" if one.changed else ""
    head = f"  {days.day(one.published, 'no date')}  {flat(who)}"
    return f"{head}\n    {words}{moved}\n    {flat(where)}: {one.link or one.url}"


def judge(settings: Settings, take: tuple[str, str] | None, strike: str | None, who: str) -> None:
    """Take one passage, strike another, or both."""
    decisions = []
    if take:
        decisions.append(reading_list.to_check(settings, take[0]).taken(take[1], who))
    if strike:
        decisions.append(reading_list.to_check(settings, strike).struck(who))
    for decision in decisions:
        _record(settings, decision)


def name(settings: Settings, pledge_id: str, title: str, who: str) -> None:
    """Give a pledge a title of one's own; the machine's stays beside it."""
    if pledge_page.pledge(settings, pledge_id) is None:
        raise WrongUse(_NO_SUCH.format(pledge_id))
    _record(settings, Decision("set_title", pledge_id, {"title": title.strip()}, who))


def mark(settings: Settings, pledge_id: str, headline: bool, who: str) -> None:
    """Mark a pledge as one of those that weigh most, or take the mark off."""
    if pledge_page.pledge(settings, pledge_id) is None:
        raise WrongUse(_NO_SUCH.format(pledge_id))
    _record(settings, Decision("headline", pledge_id, {"headline": headline}, who))


def go_through(settings: Settings, pledge_id: str, who: str) -> None:
    """One passage after the other, the likeliest first; a key takes it with its sign, or strikes it."""
    _signed(settings, who)
    some = reading_list.waiting(settings, pledge_id, _MOST)
    if not some:
        click.echo("Nothing is worth a look.")
    keys = _keys()
    told = ", ".join(f"{key} {stance_name(stance)}" for key, stance in keys.items())
    for n, (title, one) in enumerate(some, 1):
        click.echo(f"\n{n} of {len(some)}: {flat(title)}\n{_passage(one)}")
        click.echo(f"Enter: {stance_name(one.stance)}; {told}; {_STRIKE} strike, {_NEXT} next, {_END} end")
        key = ""
        while key not in (*keys, "\r", "\n", _STRIKE, _NEXT, _END):
            key = click.getchar()
        if key == _END:
            return
        if key == _STRIKE:
            _record(settings, one.struck(who))
        elif key != _NEXT:
            _record(settings, one.taken(keys.get(key, one.stance), who))


def _keys() -> dict[str, str]:
    """A key for each stance: the first letter of its name that is free."""
    keys: dict[str, str] = {}
    for name in vocabulary.stances():
        free = (c for c in f"{name}{'0123456789'}" if c.isalnum() and c not in (*keys, _STRIKE, _NEXT, _END))
        keys[next(free)] = name
    return keys


def _signed(settings: Settings, who: str) -> None:
    """Refuse a decision without a name, or with one that is not listed where a list says who may decide."""
    if not who.strip():
        raise WrongUse("a decision needs your name: give --who NAME")
    listed = settings.editors.values()
    if listed and who.strip() not in listed:
        raise WrongUse(f"{who!r} is not among those who may decide here: see [editors] in settings.toml")


def _record(settings: Settings, decision: Decision) -> None:
    _signed(settings, decision.who)
    row = journal.record(settings, decision)
    click.echo(f"Recorded as decision {row}: it can be undone on the pledge's page.")


def _reported(report: Shown) -> str:
    words = f"“{flat(report.words)}”" if report.words else LEFT_OUT
    head = f"  {days.day(report.day)}  {stance_name(report.stance)}: {words}"
    return f"{head}\n    {flat(report.outlet)}: {report.link}"


def _passage(one: ToCheck) -> str:
    head = f"  {one.id}  {days.day(one.day)}, {flat(one.outlet)}; {stance_name(one.stance)}? {flat(one.why)}"
    return f"{head}\n    {_marked(one.context)}\n    {one.link}"


def _marked(context: Passage) -> str:
    """The passage after the sentence before it, with the words that matter between stars."""
    if not context.text:
        return LEFT_OUT
    pieces = layered(context.text, context.marks, context.focus)
    return "".join(f"*{flat(words)}*" if matters else flat(words) for words, (_, matters) in pieces)
