"""Flows for the test of the schedule: as `flows.daily` has them, without the text side's libraries."""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from flows.channels import publish
from ledger import settings


@flow(name="test-nightly", validate_parameters=False)
def nightly(home: str) -> None:
    (Path(home) / "ran").touch()


@flow(name="test-digest", validate_parameters=False)
def digest(home: str) -> str:
    page, _ = publish(settings.load(home))
    return str(page)
