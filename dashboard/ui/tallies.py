"""How pledges stand, counted: bars in pieces by outcome, and tables of owners and topics beside them.

Every number also stands in text, so bars are left out for screen readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.ui.parts import Html, go, said, tag
from ledger.presentation.labels import OUTCOME, flag_name, owner_name
from ledger.queries.overview_page import Tally


def bar(pieces: Iterable[tuple[str, int]], most: int) -> Html:
    """A bar in pieces (name of an outcome or a status, number), ``most`` being the whole width."""
    drawn = [
        tag("span", class_=f"sd-piece sd-{name}", style=f"width: {100 * number / max(most, 1):.2f}%")
        for name, number in pieces
        if number
    ]
    return tag("span", *drawn, class_="sd-bar", aria_hidden="true")


def tally_table(name: str, some: Sequence[Tally], parameter: str) -> Html:
    """A table of owners or topics; each leads to its pledges, the address's ``parameter`` being its key."""
    columns = ("Pledges", OUTCOME["kept"], OUTCOME["not_kept"], flag_name("overdue"))
    head = [
        tag("th", name, scope="col"),
        *(tag("th", words, scope="col", class_="sd-n") for words in columns),
    ]
    most = max((one.pledges for one in some), default=0)
    rows = [_row(one, parameter, most) for one in some]
    return tag("table", tag("thead", tag("tr", *head)), tag("tbody", *rows), class_="sd-tally")


def _row(one: Tally, parameter: str, most: int) -> Html:
    ended = one.kept + one.not_kept
    drawn = bar(
        (("kept", one.kept), ("not_kept", one.not_kept), ("open", one.pledges - ended)),
        most,
    )
    named = go(said(owner_name(one.words)), "pledges", **{parameter: one.key})
    numbers = (one.pledges, one.kept, one.not_kept, one.overdue)
    cells = [tag("td", f"{number:,}" if number else "–", class_="sd-n") for number in numbers]
    return tag("tr", tag("th", named, drawn, scope="row"), *cells)
