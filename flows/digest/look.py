"""What the digest says of passages that are worth a look: how many are new, with links to the likeliest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.digest.wording import clean, words
from ledger.presentation.passages import link_to_words


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a digest has still to tell: after ``since`` (a day named by the reader), told before or not;
    without it all that ``told`` does not hold. ``closed``: the day is past, and what came later stays out.
    ``only``: no more than these."""

    day: date
    since: date | None
    told: Collection[str]
    closed: bool = False
    only: Collection[str] | None = None

    def __call__(self, key: str, came: date | None) -> bool:
        if self.only is not None:
            return key in self.only
        if self.closed and came is not None and came > self.day:
            return False
        return key not in self.told if self.since is None else came is not None and came > self.since


@dataclass(frozen=True, slots=True)
class PassageLink:
    """A link to a passage, and the title of the pledge that it may bear on."""

    pledge_id: str
    title: str
    headline: str
    outlet: str
    day: date | None
    link: str


@dataclass(frozen=True, slots=True)
class Look:
    """How many passages are new, and the likeliest of them."""

    total: int = 0
    passages: tuple[PassageLink, ...] = ()

    @property
    def line(self) -> str:
        """One line, "" where there is nothing."""
        if not self.total:
            return ""
        bear = "passage may bear on a pledge" if self.total == 1 else "passages may bear on pledges"
        return f"{self.total:,} {bear} that you follow"


NOTHING_NEW = Look()


def new_leads(rows: Sequence[Mapping[str, Any]], fresh: Fresh) -> list[Mapping[str, Any]]:
    """What is new among these rows of `ledger.outputs.digest_rows`, best first."""
    return [row for row in rows if fresh(key_of(row), row["came"])]


def key_of(row: Mapping[str, Any]) -> str:
    return f"lead:{row['id']}"


def look_at(new: Sequence[Mapping[str, Any]], texts: Mapping[str, str]) -> Look:
    """New rows for a letter; ``texts``: of the article of each, by the row's id."""
    links = tuple(
        PassageLink(
            str(row["pledge_id"]),
            clean(row["title"]),
            clean(row["headline"]),
            clean(row["outlet"]),
            row["day"],
            link_to_words(row["url"], texts.get(str(row["id"]), ""), [(row["first"], row["last"])]),
        )
        for row in new[: words()["most_passages"]]
    )
    return Look(len(new), links)
