"""What people decided, as `said export --labels` writes it, in the forms that training learns from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.errors import WrongUse
from nlp.models.promise_encoder import NONE, STANCES, passage_text, pledge_text, time_told
from nlp.models.regions import JsonLine, lines
from nlp.training.promises.encoder import PairTexts
from nlp.training.promises.sentences import OwnWords, one_sentence

_OTHER = {"same": "restated", "other": NONE}  # what a pair of promises says, as a passage
_AS_LEARNED = {"moved": "delayed"}


@dataclass(frozen=True)
class LearntLabels:
    """``words``: clauses that promise or do not. ``groups``: of each promise what was held against it."""

    words: Sequence[OwnWords]
    groups: Sequence[Sequence[PairTexts]]


def decided(files: Iterable[Path]) -> LearntLabels:
    """What these files hold. Raises WrongUse, naming file and line, where one is not what the export writes.

    A promise that nothing was found to bear on gives nothing to learn.
    """
    words: list[OwnWords] = []
    groups: dict[str, list[PairTexts]] = {}
    for file in files:
        try:
            rows = lines(file)
        except (OSError, ValueError) as error:
            raise WrongUse(f"{file} holds no labels ({error})") from error
        for number, row in enumerate(rows, 1):
            try:
                if row["kind"] == "commitment":
                    words.append(OwnWords(row["text"], _type(row)))
                else:
                    groups.setdefault(row[_beside(row)], []).append(_pair(row))
            except KeyError as missing:
                raise WrongUse(f"{file}, line {number}: no label ({missing})") from missing
    near = (group for group in groups.values() if any(pair.stance != NONE for pair in group))
    return LearntLabels([one for one in words if one_sentence(one.text)], list(near))


def _type(row: JsonLine) -> str:
    """How a clause promises, as the machine had it, "" of one that does not."""
    machine: str = row["machine"] or "firm"
    return {"promise": machine, "minor": machine, "not_a_promise": ""}[row["label"]]


def _beside(row: JsonLine) -> str:
    return {"same": "other", "evidence": "pledge"}[row["kind"]]


def _pair(row: JsonLine) -> PairTexts:
    promise = pledge_text("", "", row[_beside(row)])
    label: str = row["label"]
    stance = _OTHER[label] if row["kind"] == "same" else _AS_LEARNED.get(label, label)
    if stance not in STANCES:
        raise KeyError(stance)
    return PairTexts(
        promise,
        promise,
        passage_text("", row["before"], "", row["text"]),
        passage_text("", "", "", row["text"]),
        time_told(None),
        stance,
    )
