"""What a pledge is about, gathered from its commitments: words, numbers, meaning, whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ledger.types import Measure, Pledge
from nlp import likeness
from nlp.alike import Item, Vector, fold, in_order, matter


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A pledge with what passages are held against.

    ``words``: stem to weight 0..1. ``vectors``: (n, 384) of its commitments. ``centre``: (384,), length 1.
    ``names``: the owner's and speakers' folded names; ``surnames``: the last words of them.
    """

    pledge: Pledge
    items: tuple[Item, ...]
    first_day: date | None
    words: Mapping[str, float]
    numbers: frozenset[float]
    targets: tuple[Measure, ...]
    vectors: Vector
    centre: Vector
    names: frozenset[str]
    surnames: frozenset[str]


def profile(pledge: Pledge, items: Sequence[Item], context_share: float) -> Profile:
    """The profile of a pledge from its own commitments, at least one."""
    items = in_order(items)
    spoken = [i.statement.speaker for i in items if i.statement.speaker]
    bodies = [i.body for i in items if i.body]
    stop = likeness.terms(" ".join({*spoken, *bodies, pledge.owner}), least=0.0)
    words: dict[str, float] = {}
    for item in items:
        for term, weight in likeness.terms(f"{item.text} {item.commitment.action}", stop).items():
            words[term] = max(words.get(term, 0.0), weight)
        for term, weight in likeness.terms(item.context, stop).items():
            words[term] = max(words.get(term, 0.0), context_share * weight)
    mean = np.mean([matter(item) for item in items], axis=0).astype(np.float32)
    length = float(np.linalg.norm(mean))
    return Profile(
        pledge=pledge,
        items=tuple(items),
        first_day=min((i.day for i in items if i.day), default=None),
        words=words,
        numbers=frozenset(n for i in items for n in likeness.numbers(i.text)),
        targets=tuple({m.text: m for i in items if (m := i.commitment.measure)}.values()),
        vectors=np.stack([item.vector for item in items]),
        centre=mean / length if length else mean,
        names=frozenset(fold(name) for name in {*spoken, *bodies, pledge.owner}),
        surnames=frozenset(name.split()[-1].lower() for name in spoken),
    )
