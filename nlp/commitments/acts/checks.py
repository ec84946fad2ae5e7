"""What keeps an act from being shown: it turns the promise round, is no sentence, or names nothing."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from nlp.commitments.acts.words import parser, rules
from nlp.text.normalize import fold_quotes

_BRACKETS = re.compile(r"\[[^]]*\]")
_PRONOUN = re.compile(r"\b(?:it|they|them|he|she|him)\b", re.I)
_MEANING = ("NOUN", "PROPN")
_AMOUNT = re.compile(r"[£€$%]")
_NEAR = 120  # characters before a clause in which its negation stands
_SENTENCE_END = re.compile(r"[.!?]\W*\s|\n|\"\s")
_LONG_WORD = re.compile(r"\w{4,}")


def not_yet(clause: str) -> bool:
    """Whether a clause's only "not" is one of time: "will not be finished until February"."""
    return len(_negations(clause)) == 1 and rules()["not_yet"].search(clause) is not None


def negation_before(clause: str, article: str, start: int) -> str:
    """What stands from a negation to the clause in its sentence, where the clause has none of its own:
    "there is no question of " before "cutting services"; "" where there is none."""
    if _negations(clause):
        return ""
    before = fold_quotes(article[max(0, start - _NEAR) : start])
    sentence = _SENTENCE_END.split(before)[-1]
    found = list(rules()["negations"].finditer(sentence))
    return article[start - len(sentence) + found[-1].start() : start] if found else ""


def fault(act: str, clause: str, late: bool, model: str) -> bool:
    """Whether an act cannot stand for its clause.

    ``clause``: its words, as the act was made of them; ``late``: its one "not" is of time.
    """
    if not act:
        return False
    said = 0 if late else len(_negations(clause))
    plain = _BRACKETS.sub("", act)
    return (
        len(_negations(plain)) != said
        or any(pattern.search(act) for pattern in rules()["faults"])
        or _repeats(act)
        or not _names_something(act, plain, model)
    )


def _negations(words: str) -> list[str]:
    found: list[str] = rules()["negations"].findall(fold_quotes(words))
    return found


def _repeats(act: str) -> bool:
    """Whether what was filled in says again what stands beside it: "[the money for the design] for the
    design"."""
    inside = Counter(_LONG_WORD.findall(" ".join(_BRACKETS.findall(act)).lower()))
    return any(word in inside for word in _LONG_WORD.findall(_BRACKETS.sub("", act).lower()))


def _names_something(act: str, plain: str, model: str) -> bool:
    """Whether an act has a thing in it, and before each pronoun what that stands for."""
    doc: Any = parser(model).read(f"We will {act}")
    things = [t for t in doc if t.pos_ in _MEANING and t.i > 2]
    if "[" not in act and not things and not _AMOUNT.search(plain):
        return False
    found = _PRONOUN.search(plain)
    before = found and plain[: found.start()]
    return not before or any(t.idx - len("We will ") < len(before) for t in things)
