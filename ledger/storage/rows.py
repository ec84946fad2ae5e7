"""Rows of the warehouse as the types they were written from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ledger.storage.warehouse import Connection, fetch
from ledger.types import (
    Article,
    Commitment,
    Deadline,
    Evidence,
    Measure,
    Official,
    Outlet,
    Post,
    Span,
    Statement,
)


def get_articles(connection: Connection, ids: Sequence[str]) -> list[Article]:
    """The stored articles of these ids, oldest publication first."""
    rows = fetch(
        connection,
        "SELECT * FROM articles WHERE id IN (SELECT unnest(?)) ORDER BY published, id",
        [list(ids)],
    )
    return [_article(row) for row in rows]


def _article(row: Mapping[str, object]) -> Article:
    return Article(
        id=str(row["id"]),
        outlet=str(row["outlet"]),
        url=str(row["url"]),
        title=str(row["title"]),
        text=str(row["text"]),
        byline=str(row["byline"] or ""),
        authors=tuple(_list(row["authors"])),
        published=_moment(row["published"]),
        modified=_moment(row["modified"]),
        first_seen=_moment(row["first_seen"]),
        section=str(row["section"] or ""),
        language=str(row["language"] or ""),
        paywalled=bool(row["paywalled"]),
        rights=json.loads(str(row["rights"] or "{}")),
        archive=str(row["archive"] or ""),
    )


def get_outlets(connection: Connection) -> list[Outlet]:
    """The published outlets, as far as parsing their pages needs them."""
    return [
        Outlet(
            name=str(row["name"]),
            home=str(row["home"]),
            region=str(row["region"]),
            group=str(row["grp"]),
            layout=str(row["layout"]),
            rights=json.loads(str(row["rights"])),
        )
        for row in fetch(connection, "SELECT * FROM w.outlets ORDER BY name")
    ]


def get_officials(connection: Connection) -> list[Official]:
    """All officials with their posts, by name."""
    posts: dict[str, list[Post]] = {}
    for row in fetch(connection, "SELECT * FROM posts ORDER BY official_id, first NULLS FIRST, office"):
        post = Post(
            str(row["office"]),
            str(row["role"]),
            str(row["body"]),
            str(row["area"] or ""),
            day_of(row["first"]),
            day_of(row["last"]),
        )
        posts.setdefault(str(row["official_id"]), []).append(post)
    return [
        Official(
            str(row["id"]),
            str(row["name"]),
            tuple(_list(row["aliases"])),
            tuple(posts.get(str(row["id"]), ())),
            row["gender"],  # type: ignore[arg-type]  # written from the same literal
            bool(row["provisional"]),
        )
        for row in fetch(connection, "SELECT * FROM officials ORDER BY name, id")
    ]


def statement_of(row: Mapping[str, object]) -> Statement:
    """A row of ``statements`` (or of its view) as the type."""
    return Statement(
        id=str(row["id"]),
        article_id=str(row["article_id"]),
        kind=row["kind"],  # type: ignore[arg-type]  # written from a Kind
        content=spans_of(row["content"]),
        cue=spans_of(row["cue"]),
        source=spans_of(row["source"]),
        source_name=str(row["source_name"] or ""),
        speaker=_text(row["speaker"]),
        official_id=_text(row["official_id"]),
        role=_text(row["role"]),
        body=_text(row["body"]),
        confidence=float(str(row["confidence"] or 0)),
        why=str(row["why"] or ""),
    )


def commitment_of(row: Mapping[str, object]) -> Commitment:
    """A row of ``commitments`` as the type."""
    measure = deadline = None
    if row["measure_text"] is not None:
        measure = Measure(
            float(str(row["measure_value"])),
            str(row["measure_unit"] or ""),
            str(row["measure_text"]),
            str(row["measure_direction"] or ""),  # type: ignore[arg-type]  # written from the same literal
            None if row["measure_baseline"] is None else float(str(row["measure_baseline"])),
        )
    if row["deadline_text"] is not None:
        deadline = Deadline(
            str(row["deadline_text"]), day_of(row["deadline_first"]), day_of(row["deadline_last"])
        )
    return Commitment(
        id=str(row["id"]),
        statement_id=str(row["statement_id"]),
        type=str(row["type"]),
        action=str(row["action"]),
        measure=measure,
        deadline=deadline,
        condition=str(row["condition"] or ""),
        confidence=float(str(row["confidence"] or 0)),
        why=str(row["why"] or ""),
        place=str(row["place"] or ""),
    )


def evidence_of(row: Mapping[str, object]) -> Evidence:
    """A row of ``evidence`` as the type."""
    return Evidence(
        id=str(row["id"]),
        pledge_id=str(row["pledge_id"]),
        article_id=str(row["article_id"]),
        span=(int(str(row["first"])), int(str(row["last"]))),
        stance=str(row["stance"]),
        day=day_of(row["day"]),
        by_owner=bool(row["by_owner"]),
        source=str(row["source"] or ""),
        confidence=float(str(row["confidence"] or 0)),
        why=str(row["why"] or ""),
    )


def spans_of(value: object) -> tuple[Span, ...]:
    """Spans from a stored list of pairs."""
    return tuple((int(start), int(end)) for start, end in value or ())  # type: ignore[attr-defined]  # LIST column


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def day_of(value: object) -> date | None:
    """A stored DATE, None where there is none."""
    return value if isinstance(value, date) else None


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None
