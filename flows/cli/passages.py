"""`said pledges` of one pledge, and what is worth a look: taken as evidence or struck, one key each."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from flows.cli.lines import flat
from ledger import days, vocabulary
from ledger.decisions import journal
from ledger.errors import WrongUse
from ledger.presentation.labels import LEFT_OUT, layered, number, stance_name, status_name
from ledger.presentation.passages import Passage
from ledger.queries import pledge_page, reading_list
from ledger.queries.pledge_page import PledgePage, Shown
from ledger.queries.reading_list import ToCheck
from ledger.settings import Settings
from ledger.types import Decision

_STRIKE, _NEXT, _END = "x", "n", "q"
_MOST = 500  # passages gone through in one sitting


def show(settings: Settings, pledge_id: str, form: str) -> None:
    """One pledge: whose, due when, its status, what came of it, what is worth a look."""
    found = _known(settings, pledge_id)
    if form != "table":
        click.echo(json.dumps(asdict(found), ensure_ascii=False, default=str))
        return
    pledge = found.pledge
    when = f"due {days.day(pledge.deadline)}" if pledge.deadline else "no deadline"
    by = f"set by {flat(pledge.set_by)}" if pledge.set_by else "suggested"
    click.echo(f"{flat(pledge.title)}\n  {flat(pledge.owner)}; {when}; {status_name(pledge.status)} ({by})")
    click.echo(f"  {flat(pledge.why)}\n\nWhat came of it: {number(pledge.evidence, 'report')}")
    for report in found.shown:
        if not report.is_rejected:
            click.echo(_reported(report))
    click.echo(f"\nWorth a look: {number(len(found.to_check), 'passage')}")
    for one in found.to_check:
        click.echo(_passage(one))


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
    _known(settings, pledge_id)
    _record(settings, Decision("set_title", pledge_id, {"title": title.strip()}, who))


def mark(settings: Settings, pledge_id: str, headline: bool, who: str) -> None:
    """Mark a pledge as one of those that weigh most, or take the mark off."""
    _known(settings, pledge_id)
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


def _known(settings: Settings, pledge_id: str) -> PledgePage:
    found = pledge_page.pledge(settings, pledge_id)
    if found is None:
        raise WrongUse(f"no pledge has the id {pledge_id!r}: `said pledges --format json` gives them")
    return found


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
