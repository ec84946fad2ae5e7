"""What the model sees of a statement beside its words: the rules' signs and a few marks, as numbers."""

from __future__ import annotations

import re
from functools import cache

from ledger import vocabulary
from ledger.types import CommitmentType
from nlp.commitments.lexicon import words
from nlp.commitments.parse import ParsedStatement, Said
from nlp.commitments.slots import condition
from nlp.text.normalize import fold_quotes

KINDS = (
    *("commissive", "will", "looking", "outcome", "scheduled", "progressive", "ongoing", "intention"),
    *("aspiration", "on_course", "affirmation", "cue", "cue_infinitive", "announced"),
)
# the types that rules tell apart; any other is told by its examples alone
RULED = frozenset(("firm", "conditional", "intention", "aspiration", "ongoing", "negative"))
MARKS = ("refusals", "demands", "retold", "opinions", "blocked_cues", "conditions")
MOST = 600  # characters of the sentence that is embedded


def names() -> list[str]:
    """The names of the features, in their order."""
    return [
        *(f"sign {kind}" for kind in KINDS),
        *(f"type {kind}" for kind in vocabulary.types()),
        *("weight", "any sign", "weight over half", "dated", "measured", "reported", "role unknown"),
        *("question", "sentences", "signs", *MARKS, "blocked cue", "commissive cue"),
    ]


def kind_of(reading: ParsedStatement) -> CommitmentType | None:
    """The type that the rules give the headline act; a condition makes all but a wish conditional."""
    sign = reading.headline
    if sign is None:
        return None
    bound = sign.type != "aspiration" and condition(sign, list(reading.parts))
    return "conditional" if bound else sign.type


def type_of(reading: ParsedStatement, learnt: CommitmentType) -> CommitmentType:
    """The type of a commitment: the rules' where they tell it apart, any other as learnt from examples."""
    return (kind_of(reading) or learnt) if learnt in RULED else learnt


def focus(said: Said, reading: ParsedStatement) -> str:
    """The sentence to embed: the headline act's, or the beginning of the words."""
    sign = reading.headline
    return (reading.parts[sign.at].words if sign else fold_quotes(said.text))[:MOST]


@cache
def _trigger() -> re.Pattern[str]:
    return re.compile(words().data["triggers"])


def worth_a_look(said: Said, reading: ParsedStatement) -> bool:
    """Whether the words could be a commitment at all; the model is asked about no others."""
    return bool(reading.signs) or _trigger().search(fold_quotes(said.text).lower()) is not None


def features(said: Said, reading: ParsedStatement) -> list[float]:
    """The numbers that `names` names, each about 0 to 1."""
    lexicon = words()
    best: dict[str, float] = {}
    for sign in reading.signs:
        best[sign.kind] = max(best.get(sign.kind, 0.0), sign.weight)
    kind, headline = kind_of(reading), reading.headline
    weight = headline.weight if headline else 0.0
    plain = " ".join(part.plain for part in reading.parts)
    cue = fold_quotes(said.cue).lower()
    flags = (
        *(kind == name for name in vocabulary.types()),
        *(weight, headline is not None, max(0.0, weight - 0.5)),
        any(part.dated for part in reading.parts),
        any(part.measures for part in reading.parts),
        *(said.kind != "direct", said.role is None, "?" in said.text),
        *(min(len(reading.parts), 5) / 5, min(len(reading.signs), 5) / 5),
        *(lexicon.has(name, plain) for name in MARKS),
        *(lexicon.has("blocked_cues", cue), lexicon.commissive_cues.search(cue) is not None),
    )
    return [*(best.get(name, 0.0) for name in KINDS), *map(float, flags)]
