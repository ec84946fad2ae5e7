"""`said export --labels FILE`: what people decided, as JSON lines from which training learns.

Every line has ``kind``, ``label``, ``text``, ``before`` and ``day``; by its kind moreover:

- commitment: label "promise", "minor" (one that nobody would track) or "not_a_promise"; ``machine``: the
  type that the machine gave.
- same: label "same" or "other"; ``other``: the promise it is held against, ``said``.
- evidence: label a stance, or "none" of a passage that was struck or rejected; ``pledge``: the promise it is
  held against, ``said``; ``machine``: the stance that the machine gave, "" where none. Where the two differ
  and neither is "none", the sign was wrong.

``text`` is the clause, or the passage, word for word, ``before`` the sentence before it in its paragraph (""
where there is none). ``day`` and ``said`` are the ISO days on which the text and what it is held against were
published, null where unknown. In the place of a person's name that is no official's stands NAME. A line whose
words an outlet does not let pass is left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.pipeline.sources import BODIES_FILE
from ledger.data_files import write_whole
from ledger.decisions import published
from ledger.errors import WrongUse
from ledger.outputs import label_rows
from ledger.outputs.label_rows import Label, LabelledWords
from ledger.presentation.passages import sentence_before
from ledger.settings import Settings
from ledger.types import Span
from nlp.names.find import find_names
from nlp.officials import gazetteer
from nlp.officials.gazetteer import Gazetteer
from nlp.officials.organizations import find_bodies
from nlp.text.normalize import fold_name

NAME = "[name]"
_BESIDE = {"same": "other", "evidence": "pledge"}


def export_labels(settings: Settings, file: Path) -> tuple[int, int]:
    """Write the labels to ``file`` in one rename; gives how many, and how many were left out.

    Raises WrongUse when nothing is published or the file cannot be written.
    """
    with published.reading(settings) as connection:
        found = list(label_rows.labels(connection))
        ids = {words.article_id for one in found for words in (one.words, one.beside) if words}
        reader = _Articles(
            label_rows.texts(connection, sorted(ids)),
            [fold_name(n) for n in label_rows.public_names(connection)],
            gazetteer.load(settings.own_file(BODIES_FILE)),
        )
    lines = [line for one in found if (line := _line(one, reader))]
    try:
        write_whole(file, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    except OSError as error:
        raise WrongUse(f"{file} cannot be written ({error.strerror})") from error
    return len(lines), len(found) - len(lines)


def _line(one: Label, articles: _Articles) -> dict[str, Any] | None:
    """The line of a label, None where some of its words may not be passed on."""
    if not one.words.spans or (one.beside and not one.beside.spans):
        return None
    line: dict[str, Any] = {"kind": one.kind, "label": one.label, "text": articles.words(one.words)}
    line["before"] = articles.before(one.words)
    if one.beside:
        line[_BESIDE[one.kind]] = articles.words(one.beside)
    if one.kind != "same":
        line["machine"] = one.machine
    line["day"] = one.day.isoformat() if one.day else None
    if one.beside:
        line["said"] = one.said.isoformat() if one.said else None
    return line


@dataclass
class _Articles:
    """Articles by id, each with its sentences, and the folded names that may be told."""

    texts: dict[str, tuple[str, tuple[Span, ...]]]
    public: Sequence[str]
    gazetteer: Gazetteer
    _private: dict[str, list[Span]] = field(default_factory=dict)

    def words(self, words: LabelledWords) -> str:
        return " […] ".join(self._told(words.article_id, span) for span in words.spans)

    def before(self, words: LabelledWords) -> str:
        text, sentences = self.texts[words.article_id]
        first = min(words.spans)[0]
        return self._told(words.article_id, (sentence_before(text, sentences, first), first)).strip()

    def _told(self, article_id: str, span: Span) -> str:
        """The words at the span without the names of private people."""
        text, at, told = self.texts[article_id][0], span[0], []
        for start, end in self._names(article_id):
            if at < end and start < span[1]:
                told += [text[at:start], NAME]
                at = min(end, span[1])
        return "".join([*told, text[at : span[1]]])

    def _names(self, article_id: str) -> list[Span]:
        """Where people are named in an article who are no officials."""
        if article_id not in self._private:
            text = self.texts[article_id][0]
            bodies = [body.span for body in find_bodies(text, self.gazetteer)]
            names = find_names(text, (), bodies, frozenset(self.public))
            self._private[article_id] = [name.span for name in names if not self._is_public(name.words)]
        return self._private[article_id]

    def _is_public(self, words: Sequence[str]) -> bool:
        """An official's name, or the part of one that ends it: "Carr" or "Ann Carr", but no other Carr."""
        folded = fold_name(" ".join(words)).split()
        return any(
            folded[-1:] == (parts := official.split())[-1:] and set(folded) <= set(parts)
            for official in self.public
        )
