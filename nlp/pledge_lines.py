"""The pledges of a set of articles as lines of JSON, as of a day: `said annotate --pledges`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ledger import vocabulary
from ledger.pledges.leads import Lead
from ledger.pledges.reckon import reckon
from ledger.types import Mark, Pledge
from nlp.annotate import JsonLine, Text
from nlp.pledges.core import grouped, members_of
from nlp.pledges.pair_features import Item

SOON = timedelta(
    days=14
)  # before a date from which a pledge is due soon; `due_soon_days` of a home by default


def pledge_lines(text: Text, as_of: date | None = None) -> Iterator[JsonLine]:
    """One line a pledge, in the order of their first commitments, with what is most worth a person's look.

    ``as_of``: later commitments, evidence and passages are left out; the newest article's day by default.
    """
    day = as_of or max((d for d in text.days.values() if d), default=date.max)
    items = [item for item in text.items if item.day is None or item.day <= day]
    for key, group in grouped(items, text.pledge_of).items():
        evidence = [row for row in text.found.evidence if row.pledge_id == key]
        pledge = reckon(key, members_of(group, text.offices), evidence, day).pledge
        if pledge is not None:
            leads = [one for one in text.found.leads if one.pledge_id == key and (one.day or day) <= day]
            yield _line(pledge, group, leads, day)


def _line(pledge: Pledge, group: list[Item], leads: list[Lead], day: date) -> dict[str, Any]:
    return {
        "pledge_id": pledge.id,
        "title": pledge.title,
        "owner": pledge.owner,
        "person": pledge.person,
        "body": pledge.body,
        "rule": pledge.rule,
        "first_due": pledge.first_due and pledge.first_due.isoformat(),
        "due": pledge.deadline and pledge.deadline.isoformat(),
        "status": pledge.suggested,
        "outcome": vocabulary.statuses()[pledge.suggested].outcome,
        "flags": [mark.flag for mark in pledge.marks if _holds(mark, pledge.suggested, day)],
        "commitments": [
            {"article": item.statement.article_id, "span": list(item.commitment.span)} for item in group
        ],
        "to_check": [
            {"article": one.article_id, "content": [list(one.span)], "why": one.why} for one in leads
        ],
        "why": pledge.why,
    }


def _holds(mark: Mark, status: str, day: date) -> bool:
    row = vocabulary.statuses()[status]
    if (mark.only == "open" and row.closed) or (mark.only == "awaited" and not row.awaited):
        return False
    first = mark.first or (mark.last - SOON if mark.last else None)
    return (first is None or first <= day) and (mark.last is None or day <= mark.last)
