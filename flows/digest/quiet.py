"""What the digest says of listings that have given nothing, or nothing new, for a week: each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flows.digest.look import Fresh
from flows.digest.wording import clean, words
from ledger.presentation.labels import number
from ledger.storage.visits import ListingTrouble


@dataclass(frozen=True, slots=True)
class QuietListing:
    """A listing, since when nothing came of it, why, and what to try."""

    outlet: str
    url: str
    since: date
    told: str
    advice: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """How many listings there are to tell of, and those that have been quiet longest."""

    total: int = 0
    listings: tuple[QuietListing, ...] = ()

    @property
    def line(self) -> str:
        """One line, "" where there is nothing."""
        if not self.total:
            return ""
        return f"Nothing new for a week or longer from {number(self.total, 'listing')} of your outlets"


ALL_WELL = Quiet()


def quiet_listings(troubles: Sequence[ListingTrouble], fresh: Fresh) -> tuple[Quiet, tuple[str, ...]]:
    """What is new among these that lasts, longest first, and the keys of it all."""
    new = [one for one in troubles if one.lasts and fresh(_key(one), one.told_on)]
    listed = tuple(
        QuietListing(clean(one.outlet), one.url, one.since, one.told, clean(one.advice, 400))
        for one in new[: words()["most_listings"]]
    )
    return Quiet(len(new), listed), tuple(map(_key, new))


def _key(one: ListingTrouble) -> str:
    """One spell of quiet: the same however its reason changes meanwhile."""
    return f"listing {one.outlet} {one.url} {one.since}"
