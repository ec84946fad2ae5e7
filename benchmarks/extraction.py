"""Statements and speakers against the bare parse of the same texts: ``python -m benchmarks.extraction``.

Prints articles a second of `nlp.pipeline.extract` and of ``nlp.pipe`` of the same spaCy model with the same
batches, taken in turns in one process, the ratio of the two, and the process's peak memory.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib.resources import files

import spacy

from ledger.types import Article
from nlp.annotate import article_of
from nlp.officials.register import Register
from nlp.pipeline import MODEL, extract

ROUNDS = 5
COPIES = 4  # of the bundled texts, so that a round takes seconds


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _parse(nlp: spacy.language.Language, texts: Sequence[str]) -> None:
    for _ in nlp.pipe(texts, batch_size=16):
        pass


def _extract(articles: Sequence[Article], register: Register) -> None:
    for _ in extract(articles, register):
        pass


def main() -> None:
    """Measure and print; the reference is parsed by the same model without the project's own component."""
    sample = files("sample") / "marlshire"
    lines = (sample / "articles.jsonl").read_text(encoding="utf-8").splitlines() * COPIES
    articles = [article_of(json.loads(line)) for line in lines]
    texts = [article.text for article in articles]
    register = Register.load(str(sample / "officials.jsonl"))
    nlp = spacy.load(MODEL, exclude=["lemmatizer"])
    _parse(nlp, texts[:20])
    _extract(articles[:20], register)
    bare, ours = [], []
    for _ in range(ROUNDS):
        bare.append(_seconds(lambda: _parse(nlp, texts)))
        ours.append(_seconds(lambda: _extract(articles, register)))
    ratio = statistics.median(b / o for b, o in zip(bare, ours, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 * (1024 if sys.platform == "darwin" else 1)
    )
    sys.stdout.write(f"nlp.pipe alone: {len(texts) / statistics.median(bare):6.1f} articles a second\n")
    sys.stdout.write(f"said extract:   {len(texts) / statistics.median(ours):6.1f} articles a second\n")
    sys.stdout.write(f"ratio:          {ratio:6.2f} (median of {ROUNDS} rounds)\n")
    sys.stdout.write(f"peak memory:    {peak:6.0f} MB, both models loaded\n")


if __name__ == "__main__":
    main()
