"""How accurate the machine is: the figures that were measured before this version was given out."""

from __future__ import annotations

from dashboard.ui.parts import image, note, show, table, tag
from ledger.outputs.quality import accuracy


def page() -> None:
    told = accuracy.here()
    show(tag("h1", "How accurate is this?"))
    if told.doubt:
        show(tag("p", told.doubt, class_="sd-note"))
    show(tag("ul", *(tag("li", sentence) for sentence in told.lead), class_="sd-findings"))
    note(told.measured_on)
    note("Machines misread. What a person has set or confirmed is told apart from what was only suggested.")
    for section in told.sections:
        show(tag("h2", section.heading), *(tag("p", sentence) for sentence in section.sentences))
        for picture in section.pictures:
            show(tag("div", image(picture.data, picture.words), class_="sd-curve"))
        for one in section.figures:
            rows = [[tag("bdi", first), *map(_whole, rest)] for first, *rest in one.rows]
            body = tag("div", table(one.columns, rows, one.columns[1:]), class_="sd-scroll")
            if one.folded:
                show(tag("details", tag("summary", one.caption), body))
            else:
                show(tag("p", one.caption, class_="sd-small"), body)


def _whole(figure: str) -> str:
    """A figure that does not break at its interval."""
    return figure.replace(" (", "\u00a0(").replace("–", "\u2060–\u2060")


page()
