"""What came of the trials: a table, and a line for each thing that differs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest


@dataclass(frozen=True, slots=True)
class TrialOutcome:
    """One trial. ``group`` names its row of the table, ``point`` the trial itself. ``struck``: the fault was
    really there (a command may end before it is killed). ``wrong``: what differs from the undisturbed, a line
    each."""

    group: str
    point: str
    struck: bool
    wrong: list[str]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part that this machine does not allow, and why."""

    group: str
    why: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure beside the table, in words."""

    words: str


HEADS = ("What was done", "trials", "struck", "differ")


class FaultReport:
    """Takes outcomes as they come, tells them on stderr, and sums them up.

    ``heads``: of the table's columns. ``every``: an outcome in which nothing is wrong is told, too.
    """

    def __init__(self, heads: tuple[str, str, str, str] = HEADS, every: bool = True) -> None:
        self.heads, self.every = heads, every
        self.outcomes: list[TrialOutcome] = []
        self.skipped: list[Skipped] = []
        self.measured: list[Measured] = []

    def take(self, given: Iterable[TrialOutcome | Skipped | Measured]) -> None:
        for one in given:
            if isinstance(one, Measured):
                self.measured.append(one)
                self._say(one.words)
                continue
            if isinstance(one, Skipped):
                self.skipped.append(one)
                self._say(f"{one.group}: skipped: {one.why}")
                continue
            self.outcomes.append(one)
            if self.every or one.wrong:
                self._say(f"{one.group}: {one.point}: {'differs' if one.wrong else 'the same'}")
            for line in one.wrong:
                self._say(f"    {line}")

    def join(self, lanes: Sequence[FaultReport]) -> None:
        """Take over what was told in several processes."""
        for row in zip_longest(*(lane.outcomes for lane in lanes)):
            self.outcomes += [one for one in row if one]
        self.skipped += dict.fromkeys(one for lane in lanes for one in lane.skipped)

    @property
    def failed(self) -> bool:
        return any(one.wrong for one in self.outcomes)

    def table(self) -> str:
        """A row for each group: trials, those in which the fault was really there, those that differ."""
        groups = dict.fromkeys(one.group for one in self.outcomes)
        rows = [self.heads]
        for group in groups:
            some = [one for one in self.outcomes if one.group == group]
            struck, wrong = sum(one.struck for one in some), sum(bool(one.wrong) for one in some)
            rows.append((group, str(len(some)), str(struck), str(wrong)))
        rows.append(
            (
                "all",
                str(len(self.outcomes)),
                str(sum(one.struck for one in self.outcomes)),
                str(sum(bool(one.wrong) for one in self.outcomes)),
            )
        )
        width = max(len(row[0]) for row in rows)
        lines = [f"{row[0]:<{width}}  {row[1]:>7}  {row[2]:>7}  {row[3]:>7}" for row in rows]
        lines += [one.words for one in self.measured]
        lines += [f"skipped: {one.group}: {one.why}" for one in self.skipped]
        return "\n".join(lines)

    @staticmethod
    def _say(line: str) -> None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
