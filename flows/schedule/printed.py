"""The schedule for those who have one already: a systemd unit, or lines for cron."""

from __future__ import annotations

import shutil
import sys
from importlib.resources import files
from pathlib import Path

from flows.schedule.times import cron, every, weekly
from ledger.errors import WrongUse
from ledger.settings import Settings

KINDS = ("systemd", "crontab")
_UNSAFE = set('"\\\n%$')  # what would mean something else in a unit or a crontab


def printed(settings: Settings, kind: str) -> str:
    """The text of that kind, with this installation's command and home folder in it, and its times.

    Raises WrongUse for a time that cannot be read, and where a path cannot stand in such a file.
    """
    said = shutil.which(str(Path(sys.executable).with_name("said"))) or shutil.which("said") or "said"
    home = str(settings.home)
    if unsafe := _UNSAFE.intersection(said + home):
        raise WrongUse(f"{home} cannot stand in a {kind} file, for its {' '.join(sorted(unsafe))!r}")
    text = (files("flows.schedule") / "data" / f"{kind}.txt").read_text(encoding="utf-8")
    stages = 'for stage in crawl load extract flag group track publish; do "$SAID" $stage || exit; done'
    return text.format(
        said=said,
        home=home,
        stages=stages,
        watch=f"{every(settings.watch_minutes)} {stages}\n" if settings.watch_minutes else "",
        run_at=cron(settings.run_at, "run_at"),
        digest_at=cron(settings.digest_at, "digest_at"),
        weekly_at=weekly(settings.weekly_at, "weekly_at"),
    )
