"""The digests kept in ``data/digests``: ``<day>.html``, ``<day>.txt``, and so on for every format.

``<day>.json`` is also the record of what was told. A digest tells what the records of earlier days do not
hold, so that nothing is told twice, nothing is lost when a day is left out, and the same day written
again gives the same bytes. A digest since a day that the reader names is a look back: it lies beside
the daily ones under its own name and leaves no record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from flows.digest.compose import Digest
from flows.digest.render.registry import FORMATS
from ledger.data_files import write_whole
from ledger.days import LONDON
from ledger.errors import WrongUse
from ledger.settings import Settings

LOOK_BACK = "-since-"  # in the name of a digest of a span of time
_RECORD = "json"  # the format that the record holds, beside what was told


@dataclass(frozen=True, slots=True)
class DigestRecord:
    """What one edition told: its name, its day and the keys of everything in it.

    The digests of the days are one row of editions; what goes out at once, between them, is another.
    """

    name: str
    day: date
    told: frozenset[str]


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest ready to go: ``name`` is that of its files, or of the one reader's letter that it is, and no
    other's; ``parts`` is its text by format. ``unsubscribe``: the signed address that ends this reader's
    letters, "" where none is served."""

    name: str
    subject: str
    parts: Mapping[str, str]
    unsubscribe: str = ""

    def part(self, form: str) -> str:
        """The letter in a format of `FORMATS`. Raises WrongUse when it was not kept in that."""
        if form not in self.parts:
            raise WrongUse(f"the digest {self.name} is not whole (no .{form}): remove its files")
        return self.parts[form]


_MOMENT = "%Y-%m-%dT%H%M%S"
DAILY, AT_ONCE = "????-??-??", "????-??-??T??????"  # the names of the editions of either row


def name_at(settings: Settings) -> str:
    """A name for an edition of this moment that goes out at once: after all there are, also where the clock
    was set back, as in autumn."""
    name = f"{settings.today.isoformat()}T{datetime.now(LONDON):%H%M%S}"
    newest = max((file.stem for file in settings.digests.glob(f"{AT_ONCE}.{_RECORD}")), default="")
    if name > newest:
        return name
    return f"{datetime.strptime(newest, _MOMENT) + timedelta(seconds=1):{_MOMENT}}"  # noqa: DTZ007  # of London, as written


def name_of(day: date, since: date | None = None) -> str:
    """The name of a digest's files, without the ending."""
    return day.isoformat() + (f"{LOOK_BACK}{since.isoformat()}" if since else "")


class _Parts(Mapping[str, str]):
    """A digest in every format, each written when it is first asked for: a reader is sent one or two."""

    def __init__(self, digest: Digest) -> None:
        self._digest, self._written = digest, dict[str, str]()

    def __getitem__(self, form: str) -> str:
        if form not in self._written:
            self._written[form] = FORMATS[form](self._digest)
        return self._written[form]

    def __iter__(self) -> Iterator[str]:
        return iter(FORMATS)

    def __len__(self) -> int:
        return len(FORMATS)


def letter_of(digest: Digest, name: str, unsubscribe: str = "") -> Letter:
    """A digest in every format."""
    return Letter(name, digest.subject, _Parts(digest), unsubscribe)


def keep(folder: Path, letter: Letter) -> None:
    """Write a letter's files but for the record. Raises WrongUse as `replace` does."""
    for form, text in letter.parts.items():
        if form != _RECORD:
            replace(folder / f"{letter.name}.{form}", text)


def keep_record(folder: Path, record: DigestRecord, letter: Letter | None = None) -> None:
    """Write what an edition told, with its letter where one was kept. Raises WrongUse as `replace` does."""
    held: dict[str, object] = {"day": record.day.isoformat(), "told": sorted(record.told)}
    if letter is not None:
        held["digest"] = json.loads(letter.part(_RECORD))
    text = json.dumps(held, indent=1, ensure_ascii=False) + "\n"
    replace(folder / f"{record.name}.{_RECORD}", text)


def records(folder: Path, row: str = DAILY) -> list[DigestRecord]:
    """The records of a row of editions in ``folder``, oldest first. Raises WrongUse, naming a file that is
    none."""
    found = []
    for file in sorted(folder.glob(f"{row}.{_RECORD}")):
        try:
            given = json.loads(file.read_text(encoding="utf-8"))
            day, told = date.fromisoformat(given["day"]), frozenset(map(str, given["told"]))
            found.append(DigestRecord(file.stem, day, told))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise WrongUse(
                f"{file} is no record of a digest ({error}): remove it, and what it told is told again"
            ) from error
    return found


def replace(path: Path, text: str) -> None:
    """Put ``text`` in the place of the file in one rename, so that nobody reads half of it.

    Raises WrongUse when the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise WrongUse(f"the digest cannot be written to {path.parent} ({error.strerror})") from error
