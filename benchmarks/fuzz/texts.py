"""Hostile texts: strategies of hypothesis made of news and of characters that break readers, and shapes that
grow."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from ledger.types import Span

REGIONS = Path(__file__).parents[2] / "nlp" / "models" / "data" / "regions"
_LONGEST = 400  # characters of a fragment
UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
DATA = yaml.safe_load(Path(__file__).with_name("hostile.yaml").read_text(encoding="utf-8"))


def written(given: str | list[Any]) -> str:
    """A text of hostile.yaml: [a, n] is a, n times; [a, b, n] is a and then b, n times."""
    if isinstance(given, str):
        return given
    *begun, piece, times = given
    return "".join(begun) + str(piece) * int(times)


CHARACTERS = tuple(map(written, DATA["characters"]))
FILES = tuple(map(written, DATA["files"]))
ROWS: tuple[list[Any], ...] = tuple(DATA["rows"])


@cache
def fragments() -> tuple[str, ...]:
    """Paragraphs of the labelled regions, short ones, of every region some."""
    found: list[str] = []
    for file in sorted(REGIONS.glob("*/articles.jsonl")):
        lines = file.read_text(encoding="utf-8").splitlines()
        texts = (json.loads(line)["text"] for line in lines[::4])
        found += [part for text in texts for part in text.split("\n") if 0 < len(part) <= _LONGEST][:60]
    return tuple(found)


def news() -> st.SearchStrategy[str]:
    """A few paragraphs of news, unharmed."""
    return st.lists(st.sampled_from(fragments()), min_size=1, max_size=6).map("\n\n".join)


def texts(most: int = 30) -> st.SearchStrategy[str]:
    """News between hostile characters, within its words too."""
    pieces = st.one_of(
        st.sampled_from(fragments()),
        st.sampled_from(CHARACTERS),
        st.builds(_torn, st.sampled_from(fragments()), st.integers(0, 2**32)),
        st.text(max_size=20),
    )
    return st.lists(pieces, max_size=most).map("".join)


def stretches() -> st.SearchStrategy[tuple[str, list[Span]]]:
    """A text with one to three stretches of it."""

    def placed(given: tuple[str, list[tuple[float, float]]]) -> tuple[str, list[Span]]:
        text, shares = given
        text = text or "a"
        ends = (sorted((int(one * len(text)), int(other * len(text)))) for one, other in shares)
        return text, sorted({(start, max(end, start + 1)) for start, end in ends if start < len(text)})

    shares = st.floats(0, 0.999)
    pairs = st.lists(st.tuples(shares, shares), min_size=1, max_size=3)
    return st.tuples(texts(12), pairs).map(placed)


def _torn(fragment: str, seed: int) -> str:
    """A fragment with hostile characters put in, and one piece of it twice or gone."""
    chance, made = random.Random(seed), fragment
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(made) + 1)
        made = made[:at] + chance.choice(CHARACTERS[:60]) + made[at:]
    first, last = sorted(chance.randrange(len(made) + 1) for _ in range(2))
    return made[:first] + made[first:last] * chance.choice((0, 1, 2)) + made[last:]


def sprinkled(text: str, seed: int) -> str:
    """The text with characters that nobody sees put into its words, some of them at its ends."""
    chance, parts = random.Random(seed), []
    for character in text:
        parts.append(chance.choice(UNSEEN) if chance.random() < 0.03 else "")
        parts.append(character)
    return "".join([*parts, chance.choice(UNSEEN)])


def seen(text: str) -> str:
    """The text without them."""
    return text.translate(dict.fromkeys(map(ord, UNSEEN)))


def _again(piece: str) -> Callable[[int], str]:
    return lambda length: (piece * (length // len(piece) + 1))[:length]


SHAPES: dict[str, Callable[[int], str]] = {  # of about so many characters
    **{f"{piece[:12]!r} again": _again(piece) for piece in DATA["again"]},
    "quotations in quotations": lambda n: "“‘" * (n // 4) + "’”" * (n // 4),
    "brackets in brackets": lambda n: "(" * (n // 2) + ")" * (n // 2),
    "one word to a line": lambda n: "\n".join(["Word"] * (n // 5)),
    "opened and closed at the ends": lambda n: "“" + "a " * (n // 2) + "”",
}
