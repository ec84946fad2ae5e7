"""What a pledge's page lists: reports of what came of it, and every time it was said."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dashboard.ui.parts import Html, context, day, go, join, link, said, tag
from ledger.presentation.labels import role_name, stance_name, type_name
from ledger.queries.pledge_page import Shown, Stated


def speaker_line(stated: Stated) -> Html:
    """Who said it, in what post on that day; an unresolved speaker with the source as written and why."""
    if stated.speaker is None:
        source = (
            f"source as written: “{stated.source_name}”" if stated.source_name else "no source in the text"
        )
        return join([tag("b", "unresolved"), said(source), said(stated.speaker_why)], " – ")
    post = stated.office or role_name(stated.role)
    body = stated.body if stated.body and stated.body not in post else ""
    return join(
        [tag("b", said(stated.speaker)), said(post) if post else "", said(body) if body else ""], ", "
    )


def report_items(some: Sequence[Shown]) -> list[Html]:
    """The newest first; what one article says to the same effect stands together."""
    groups = groupby(reversed(some), key=lambda e: (e.article_id, e.stance, e.by_owner, e.source))
    return [_report(list(group)) for _, group in groups]


def _report(group: Sequence[Shown]) -> Html:
    first = group[0]
    own = tag("span", "the owner’s own words", class_="sd-flag sd-doubt") if first.by_owner else ""
    where = [day(first.day), link(first.headline or first.url, first.link), said(first.outlet)]
    if first.source and first.source != first.outlet:
        where.append(tag("span", "source: ", said(first.source)))
    return tag(
        "div",
        tag("div", tag("b", stance_name(first.stance)), " ", own),
        *(context(e.context) for e in reversed(group)),
        tag("div", join(where), class_="sd-meta"),
        class_="sd-item",
    )


def stated_item(stated: Stated, first: bool) -> Html:
    changed = stated.changed or ("first said" if first else "")
    details = [
        type_name(stated.type),
        tag("span", "number: ", said(stated.measure_text)) if stated.measure_text else "",
        tag("span", "by: ", said(stated.deadline_text)) if stated.deadline_text else "",
        tag("span", "checked by ", said(stated.confirmed_by)) if stated.confirmed_by else "",
    ]
    return tag(
        "div",
        tag("div", tag("b", day(stated.published)), " – " if changed else "", said(changed)),
        context(stated.context),
        tag("div", speaker_line(stated), class_="sd-meta"),
        tag("div", join(details), class_="sd-meta"),
        tag(
            "div",
            join(
                [
                    link(stated.headline or stated.url, stated.link),
                    said(stated.outlet),
                    go("Evidence card and citation", "quotation", id=stated.statement_id),
                ]
            ),
            class_="sd-meta",
        ),
        class_="sd-item",
    )
