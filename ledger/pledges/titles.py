"""A pledge's title: the act of the statement that says it clearest, with the first date given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.days import day
from ledger.pledges.members import Member
from ledger.pledges.status import until
from ledger.pledges.stems import stem
from ledger.types import Commitment

_LOOKED_AT = 1_000  # characters of a statement's words
_WORD = re.compile(r"[a-z]{4,}")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NAME = re.compile(rf"(?<=[ \[“])(?!(?:{_MONTHS}|Christmas|Easter)\b)[A-Z][a-z]")


@cache
def rules() -> dict[str, Any]:
    """The lengths, weights and words of title.yaml, its patterns compiled."""
    loaded: dict[str, Any] = read_yaml(__file__, "title.yaml")
    patterns = {
        name: re.compile(loaded[name], re.I) for name in ("unclear", "pointing", "vague", "weak", "from")
    }
    return loaded | patterns


def title_of(members: Sequence[Member], first_due: date | None) -> tuple[Commitment, str]:
    """The commitment whose act says best what was promised, and the title made of it.

    ``members``: in order of time, at least one. The clearest act stands alone: with names and numbers,
    without pronouns, in words that the pledge's other statements have too.
    """
    others = [_words(member) for member in members]
    weights = [_clearness(m, others[:n] + others[n + 1 :]) for n, m in enumerate(members)]
    best = members[weights.index(max(weights))]
    return best.commitment, _title(best, first_due)


def _words(member: Member) -> frozenset[str]:
    told = f"{member.commitment.action} {member.words[:_LOOKED_AT]}"
    return frozenset(map(stem, _WORD.findall(told.lower())))


def _clearness(member: Member, others: Sequence[frozenset[str]]) -> float:
    """How well the act of a statement says what the pledge is."""
    rule = rules()
    weights: dict[str, float] = rule["weights"]
    commitment = member.commitment
    act = commitment.action
    plain = re.sub(r"\[.*?\]", "", act)
    shared = [sum(word in other for other in others) for word in set(map(stem, _WORD.findall(act.lower())))]
    length = len(act.split())
    told = {
        "name": bool(_NAME.search(act)),
        "number": bool(re.search(r"\d", act)),
        "unclear": len(rule["unclear"].findall(plain)),
        "vague": bool(rule["vague"].search(plain)),
        "weak": bool(rule["weak"].match(plain)),
        "filled": "[" in act,
        "quoted": act.startswith("“"),
        "shared": min(sum(1 for times in shared if times), int(rule["most_shared"])),
        "short": length < rule["shortest"],
        "long": length > rule["longest_act"] or act.endswith("…"),
        "conditional": commitment.type == "conditional",
        "dated": commitment.deadline is not None,
        "firm": vocabulary.types()[commitment.type].firmness,
        "central": round(member.central, 2),
    }
    return sum(weights[name] * float(value) for name, value in told.items())


def _title(member: Member, first_due: date | None) -> str:
    """The act with its first date: "Run the first franchised buses by the end of March 2026"; behind a
    quotation that does not say what it is about, the headline in square brackets."""
    longest = int(rules()["longest"])
    words = " ".join(member.commitment.action.split()).rstrip(" .,;:")
    when = f" {by_when(member.commitment, first_due)}" if first_due else ""
    if len(words) + len(when) > longest:
        cut = words[: longest - len(when) - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-…”")
        words = f"{cut}…”" if words.startswith("“") else f"{cut}…"
    words = f"{words}{when}"
    if words.startswith("“") and _leaves_open(member.commitment.action):
        words += _under(member.headline, int(rules()["longest_told"]) - len(words))
    return words[:1].upper() + words[1:]


def _leaves_open(quoted: str) -> bool:
    """Whether a quotation points at something outside itself, or has hardly a word of its own."""
    named = {word for word in _WORD.findall(quoted.lower()) if word not in rules()["empty"]}
    return bool(rules()["pointing"].search(quoted)) or len(named) < int(rules()["fewest_named"])


def _under(headline: str, most: int) -> str:
    """The headline that words stand under, in square brackets, shortened between words; "" where it has no
    room for a few."""
    words = " ".join(headline.replace("[", "(").replace("]", ")").split())
    room = max(0, most - len(" [in “”]"))
    if len(words) > room:
        words = words[: max(0, room - 1)].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
    return f" [in “{words}”]" if len(words.split()) >= int(rules()["shortest"]) else ""


def by_when(commitment: Commitment, due: date) -> str:
    """A pledge's first date as its title gives it, by the way in which the commitment words its own."""
    said = commitment.deadline.text if commitment.deadline else ""
    lead = "from" if rules()["from"].match(said) else "by"
    if until(commitment):
        lead = "until"
    if (due + timedelta(days=1)).day != 1:
        return f"{lead} {day(due)}"
    month = day(due).partition(" ")[2]
    if lead == "from":
        return f"{lead} {month}"
    if due.month == 12:
        return f"{lead} the end of {due.year}"
    return f"{lead} the end of {month}"
