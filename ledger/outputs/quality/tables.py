"""The tables and pictures of the quality report, each under its heading, plain sentences first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.presentation.curve import CurvePoint, curve
from ledger.presentation.labels import KIND, capital, number
from ledger.presentation.timeline import Picture

Plain = Mapping[str, Any]
_NONE = "–"
_SURE = 0.9
_FEW = 5  # answers under which a bin is in the table alone
_MANY = 6  # regions from which each of them is folded
_WIDE = 6  # columns
_COUNTED = ("called kept that is not",)


@dataclass(frozen=True)
class QualityTable:
    """A table; all columns but the first hold numbers. ``folded``: long, and shown when it is asked for."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    folded: bool = False

    @property
    def wide(self) -> bool:
        """Whether only a wide window holds it."""
        return len(self.columns) > _WIDE


@dataclass(frozen=True)
class QualitySection:
    """A part of the page: plain sentences first, then tables and pictures."""

    heading: str
    sentences: Sequence[str] = ()
    figures: Sequence[QualityTable] = ()
    pictures: Sequence[Picture] = ()


def of_set(name: str, told_set: Plain) -> QualitySection:
    """Each region of a set, and the same without a register."""
    table_of = words()
    parts = ("said", "promised", "became")
    tables = [one for part in parts for one in _by_region(name, told_set, table_of[part])]
    sentences = [line(table_of["sets"][name]["told"])]
    if any("†" in column for table in tables for column in table.columns):
        sentences.append(line(table_of["kind"]))
    if alone := told_set["without_register"]:
        asked = table_of["alone"]
        columns = [_heading(column, name) for column in asked]
        rows = [
            ["Mean", *(_figure(alone["mean"].get(c["of"])) for c in asked)],
            ["Worst", *(_worst(alone["worst"].get(c["of"])) for c in asked)],
        ]
        tables.append(
            QualityTable("The same without a register of officials, in per cent", ["", *columns], rows)
        )
    return QualitySection(words()["sets"][name]["heading"], sentences, tables)


def _by_region(name: str, one: Plain, part: Plain) -> Iterator[QualityTable]:
    """Mean and worst, then each region; these apart where they are many."""
    columns, regions = part["columns"], one["regions"]
    heads = ["Region", *(_heading(column, name) for column in columns)]
    of = [column["of"] for column in columns]
    whole = [
        ["Mean", *(_figure(one["mean"].get(m), m) for m in of)],
        ["Worst", *(_worst(one["worst"].get(m), m) for m in of)],
    ]
    each = [[region["name"], *(_figure(region["figures"].get(m), m) for m in of)] for region in regions]
    if len(regions) < _MANY:
        yield QualityTable(part["caption"], heads, [*(whole if regions[1:] else ()), *each])
    else:
        yield QualityTable(part["caption"], heads, whole)
        yield QualityTable(
            f"{part['caption']}: each of {number(len(regions), 'region')}", heads, each, folded=True
        )


def _heading(column: Plain, name: str) -> str:
    return f"{column['name']} †" if name in column.get("kind", ()) else str(column["name"])


def by_facet(name: str, one: Plain) -> Iterator[QualitySection]:
    """The figures parted by role, form and their like."""
    held = words()
    for facet, about in held["facets"].items():
        values = one["facets"].get(facet)
        if not values:
            continue
        measures = [m for m in held["facet_columns"] if any(m in row for row in values.values())]
        kind = [name == "left_out" and m in held["kind_columns"] for m in measures]
        columns = [held["facet_columns"][m] + " †" * k for m, k in zip(measures, kind, strict=True)]
        rows = [
            [_value(facet, value), _many(row.get(measures[0])), *(_figure(row.get(m), m) for m in measures)]
            for value, row in values.items()
        ]
        sentences = [f"{about['told']} {_on(name, one)} {held['facet']}"]
        if any(kind):
            sentences.append(line(held["kind"]))
        yield QualitySection(
            about["heading"], sentences, [QualityTable("In per cent", ["", "Labelled", *columns], rows)]
        )


def sure(name: str, one: Plain) -> Iterator[QualitySection]:
    """The calibration of speakers and of clauses."""
    for key in ("speakers", "clauses"):
        about = words()["sure"][key]
        points = [_point(row) for row in one[key]]
        if not points:
            continue
        surest = [p for p in points if p.said >= _SURE]
        given = sum(p.given for p in surest)
        right = sum(p.right * p.given for p in surest)
        sentences = [f"{_on(name, one)} {line(words()['sure']['reading'])}"]
        if given:
            of = {"given": f"{given:,}", "right": f"{100 * right / given:.1f}"}
            sentences.insert(0, line(about["told"]).format(**of))
        if name == "left_out" and "kind" in about:
            sentences.append(line(about["kind"]))
        rows = [[f"{100 * p.said:.1f}", _figure((p.right, p.low, p.high)), f"{p.given:,}"] for p in points]
        table = QualityTable("In per cent", ["Said, on average", "Right", "Given"], rows)
        drawn = [p for p in points if p.given >= _FEW] or points
        yield QualitySection(about["heading"], sentences, [table], [curve(drawn, about["what"])])


def _point(row: Plain) -> CurvePoint:
    right, low, high = row["right"]
    return CurvePoint(row["said"], right, low, high, row["given"])


def stances(name: str, one: Plain) -> QualitySection:
    """What reports say of a pledge: as labelled, against what was given."""
    counts, about = one["stances"], vocabulary.stances()
    given = {stance for row in counts.values() for stance in row}
    order = [stance for stance in about if stance in counts or stance in given]
    rows = [
        [about[label].label, *(f"{counts.get(label, {}).get(stance, 0):,}" for stance in order)]
        for label in order
        if label in counts
    ]
    reports = number(sum(n for row in counts.values() for n in row.values()), "report")
    right = f"{sum(row.get(label, 0) for label, row in counts.items()):,}"
    columns = ["Labelled", *(f"as {about[stance].label.lower()}" for stance in order)]
    sentences = [f"{told('stances', 'told', reports=reports, right=right)} {_on(name, one)}"]
    return QualitySection(
        words()["stances"]["heading"], sentences, [QualityTable("Number of reports", columns, rows)]
    )


def unresolved(name: str, one: Plain) -> QualitySection:
    """What was left without a name, and why."""
    rows, found = one["unresolved"], one["shown"]["hit"]
    left, named = total(rows, "statements"), total(rows, "named")
    counts = {"found": number(found, "statement"), "left": f"{left:,}", "named": f"{named:,}"}
    sentences = [f"{told('unresolved', 'told', share=hundred(left, found), **counts)} {_on(name, one)}"]
    cells = [[capital(row["why"]), f"{row['statements']:,}", f"{row['named']:,}"] for row in rows]
    columns = ["Why", "Statements", "The labels name somebody"]
    table = QualityTable("Number of statements", columns, cells)
    return QualitySection(words()["unresolved"]["heading"], sentences, [table])


def alike(names: Plain) -> QualitySection:
    """Whether composed names of all groups fare alike."""
    share, *_, many = names["all"]
    about, groups = words()["alike"], words()["groups"]
    counts = {
        "groups": number(len(names["group"]), "group"),
        "articles": number(len(names["kind"]), "short article"),
    }
    least = min(row[0] for row in names["group"].values())
    shares = {"share": f"{100 * share:.1f}", "least": f"{100 * least:.1f}", "many": f"{many:,.0f}"}
    parts = (
        ("group", "Group", "By group of names, in per cent"),
        ("sex", "Sex", "By sex, in per cent"),
        ("kind", "Article", "By article, in per cent"),
    )
    tables = [
        QualityTable(
            caption,
            [head, "Statements", "Right"],
            [
                [capital(groups.get(v, v.replace("_", " "))), _many(row), _figure(row)]
                for v, row in names[by].items()
            ],
        )
        for by, head, caption in parts
    ]
    return QualitySection(
        about["heading"], [told("alike", "told", **counts, **shares), line(about["kind"])], tables
    )


def told(part: str, which: str, **filled: object) -> str:
    """A sentence of accuracy.yaml with its figures."""
    return line(words()[part][which]).format(**filled)


def _on(name: str, one: Plain) -> str:
    """What a set's figures were measured on."""
    return told("each", name, regions=number(len(one["regions"]), "region"))


def hundred(some: float, whole: float) -> str:
    """Of 100 how many: a whole number; under 10 and over 99 with a decimal."""
    share = 100 * some / whole if whole else 0.0
    return f"{share:.1f}" if 0 < share < 9.95 or 99 < share < 100 else f"{share:.0f}"


def total(rows: Iterable[Plain], what: str) -> int:
    """The sum of a column."""
    return sum(row[what] for row in rows)


def _value(facet: str, value: str) -> str:
    """A value of a facet in words."""
    tables: dict[str, Mapping[str, Any]] = {
        "role": vocabulary.roles(),
        "promise": vocabulary.types(),
        "stance": vocabulary.stances(),
    }
    row = tables.get(facet, {}).get(value)
    return str(row.label) if row and row.label else capital(KIND.get(value, value).replace("_", " "))


def _figure(row: Sequence[float] | None, of: str = "") -> str:
    """A figure with its interval, in per cent: "91.6 (89–94)"."""
    if not row:
        return _NONE
    if of in _COUNTED:
        return f"{row[0]:.1f}".removesuffix(".0")
    within = f" ({100 * row[1]:.0f}–{100 * row[2]:.0f})" if len(row) > 2 else ""
    return f"{100 * row[0]:.1f}{within}"


def _many(row: Sequence[float] | None) -> str:
    """Of how many a figure is."""
    return f"{row[3]:,.0f}" if row else _NONE


def _worst(row: Sequence[Any] | None, of: str = "") -> str:
    """The worst region's figure, with its name."""
    if not row:
        return _NONE
    return f"{row[0]:.0f} {row[1]}" if of in _COUNTED else f"{100 * row[0]:.1f} {row[1]}"


@cache
def words() -> Plain:
    """The columns, headings and captions of accuracy.yaml."""
    read: Plain = read_yaml(__file__, "accuracy.yaml")
    return read


def line(text: str) -> str:
    """A text of several lines as one."""
    return " ".join(text.split())
