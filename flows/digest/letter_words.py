"""What a letter says beside what it tells: how it greets, what its reader follows, how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flows.digest.compose import Digest
from flows.digest.wording import clean, words
from ledger.days import day as day_in_words
from ledger.presentation.labels import number

_SUGGESTED = "Statuses are the machine's suggestions unless a person is named."
_LINKS = "Titles open the pledge's page, the other links the article at the words quoted."


def spoken(digest: Digest) -> dict[str, Any]:
    """The lines of a letter, by their place: heading, opening, standing, trouble, closing."""
    day = day_in_words(digest.day)
    return {
        "heading": "Welcome" if digest.first else f"{words()['rhythms'][digest.every]['title']}{day}",
        "opening": [*(_greeting(digest) if digest.first else _news(digest)), *told_again(digest.doubtful)],
        "standing": _standing(digest),
        "trouble": [_sentence(line) for line in (*digest.trouble, *digest.unknown)],
        "closing": (_SUGGESTED, _LINKS),
    }


def _greeting(digest: Digest) -> list[str]:
    comes = words()["rhythms"][digest.every]["comes"]
    first = (
        f"This is the first of your letters, of {day_in_words(digest.day)}. From now on one comes {comes},"
        " with what is new of the pledges that you follow: dates missed and moved, what was reported, what"
        " was newly promised."
    )
    if not digest.news:
        return [first]
    return [first, f"To begin with, {_things(digest)}; all the rest is a click away."]


def _things(digest: Digest) -> str:
    (section,) = digest.news
    if section.total == 1:
        return "the one thing that matters most now"
    return f"the {_SMALL.get(section.total, str(section.total))} things that matter most now"


_SMALL = dict(enumerate("two three four five six seven eight nine ten".split(), 2))


def _news(digest: Digest) -> list[str]:
    since = day_in_words(digest.since) if digest.since else ""
    told = [f"{_sentence(digest.summary)[:-1]} since the letter of {since}."]
    if not digest.news and not digest.look.total:
        near = sum(section.total for section in digest.sections if section.standing)
        but = f"; {number(near, 'promised date is', 'promised dates are')} near" if near else ""
        told = [f"Nothing new since the letter of {since}{but}."]
    if digest.missed > 0:
        before = number(digest.missed, "day")
        told.append(
            f"This letter tells of {digest.missed + 1} days: for the {before} before it none was sent."
        )
    return told


def told_again(days: Sequence[date]) -> list[str]:
    """A line on letters of which nobody can tell whether they arrived; none where there is no such letter."""
    if not days:
        return []
    letters, it = ("letters", "they") if len(days) > 1 else ("letter", "it")
    named = _listed(tuple(map(day_in_words, days)))
    return [
        f"The {letters} of {named} may have reached you already: no answer came when {it} went out. This one"
        " tells the same again."
    ]


def _standing(digest: Digest) -> str:
    whole = f"{number(digest.pledges, 'pledge')} {{}}, {digest.overdue:,} overdue."
    if not digest.follows:
        left = f" Left out: {_listed(digest.but)}." if digest.but else ""
        return whole.format("tracked") + left
    left = f", but not {_listed(digest.but)}" if digest.but else ""
    return f"You follow {_listed(digest.follows)}{left}: {whole.format('in all')}"


def _listed(names: tuple[str, ...]) -> str:
    """Names in a row: "A, B and C", of many the first."""
    most = words()["most_follows"]
    shown = [clean(name, 80) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _sentence(line: str) -> str:
    line = clean(line, 400)
    return f"{line[:1].upper()}{line[1:]}{'' if line.endswith(('.', '?')) else '.'}"
