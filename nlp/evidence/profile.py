"""What a pledge is about, gathered from its commitments: words, numbers, meaning, whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ledger.pledges.stems import stem
from ledger.types import Measure, Pledge
from nlp.evidence import stance
from nlp.pledges.core import core_of
from nlp.pledges.pair_features import Item, Vector, in_order, matters
from nlp.text import similarity
from nlp.text.normalize import fold_name


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A pledge with what passages are held against.

    ``core``: ids of the commitments to the thing itself; the others support it ("we will publish the
    plan") and lend it neither words nor meaning, save where there is no core. ``words``: stem to weight
    0..1. ``acts``: stems of what the core undertakes to do, refusals left out.
    ``vectors``: (n, 384), of the core; ``centre``: (384,), their mean with context, length 1.
    ``names``: the owner's and speakers' folded names; ``surnames``: the last words of them.
    """

    pledge: Pledge
    items: tuple[Item, ...]
    core: frozenset[str]
    first_day: date | None
    words: Mapping[str, float]
    acts: frozenset[str]
    numbers: frozenset[float]
    targets: tuple[Measure, ...]
    vectors: Vector
    centre: Vector
    names: frozenset[str]
    surnames: frozenset[str]


def profile(pledge: Pledge, items: Sequence[Item], context_share: float) -> Profile:
    """The profile of a pledge from its own commitments, at least one."""
    items = in_order(items)
    restating = core_of(items)
    core = restating or items
    spoken = [i.statement.speaker for i in items if i.statement.speaker]
    bodies = [i.body for i in items if i.body]
    stop = similarity.terms(" ".join({*spoken, *bodies, pledge.owner}), least=0.0)
    words: dict[str, float] = {}
    for item in core:
        for term, weight in similarity.terms(f"{item.text} {item.commitment.action}", stop).items():
            words[term] = max(words.get(term, 0.0), weight)
        for term, weight in similarity.terms(item.context, stop).items():
            words[term] = max(words.get(term, 0.0), context_share * weight)
    mean = np.mean(matters(core), axis=0).astype(np.float32)
    length = float(np.linalg.norm(mean))
    return Profile(
        pledge=pledge,
        items=tuple(items),
        core=frozenset(item.id for item in restating),
        first_day=min((i.day for i in items if i.day), default=None),
        words=words,
        acts=_acts(core),
        numbers=frozenset(n for i in core for n in similarity.numbers(i.text)),
        targets=tuple({m.text: m for i in core if (m := i.commitment.measure)}.values()),
        vectors=np.stack([item.vector for item in core]),
        centre=mean / length if length else mean,
        names=frozenset(fold_name(name) for name in {*spoken, *bodies, pledge.owner}),
        surnames=frozenset(name.split()[-1].lower() for name in spoken),
    )


def _acts(core: Sequence[Item]) -> frozenset[str]:
    """Stems of what is undertaken; "end" too where an act makes an end of something in other words."""
    acts = [item.commitment.action.lower() for item in core if item.commitment.type != "negative"]
    ending = {"end"} if any(stance.ends_itself(act) for act in acts) else set()
    return frozenset(stem(word) for act in acts for word in act.split()) | ending
