"""What people decide, as one row of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

DecisionKind = Literal[
    "confirm", "reject", "merge", "split", "set_status", "set_title", "link_speaker", "note", "reply",
    "take", "strike", "undo",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the journal. ``subject`` is a content id; ``value`` depends on the kind:
    confirm, reject: a commitment or evidence id, value {}. merge, split: a commitment id, value
    {"with": commitment id}. set_status: a pledge's id, value {"status": Status, "evidence": [ids],
    "reason": str} and, where it rests on something else, "link": url. set_title: a pledge's id,
    value {"title": str}. link_speaker: a statement id,
    value {"speaker": str, "official": id | None}. note, reply: any id, value {"text": str}. take, strike: a
    lead's id, value {"pledge": id, "article": id, "span": [start, end]} and, of take, {"stance": Stance,
    "by_owner": bool, "source": str}. undo: the subject of the undone row, value {"row": int}."""

    kind: DecisionKind
    subject: str
    value: dict[str, object]
    who: str
    why: str = ""
    at: datetime | None = None
    row: int = 0  # the journal's own number, given when it is recorded
