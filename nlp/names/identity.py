"""Which names of a text are one person's."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.names.find import Name
from nlp.text.normalize import fold_letters


def folded(words: Sequence[str]) -> list[str]:
    """A name's words for comparison."""
    return [fold_letters(word) for word in words]


def initialled(words: Sequence[str]) -> bool:
    """True for a name that gives the first name's initial only: "J. R. Hollis"."""
    return len(words) > 1 and len(words[0].removesuffix(".")) == 1


def person_key(name: Name, names: Sequence[Name]) -> tuple[str, str]:
    """First and last word, by which two full names are one person's; an initial is the one's it fits."""
    first, *_, last = folded(name.words)
    if not initialled(name.words):
        return first, last
    others = (folded(other.words) for other in names if other.full and not initialled(other.words))
    fitting = {words[0] for words in others if words[-1] == last and words[0][0] == first[0]}
    return (fitting.pop() if len(fitting) == 1 else first), last
