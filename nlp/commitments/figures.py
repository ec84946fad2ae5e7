"""What speaks for and against a proposed clause: named figures that the votes weigh."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ledger.data_files import read_yaml
from nlp.commitments.parse import Said
from nlp.commitments.proposals import ORIGINS, SURE, ProposedClause, covered, iou
from nlp.models.promises import PromiseReading
from nlp.models.tagger import TYPES
from nlp.text.normalize import fold_quotes
from nlp.text.quantities import find_measures
from nlp.text.temporal import find_deadlines

BESIDE = 160  # characters before a clause, in its paragraph, whose words count
PIECES = 6  # before and behind a clause
Figures = dict[str, float]


@cache
def signs() -> dict[str, re.Pattern[str]]:
    """The patterns of signs.yaml by name."""
    return {name: re.compile(text) for name, text in read_yaml(__file__, "signs.yaml").items()}


def table(
    said: Said, seen: PromiseReading, offered: Sequence[ProposedClause]
) -> tuple[list[str], NDArray[np.float32]]:
    """The names of the figures and a row of them for each proposal."""
    whole = _statement(said, seen)
    rows = [_beliefs(seen, one) | _words(said, one) | _others(offered, one) | whole for one in offered]
    names = list(rows[0]) if rows else []
    return names, np.array([[row[name] for name in names] for row in rows], np.float32).reshape(len(rows), -1)


def _beliefs(seen: PromiseReading, one: ProposedClause) -> Figures:
    """What the tagger holds of the clause and of what stands beside it."""
    part = seen.within(one.span)
    promise, begins = seen.promise[part], seen.begins[part]
    before, behind = slice(max(0, part.start - PIECES), part.start), slice(part.stop, part.stop + PIECES)
    weights = promise / max(1e-6, float(promise.sum()))
    types = weights @ seen.types[part] if len(promise) else np.zeros(len(TYPES))
    return {
        "promise, mean": float(promise.mean()) if len(promise) else 0.0,
        "promise, least": float(promise.min(initial=1)),
        "promise, most": float(promise.max(initial=0)),
        "promise, share": float((promise >= SURE).mean()) if len(promise) else 0.0,
        "promise at first": float(promise[0]) if len(promise) else 0.0,
        "promise at last": float(promise[-1]) if len(promise) else 0.0,
        "begins at first": float(begins[:3].max(initial=0)),
        "begins within": float(begins[3:].max(initial=0)),
        "promise before": float(seen.promise[before][-1:].sum()),
        "promise behind": float(seen.promise[behind][:1].sum()),
        "most before": float(seen.promise[before].max(initial=0)),
        "most behind": float(seen.promise[behind].max(initial=0)),
        "minor": float(weights @ seen.minor[part]) if len(promise) else 0.0,
    } | {f"as {kind}": float(share) for kind, share in zip(TYPES, types, strict=True)}


def _words(said: Said, one: ProposedClause) -> Figures:
    """How the clause reads, and what stands before it."""
    start, end = one.span
    text = said.article
    words = fold_quotes(text[start:end]).lower()
    line = text.rfind("\n", 0, start) + 1
    before = fold_quotes(text[max(line, start - BESIDE) : start]).lower()
    sentence = fold_quotes(text[one.sentence[0] : start]).lower() if start > one.sentence[0] else ""
    behind = fold_quotes(text[end : end + 60]).lower().split("\n")[0]
    return (
        {f"has {name}": float(sign.search(words) is not None) for name, sign in signs().items()}
        | {f"after {name}": float(sign.search(sentence) is not None) for name, sign in signs().items()}
        | {
            f"near {name}": float(sign.search(before) is not None)
            for name in NEAR
            for sign in (signs()[name],)
        }
        | {f"from {origin}": float(one.origin == origin) for origin in ORIGINS}
        | {
            "words": float(len(words.split())),
            "characters": float(end - start),
            "dated": float(any(d.last for _, d in find_deadlines(text[start:end], said.published))),
            "counted": float(bool(find_measures(text[start:end]))),
            "asks": float("?" in words or behind.startswith("?")),
            "begins sentence": float(start - one.sentence[0] <= 2),
            "ends sentence": float(text[end : end + 1] in (".", "!", "”", '"', "", "\n", "’")),
            "behind and": float(sentence.rstrip().endswith((" and", " but", ","))),
            "behind that": float(sentence.rstrip().endswith("that")),
            "share of sentence": (end - start) / max(1, one.sentence[1] - one.sentence[0]),
        }
    )


ROLES = (  # that the votes were fitted with; another says nothing
    *("mp", "mayor", "minister", "councillor", "council_leader", "police", "pcc", "other_official"),
    "non_official",
)
NEAR = ("promised", "planned", "hoped", "asked", "resolved", "thought", "expected", "if", "had")


def _others(offered: Sequence[ProposedClause], one: ProposedClause) -> Figures:
    """How it stands to the tagger's own runs."""
    sure = [iou(one.span, other.span) for other in offered if other.origin == "sure" and other is not one]
    loose = [iou(one.span, other.span) for other in offered if other.origin == "loose" and other is not one]
    held = [other for other in offered if other.origin == "sure" and covered(other.span, one.span) > SURE]
    return {
        "like a sure one": 1.0 if one.origin == "sure" else max(sure, default=0.0),
        "like a loose one": 1.0 if one.origin == "loose" else max(loose, default=0.0),
        "sure ones in it": float(len(held)),
    }


def _statement(said: Said, seen: PromiseReading) -> Figures:
    """What is the same for all clauses of a statement."""
    cue = fold_quotes(said.cue).lower()
    return (
        {f"cue {name}": float(signs()[name].search(cue) is not None) for name in CUES}
        | {f"role {role}": float(said.role == role) for role in ROLES}
        | {
            "direct": float(said.kind == "direct"),
            "indirect": float(said.kind == "indirect"),
            "named": float(said.speaker is not None),
            "has a cue": float(bool(cue)),
            "has a body": float(bool(said.body)),
            "statement's length": float(sum(e - s for s, e in said.content)),
            "most in statement": float(seen.promise.max(initial=0)),
            "share in statement": float((seen.promise >= SURE).mean()),
        }
    )


CUES = ("promised", "planned", "hoped", "expected", "asked", "thought", "resolved", "had")
