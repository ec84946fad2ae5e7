"""People's merges and splits over the machine's own grouping: one reading of them for runs and for readers.

The machine groups commitments without regard to these. They are taken in the order of the journal, each on
the groups that the ones before it left: a merge joins two pledges whole, a split takes one commitment out of
its pledge, alone. So the later wins wherever two speak of the same, and what was merged with a parted
commitment later is with it. What is undone leaves no trace, as each time all is made from the machine's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class MergeOrSplit:
    """In force: a merge of two pledges, or a split of the commitment ``one`` from the pledge of ``other``."""

    kind: Literal["merge", "split"]
    one: str
    other: str


def regroup(machine: Mapping[str, str], links: Iterable[MergeOrSplit]) -> dict[str, str]:
    """Commitment to pledge, as people decided.

    ``machine``: the same as the machine grouped them, oldest first, with every commitment of the pledges that
    the links speak of; a link of what it does not hold says nothing. Merged pledges go on under the id of the
    one that began earlier; the commitment that names a pledge stays in it, so that a split from it lets the
    other one leave.
    """
    now = dict(machine)
    age = {commitment: n for n, commitment in enumerate(now)}
    members: dict[str, set[str]] = {}
    for commitment, pledge in now.items():
        members.setdefault(pledge, set()).add(commitment)
    for link in links:
        if link.one not in now or link.other not in now:
            continue
        pledges = {now[link.one], now[link.other]}
        if link.kind == "merge" and len(pledges) == 2:
            kept, gone = sorted(pledges, key=lambda pledge: min(age[c] for c in members[pledge]))
            now.update(dict.fromkeys(members[gone], kept))
            members[kept] |= members.pop(gone)
        elif link.kind == "split" and len(pledges) == 1 and link.one != link.other:
            leaving = link.other if link.one in pledges else link.one
            members[now[leaving]].discard(leaving)
            members[leaving] = {leaving}
            now[leaving] = leaving
    return now
