"""Times of the settings as lines of cron."""

from __future__ import annotations

import calendar
import re

from ledger.errors import WrongUse
from ledger.validation import did_you_mean

_MINUTES = (5, 10, 15, 20, 30, 60)  # fewer than a run takes would pile up
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_DAYS = [calendar.day_name[(n - 1) % 7] for n in range(7)]  # in cron's order: Sunday is 0


def cron(at: str, setting: str) -> str:
    """A time of day, HH:MM, as a cron line for every day. Raises WrongUse, naming the setting."""
    found = _TIME.fullmatch(at)
    if not found:
        raise WrongUse(f"settings.toml: {setting} must be a time of day like 02:30, not {at!r}")
    return f"{int(found[2])} {int(found[1])} * * *"


def weekly(at: str, setting: str) -> str:
    """A day of the week and a time, such as Sunday 04:00, as a cron line. Raises WrongUse."""
    name, _, time = at.partition(" ")
    if name.capitalize() not in _DAYS:
        raise WrongUse(
            f"settings.toml: {setting} must be a day and a time like Sunday 04:00, not {at!r}"
            f"{did_you_mean(name, _DAYS)}"
        )
    return f"{cron(time, setting).removesuffix('*')}{_DAYS.index(name.capitalize())}"


def every(minutes: int) -> str:
    """A cron line for every so many minutes of each hour. Raises WrongUse where they do not divide it."""
    if minutes not in _MINUTES:
        listed = ", ".join(map(str, _MINUTES))
        raise WrongUse(f"settings.toml: watch_minutes must be 0 (never) or one of {listed}, not {minutes}")
    return f"*/{minutes} * * * *" if minutes < 60 else "0 * * * *"
