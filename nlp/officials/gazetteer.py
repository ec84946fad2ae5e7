"""Public bodies known by any of their names, and the places whose office-holders belong to them.

The shipped list is ``data/bodies.tsv``; its head names sources, licences and day. Holders are not in it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ledger.data_files import data_file
from ledger.errors import WrongUse
from ledger.types import Span

KINDS = frozenset(
    (
        "agency",
        "authority",
        "council",
        "department",
        "fire",
        "force",
        "government",
        "nhs",
        "parliament",
        "seat",
    )
)
_TOKEN = re.compile(r"[^\W_][\w’'.\-]*|&")
_POSSESSIVE = re.compile(r"(?:['’]s?|\.)$")


@dataclass(frozen=True, slots=True)
class KnownBody:
    """A body with its other names, the places it is for, and whether an elected mayor belongs to it.

    A seat (``kind`` "seat") has the name of its parliament among ``others``.
    """

    kind: str
    name: str
    others: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    mayor: bool = False

    def line(self) -> str:
        """The body as a line of the file."""
        cells = [self.kind, self.name, ";".join(self.others), ";".join(self.places), "mayor" * self.mayor]
        return "\t".join(cells).rstrip("\t")


class Gazetteer:
    """Bodies by name and by place; a name or place that several share tells none of them."""

    def __init__(self, bodies: Iterable[KnownBody]) -> None:
        self.bodies = tuple(bodies)
        named: dict[str, set[KnownBody]] = defaultdict(set)
        placed: dict[tuple[str, str], list[KnownBody]] = defaultdict(list)
        self._seats: dict[str, tuple[str, ...]] = {}
        for body in self.bodies:
            if body.kind == "seat":
                self._seats[body.name] = self._seats.get(body.name, ()) + body.others
                continue
            plain = (f"{place} Council" for place in body.places if body.kind == "council")
            for name in {body.name, *body.others, *plain}:
                named[_key(name)].add(body)
            for place in body.places:
                placed[body.kind, place].append(body)
        self._named = {key: next(iter(mine)) for key, mine in named.items() if len(mine) == 1}
        self._placed = {key: mine[0] for key, mine in placed.items() if len(mine) == 1}
        self._words: dict[str, int] = {}  # the most words of a name that begins with one
        for key in self._named:
            first, *more = key.lower().split()
            self._words[first] = max(self._words.get(first, 0), 1 + len(more))

    def called(self, name: str) -> KnownBody | None:
        """The body of this name."""
        return self._named.get(_key(name))

    def find(self, text: str) -> Iterator[tuple[Span, KnownBody]]:
        """Bodies named in a text, in order, the longest name of each place; linear in the text."""
        tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
        at = 0
        while at < len(tokens):
            start = tokens[at][0]
            step = 1
            if text[start].isupper() or text[start].isdigit():
                first = _POSSESSIVE.sub("", _key(text[start : tokens[at][1]]).lower())
                for words in range(min(self._words.get(first, 0), len(tokens) - at), 0, -1):
                    end = tokens[at + words - 1][1]
                    end -= len(mark[0]) if (mark := _POSSESSIVE.search(text, start, end)) else 0
                    body = self._named.get(_key(text[start:end]))
                    if body and "\n" not in text[start:end]:
                        yield (start, end), body
                        step = words
                        break
            at += step

    def of_place(self, kind: str, place: str) -> KnownBody | None:
        """The only body of a kind for a place."""
        return self._placed.get((kind, place))

    def mayor_of(self, place: str) -> KnownBody | None:
        """The body with an elected mayor of a place: a combined authority before a council."""
        bodies = (self.of_place(kind, place) for kind in ("authority", "council"))
        return next((body for body in bodies if body and body.mayor), None)

    def parliaments(self, place: str) -> tuple[str, ...]:
        """The parliaments in which a place has a seat of its name."""
        return self._seats.get(place, ())


def _key(name: str) -> str:
    """A name for comparison: no article, "and" for "&"; short forms keep their capitals ("MoD")."""
    words = re.sub(r"^[Tt]he ", "", name.replace("’", "'").replace("&", "and")).replace(".", "").split()
    return words[0] if len(words) == 1 else " ".join(words).lower()


def read_bodies(text: str, where: str) -> list[KnownBody]:
    """The bodies of a file. Raises WrongUse with the line that cannot be read."""
    found: list[KnownBody] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        kind, name, others, places, mayor, *rest = [*line.split("\t"), "", "", "", ""][
            : max(5, line.count("\t") + 1)
        ]
        if kind not in KINDS or not name or rest or mayor not in ("", "mayor"):
            raise WrongUse(f"{where}, line {number}: not a body; run `said officials update` to make it anew")
        found.append(KnownBody(kind, name, _parts(others), _parts(places), mayor == "mayor"))
    return found


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split(";")))


@lru_cache(maxsize=4)
def load(file: Path | None = None) -> Gazetteer:
    """The gazetteer in a file, else the shipped one. Raises WrongUse for a file that is none."""
    chosen = file or data_file(__file__, "bodies.tsv")
    try:
        return Gazetteer(read_bodies(chosen.read_text(encoding="utf-8"), str(chosen)))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{chosen}: cannot be read ({error}); run `said officials update`") from None
