"""What a pledge is about, gathered from its commitments: words, names, numbers, dates, whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ledger.types import Measure, Pledge
from nlp.models.promise_encoder import pledge_text
from nlp.pledges.pair_features import Item, in_order
from nlp.text import similarity
from nlp.text.normalize import fold_name

CLAUSES = 6  # of a pledge whose meaning is read: the first, and the newest
_NAME = re.compile(r"\b[A-Z][\w’'-]{2,}")


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A pledge with what passages are held against.

    ``items``: in order of time. ``read``: those whose meaning counts. ``texts``: these as the encoder of
    promises reads them. ``first_due``: the first date given. ``stop``: stems of its
    owners' names, which are none of its words. ``words``: stems of the clauses to weight 0..1;
    ``around``: of the headlines and first sentences they stood under. ``names``: capitalised words of both.
    ``owners``: folded names of whoever undertook it; ``surnames`` and ``bodies``: how texts name them.
    """

    pledge: Pledge
    items: tuple[Item, ...]
    read: tuple[Item, ...]
    texts: tuple[str, ...]
    first_day: date | None
    first_due: date | None
    stop: frozenset[str]
    words: similarity.Terms
    around: similarity.Terms
    names: frozenset[str]
    numbers: frozenset[float]
    targets: tuple[Measure, ...]
    owners: frozenset[str]
    surnames: frozenset[str]
    bodies: frozenset[str]

    @property
    def home(self) -> str:
        """The article of the announcement."""
        return self.items[0].statement.article_id

    def newest_due(self, day: date | None) -> date | None:
        """The newest date given before a day, the first one where none was."""
        before = (i.commitment.deadline for i in self.items if i.day and day and i.day < day)
        return max((d.last for d in before if d and d.last), default=self.first_due)


def profile(pledge: Pledge, items: Iterable[Item]) -> Profile:
    """The profile of a pledge from its own commitments, at least one."""
    ordered = tuple(in_order(items))
    spoken = sorted({i.statement.speaker for i in ordered if i.statement.speaker})
    bodies = sorted({body for body in (*(i.body for i in ordered), pledge.body) if body})
    stop = frozenset(similarity.terms(" ".join([*spoken, *bodies, pledge.owner]), least=0.0))
    read = (ordered[0], *ordered[1:][-CLAUSES + 1 :])
    named = " ".join(f"{item.text} {item.context}" for item in read)
    due = (d.last for item in ordered if (d := item.commitment.deadline) and d.last)
    return Profile(
        pledge=pledge,
        items=ordered,
        read=read,
        texts=tuple(pledge_text(i.statement.speaker or "", i.body or "", i.text) for i in read),
        first_day=min((i.day for i in ordered if i.day), default=None),
        first_due=next(due, None),
        stop=stop,
        words=_joined((i.text for i in ordered), stop),
        around=_joined((i.context for i in ordered), stop),
        names=names(named) - {word.lower() for name in (*spoken, *bodies) for word in name.split()},
        numbers=frozenset(n for i in ordered for n in similarity.numbers(i.text)),
        targets=tuple({m.text: m for i in ordered if (m := i.commitment.measure)}.values()),
        owners=frozenset(map(fold_name, (*spoken, *bodies, pledge.owner))),
        surnames=frozenset(name.split()[-1].lower() for name in spoken),
        bodies=frozenset(map(fold_name, bodies)),
    )


@lru_cache(maxsize=1_000)
def read_terms(one: Profile) -> list[similarity.Terms]:
    """The words of each of the clauses that are read, in their order."""
    return [similarity.terms(item.text, one.stop) for item in one.read]


@lru_cache(maxsize=20_000)
def names(text: str) -> frozenset[str]:
    """The capitalised words of a text, small."""
    return frozenset(word.lower() for word in _NAME.findall(text[: similarity.MAX_CHARS]))


def _joined(texts: Iterable[str], stop: frozenset[str]) -> similarity.Terms:
    words: similarity.Terms = {}
    for text in texts:
        for term, weight in similarity.terms(text, stop).items():
            words[term] = max(words.get(term, 0.0), weight)
    return words


def profiles(pledges: Sequence[Pledge], items: Sequence[Item]) -> list[Profile]:
    """Of each pledge that has items, in their order."""
    known = {item.id: item for item in items}
    mine = [(p, [known[c] for c in p.commitments if c in known]) for p in pledges]
    return [profile(pledge, its) for pledge, its in mine if its]
