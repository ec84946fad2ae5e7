"""Commitments: which statements undertake something that could be seen to happen or not, and what.

Rules over the words (nlp/undertakings.py) give signs with weights; the strongest is the headline act, and
its words give type, deadline, measure and condition. What is not flagged: words of people without public
office, demands on others, opinions, refusals to promise, a reporter's retelling of an old promise.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.types import Commitment, CommitmentType, Deadline, Role
from nlp import commitment_fields as fields
from nlp.commitment_words import fold, words
from nlp.said_text import Sentence, Sign, Voice, sentences
from nlp.undertakings import signs

MOST = 20_000  # characters read of one statement: an hour of speech holds its promises by then
JOIN = " … "  # between the spans of a statement's content in `Said.text`
_APART = re.compile(
    r"[.!?;](?:\s|$)| - |, (?:but|and|while|as|despite|following|with|who|which)\b|, after\b(?! \w+ promised)"
)
_MONTHS = tuple(month.lower() for month in calendar.month_name[1:])


@dataclass(frozen=True, slots=True)
class Said:
    """One statement's words and who said them.

    ``text``: the words of the content spans joined by JOIN. ``cue``: the words of the cue, "" if none.
    ``role`` None: not known, the words alone are judged. ``context``: the paragraph that holds it.
    """

    statement_id: str
    text: str
    kind: str = "direct"
    cue: str = ""
    published: date | None = None
    role: Role | None = None
    speaker: str | None = None
    context: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules see in a statement: its sentences, its signs, and whether it retells an old promise."""

    parts: tuple[Sentence, ...]
    signs: tuple[Sign, ...]
    recall: str

    @property
    def headline(self) -> Sign | None:
        """The sign that weighs most; a dated or counted act before one that is not; the first of equals."""
        return max(self.signs, key=self._rank) if self.signs else None

    def _rank(self, sign: Sign) -> tuple[float, int]:
        part = self.parts[sign.at]
        more = 0.1 * part.dated + 0.03 * bool(part.measures) - 0.1 * (sign.kind in ("affirmation", "cue"))
        return (round(sign.weight + more, 3), -sign.at)


def read(said: Said) -> Reading:
    """The rules' reading of one statement."""
    reported = said.kind != "direct"
    voice = Voice(said.role, reported, fold(said.cue).lower(), said.kind)
    parts = sentences(said.text[:MOST], said.published, not reported)
    blocked = words().has("blocked_cues", voice.cue)
    found = [] if blocked else signs(parts, voice)
    return Reading(tuple(parts), tuple(found), recall(said))


def recall(said: Said) -> str:
    """The words that show that the reporter looks back at an old statement, "" when nothing does."""
    around = _around(said)
    lexicon = words()
    cue = fold(said.cue).lower().split()
    for match in lexicon.found["recalls"].finditer(around):
        verb = match[0].split()[-1]
        if not match[0].startswith(("had ", "having ", "which ", "who ", "that ")) or verb in cue:
            return match[0]
    month = re.search(rf"\b(?:in|since|from) ({'|'.join(_MONTHS)})\b", around)
    if month and said.published and _MONTHS.index(month[1]) + 1 != said.published.month:
        return month[0]
    return ""


def _around(said: Said) -> str:
    """What stands beside the words in their sentence (its own clause only, after them), lower-cased."""
    context = fold(said.context)
    start = end = -1
    between = []
    for piece in fold(said.text).split(JOIN):
        at = context.find(piece, max(0, end))
        if at < 0:
            return ""
        if start < 0:
            start = at
        else:
            between.append(context[end:at])
        end = at + len(piece)
    before, after = context[max(0, start - 400) : start], context[end : end + 300]
    before = before[
        max((m.end() for m in re.finditer(r"[.!?]['\"]?(?:\s+(?=['\"A-Z])|\s*['\"]?$)", before)), default=0) :
    ]
    stop = _APART.search(after)
    return " ".join((before, *between, after[: stop.start()] if stop else after)).lower()


def confidence(reading: Reading) -> float:
    """How surely the statement is a commitment, 0 to 1, by the rules alone."""
    if reading.headline is None or reading.recall:
        return 0.0
    return min(0.99, reading.headline.weight)


def _type(sign: Sign, condition: str) -> CommitmentType:
    return "conditional" if condition and sign.type in ("firm", "intention", "negative") else sign.type


def _why(sign: Sign, due: Deadline | None, condition: str) -> str:
    """The reason in words: "first person will + “publish the plan”; deadline; no condition"."""
    dated = "deadline" if due and due.last else "time without a date" if due else "no deadline"
    return f"{sign.why}; {dated}; {'condition' if condition else 'no condition'}"


def _commitment(said: Said, reading: Reading, sign: Sign, sure: float) -> Commitment:
    parts = list(reading.parts)
    condition = fields.condition(sign, parts)
    due = fields.deadline(sign, parts, condition)
    kind = _type(sign, condition)
    return Commitment(
        id=Commitment.make_id(said.statement_id),
        statement_id=said.statement_id,
        type=kind,
        action=fields.action(sign, parts),
        measure=fields.measure(sign, parts),
        deadline=due,
        condition=condition if kind == "conditional" else "",
        confidence=round(sure, 3),
        why=_why(sign, due, condition if kind == "conditional" else ""),
    )


def flag(items: Sequence[Said]) -> list[Commitment | None]:
    """The commitment in each statement, None where there is none; same length and order as ``items``."""
    flagged: list[Commitment | None] = []
    for said in items:
        made = None
        if said.role != "non_official":
            reading = read(said)
            sure = confidence(reading)
            if reading.headline and sure >= words().data["flag_from"]:
                made = _commitment(said, reading, reading.headline, sure)
        flagged.append(made)
    return flagged
