"""The summary a run ends with."""

from __future__ import annotations

from pathlib import Path

from ledger.days import day
from ledger.outputs.totals import summary
from ledger.presentation.labels import flag_name, not_listed, status_name, when_due
from ledger.settings import Settings


def summary_text(settings: Settings, digest: Path | None) -> str:
    """What the warehouse now holds, the three most overdue pledges, and where to go on."""
    now = summary(settings)
    total = sum(now.pledges.values())
    lines = [
        f"In the warehouse, as of {day(settings.today)}:",
        f"  {now.outlets} outlets, {now.articles} articles",
        f"  {now.statements} statements ({now.unresolved} of them by a speaker left unresolved)",
        f"  {now.officials} officials, {now.commitments} commitments, {total} pledges",
    ]
    if now.minor:
        lines.append(f"  {not_listed(now.minor)}")
    if total:
        lines += ["", "Pledges by suggested status (a person decides):"]
        lines += [f"  {status_name(status):<17} {number}" for status, number in now.pledges.items()]
    if now.overdue:
        lines += ["", f"{flag_name('overdue')}: {len(now.overdue)}. The longest overdue:"]
        for one in now.overdue[:3]:
            due = when_due(one.deadline, settings.today, one.first_due, ("overdue",))
            lines.append(f"  {one.title} ({one.owner}): {due}")
    if digest:
        lines += ["", f"Digest: {digest}"]
    lines += [f"Warehouse: {settings.warehouse}", f"Dashboard: {_said(settings)} dashboard"]
    return "\n".join(lines)


def _said(settings: Settings) -> str:
    """The command as it can be typed from the current folder."""
    local = Path(".venv/bin/said")
    command = str(local) if local.exists() else "said"
    return command if settings.home == Path.cwd() else f"{command} --home {settings.home}"
