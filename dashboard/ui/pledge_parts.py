"""What lists of statements and reports are made of: who said it, what it says, where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dashboard.ui.parts import Html, context, go, join, link, said, tag
from ledger.days import day
from ledger.presentation.labels import role_name, stance_name, type_name
from ledger.queries.pledge_page import Shown, Stated


def meta(*pieces: Html | str) -> Html:
    """A quiet line of pieces, beside the matter itself."""
    return tag("div", join(pieces), class_="sd-meta")


def item(*pieces: Html | str) -> Html:
    """One of a list of statements or reports."""
    return tag("div", *pieces, class_="sd-item")


def unresolved(source_name: str | None, why: str | None, written: str = "as written") -> Html:
    """Instead of a speaker's name: the source as the article has it, and why it is not resolved."""
    source = f"{written}: “{source_name}”" if source_name else "no source in the text"
    return join([tag("b", "unresolved"), said(source), said(why)], " – ")


def in_post(name: Html, office: str | None, role: str | None, body: str | None, *more: object) -> Html:
    """A person, the post held that day, and its body where the post does not name it."""
    post = office or role_name(role)
    its_body = body if body and body not in post else ""
    return join([name, said(post), said(its_body), *map(said, more)], ", ")


def speaker_line(stated: Stated) -> Html:
    """Who said it, in what post on that day; an unresolved speaker with the source as written and why."""
    if stated.speaker is None:
        return unresolved(stated.source_name, stated.speaker_why, "source as written")
    return in_post(tag("b", said(stated.speaker)), stated.office, stated.role, stated.body)


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
    passages = [context(e.context) for e in reversed(group)]
    return item(tag("div", tag("b", stance_name(first.stance)), " ", own), *passages, meta(*where))


def stated_item(stated: Stated, first: bool) -> Html:
    changed = stated.changed or ("first said" if first else "")
    article = [link(stated.headline or stated.url, stated.link), said(stated.outlet)]
    card = go("Evidence card and citation", "quotation", id=stated.statement_id)
    details = [
        type_name(stated.type),
        tag("span", "number: ", said(stated.measure_text)) if stated.measure_text else "",
        tag("span", "by: ", said(stated.deadline_text)) if stated.deadline_text else "",
        tag("span", "checked by ", said(stated.confirmed_by)) if stated.confirmed_by else "",
    ]
    return item(
        tag("div", tag("b", day(stated.published)), " – " if changed else "", said(changed)),
        context(stated.context),
        meta(speaker_line(stated)),
        meta(*details),
        meta(*article, card),
    )
