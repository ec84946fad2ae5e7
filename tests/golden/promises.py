"""What a fit in the repo learns, on text that its weights have not seen: the last part of `make eval`."""

from __future__ import annotations

import re
import sys

from nlp.commitments import train
from nlp.text.embeddings import Embedder

STRICT = re.compile(  # first person or the body with an undertaking verb, and no condition before it
    r"\b(?:I|we)(?:'ll|’ll| will| shall| pledge| promise| commit| guarantee|'m going to|’re going to)\b"
    r"|\b(?:pledged|promised|vowed|committed|guaranteed) (?:to|that)\b",
    re.IGNORECASE,
)


def regex_f1() -> float:
    """What the strict expression makes of the officials' labelled statements of the county."""
    examples = train.county()
    given = [bool(STRICT.search(f"{e.said.cue} {e.said.text}")) for e in examples]
    wanted = [e.type is not None for e in examples]
    hits = sum(g and w for g, w in zip(given, wanted, strict=True))
    return 2 * hits / (sum(given) + sum(wanted))


def unseen_threads() -> dict[str, float]:
    """`nlp.commitments.train.scores` over the county's labelled statements, leave-one-thread-out.

    The weights never saw the thread that they are judged on; the rules that they are averaged with were
    written with the county at hand.
    """
    embedder = Embedder()
    own = train.prepare(train.sentences("train"), embedder)
    return train.left_out(own, train.prepare(train.county(), embedder))


def main() -> None:
    """Measure and print."""
    say = sys.stdout.write
    say("\nCommitments in the county's labelled statements\n")
    say(f"  strict regular expression         f1 {100 * regex_f1():.1f}\n")
    held = unseen_threads()
    say(f"  leave-one-thread-out              f1 {100 * held['f1']:.1f}, ")
    say(f"by type macro-F1 {100 * held['macro']:.1f} (the rules' part is fitted on it)\n")


if __name__ == "__main__":
    main()
