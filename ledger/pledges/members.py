"""A commitment as it counts in its pledge: whose it is as decided, its place in the machine's grouping."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.types import Commitment


@dataclass(frozen=True, slots=True)
class Member:
    """A commitment with what else a pledge takes from it: whose it is as people decided, when and where said.

    ``day``: of publication, in London. ``area``, ``office``: of the post held then, as the register or the
    article words it. ``source_name``: the speaker as written. ``words``: of the clause, or of the
    whole statement. ``core``: to the thing itself, not to what only supports it. ``central``: how near its
    words are to the middle of all, -1 to 1. Both are the machine's and of its own grouping, whatever people
    join and part. ``came``: the day it was first seen. ``rejected``: a person has found that it is none; it
    keeps its place and says nothing. ``headline``: of the article.
    """

    commitment: Commitment
    day: date | None = None
    speaker: str | None = None
    official_id: str | None = None
    role: str | None = None
    body: str | None = None
    area: str | None = None
    core: bool = True
    central: float = 0.0
    published: datetime | None = None
    came: date | None = None
    outlet: str = ""
    rejected: bool = False
    office: str = ""
    source_name: str = ""
    words: str = ""
    headline: str = ""
