"""A pledge as JSON: one form, beside its page in the exported site, of `said pledge ID --json` and of the
dashboard's ``/pledge.json?id=ID``.

Days are ISO days in London, times ISO times; what is not known is null; names that are ids end in ``id``. Of
an article that reserves its rights, which ``reserved`` tells, ``words`` are "" but for what stands in
quotation marks, as on the page.

- ``id``, ``title``, ``machine_title``, ``titled_by``; ``headline``: an editor says that it is among those
  that weigh most; ``as_of``: the day that it is told on
- ``owner``: name, id, body, role, area; the ``person`` who said it first; by which ``rule`` it is theirs
- ``promise``: the words of the statement that the title is of, ``clause`` what of it is undertaken; with its
  link and page
- ``first_due``, ``due``, ``due_words``; ``days_late``, past the first; ``numbers``, ``places``
- ``status``: that which stands. ``set``: by a person, null where none was; why, and what it rests on.
  ``suggested``: by rules. ``flags``
- ``timeline``: events in the order of time (`story.TimelineEvent`)
- ``evidence``: ``independent`` sources, and ``reports`` with stance, sign and ``claimed`` (the owner's words)
- ``worth_a_look``: passages that nobody has judged; ``by_others``: what others said in such passages
- ``verdict``: an editor's paragraph with its sources, null where none is; ``remarks``: replies and notes
- ``statements``: each time that it was said; ``decisions``: the journal, newest first; ``suggestions``
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from ledger.days import london
from ledger.outputs.story import Basis, PledgeStory, TimelineEvent
from ledger.presentation.labels import sign
from ledger.queries.pledge_page import Shown, Stated
from ledger.queries.reading_list import Remark, ToCheck
from ledger.types import Decision

Value = dict[str, object]


def document(told: PledgeStory) -> Value:
    """The story as plain values."""
    page, row = told.page, told.page.pledge
    owner = (
        ("name", row.owner),
        ("id", row.owner_id),
        ("body", row.body),
        ("role", row.role),
        ("area", row.area),
    )
    head, verdict = told.head, told.verdict
    by_hand = {
        "status": row.set_status,
        "reason": row.set_reason or None,
        "why": row.set_why,
        "who": row.set_by,
        "at": row.set_at,
        "rests_on": _basis(told.basis),
    }
    return {
        "id": row.id,
        "title": row.title,
        "machine_title": row.machine_title,
        "titled_by": row.titled_by,
        "headline": row.headline,
        "as_of": told.today,
        "owner": dict(owner) | {"person": row.person, "person_id": row.person_id, "rule": row.rule},
        "promise": _words(head) if head else None,
        "first_due": row.first_due,
        "due": row.deadline,
        "due_words": told.due_words,
        "days_late": told.days_late,
        "numbers": told.measures,
        "places": told.places,
        "status": row.status,
        "set": by_hand if row.set_status else None,
        "suggested": {"status": row.suggested, "why": row.why},
        "flags": row.flags,
        "timeline": [_event(event) for event in told.events],
        "evidence": {
            "independent": row.independent,
            "reports": [_report(one) for one in page.shown if not one.is_rejected],
        },
        "worth_a_look": [_passage(one) for one in (*told.look, *told.more)],
        "by_others": [_remark(one) for one in page.by_others],
        "verdict": verdict
        and {"text": verdict.text, "who": verdict.who, "at": verdict.at, "rests_on": _basis(verdict.basis)},
        "remarks": [
            {"kind": one.kind, "text": one.value.get("text"), "who": one.who, "at": one.at}
            for one in told.remarks
        ],
        "statements": [_statement(time) for time in told.stated],
        "decisions": [_decision(entry.decision, entry.undone) for entry in page.journal],
        "suggestions": [
            {"day": one.as_of, "status": one.suggested, "was": one.was, "why": one.why}
            for one in page.suggested
        ],
    }


def text(told: PledgeStory) -> str:
    """The document as JSON, a field a line."""
    return json.dumps(document(told), ensure_ascii=False, indent=1, default=_iso) + "\n"


def _iso(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()


def _found(one: Stated | Shown | ToCheck | Remark) -> Value:
    """The article of words, and the link that opens it at them."""
    return {
        "outlet": one.outlet,
        "headline": one.headline,
        "link": one.link,
        "published": london(one.published),
    }


def _place(one: Stated | Shown | ToCheck) -> Value:
    """Of a file the page of the words; whether the article's rights leave no more of it."""
    return {"page": one.context.page, "reserved": one.context.reserved}


def _words(time: Stated) -> Value:
    return {"words": time.words, "clause": time.clause} | _place(time) | _found(time)


def _statement(time: Stated) -> Value:
    own = ("id", "statement_id", "kind", "speaker", "official_id", "office", "role", "body", "source_name")
    more = ("type", "condition", "deadline_text", "measure_text", "place", "changed", "confirmed_by")
    named: dict[str, Any] = {name: getattr(time, name) for name in (*own, *more)}
    return named | {"due": time.deadline_last} | _words(time)


def _report(one: Shown) -> Value:
    return (
        _bears(one)
        | {"source": one.source, "words": one.words, "why": one.why, "original_id": one.original}
        | _place(one)
        | _found(one)
    )


def _bears(one: Shown | ToCheck) -> Value:
    """What a report or passage says of the pledge, and when."""
    return {
        "id": one.id,
        "stance": one.stance,
        "sign": sign(one.stance),
        "claimed": one.by_owner,
        "day": one.day,
    }


def _passage(one: ToCheck) -> Value:
    more = {
        "source": one.source,
        "before": one.before,
        "words": one.words,
        "why": one.why,
        "likely": one.likely,
    }
    return _bears(one) | more | _place(one) | _found(one)


def _remark(one: Remark) -> Value:
    own = ("statement_id", "kind", "speaker", "official_id", "role", "body", "words")
    return {name: getattr(one, name) for name in own} | _found(one)


def _event(event: TimelineEvent) -> Value:
    names = ("kind", "day", "until", "name", "words", "whose", "where", "link")
    return {name: getattr(event, name) for name in names}


def _basis(basis: Basis) -> Value:
    return {"evidence": basis.evidence, "links": basis.links}


def _decision(one: Decision, undone: bool) -> Value:
    names = ("row", "at", "who", "kind", "subject", "value", "why")
    return {name: getattr(one, name) for name in names} | {"undone": undone}
