"""Rows of the warehouse as the types they were written from, by the names of their fields.

NULL stands for a field's default; columns that the type does not have are passed over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from ledger.presentation.passages import link_to_words, page_named, passage, quotation_only
from ledger.storage.warehouse import Connection, fetch
from ledger.types import Article, Commitment, Deadline, Laid, Measure, Outlet, Span, Statement
from ledger.validation import adapter

T = TypeVar("T")
Row = dict[str, object]
_AS_JSON = {"rights": "{}", "layout": "[]"}  # columns of an article that hold JSON, and what NULL stands for


def get_articles(connection: Connection, ids: Sequence[str]) -> list[Article]:
    """The stored articles of these ids, oldest publication first."""
    query = "SELECT * FROM articles WHERE id IN (SELECT unnest(?)) ORDER BY published, id"
    found = fetch(connection, query, [list(ids)])
    told = ({name: json.loads(row[name] or none) for name, none in _AS_JSON.items()} for row in found)
    return [_made(Article, row, **more) for row, more in zip(found, told, strict=True)]


def layout_of(stored: object) -> tuple[Laid, ...]:
    """An article's layout from its stored JSON, () for none."""
    given = json.loads(stored) if isinstance(stored, str) else []
    return tuple(Laid(one["kind"], (one["span"][0], one["span"][1])) for one in given)


def get_outlets(connection: Connection) -> list[Outlet]:
    """The published outlets, as far as parsing their pages needs them."""
    found = fetch(connection, "SELECT * FROM w.outlets ORDER BY name")
    return [_made(Outlet, row, group=row["grp"], rights=json.loads(row["rights"])) for row in found]


def statement_of(row: Row) -> Statement:
    """A row of ``statements`` (or of its view) as the type."""
    return _made(Statement, row)


def commitment_of(row: Row) -> Commitment:
    """A row of ``commitments`` as the type."""
    measure, deadline = _part(Measure, row, "measure_"), _part(Deadline, row, "deadline_")
    return _made(Commitment, row, measure=measure, deadline=deadline)


def _made(kind: type[T], row: Row, **more: object) -> T:
    held = {name: value for name, value in (row | more).items() if value is not None}
    made: T = adapter(kind).validate_python(held)  # type: ignore[arg-type]  # every type can be hashed
    return made


def _part(kind: type[T], row: Row, prefix: str) -> T | None:
    """A type of which each field is a column of the row; None where its words are NULL."""
    if row[f"{prefix}text"] is None:
        return None
    return _made(kind, {n.removeprefix(prefix): value for n, value in row.items() if n.startswith(prefix)})


def spans_of(value: object) -> tuple[Span, ...]:
    """Spans from a stored list of pairs."""
    return tuple((int(start), int(end)) for start, end in value or ())  # type: ignore[attr-defined]  # LIST column


def in_context(row: dict[str, Any]) -> dict[str, Any]:
    """A row with ``url`` and, in the place of ``text``, ``content``, ``reserved`` (`rights.RESERVED`) and,
    where there are any, ``pages`` and ``focus`` (spans), the words' ``context`` and the ``link`` to them."""
    text, spans, focus = row.pop("text"), spans_of(row.pop("content")), spans_of(row.pop("focus", ()))
    reserved = row.pop("reserved")
    page = page_named(spans_of(row.pop("pages", ())), focus or spans)
    context = quotation_only(text, spans, focus) if reserved else passage(text, spans, focus=focus)
    return row | {"context": replace(context, page=page), "link": link_to_words(row["url"], text, spans)}


def day_of(value: object) -> date | None:
    """A stored DATE, None where there is none."""
    return value if isinstance(value, date) else None
