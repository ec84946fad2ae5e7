"""The states of an article, and what an outlet changed of an official's words after it had printed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.types import Role


@dataclass(frozen=True, slots=True)
class Revision:
    """One stored state of an article's text. ``changed`` says in words what differs from the one before."""

    article_id: str
    fetched: datetime
    sha256: str
    text: str
    archive: str = ""
    changed: str = ""


@dataclass(frozen=True, slots=True)
class QuotationEdit:
    """An official's quotation that was altered after publication, or taken out (``after`` is "")."""

    id: str
    article_id: str
    fetched: datetime
    before: str
    after: str
    speaker: str | None
    source_name: str
    role: Role | None
    body: str | None
