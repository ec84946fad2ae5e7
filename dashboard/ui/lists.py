"""Lists of pledges, as several pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from dashboard.sitemap import to
from dashboard.ui.parts import Html, flag_chips, join, label, said, show, status_chip, tag
from ledger.days import day
from ledger.presentation.labels import capital, number, role_name, when_due
from ledger.queries.pledge_list import PledgeRow
from ledger.types import UNOWNED


def owner_line(pledge: PledgeRow) -> Html:
    """Whose it is, and who said it for a body, in what role; an unresolved owner is said to be so."""
    if pledge.owner == UNOWNED:
        source = f"“{pledge.source_name}”" if pledge.source_name else "no source in the text"
        return join([tag("b", UNOWNED), f"as written: {source}", pledge.speaker_why], " – ")
    body = pledge.body if pledge.body and pledge.body != pledge.owner else ""
    if pledge.owner == pledge.body:
        return join([tag("b", said(pledge.owner)), said(pledge.person), role_name(pledge.role)], ", ")
    return join([tag("b", said(pledge.owner)), role_name(pledge.role), said(body)], ", ")


def pledge_chips(pledge: PledgeRow, flags: Sequence[str]) -> Html:
    """The status that people set, else the one that is suggested, and flags."""
    status = status_chip(pledge.status, pledge.set_reason, suggested=pledge.set_status is None)
    return status + flag_chips(flags)


def headline_chip(pledge: PledgeRow) -> Html:
    """That an editor counts it among those that weigh most."""
    return tag("span", "Headline", class_="sd-flag") if pledge.headline else Html("")


def pledge_list(pledges: Sequence[PledgeRow], today: date, where: str, short: bool = False) -> None:
    """One entry for each pledge: its title as a link, who, when due, status and flags."""
    for pledge in pledges:
        with st.container(key=f"row_{where}_{pledge.id}"):
            to("pledge", label(capital(pledge.title)), id=pledge.id)
            by_hand = tag("span", "set by a person", class_="sd-small") if pledge.set_status else Html("")
            show(
                tag(
                    "div",
                    owner_line(pledge),
                    " · ",
                    when_due(pledge.deadline, today, pledge.first_due, pledge.flags),
                    class_="sd-meta",
                ),
                tag(
                    "div",
                    pledge_chips(pledge, pledge.flags),
                    Html("") if short else headline_chip(pledge),
                    by_hand,
                ),
                Html("") if short else tag("div", join(_counts(pledge)), class_="sd-meta"),
            )


def _counts(pledge: PledgeRow) -> list[str]:
    outlets = number(len(pledge.outlets), "outlet")
    last = f" on {day(pledge.first_stated)}"
    if pledge.restatements > 1:
        last = f", last on {day(pledge.last_stated)}"
    evidence = "no report yet of what was done"
    if pledge.evidence:
        reports = number(pledge.evidence, "report")
        evidence = f"{reports} of what was done, {pledge.independent:,} independent"
    return [f"stated {number(pledge.restatements, 'time')} in {outlets}{last}", evidence]
