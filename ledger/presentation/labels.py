"""What everything shown is written with: names of the vocabulary's rows, counts, and text made plain.

Pure values: the dashboard and the exported site each put them into a page in their own way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from ledger import vocabulary
from ledger.days import day
from ledger.types import PRIVATE, UNOWNED, Decision, Span
from ledger.vocabulary import Bearing

LEFT_OUT = "The outlet reserves its rights: read it there."  # in place of words that may not be passed on
# Embeddings, overrides and isolates of writing direction; line and paragraph separators; controls.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
# After each of these a line may break: a word of many thousand letters takes a browser half a minute else.
_RUN = re.compile(r"(\S{100})(?=\S)")

WHAT_THIS_IS = (
    "Said & Done keeps what mayors, MPs, councils and the police promise in the regional press, word for word"
    " and with a link to the article, and holds each pledge against what was later reported."
)
# How a pledge ended, in a word and in what that takes in.
OUTCOME: dict[str, str] = {"kept": "Kept", "open": "Open", "not_kept": "Not kept"}
OUTCOME_MEANS: dict[str, str] = {
    "kept": "done as promised, in time or late",
    "open": "nothing has decided it yet",
    "not_kept": "dropped, missed, or done in part",
}
MEANT: dict[str, str] = {  # the two words for what is promised
    "Pledge": "One promise, with every time that it was made, and what came of it.",
    "Commitment": "One clause of a statement that binds whoever says it; those to one thing are one pledge.",
}
# With whom a pledge is counted (`ledger.queries.owners.WHOSE`).
COUNTED = "A pledge that somebody gave for a body counts with both."
REASON: dict[str, str] = {"dropped": "Dropped", "blocked": "Blocked by others", "missed": "Date missed"}
# What a report is where the owner's own words are all there is to it, by what it speaks for.
OWN_WORD: dict[Bearing, str] = {"for": "by the owner's account", "against": "as the owner admits"}
KIND: dict[str, str] = {"direct": "quoted", "indirect": "reported", "mixed": "quoted and reported"}


def plain(text: object) -> str:
    """Text without control characters; marks that turn the writing direction are named, not obeyed."""
    cleaned = _CONTROLS.sub("\ufffd", str(text))
    return _TURNS.sub(lambda mark: f"[U+{ord(mark[0]):04X}]", cleaned)


def breakable(text: object) -> list[str]:
    """`plain` text in pieces between which a line may break, so that no word is endless."""
    return _RUN.sub("\\1\0", plain(text)).split("\0")


def cut(text: object, most: int) -> str:
    """Text of at most ``most`` characters, the last of them "…" where some was left out."""
    whole = str(text)
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"


def capital(title: str) -> str:
    """A pledge's title with a capital first letter."""
    return title[:1].upper() + title[1:]


def owner_name(owner: str) -> str:
    return "Speaker not known" if owner == UNOWNED else owner


def layered(text: str, *layers: Sequence[Span]) -> list[tuple[str, tuple[bool, ...]]]:
    """The text in pieces, and for each whether it lies in a span of each layer; spans may overlap anyhow."""
    ends = (end for layer in layers for span in layer for end in span)
    edges = sorted({0, len(text), *(min(max(end, 0), len(text)) for end in ends)})
    return [
        (text[start:end], tuple(any(s <= start and end <= e for s, e in layer) for layer in layers))
        for start, end in pairwise(edges)
    ]


def number(count: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 pledge, 2 pledges, 1,204 pledges."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def not_listed(minor: int) -> str:
    """The plain line on commitments that no list has; "" where there are none."""
    return f"{number(minor, 'minor commitment')} not listed" if minor else ""


def headline_rule(given: str) -> str:
    """By what an editor chose the headline pledges: in their own words, where these are ``given``."""
    return given.strip() or "Chosen by an editor as those that weigh most; no rule for it was written down."


def when_due(
    deadline: date | None, today: date, first_due: date | None = None, flags: Sequence[str] = ()
) -> str:
    """A pledge's date in words, with how far off it is; where it was moved, the first date before it.

    What is overdue is late by the first date given, and by the newest too once that has passed: it says by
    how many days of which. What was promised for a period runs until its end.
    """
    if deadline is None:
        return "no date given"
    passed, off = deadline < today, _off(deadline, today)
    moved = first_due is not None and first_due < deadline
    if "period" in flags:
        words = f"ran until {day(deadline)}" if passed else f"runs until {day(deadline)}, {off}"
        return f"{words} (at first until {day(first_due)})" if moved else words
    if not moved:
        words = "was due" if passed else "due"
        return f"{words} {day(deadline)}, {off}"
    words = f"promised for {day(first_due)}, moved to {day(deadline)}"
    if "overdue" not in flags or first_due is None:
        return words if passed else f"{words}, {off}"
    late = f"{number((today - first_due).days, 'day')} late by the first date"
    return (
        f"{words}: {late}, {(today - deadline).days:,} by the new one"
        if passed
        else f"{words}, {off}; {late}"
    )


def _off(due: date, today: date) -> str:
    days = (due - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {number(days, 'day')}" if days > 0 else f"{number(-days, 'day')} ago")


def status_name(status: str, reason: str | None = "") -> str:
    """A status in words, with the reason that goes with it: Not delivered (dropped)."""
    name = vocabulary.statuses()[status].label
    return f"{name} ({REASON.get(reason, reason).lower()})" if reason else name


def flag_name(flag: str) -> str:
    """A flag in words."""
    return vocabulary.flags()[flag].label


def stance_name(stance: str) -> str:
    """What a report says, in words."""
    return vocabulary.stances()[stance].label


def own_word(stance: str) -> str:
    """What a report is that only the owner gives: "by the owner's account", "as the owner admits"."""
    return OWN_WORD.get(sign(stance), "the owner's own words")


def sign(stance: str) -> Bearing:
    """Whether a report speaks for or against."""
    return vocabulary.stances()[stance].sign


def role_name(role: str | None) -> str:
    """An official's role in words; "" of anybody else."""
    return "" if role == PRIVATE else vocabulary.roles()[role or ""].label


def role_in_text(role: str | None) -> str:
    """A role in running text: "council leader"; "" where none is known."""
    row = vocabulary.roles()[role or ""]
    return row.told or row.label


def type_name(kind: str) -> str:
    """A type of commitment in words."""
    return vocabulary.types()[kind].label


def decided(decision: Decision) -> str:
    """What a person decided, in words that go on from the name: "set the status to Stalled"."""
    return {
        "set_status": "set the status to "
        + status_name(str(decision.value.get("status")), str(decision.value.get("reason") or ""))
        + _on_reports(decision.value),
        "set_title": f"named it: {decision.value.get('title')}",
        "confirm": "confirmed it",
        "reject": "set it aside as minor" if decision.value.get("as") else "rejected it",
        "merge": "joined it with another",
        "split": "parted it from another",
        "link_speaker": f"named the speaker: {decision.value.get('speaker')}",
        "note": f"noted: {decision.value.get('text')}",
        "reply": f"added a reply: {decision.value.get('text')}",
        "take": f"took a passage as evidence: {stance_name(str(decision.value.get('stance')))}",
        "strike": "struck a passage off the list to look at",
        "headline": "marked it as a headline pledge"
        if decision.value.get("headline")
        else "took its mark as a headline pledge off",
        "verdict": f"gave a verdict: {decision.value.get('text')}",
        "undo": f"undid decision {decision.value.get('row')}",
    }[decision.kind]


def _on_reports(value: dict[str, object]) -> str:
    reports = value.get("evidence")
    return f", on {number(len(reports), 'report')}" if isinstance(reports, list) and reports else ""
