"""What kept the machine from reading: runs that did not finish, and listings that gave nothing for a week."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flows.digest.look import Fresh
from flows.digest.wording import clean, words
from ledger.days import day as day_in_words
from ledger.presentation.labels import number
from ledger.settings import Settings
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


def trouble(settings: Settings, last_run: date | None, day: date) -> tuple[str, ...]:
    """Lines on runs that did not finish, while that lasts. ``last_run``: the day of the last that did."""
    told = []
    if last_run and (day - last_run).days >= words()["run_days"]:
        told.append(
            f"no run has finished since {day_in_words(last_run)}: what came out after it is not in here"
        )
    try:
        begun = settings.work.stat().st_mtime
    except OSError:
        return tuple(told)
    if time.time() - begun > words()["run_hours"] * 3600:
        told.append(
            "a run was begun and did not finish: “said status” tells more, the next run goes on from there"
        )
    return tuple(told)
