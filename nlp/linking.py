"""People's merges and splits as constraints on grouping: commitments that must or cannot share a pledge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


class Links:
    """Must-links and cannot-links. A must-link that would bring two split ones together is left out."""

    def __init__(self, must: Iterable[tuple[str, str]], cannot: Iterable[tuple[str, str]]) -> None:
        self._apart: dict[str, set[str]] = {}
        for one, other in cannot:
            if one != other:
                self._apart.setdefault(one, set()).add(other)
                self._apart.setdefault(other, set()).add(one)
        self._together: dict[str, set[str]] = {}
        for one, other in sorted(must):
            joined = self.with_(one) | self.with_(other)
            if not self.apart(self.with_(one), self.with_(other)):
                for member in joined:
                    self._together[member] = joined

    def __bool__(self) -> bool:
        """True when anybody has merged or split anything."""
        return bool(self._apart or self._together)

    def with_(self, one: str) -> set[str]:
        """All that must share a pledge with this one, itself included."""
        return self._together.get(one, {one})

    def apart(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """True when a person has split any of the one side, or what is bound to it, from the other."""
        if not self._apart:
            return False
        held = {bound for other in others for bound in self.with_(other)}
        return any(self._apart.get(bound, set()) & held for one in some for bound in self.with_(one))

    def units(self, ids: Sequence[str]) -> list[list[str]]:
        """The ids in units that must stay together, in order."""
        taken: set[str] = set()
        found: list[list[str]] = []
        for one in ids:
            if one not in taken:
                unit = [other for other in ids if other in self.with_(one)]
                taken.update(unit)
                found.append(unit)
        return found

    def settle(self, placed: dict[str, str], order: Mapping[str, int]) -> list[str]:
        """Bring stored pledges into line, in place; gives the ids that have to find a new place.

        Of two split commitments in one pledge the later leaves with those bound to it, save that the
        one whose id names the pledge stays. Pledges with merged commitments go on under the id of the
        earlier one.
        """
        leaving: list[str] = []
        members: dict[str, set[str]] = {}
        for one, pledge in placed.items():
            members.setdefault(pledge, set()).add(one)
        split = {bound for one in self._apart for bound in self.with_(one)}
        for pledge in sorted({placed[i] for i in split if i in placed}):
            leaving += self._split(members[pledge], pledge, order)
        for one in leaving:
            members[placed.pop(one)].discard(one)
        for one in sorted((i for i in self._together if i in placed), key=order.__getitem__):
            for other in sorted((i for i in self.with_(one) if i in placed), key=order.__getitem__):
                kept, gone = placed[one], placed[other]
                if kept != gone and not self.apart(members[kept], members[gone]):
                    for moved in members.pop(gone):
                        placed[moved] = kept
                        members[kept].add(moved)
        return leaving

    def _split(self, members: set[str], pledge: str, order: Mapping[str, int]) -> list[str]:
        kept: set[str] = set(self.with_(pledge) & members)
        leaving: list[str] = []
        for one in sorted(members, key=order.__getitem__):
            if one in kept or one in leaving:
                continue
            unit = self.with_(one) & members
            if self.apart(unit, kept):
                leaving += sorted(unit, key=order.__getitem__)
            else:
                kept |= unit
        return leaving
