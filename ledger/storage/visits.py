"""What the visits of many crawls tell of an outlet's listings: which give nothing, and which stand still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from ledger.data_files import read_yaml
from ledger.presentation.remedies import remedy
from ledger.settings import Settings
from ledger.storage.warehouse import Connection, fetch

SAME = "same_list"  # the reason where a listing is had and holds what it held days ago


@dataclass(frozen=True, slots=True)
class ListingTrouble:
    """A listing that an outlet's last visits got nothing new from. ``since``: the first visit of which that
    holds; ``days``: from then to the last. ``told`` and ``advice``: what it is, and what to try, in words."""

    outlet: str
    url: str
    reason: str
    since: date
    days: int
    told: str
    advice: str

    @property
    def lasts(self) -> bool:
        """True when it has lasted long enough for a reader to be told of it."""
        return self.days >= _limits()["told_days"]

    @property
    def told_on(self) -> date:
        """The day on which it had lasted so long."""
        return self.since + timedelta(days=_limits()["told_days"])


@cache
def _limits() -> dict[str, int]:
    found: dict[str, int] = read_yaml(__file__, "visits.yaml")
    return found


def listing_troubles(connection: Connection, settings: Settings, today: date) -> list[ListingTrouble]:
    """Of the published warehouse, as of ``today``: those that last longest first.

    A closed collection has none: nothing more is expected of its outlets. A robots.txt that
    lets nothing be asked counts as the trouble of the outlet's home.
    """
    if settings.closed:
        return []
    first = today - timedelta(days=_limits()["looked_back_days"])
    rows = fetch(connection, _TROUBLES, [first, today])
    found = []
    for row in rows:
        days = (row["last"] - row["since"]).days
        if row["reason"] == SAME and days < _limits()["same_days"]:
            continue
        what = remedy(row["reason"], row["home"] or row["url"], row["detail"] or "")
        found.append(
            ListingTrouble(
                row["outlet"], row["url"], row["reason"], row["since"], days, what.told, what.advice
            )
        )
    return sorted(found, key=lambda one: (-one.days, one.outlet.casefold(), one.url))


_TROUBLES = """
WITH seen AS (
    SELECT v.outlet, v.visited, v.failures, v.listings, o.home, o.listings AS named
    FROM w.visits v JOIN w.outlets o ON o.name = v.outlet
    WHERE v.visited::DATE >= ? AND v.visited::DATE <= ?),
asked AS (
    SELECT outlet, home, visited, unnest(from_json(listings->'asked',
        '[{"url": "VARCHAR", "links": "INT", "reason": "VARCHAR", "mark": "VARCHAR", "detail": "VARCHAR",
        "quiet": "BOOLEAN"}]'
        )) AS one, named FROM seen),
told AS (
    SELECT outlet, home, visited, one.url AS url, coalesce(one.mark, '') AS mark, one.detail AS detail,
        CASE WHEN one.reason <> '' AND (one.links = 0 OR one.links IS NULL) THEN one.reason
            WHEN coalesce(one.links, 0) = 0 AND one.quiet IS NOT TRUE THEN 'no_links' ELSE '' END AS reason
    FROM asked WHERE named IS NULL OR list_contains(named, one.url)
    UNION ALL
    SELECT outlet, home, visited, home, '', '', coalesce(list_filter(json_keys(failures),
        lambda name: name IN ('robots_unavailable', 'robots_forbidden'))[1], '') FROM seen),
latest AS (
    SELECT outlet, url, arg_max(home, visited) AS home, arg_max(reason, visited) AS reason,
        arg_max(detail, visited) AS detail, arg_max(mark, visited) AS mark, max(visited) AS last,
        max(visited) FILTER (reason = '') AS good
    FROM told GROUP BY outlet, url),
changed AS (
    SELECT l.outlet, l.url, max(t.visited) AS other
    FROM latest l JOIN told t ON t.outlet = l.outlet AND t.url = l.url
    WHERE t.reason = '' AND t.mark <> l.mark GROUP BY l.outlet, l.url)
SELECT l.outlet, l.url, l.home, l.detail, l.last::DATE AS last,
    CASE WHEN l.reason <> '' THEN l.reason ELSE 'same_list' END AS reason, min(t.visited)::DATE AS since
FROM latest l JOIN told t ON t.outlet = l.outlet AND t.url = l.url
LEFT JOIN changed c ON c.outlet = l.outlet AND c.url = l.url
WHERE CASE WHEN l.reason <> '' THEN l.good IS NULL OR t.visited > l.good
    ELSE l.mark <> '' AND t.reason = '' AND (c.other IS NULL OR t.visited > c.other) END
GROUP BY ALL"""
