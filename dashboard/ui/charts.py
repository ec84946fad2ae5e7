"""Charts: numbers stand in text beside the bars, and each chart has a description for screen readers.

They come as Vega-Lite specifications, made once for the same numbers: making one takes Altair longer than
asking the warehouse.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import streamlit as st

from dashboard.ui.theme import INK, QUIET
from ledger import vocabulary
from ledger.presentation.labels import owner_name, plain
from ledger.vocabulary import StatusRow


@st.cache_data(max_entries=20, show_spinner=False)
def by_status(counts: Sequence[tuple[str, int]]) -> Any:
    """A bar for each status, its number at the end; a click selects it (parameter ``picked``)."""
    numbered = dict(counts)
    shown = vocabulary.statuses().ordered(numbered)
    rows = [{"status": row.label, "id": row.name, "pledges": numbered[row.name]} for row in shown]
    y = alt.Y("status:N", sort=[row.label for row in shown], title=None, axis=_axis(150))
    x = alt.X("pledges:Q", title=None, axis=None, scale=alt.Scale(domain=[0, _room(n for _, n in counts)]))
    base = alt.Chart(alt.Data(values=rows)).encode(y=y, x=x)
    bars = base.mark_bar(stroke="#00000055", strokeWidth=0.5, cursor="pointer").encode(
        color=_colour(shown),
        tooltip=[alt.Tooltip("status:N", title="Status"), alt.Tooltip("pledges:Q", title="Pledges")],
    )
    bars = bars.add_params(alt.selection_point(name="picked", fields=["id"]))
    numbers = base.mark_text(align="left", dx=6, fontSize=14, color=INK).encode(text="pledges:Q")
    return _plain_frame(alt.layer(bars, numbers), len(rows) * 30 + 10)


@st.cache_data(max_entries=20, show_spinner=False)
def by_owner(counts: Sequence[tuple[str, str, str, int]]) -> Any:
    """A bar for each owner in pieces by status, the whole number at the end; a click selects an owner.

    Bars are told apart by their place, not by their names, which may begin alike or be the same.
    """
    shown = vocabulary.statuses().ordered(status for _, _, status, _ in counts)
    order = {row.name: n for n, row in enumerate(shown)}
    names = {key: owner_name(name) for key, name, _, _ in counts}
    place = {key: n for n, key in enumerate(names)}
    rows = [
        {
            "bar": place[key],
            "owner": plain(names[key]),
            "id": key,
            "status": shown[order[status]].label,
            "pledges": number,
            "order": order[status],
        }
        for key, _, status, number in counts
    ]
    most = [sum(int(str(row["pledges"])) for row in rows if row["id"] == key) for key in names]
    short = json.dumps([_short(name) for name in names.values()])
    y = alt.Y("bar:N", sort="ascending", title=None, axis=_axis(180, labelExpr=f"{short}[datum.value]"))
    scale = alt.Scale(domain=[0, _room(most)])
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    bars = base.mark_bar(stroke="#fff", strokeWidth=1, cursor="pointer").encode(
        x=alt.X("sum(pledges):Q", title=None, axis=None, scale=scale, stack="zero"),
        color=_colour(shown),
        order=alt.Order("order:O"),
        tooltip=[
            alt.Tooltip("owner:N", title="Owner"),
            alt.Tooltip("status:N", title="Status"),
            alt.Tooltip("pledges:Q", title="Pledges"),
        ],
    )
    bars = bars.add_params(alt.selection_point(name="picked", fields=["id"]))
    numbers = base.mark_text(align="left", dx=6, fontSize=14, color=INK).encode(
        x=alt.X("sum(pledges):Q", scale=scale), text="sum(pledges):Q"
    )
    return _plain_frame(alt.layer(bars, numbers), len(names) * 30 + 10)


def _colour(rows: Sequence[StatusRow]) -> Any:
    """Each status in its colour."""
    scale = alt.Scale(domain=[row.label for row in rows], range=[row.colour for row in rows])
    return alt.Color("status:N", scale=scale, legend=None)


def _axis(width: int, **more: str) -> Any:
    return alt.Axis(
        **more,
        domain=False,
        ticks=False,
        labelFontSize=14,
        labelColor=INK,
        labelLimit=width,
        labelPadding=8,
        grid=False,
    )


def _room(numbers: Iterable[int]) -> float:
    """Room to the right of the longest bar for its number."""
    return max([*numbers, 1]) * 1.12


def _short(owner: str) -> str:
    name = " ".join(plain(owner).split())
    return name if len(name) <= 32 else name[:31] + "…"


def _plain_frame(chart: Any, height: int) -> Any:
    return (
        chart.properties(height=height, background="transparent")
        .configure_view(strokeWidth=0)
        .configure(font="Source Sans, sans-serif", padding={"left": 0, "right": 0, "top": 2, "bottom": 2})
        .configure_axis(labelColor=INK, titleColor=QUIET)
        .to_dict()
    )
