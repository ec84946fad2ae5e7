"""What a reader follows: officials, bodies, areas, topics, pledges, searches, with what they leave out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

FollowKind = Literal["official", "body", "area", "topic", "pledge", "search"]
Rhythm = Literal["day", "week", "at once"]
WhenEmpty = Literal["nothing", "line"]  # what goes out on a day without news: no letter, or one line

KINDS: tuple[FollowKind, ...] = get_args(FollowKind)
RHYTHMS: tuple[str, ...] = get_args(Rhythm)


@dataclass(frozen=True, slots=True, order=True)
class Follow:
    """One thing that is followed. ``value``: a name as people write it or an id; of a search its words."""

    kind: FollowKind
    value: str


@dataclass(frozen=True, slots=True)
class Interest:
    """What is wanted: whatever one of ``follow`` fits, everything where there is none, and none of ``but``
    does."""

    follow: tuple[Follow, ...] = ()
    but: tuple[Follow, ...] = ()


EVERYTHING = Interest()
