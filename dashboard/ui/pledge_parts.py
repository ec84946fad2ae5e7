"""What lists of statements and reports are made of: who said it, what it says, where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.ui.parts import Html, context, go, image, join, link, said, tag
from ledger.days import day
from ledger.outputs.story import Basis, PledgeStory, Side, TimelineEvent
from ledger.presentation.labels import LEFT_OUT, number, own_word, role_name, stance_name, type_name
from ledger.queries.pledge_page import Shown, Stated
from ledger.queries.reading_list import Remark


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


def report_items(side: Side) -> list[Html]:
    """The newest first; what one article says to the same effect stands together."""
    return [_report(address, group) for address, group in side.groups]


def _report(address: str, group: Sequence[Shown]) -> Html:
    first = group[0]
    own = tag("span", own_word(first.stance), class_="sd-flag sd-doubt") if first.by_owner else ""
    where = [day(first.day), link(first.headline or first.url, address), said(first.outlet)]
    if first.source and first.source != first.outlet:
        where.append(tag("span", "source: ", said(first.source)))
    passages = [tag("div", context(e.context), id=f"report-{e.id}") for e in group]
    return item(tag("div", tag("b", stance_name(first.stance)), " ", own), *passages, meta(*where))


def rests_on(basis: Basis) -> Html:
    """What a person's decision rests on; nothing where it names none."""
    told = [
        join(
            [day(e.day), link(e.headline or e.url, address), said(e.outlet), "rejected since" * e.is_rejected]
        )
        for address, e in basis.reports
    ]
    if basis.gone:
        told.append(Html(f"{number(basis.gone, 'report')} no longer held here"))
    told += [link(address, address) for address in basis.links]
    if not told:
        return Html("")
    items = [tag("li", one) for one in told]
    return tag("p", "It rests on:", class_="sd-meta") + tag("ul", *items, class_="sd-meta")


def timeline(told: PledgeStory) -> Html:
    """The picture and, below it, the same as a list in words."""
    picture = image(told.picture.data, told.picture.words) if told.picture else ""
    return tag("div", picture, tag("ol", *map(_event, told.events)), class_="sd-timeline")


def _event(event: TimelineEvent) -> Html:
    until = f" to {day(event.until)}" if event.until else ""
    name = said(event.name)
    named = tag("a", name, href=f"#{event.place}", target="_self") if event.place else name
    words = said(event.words)
    quoted = tag("span", ": ", "“" * event.quoted, words, "”" * event.quoted) if event.words else ""
    who = tag("span", join([said(event.whose), said(event.where)]), class_="sd-meta")
    return tag(
        "li", tag("b", day(event.day), until), " ", named, quoted, " ", who, class_=f"sd-t-{event.kind}"
    )


def remark_item(remark: Remark) -> Html:
    """What another than the owner said of it."""
    if remark.words:
        words = tag("blockquote", tag("bdi", remark.words), class_="sd-context")
    else:
        words = tag("p", LEFT_OUT, class_="sd-small")
    speaker = in_post(tag("b", said(remark.speaker)), None, remark.role, remark.body)
    article = [day(remark.published), link(remark.headline or remark.link, remark.link), said(remark.outlet)]
    return item(words, meta(speaker, *article, go("Evidence card", "quotation", id=remark.statement_id)))


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
        tag("div", context(stated.context), id=f"said-{stated.id}"),
        meta(speaker_line(stated)),
        meta(*details),
        meta(*article, card),
    )
