"""People's merges and splits as readers see them at once, before the next run groups by them.

A run places commitments within these constraints (`nlp.linking`); until then the published pledges are seen
through two small tables filled here: ``regrouped`` (commitment to the pledge it now belongs to) and ``gone``
(a pledge that went up in another).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Pairs = Iterable[tuple[str, str]]

_MEMBERS = """
SELECT c.id, pc.pledge_id FROM w.pledge_commitments pc
JOIN w.commitments c ON c.id = pc.commitment_id
JOIN w.statements s ON s.id = c.statement_id JOIN w.articles a ON a.id = s.article_id
WHERE pc.pledge_id IN (SELECT pledge_id FROM w.pledge_commitments WHERE commitment_id IN (SELECT unnest(?)))
ORDER BY a.published NULLS LAST, s.article_id, s.seq"""


def fill(connection: Any, merges: Pairs, splits: Pairs) -> None:
    """Fill the two tables of a reader anew. ``merges``, ``splits``: pairs of commitment ids in force.

    A merge of pledges between which somebody has split anything is left out, as it is by a run. Work grows
    with the pledges that people have linked.
    """
    connection.execute("DELETE FROM regrouped; DELETE FROM gone")
    together, apart = sorted(merges), {frozenset(pair) for pair in splits}
    named = {one for pair in (*together, *apart) for one in pair}
    if not named:
        return
    rows = connection.execute(_MEMBERS, [sorted(named)]).fetchall()
    order = {commitment: place for place, (commitment, _) in enumerate(rows)}
    before = dict(rows)
    now = dict(before)
    members: dict[str, set[str]] = {}
    for commitment, pledge in rows:
        members.setdefault(pledge, set()).add(commitment)
    gone: dict[str, str] = {}
    for pair in sorted(map(sorted, apart)):
        _part(pair, now, members, order, together)
    for one, other in together:
        if one in now and other in now and now[one] != now[other]:
            kept, lost = sorted((now[one], now[other]), key=lambda p: min(order[c] for c in members[p]))
            if any(frozenset((a, b)) in apart for a in members[kept] for b in members[lost]):
                continue
            for commitment in members[lost]:
                now[commitment] = kept
            members[kept] |= members.pop(lost)
            gone = {pledge: kept if into == lost else into for pledge, into in gone.items()} | {lost: kept}
    moved = [(commitment, pledge) for commitment, pledge in now.items() if before[commitment] != pledge]
    if moved:
        connection.executemany("INSERT INTO regrouped VALUES (?, ?)", moved)
    if gone:
        connection.executemany("INSERT INTO gone VALUES (?, ?)", sorted(gone.items()))


def _part(
    pair: list[str],
    now: dict[str, str],
    members: dict[str, set[str]],
    order: dict[str, int],
    together: Pairs,
) -> None:
    """The later of two split commitments leaves their pledge, with those merged with it by hand."""
    if any(one not in now for one in pair) or now[pair[0]] != now[pair[1]]:
        return
    pledge = now[pair[0]]
    later = max(pair, key=lambda one: (one != pledge, order[one]))
    stays = pair[0] if later == pair[1] else pair[1]
    unit = {later}
    while (
        more := {other for link in together for one, other in (link, link[::-1]) if one in unit}
        - unit
        - {stays}
    ):
        unit |= more
    unit &= members[pledge]
    members[pledge] -= unit
    members[later] = unit
    for one in unit:
        now[one] = later
