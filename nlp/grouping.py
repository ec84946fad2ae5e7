"""Commitments to pledges: restatements by one owner join, day by day, and what was joined stays.

Method: average-link clustering over the k nearest neighbours of each new commitment, within the block
of its owner and of the body it speaks for. Likeness is the log-odds of a fitted logistic regression over
meaning and shared words (`nlp/grouping.yaml`). Days are taken one after the other, and the likeness of a
pair depends on nothing but the pair: many runs by day and one run over all give the same pledges. People's
merges and splits hold always; where they contradict each other, the split does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from nlp.alike import Item, context_of, in_order, owners
from nlp.linking import Links
from nlp.placing import Placing
from nlp.pledges import build_pledges

__all__ = ["Item", "assign", "build_pledges", "context_of"]


def assign(
    new: Sequence[Item],
    stored: Sequence[Item],
    pledge_of: Mapping[str, str],
    must_link: Iterable[tuple[str, str]] = (),
    cannot_link: Iterable[tuple[str, str]] = (),
) -> dict[str, str]:
    """Pledge ids of all commitments, new and stored: the given ones stay save where people's links say else.

    ``pledge_of``: commitment id to pledge id of the stored items. The links are pairs of commitment ids.
    """
    links = Links(must_link, cannot_link)
    placed = {item.id: pledge_of[item.id] for item in stored if item.id in pledge_of}
    known = {item.id: item for item in [*stored, *new]}
    unplaced = [item for item in known.values() if item.id not in placed]
    again: Iterable[str] = ()
    if links:
        again = links.settle(placed, {item.id: n for n, item in enumerate(in_order(known.values()))})
    homeless = [*unplaced, *(known[i] for i in again)]
    work = Placing(links, placed, _beside(homeless, placed, known, links))
    days: dict[date, list[Item]] = {}
    for item in in_order(homeless):
        days.setdefault(item.day or date.max, []).append(item)
    for todays in days.values():
        work.place(todays)
    return dict(work.placed)


def _beside(
    homeless: Sequence[Item], placed: Mapping[str, str], known: Mapping[str, Item], links: Links
) -> list[Item]:
    """All placed items of every pledge that a homeless one may come to: by its owner or by people's links."""
    wanted = {owner for item in homeless for owner in owners(item)}
    near = {pledge for i, pledge in placed.items() if not wanted.isdisjoint(owners(known[i]))}
    near |= {placed[other] for item in homeless for other in links.with_(item.id) if other in placed}
    return [known[i] for i, pledge in placed.items() if pledge in near]
