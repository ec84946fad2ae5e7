"""Our own sentences, each with whether and how it promises: for words that stand in no news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.data_files import data_file
from nlp.models.regions import JsonLine, lines

FOLDER = data_file(__file__, "sentences")
NAME = "sentences"  # of what was read in those that a tagger left out
_STOP = re.compile(r"[.!?](?:\s|$)")


@dataclass(frozen=True)
class OwnWords:
    """``type`` "": no promise."""

    text: str
    type: str

    @property
    def labels(self) -> JsonLine:
        """As a labelled article that says nothing but whether its one sentence promises."""
        end = len(self.text.rstrip(".!"))
        clause = [{"span": [0, end], "type": self.type}] if self.type else []
        whole = {"kind": "direct", "content": [[0, len(self.text)]], "commitments": clause}
        return {"text": self.text, "own_words": True, "statements": [whole]}


def own_words(split: str) -> list[OwnWords]:
    """The sentences of one split without a cue, in the order of the files' names."""
    return [
        OwnWords(row["text"], row["type"] or "")
        for path in sorted(FOLDER.glob("*.jsonl"))
        for row in lines(path)
        if row["split"] == split and "cue" not in row and one_sentence(row["text"])
    ]


def one_sentence(text: str) -> bool:
    """True of a text that ends at most once."""
    return len(_STOP.findall(text)) <= 1


def left_out(words: Sequence[OwnWords]) -> list[OwnWords]:
    """Every third: what one of the judged taggers does not learn from."""
    return list(words[2::3])
