"""The pledges of annotated articles as lines of JSON, reckoned as of a day: what `--pledges` writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from ledger import vocabulary
from ledger.pledges.leads import Lead
from ledger.pledges.reckon import reckon
from ledger.pledges.status import standing
from ledger.types import Evidence, Pledge
from nlp.annotate import Text
from nlp.pledges.core import grouped, members_of
from nlp.pledges.pair_features import Item

JsonLine = dict[str, Any]
MOST_TO_CHECK = 20  # of a pledge


def pledge_lines(text: Text, as_of: date | None, due_soon_days: int) -> Iterator[JsonLine]:
    """Each pledge as it was known on a day, in the order of their first commitments.

    ``as_of`` None: the newest article's day. What was published later is left out, pledges that were only
    made later too.
    """
    days = [article.published.date() for article, _ in text.extracted if article.published]
    today = as_of or max(days, default=date.max)
    outlets = {article.id: article.outlet for article, _ in text.extracted}
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for row in text.found.evidence:
        evidence[row.pledge_id].append(row)
    leads: dict[str, list[Lead]] = defaultdict(list)
    for lead in text.found.leads:
        if lead.day is None or lead.day <= today:
            leads[lead.pledge_id].append(lead)
    for key, group in grouped(text.items, text.pledge_of).items():
        known = [item for item in group if item.day is None or item.day <= today]
        members = (
            [
                replace(member, outlet=outlets[item.statement.article_id])
                for member, item in zip(members_of(known, text.offices, text.same), known, strict=True)
            ]
            if known
            else []
        )
        pledge = reckon(key, members, evidence[key], today).pledge
        if pledge is not None:
            yield _line(pledge, known, leads[key], today, due_soon_days)


def _line(pledge: Pledge, items: list[Item], leads: list[Lead], today: date, due_soon_days: int) -> JsonLine:
    return {
        "pledge_id": pledge.id,
        "title": pledge.title,
        "owner": pledge.owner,
        "body": pledge.body,
        "rule": pledge.rule,
        "first_due": pledge.first_due.isoformat() if pledge.first_due else None,
        "due": pledge.deadline.isoformat() if pledge.deadline else None,
        "status": pledge.suggested,
        "outcome": vocabulary.statuses()[pledge.suggested].outcome,
        "flags": list(standing(pledge.marks, pledge.suggested, today, due_soon_days)),
        "commitments": [
            {"article": item.statement.article_id, "span": list(item.commitment.span)} for item in items
        ],
        "to_check": [
            {"article": lead.article_id, "content": [list(lead.span)], "why": lead.why}
            for lead in leads[:MOST_TO_CHECK]
        ],
        "why": pledge.why,
    }
