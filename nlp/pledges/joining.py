"""Which pledge a commitment comes to: named figures of it against each pledge near, for a learned vote.

A pair of commitments tells little where one says "it opens in April". So a commitment is held against whole
pledges, and each pledge against the others that it might come to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np

from nlp.models.votes import FigureRows
from nlp.pledges.pair_features import Item, rules
from nlp.pledges.pairs import PLACES, PairShares
from nlp.text import similarity

FAR = 800.0  # days from which more of them tell no more
LIKELY = 0.2  # share from which a pledge counts as one of several that are likely
Figures = dict[str, float]


def compared(members: Sequence[Item]) -> list[Item]:
    """Of a pledge's commitments, in order, those that another is held against: the first and the latest."""
    most = int(rules()["members"])
    return [members[0], *members[1:][-most + 1 :]]


def figures(
    item: Item, pledges: Mapping[str, Sequence[Item]], pairs: PairShares
) -> tuple[list[str], FigureRows]:
    """The figures' names, and a row for each pledge. ``pledges``: by id their members in order, at least one.
    ``pairs``: in which the item's shares with all that are `compared` are worked out.
    """
    rows = [_alone(item, members, pairs) for members in pledges.values()]
    for number, row in enumerate(rows):
        others = rows[:number] + rows[number + 1 :]
        most = max((one["most"] for one in others), default=0.0)
        mean = max((one["mean"] for one in others), default=0.0)
        row |= {
            "next most": most,
            "next mean": mean,
            "above next most": row["most"] - most,
            "above next mean": row["mean"] - mean,
            "likelier pledges": float(sum(one["most"] > row["most"] for one in others)),
        }
    likely = float(sum(row["most"] >= LIKELY for row in rows))
    whole = sum(row["mean"] * row["compared"] for row in rows)
    for row in rows:
        row |= {"likely pledges": likely, "all shares": whole}
    names = list(rows[0])
    table = np.array([[row[name] for name in names] for row in rows])
    return names, np.round(table, PLACES).astype(np.float32)


def _alone(item: Item, members: Sequence[Item], pairs: PairShares) -> Figures:
    known = compared(members)
    shares = [pairs.of(item, one) for one in known]
    best = sorted(shares, reverse=True)
    due, dues = _last(item), [last for one in known if (last := _last(one)) is not None]
    return {
        "most": best[0],
        "second": best[1] if len(best) > 1 else -1.0,
        "third": best[2] if len(best) > 2 else -1.0,
        "least": best[-1],
        "mean": sum(best) / len(best),
        "median": median(best),
        "mean of three": sum(best[:3]) / len(best[:3]),
        "with first": shares[0],
        "with last": shares[-1],
        "members": float(len(members)),
        "compared": float(len(known)),
        "days since first": _days(item, members[0]),
        "days since last": _days(item, members[-1]),
        "its article": float(any(one.statement.article_id == item.statement.article_id for one in known)),
        "articles": float(len({one.statement.article_id for one in members})),
        "words": _words(item),
        "words of pledge": max(map(_words, known)),
        "dated": float(due is not None),
        "same date": float(due in dues),
        "days from newest date": _capped(due - max(dues)) if due is not None and dues else -FAR - 100,
    }


def _last(item: Item) -> int | None:
    due = item.commitment.deadline
    return due.last.toordinal() if due and due.last else None


def _days(item: Item, other: Item) -> float:
    return _capped((item.day - other.day).days) if item.day and other.day else FAR


def _capped(days: int) -> float:
    return max(-FAR, min(FAR, float(days)))


def _words(item: Item) -> float:
    return sum(similarity.terms(item.text).values())
