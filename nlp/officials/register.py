"""The register of officials: who holds which public post when, and how to look them up.

A register is read from JSON lines, CSV, YAML or Popolo JSON (see nlp.officials.importers) and is the only
thing by which a speaker is known across articles.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from ledger.types import Official, Post, content_id
from nlp.officials.gazetteer import Gazetteer
from nlp.officials.gazetteer import load as load_gazetteer
from nlp.officials.importers import Entry, read_entries
from nlp.officials.lexicon import lexicon
from nlp.officials.register_bodies import bodies_of

RECENT = 45  # days after the end of a post in which its holder is still written about as such


def name_key(name: str) -> str:
    """A name for comparison: small letters, no accents, no titles before it, no possessive."""
    plain = unicodedata.normalize("NFKD", name.replace("\u2019", "'")).encode("ascii", "ignore").decode()
    plain = re.sub(r"'s?$", "", plain.strip()) + " "
    match = lexicon().titles.match(plain)
    for cut in range(len(plain.split()) - 1, 0, -1):
        head = " ".join(plain.split()[:cut]) + " "
        match = lexicon().titles.search(head)
        if match and match.start() == 0:
            plain = plain[len(head) :]
            break
    return re.sub(r"[^a-z ]", "", plain.lower()).strip()


def alias_key(alias: str) -> str:
    """An alias for comparison: small letters, one kind of apostrophe and blank, titles kept."""
    return re.sub(r"\s+", " ", alias.replace("\u2019", "'").replace(".", "").lower()).strip()


def official_id(name: str, body: str, nth: int = 0) -> str:
    """Id of an official: of the name and the first body named for them.

    It stays when posts are added behind the first. ``nth`` tells namesakes in one body apart (0 first).
    """
    return content_id("official", name, body, *([nth] if nth else []))


@dataclass(frozen=True)
class Register:
    """Officials with their posts in time. An empty register is a valid one."""

    officials: Sequence[Official]
    bodies_file: Path | None = None  # of a gazetteer other than the shipped one

    def __getstate__(self) -> dict[str, object]:
        """What goes to another process, where the file may not lie: the bodies too."""
        return {"officials": self.officials, "bodies_file": self.bodies_file, "gazetteer": self.gazetteer}

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The public bodies known by name and place, and those in which an official here has a post."""
        listed = load_gazetteer(self.bodies_file)
        own = bodies_of(self.officials, listed)
        return Gazetteer((*listed.bodies, *own)) if own else listed

    @cached_property  # at the first look-up: a run with nothing to read needs no lexicon
    def _names(self) -> dict[str, list[Official]]:
        names: dict[str, list[Official]] = defaultdict(list)
        for official in self.officials:
            names[name_key(official.name)].append(official)
            for key in map(name_key, official.aliases):
                if len(key.split()) > 1 and official not in names[key]:
                    names[key].append(official)
        return dict(names)

    @cached_property
    def _aliases(self) -> dict[str, list[Official]]:
        aliases: dict[str, list[Official]] = defaultdict(list)
        for official in self.officials:
            for alias in official.aliases:
                aliases[alias_key(alias)].append(official)
        return dict(aliases)

    @cached_property
    def _surnames(self) -> dict[str, list[Official]]:
        surnames: dict[str, list[Official]] = defaultdict(list)
        for official in self.officials:
            surnames[official.name.split()[-1].lower()].append(official)
        return dict(surnames)

    @classmethod
    def load(cls, path: Path | str, bodies_file: Path | None = None) -> Register:
        """The register in a file. Raises WrongUse naming file, line and what to do; an empty file is none."""
        return cls(officials_of(read_entries(Path(path))), bodies_file)

    @property
    def full_names(self) -> frozenset[str]:
        """Full names in small letters, as the finder of names wants them."""
        return frozenset(key for key in self._names if " " in key)

    def named(self, name: str) -> tuple[Official, ...]:
        """Officials of this full name (or an alias that is one), titles and accents aside."""
        return tuple(self._names.get(name_key(name), ())) if " " in name_key(name) else ()

    def called(self, alias: str) -> tuple[Official, ...]:
        """Officials with exactly this alias ("Coun Varley")."""
        return tuple(self._aliases.get(alias_key(alias), ()))

    def surnamed(self, surname: str) -> tuple[Official, ...]:
        """Officials whose name ends with this word."""
        return tuple(self._surnames.get(surname.lower(), ()))

    def merged(self, other: Register) -> Register:
        """This register with the officials of another: of an id that is in both, the other's are kept."""
        kept = {official.id: official for official in self.officials}
        kept.update((official.id, official) for official in other.officials)
        return Register(tuple(kept.values()), self.bodies_file)

    def rows(self) -> list[dict[str, object]]:
        """The register as plain rows, one a post, as ``load`` reads them back."""
        return [
            {
                "name": official.name,
                "aliases": list(official.aliases),
                "role": post.role,
                "office": post.office,
                "body": post.body,
                "area": post.area,
                "from": post.start.isoformat() if post.start else None,
                "to": post.end.isoformat() if post.end else None,
                "gender": official.gender,
            }
            for official in self.officials
            for post in official.posts
        ]


def post_for(official: Official, day: date | None, words: Mapping[str, str] | None = None) -> Post | None:
    """The post to show for a day: one held then, else one that ended in the last RECENT days before it.

    Among several, one whose role is ``words["role"]`` comes first. None when there is no such post.
    """
    held = official.posts_on(day)
    if not held and day is not None:
        held = tuple(p for p in official.posts if p.end and 0 <= (day - p.end).days <= RECENT)
    if not held and day is None:
        held = official.posts
    wanted = (words or {}).get("role")
    return next((post for post in held if post.role == wanted), held[0] if held else None)


def officials_of(entries: Iterable[Entry]) -> tuple[Official, ...]:
    """Entries put together: those of one key (the source's person id, else the name) are one person."""
    together: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        together[entry.key].append(entry)
    made: list[Official] = []
    seen: dict[str, int] = defaultdict(int)
    for mine in together.values():
        first = mine[0]
        body = next((e.post.body for e in mine if e.post and e.post.body), "")
        nth = seen[f"{first.name}\x1f{body}"]
        seen[f"{first.name}\x1f{body}"] += 1
        made.append(
            Official(
                id=official_id(first.name, body, nth),
                name=first.name,
                aliases=tuple(dict.fromkeys(alias for e in mine for alias in e.aliases)),
                posts=tuple(dict.fromkeys(e.post for e in mine if e.post)),
                gender=next((e.gender for e in mine if e.gender), ""),
            )
        )
    return tuple(made)
