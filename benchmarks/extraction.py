"""The text side against the bare parse: ``python -m benchmarks.extraction [COPIES [ROUNDS]]``.

Prints articles a second of `nlp.pipeline.extract` and of ``nlp.pipe`` of the same spaCy model with the same
batches, taken in turns in one process, their ratio, and the process's peak memory. Seconds are those of the
processor, which others at work on the machine lengthen by little; the ratio by the clock stands beside.
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


BAR = 0.52


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Of the processor, and by the clock."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - busy, time.perf_counter() - start


def _parse(nlp: spacy.language.Language, texts: Sequence[str]) -> None:
    for _ in nlp.pipe(texts, batch_size=16):
        pass


def _extract(articles: Sequence[Article], register: Register) -> None:
    for _ in extract(articles, register):
        pass


def main(copies: int = COPIES, rounds: int = ROUNDS) -> None:
    """Measure and print; the reference is parsed by the same model without the project's own component."""
    sample = files("sample") / "marlshire"
    lines = (sample / "articles.jsonl").read_text(encoding="utf-8").splitlines() * copies
    articles = [article_of(json.loads(line)) for line in lines]
    texts = [article.text for article in articles]
    register = Register.load(str(sample / "officials.jsonl"))
    nlp = spacy.load(MODEL, exclude=["lemmatizer"])
    _parse(nlp, texts[:20])
    _extract(articles[:20], register)
    bare, ours = [], []
    for _ in range(rounds):
        bare.append(_seconds(lambda: _parse(nlp, texts)))
        ours.append(_seconds(lambda: _extract(articles, register)))
    ratio, clock = (statistics.median(b[n] / o[n] for b, o in zip(bare, ours, strict=True)) for n in (0, 1))
    rates = [len(texts) / statistics.median(busy for busy, _ in taken) for taken in (bare, ours)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 * (1024 if sys.platform == "darwin" else 1)
    )
    sys.stdout.write(f"nlp.pipe alone: {rates[0]:6.1f} articles a second of the processor\n")
    sys.stdout.write(f"said extract:   {rates[1]:6.1f} articles a second of the processor\n")
    held = "held" if ratio >= BAR else "missed"
    sys.stdout.write(f"ratio:          {ratio:6.3f}, median of {rounds} rounds, {clock:.3f} by the clock")
    sys.stdout.write(f" (bar: at least {BAR}; {held})\n")
    sys.stdout.write(f"peak memory:    {peak:6.0f} MB, both models loaded\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
