"""Coverage: what was read, what was left out and why, which outlets are silent, what was edited."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.decisions import published
from ledger.queries.pledge_list import rows
from ledger.settings import Settings
from ledger.storage.visits import ListingTrouble, listing_troubles


@dataclass(frozen=True, slots=True)
class OutletRow:
    """An outlet. ``week`` counts articles published in the seven days up to today; ``silent`` is true when
    that is less than expected, which of a closed collection nothing is.

    ``reached``: when its listings last gave links; ``brought``: when it last gave a new page. ``failures``
    and ``listings`` are JSON of its last visit (`ledger.counts.Visit`), ``wrong`` and ``mute`` the same in
    words.
    """

    name: str
    region: str | None
    grp: str | None
    articles: int
    statements: int
    commitments: int
    copies: int
    paywalled: int
    week: int
    expected_weekly: int
    latest: datetime | None
    silent: bool
    reached: datetime | None
    brought: datetime | None
    failures: str | None
    listings: str | None

    @property
    def wrong(self) -> str:
        """What failed, and how often: "timeout 2, http 404 1"."""
        counted = json.loads(self.failures or "{}")
        return ", ".join(f"{reason.replace('_', ' ')} {number}" for reason, number in counted.items())

    @property
    def mute(self) -> list[str]:
        """The listings that gave nothing, each with the reason."""
        asked = json.loads(self.listings or "{}").get("asked", [])
        return [
            f"{one['url']}: {one['reason'].replace('_', ' ') or 'no links'}"
            for one in asked
            if one["reason"] or not one["links"]
        ]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Items of one stage left out for one reason, in all runs and in the last."""

    stage: str
    reason: str
    number: int
    last_run: int


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """Problems of one kind, with the latest of them."""

    stage: str
    reason: str
    number: int
    item: str
    detail: str | None
    noted: datetime | None


@dataclass(frozen=True, slots=True)
class Edited:
    """An article that changed after it was first read."""

    article_id: str
    outlet: str
    title: str
    url: str
    fetched: datetime | None
    changed: str


@dataclass(frozen=True, slots=True)
class EditedQuotation:
    """An official's words that were altered after publication, or taken out (``after`` is "")."""

    outlet: str
    title: str
    url: str
    fetched: datetime | None
    speaker: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RunRow:
    id: str
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """All of the coverage page; the newest first where there is an order in time."""

    outlets: tuple[OutletRow, ...]
    listings: tuple[ListingTrouble, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[ProblemRow, ...]
    edited: tuple[Edited, ...]
    quotations: tuple[EditedQuotation, ...]
    runs: tuple[RunRow, ...]


def coverage(settings: Settings, most: int = 50) -> Coverage:
    """What runs read and left out; lists of single things are cut at ``most``."""
    week = [settings.today - timedelta(days=7), settings.today, not settings.closed]
    with published.reading(settings) as connection:
        return Coverage(
            tuple(rows(connection, OutletRow, _OUTLETS, week)),
            tuple(listing_troubles(connection, settings, settings.today)),
            tuple(rows(connection, LeftOut, _LEFT_OUT)),
            tuple(rows(connection, ProblemRow, _PROBLEMS, [most])),
            tuple(rows(connection, Edited, _EDITED, [most])),
            tuple(rows(connection, EditedQuotation, _QUOTATIONS, [most])),
            tuple(rows(connection, RunRow, _RUNS)),
        )


_OUTLETS = """
WITH read AS (
    SELECT outlet, count(*) AS articles, count(copy_of) AS copies,
        count(*) FILTER (paywalled) AS paywalled, max(published) AS latest,
        count(*) FILTER (published::DATE > ? AND published::DATE <= ?) AS week
    FROM w.articles GROUP BY outlet),
said AS (
    SELECT outlet, sum(statements)::BIGINT AS statements
    FROM w.statements_by_day GROUP BY outlet),
promised AS (
    SELECT outlet, count(*) AS commitments FROM commitment_view
    WHERE NOT is_rejected GROUP BY outlet),
visited AS (
    SELECT outlet, max(visited) FILTER (links > 0) AS reached,
        max(visited) FILTER (new > 0) AS brought,
        arg_max(failures, visited) AS failures, arg_max(listings, visited) AS listings
    FROM w.visits GROUP BY outlet)
SELECT o.name, o.region, o.grp, coalesce(articles, 0) AS articles,
    coalesce(statements, 0) AS statements,
    coalesce(commitments, 0) AS commitments, coalesce(copies, 0) AS copies,
    coalesce(paywalled, 0) AS paywalled, coalesce(week, 0) AS week,
    coalesce(o.expected_weekly, 0) AS expected_weekly, latest,
    ?::BOOLEAN AND coalesce(week, 0) < coalesce(o.expected_weekly, 0) AS silent, reached, brought,
    failures, listings
FROM (SELECT name, region, grp, expected_weekly FROM w.outlets
    UNION ALL BY NAME SELECT DISTINCT outlet AS name FROM w.articles
    WHERE outlet NOT IN (SELECT name FROM w.outlets)) o
LEFT JOIN read ON read.outlet = o.name
LEFT JOIN said ON said.outlet = o.name
LEFT JOIN promised ON promised.outlet = o.name
LEFT JOIN visited ON visited.outlet = o.name
ORDER BY silent DESC, articles DESC, lower(o.name)"""
_LEFT_OUT = """
SELECT stage, reason, sum(number)::BIGINT AS number,
    coalesce(sum(number) FILTER (run_id = (SELECT arg_max(id, started) FROM w.runs)), 0)::BIGINT
        AS last_run
FROM w.skipped GROUP BY 1, 2 HAVING sum(number) > 0 ORDER BY stage, number DESC, reason"""
_PROBLEMS = """
SELECT stage, reason, count(*) AS number, arg_max(item, noted) AS item,
    arg_max(detail, noted) AS detail, max(noted) AS noted
FROM w.problems GROUP BY 1, 2 ORDER BY noted DESC, number DESC LIMIT ?"""
_EDITED = """
SELECT r.article_id, a.outlet, a.title, a.url, r.fetched, r.changed
FROM w.revisions r JOIN w.articles a ON a.id = r.article_id
WHERE r.changed <> '' ORDER BY r.fetched DESC, r.article_id LIMIT ?"""
_QUOTATIONS = """
SELECT a.outlet, a.title, a.url, q.fetched, coalesce(q.speaker, q.source_name) AS speaker,
    q.before, q.after
FROM w.quotation_edits q JOIN w.articles a ON a.id = q.article_id
ORDER BY q.fetched DESC, q.id LIMIT ?"""
_RUNS = "SELECT id, finished FROM w.runs ORDER BY started DESC NULLS LAST LIMIT 10"
