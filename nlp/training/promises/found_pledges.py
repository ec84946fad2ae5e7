"""A region's promises as the text side finds them: what evidence is looked for when nothing is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nlp.annotate import Promises
from nlp.evidence.passages import passages_of
from nlp.models.regions import Region
from nlp.models.votes import Vote
from nlp.pledges.clustering import assign
from nlp.pledges.core import grouped
from nlp.pledges.pair_features import Item
from nlp.pledges.summary import build_pledges
from nlp.training.promises.labelled_pledges import Followed
from nlp.training.promises.same_promise import found_items


def found_pledges(region: Region, read: Promises, same: Vote | None, joins: Vote | None) -> Followed:
    """The pledges that weights which learned nothing from the region make of what they read of it.

    A found pledge is the labelled one of most of its labelled commitments; where several are, the one that
    has most of them, so that evidence gathers on it and not on its fragments.
    """
    pledge_of = assign(read.items, [], {}, same, joins)
    pledges = build_pledges(read.items, pledge_of, vote=same)
    articles = [passages_of(a, read.days[a.id], e.sentences, e.statements) for a, e in read.extracted]
    held = {pledge: _held(region, group) for pledge, group in grouped(read.items, pledge_of).items()}
    most: dict[str, tuple[int, str]] = {}  # by name: how many of its commitments the found one has
    for pledge, known in held.items():
        for name, count in known.most_common(1):
            most[name] = max(most.get(name, (0, "")), (count, pledge), key=lambda one: one[0])
    return Followed(pledges, read.items, articles, {pledge: name for name, (_, pledge) in most.items()})


def _held(region: Region, group: Sequence[Item]) -> Counter[str]:
    """How many of a group's commitments are of each labelled pledge."""
    return Counter(name for name in found_items(region, group)[1] if name in region.pledges)
