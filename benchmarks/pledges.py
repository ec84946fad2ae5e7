"""Joining what is new against joining everything anew: ``python -m benchmarks.pledges [STORED [NEW]]``.

Commitments are made from the invented county's: its words with a number of their own, its vectors with
noise, owners of some 50 commitments each, days over six years. All are grouped from nothing (the reference),
then the newest are taken away and placed among the rest. Prints both times, their ratio and whether the
pledges are the same; then sentences a second of sentence-transformers' own encode, which sorts them, and of
`nlp.text.embeddings`, and how near the vectors are.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import numpy as np
from sentence_transformers import SentenceTransformer

from ledger.types import Commitment, Statement
from nlp.annotate import read_texts
from nlp.models.package import package_folder
from nlp.officials.register import Register
from nlp.pipeline import MODEL
from nlp.pledges.clustering import assign
from nlp.pledges.pair_features import Item
from nlp.text import embeddings
from nlp.text.embeddings import Embedder

STORED, NEW = 100_000, 1_000
OF_AN_OWNER = 50
DAYS = 6 * 365
NOISE = 0.02  # of each of the 384 numbers of a vector
ROUNDS = 3


def _made(count: int) -> tuple[list[Item], list[str]]:
    """(so many commitments in order of their days, the county's own sentences)."""
    sample = files("sample") / "marlshire"
    lines = map(json.loads, (sample / "articles.jsonl").read_text(encoding="utf-8").splitlines())
    text = read_texts(lines, Register.load(str(sample / "officials.jsonl")), MODEL)
    chance = np.random.default_rng(0)
    picked = chance.integers(len(text.items), size=count)
    days = np.sort(chance.integers(DAYS, size=count))
    owners = chance.integers(max(1, count // OF_AN_OWNER), size=count)
    made = []
    for number in range(count):
        item = text.items[picked[number]]
        owner, words = f"Owner {owners[number]}", f"{item.text} Item {number}."
        statement = replace(
            item.statement,
            id=Statement.make_id(str(number), (words,), 0),
            article_id=str(number),
            speaker=owner,
            official_id=owner,
        )
        commitment = replace(item.commitment, id=Commitment.make_id(statement.id), statement_id=statement.id)
        made.append(
            replace(
                item,
                commitment=commitment,
                statement=statement,
                owner=owner,
                body=None,
                day=date(2020, 1, 1) + timedelta(days=int(days[number])),
                text=words,
                vectors=np.stack([_near(vector, chance) for vector in item.vectors]),
            )
        )
    sentences = [a.text[s:e] for a, x in text.extracted for s, e in x.sentences]
    return made, sentences


def _near(vector: Any, chance: np.random.Generator) -> Any:
    moved = vector + chance.normal(0, NOISE, len(vector)).astype(np.float32)
    return moved / np.linalg.norm(moved)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def _grouping(items: list[Item], new: int) -> None:
    say = sys.stdout.write
    everything, pledge_of = _timed(lambda: assign(items, [], {}))
    stored, fresh = items[:-new], items[-new:]
    known = {item.id: pledge_of[item.id] for item in stored}
    added, after = _timed(lambda: assign(fresh, stored, known))
    say(f"regrouping {len(items):,} commitments: {everything:.1f} s\n")
    say(f"adding {len(fresh):,} to {len(stored):,}: {added:.1f} s, {everything / added:.0f} x faster\n")
    say(f"the same pledges either way: {after == pledge_of}\n")


def _embedding(sentences: list[str]) -> None:
    embedder = Embedder()
    model = SentenceTransformer(str(package_folder()), device="cpu", local_files_only=True)
    model.max_seq_length = embeddings.MAX_TOKENS
    theirs, ours, apart = [], [], 0.0
    for _ in range(ROUNDS):
        seconds, plain = _timed(
            lambda: model.encode(sentences, normalize_embeddings=True, show_progress_bar=False)
        )
        theirs.append(seconds)
        embeddings._known.clear()
        seconds, mine = _timed(lambda: embedder.encode(sentences))
        ours.append(seconds)
        apart = float(np.abs(plain - mine).max())
    ratio = statistics.median(t / o for t, o in zip(theirs, ours, strict=True))
    rates = [len(sentences) / statistics.median(seconds) for seconds in (theirs, ours)]
    say = sys.stdout.write
    say(f"sentence-transformers: {rates[0]:.0f} sentences a second\n")
    say(f"nlp.text.embeddings: {rates[1]:.0f} sentences a second, {ratio:.2f} x; ")
    say(f"largest difference of a number {apart:.0e}\n")


def main(stored: int, new: int) -> None:
    """Measure and print."""
    items, sentences = _made(stored + new)
    _grouping(items, new)
    _embedding(sentences)


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    main(*(given + [STORED, NEW][len(given) :]))
