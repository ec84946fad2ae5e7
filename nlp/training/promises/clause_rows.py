"""What the votes on commitments are fitted to: proposed clauses of found statements against the labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ledger.types import Article, Span
from nlp.commitments.figures import table
from nlp.commitments.parse import Said, said_of
from nlp.commitments.proposals import iou, proposals
from nlp.models.learned import PromiseVotes
from nlp.models.promises import packed, unpacked
from nlp.models.regions import JsonLine, Region
from nlp.models.votes import FigureRows
from nlp.pipeline import Extraction
from nlp.training import apart
from nlp.training.apart import Lists
from nlp.training.left_out import read_back
from nlp.training.promises import sentences
from nlp.training.trees import fitted, fitted_kinds

LIKE = 0.5  # characters of both over characters of either, from which a clause is a labelled one


@dataclass(frozen=True)
class ClauseRows:
    """``figures`` (n, k) by the order of ``names``; of each row whether it is a labelled clause, how it
    promises ("" where it is none), and whether nobody would track it."""

    names: Sequence[str]
    figures: FigureRows
    right: NDArray[np.bool_]
    types: Sequence[str]
    minor: NDArray[np.bool_]


def clause_rows(region: Region, extracted: Iterable[tuple[Article, Extraction]]) -> ClauseRows:
    """A row for each clause proposed in a region's statements, as weights found them that left it out."""
    pairs: list[tuple[Said, Sequence[JsonLine]]] = []
    for article, found in extracted:
        labels = [c for s in region.labels[article.id]["statements"] for c in s["commitments"]]
        day = article.published.date() if article.published else None
        pairs += [(said_of(s, article.text, day), labels) for s in found.statements]
    return _rows(pairs)


def sentence_rows() -> ClauseRows:
    """The same of the sentences that a tagger left out."""
    words = sentences.left_out(sentences.own_words("train"))
    pairs: list[tuple[Said, Sequence[JsonLine]]] = []
    for word, read in zip(words, read_back(sentences.NAME), strict=True):
        content = ((0, len(word.text)),)
        (whole,) = word.labels["statements"]
        said = Said(word.text, word.text, content, unpacked(packed(read, content)))
        pairs.append((said, whole["commitments"]))
    return _rows(pairs)


def _rows(pairs: Sequence[tuple[Said, Sequence[JsonLine]]]) -> ClauseRows:
    """A row for each clause proposed in these statements, with the labels of their articles."""
    names: list[str] = []
    figures: list[FigureRows] = []
    like: list[JsonLine | None] = []
    for said, labels in pairs:
        offered = proposals(said.article, said.content, said.seen) if said.seen else []
        if said.seen is not None and offered:
            names, rows = table(said, said.seen, offered)
            figures.append(rows)
            like += [_labelled(one.span, labels) for one in offered]
    return ClauseRows(
        names,
        np.concatenate(figures),
        np.array([label is not None for label in like], bool),
        [label["type"] if label else "" for label in like],
        np.array([bool(label and label.get("minor")) for label in like], bool),
    )


def _labelled(span: Span, labels: Sequence[JsonLine]) -> JsonLine | None:
    best = max(labels, key=lambda label: iou(span, tuple(label["span"])), default=None)
    return best if best is not None and iou(span, tuple(best["span"])) >= LIKE else None


def fitted_on(rows: Sequence[ClauseRows]) -> PromiseVotes:
    """The three votes on these regions' rows."""
    names, figures = rows[0].names, np.concatenate([one.figures for one in rows])
    right = np.concatenate([one.right for one in rows])
    types = [kind for one in rows for kind, true in zip(one.types, one.right, strict=True) if true]
    minor = np.concatenate([one.minor for one in rows])[right]
    return PromiseVotes(
        fitted(names, figures, right),
        fitted_kinds(names, figures[right], types),
        fitted(names, figures[right], minor),
    )


def left_out(rows: Mapping[str, ClauseRows], always: ClauseRows, lists: Lists) -> dict[str, PromiseVotes]:
    """For each region the votes that learned nothing from it; from ``always`` all learn."""
    return apart.left_out(lists, lambda others: fitted_on([always, *(rows[name] for name in others)]))
