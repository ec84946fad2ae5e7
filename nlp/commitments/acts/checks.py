"""What keeps an act from being shown: it turns the promise round, is no sentence, or names nothing."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from nlp.commitments.acts.words import parser, rules
from nlp.text.normalize import fold_quotes

_BRACKETS = re.compile(r"\[[^]]*\]")
_PRONOUN = re.compile(r"\b(?:it|they|them|he|she|him)\b", re.I)
_MEANING = ("NOUN", "PROPN", "NUM")
_LONG_WORD = re.compile(r"\w{4,}")


def not_yet(clause: str) -> bool:
    """Whether a clause's only "not" is one of time: "will not be finished until February"."""
    return len(_negations(clause)) == 1 and rules()["not_yet"].search(clause) is not None


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
    if "[" not in act and not things:
        return False
    found = _PRONOUN.search(plain)
    before = found and plain[: found.start()]
    return not before or any(t.idx - len("We will ") < len(before) for t in things)
