"""What was taken out on request, kept as hashes: people and outlets by name, articles by id.

``forgotten.jsonl`` of the home folder holds a line for each: kind, hash, number of words, day. The hash is
HMAC-SHA256 (RFC 2104) of the folded name under the random salt of the file's first line. It tells a name
where it is met again, and gives none away.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from ledger.data_files import write_whole
from ledger.errors import WrongUse

FILE = "forgotten.jsonl"
GoneKind = Literal["person", "outlet", "article"]
_WORD = re.compile(r"[^\W\d_]+")
_SAME_NAME = 6  # characters between two words of one name, at most: blanks, a hyphen, an initial's dot


def folded(name: str) -> str:
    """A name for comparison: its words in small letters, without accents, a blank between two."""
    return " ".join(_plain(word[0]) for word in _WORD.finditer(name))


def _plain(word: str) -> str:
    parted = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in parted if not unicodedata.combining(letter)).casefold()


@dataclass(frozen=True)
class Tombstones:
    """The hashes of a home by kind. ``words``: how many words the names of forgotten people have."""

    salt: bytes = b""
    hashes: Mapping[GoneKind, frozenset[str]] = field(default_factory=dict)
    words: tuple[int, ...] = ()

    def holds(self, kind: GoneKind, name: str) -> bool:
        """Whether this name, or this id of an article, was taken out."""
        return name != "" and _hash(self.salt, name) in self.hashes.get(kind, ())

    def people_in(self, text: str) -> set[str]:
        """The folded names of forgotten people that stand in a text, whatever the capitals and accents."""
        if not self.words:
            return set()
        found = [(match.start(), match.end(), _plain(match[0])) for match in _WORD.finditer(text)]
        whole = [one for one in found if one[1] - one[0] > 1]  # "Jane A. Doe" is a Jane Doe
        names = set()
        for size, listed in ((size, listed) for size in self.words for listed in (found, whole)):
            for n in range(len(listed) - size + 1):
                run = listed[n : n + size]
                if all(b[0] - a[1] <= _SAME_NAME for a, b in pairwise(run)):
                    names.add(" ".join(word for _, _, word in run))
        return {name for name in names if _hash(self.salt, name) in self.hashes.get("person", ())}


NONE = Tombstones()


def load(home: Path) -> Tombstones:
    """The tombstones of a home folder. Raises WrongUse where their file cannot be read."""
    file = home / FILE
    try:
        stat = file.stat()
    except FileNotFoundError:
        return NONE
    return _read(file, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _read(file: Path, _changed: int, _size: int) -> Tombstones:
    try:
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        salt = bytes.fromhex(lines[0]["salt"])
        hashes: dict[GoneKind, set[str]] = defaultdict(set)
        for line in lines[1:]:
            hashes[line["kind"]].add(str(line["hash"]))
        sizes = {int(line["words"]) for line in lines[1:] if line["kind"] == "person"}
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise WrongUse(f"{file} is no list of what was taken out ({error}): restore its backup") from error
    return Tombstones(salt, {kind: frozenset(some) for kind, some in hashes.items()}, tuple(sorted(sizes)))


def bury(home: Path, kind: GoneKind, names: Iterable[str]) -> None:
    """Leave a tombstone for each name, written to the disk before anything is taken out."""
    known, file = load(home), home / FILE
    salt = known.salt or secrets.token_bytes(16)
    there = file.read_text(encoding="utf-8") if known.salt else json.dumps({"salt": salt.hex()}) + "\n"
    lines = []
    now = datetime.now(UTC).date().isoformat()
    for name in dict.fromkeys(names):
        if not known.holds(kind, name):
            line = {"kind": kind, "hash": _hash(salt, name), "words": len(name.split()), "noted": now}
            lines.append(json.dumps(line))
    if lines:
        write_whole(file, there + "\n".join(lines) + "\n", 0o600)


def blanked(text: str, names: Iterable[str]) -> str:
    """A text in which underscores stand for the letters of these people's names, at the same places.

    ``names`` folded. A whole name goes however it is written; one word of it where it begins with a capital,
    for later a text has the surname alone. A month's name stays, unless it stands in the whole name.
    """
    wanted = [name.split() for name in names]
    if not wanted:
        return text
    found = [(match.start(), match.end(), _plain(match[0]), match[0]) for match in _WORD.finditer(text)]
    gone: set[int] = set()
    for name in wanted:
        for n in range(len(found) - len(name) + 1):
            if [word for _, _, word, _ in found[n : n + len(name)]] == name:
                gone.update(range(n, n + len(name)))
        alone = {word for word in name if len(word) > 2 and word not in _months()}
        gone.update(n for n, (_, _, word, as_is) in enumerate(found) if word in alone and as_is[0].isupper())
    pieces, last = [], 0
    for n in sorted(gone):
        start, end, _, _ = found[n]
        pieces += [text[last:start], "_" * (end - start)]
        last = end
    return "".join([*pieces, text[last:]])


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    return frozenset(datetime(2000, month, 1, tzinfo=UTC).strftime("%B").casefold() for month in range(1, 13))


@lru_cache(maxsize=100_000)
def _hash(salt: bytes, name: str) -> str:
    return hmac.new(salt, name.encode(), hashlib.sha256).hexdigest()


def merged(home: Path, restored: str) -> None:
    """Put the tombstones of a backup beside those that are there: none is lost by going back."""
    file = home / FILE
    there = file.read_text(encoding="utf-8") if file.is_file() else ""
    lines = [line for line in (there or restored).splitlines() if line.strip()]
    old = [line for line in restored.splitlines() if line.strip()]
    if old and lines and old[0] != lines[0]:
        raise WrongUse(f"{file} is another home's: put the backup into an empty folder")
    write_whole(file, "\n".join(dict.fromkeys([*lines, *old])) + "\n", 0o600)
