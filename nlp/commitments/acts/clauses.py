"""The words of a clause: without their dates, and as they stand, in quotation marks."""

from __future__ import annotations

import re

from nlp.commitments.acts.words import rules
from nlp.text.normalize import fold_quotes
from nlp.text.temporal import find_deadlines

EDGE = " \t\n,;:.–—-…!?\"'()"
_PART = re.compile(r"[,;:]\s|\s[–—-]\s|\s(?=(?:and|but|because|so that|if|once|unless|while)\s)")
_SHORT = 4  # words of which a quotation is not left with fewer
_BARE = 3  # the same where what is left out is its date, which the title gives


def words_of(clause: str) -> str:
    """The clause itself in quotation marks, shortened at an edge of its parts, without a date at its end."""
    words = " ".join(clause.split()).strip(EDGE)
    found = find_deadlines(fold_quotes(words), None)
    if found and found[-1][0][1] == len(words):
        bare = words[: found[-1][0][0]].rstrip(EDGE)
        left = bare.split()
        if len(left) >= _BARE and not rules()["unfinished"].search(bare):
            words = bare
    most = int(rules()["most_quoted"])
    if len(words.split()) <= most:
        return f"“{words}”"
    cut = " ".join(words.split()[:most])
    edges = [m.start() for m in _PART.finditer(cut) if len(cut[: m.start()].split()) > _SHORT]
    return f"“{(cut[: edges[-1]] if edges else cut).rstrip(EDGE)}…”"


def undated(clause: str) -> str:
    """The clause without its dates; how long something lasts stays, and a date that tells whom it is for."""
    for (start, end), deadline in reversed(find_deadlines(clause, None)):
        whom = rules()["whom"].search(f"{clause[:start]} {deadline.text}")
        inside = clause[end : end + 1].isalnum()  # "after 7" of "after 7pm"
        if not (whom or inside or deadline.text.lower().startswith(("for ", "over ", "every "))):
            behind = rules()["counted_from"].sub("", clause[end:].lstrip(" ,"))
            clause = f"{clause[:start].rstrip(' ,')} {behind}"
    return " ".join(clause.split())


def tidy(act: str) -> str:
    """One line of at most so many words; "our own" is "their own", "our" things are "the" things."""
    own: dict[str, str] = rules()["own"]
    act = re.sub(r"\b(?:my|our|his|her|its|your) own\b", "their own", act, flags=re.I)
    words = [own.get(word.lower(), word) for word in act.split()]
    most = int(rules()["most_words"])
    tail = "…" if len(words) > most else ""
    line = re.sub(r"\s+([,;:.…])", r"\1", " ".join(words[:most])).strip(EDGE)
    hanging: re.Pattern[str] = rules()["hanging"]
    return hanging.sub("", line).rstrip(EDGE) + tail
