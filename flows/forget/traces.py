"""Where traces lie beside archive and warehouse: digests, journals, logs, backups, exports; and a search over
every file of the home for what is left."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from flows.backup import backup
from flows.digest.archive import AT_ONCE, DAILY, LOOK_BACK, replace
from flows.digest.feed import keep_feeds
from flows.export import export, export_calendar, written_to
from flows.labels import export_labels
from flows.site.build import export_site
from ledger.data_files import write_whole
from ledger.errors import SaidError
from ledger.forgotten import Tombstones, blanked
from ledger.settings import Settings
from ledger.storage import journals

GONE = "Said & Done: a digest that was taken out"
_LOGS = "*.log"
_PIECE = 1 << 24  # bytes of a file that are looked through at a time
_OVERLAP = 4_096


@dataclass(frozen=True, slots=True)
class SoughtNames:
    """People's names (folded), to be found in any writing."""

    names: Sequence[str]
    tombstones: Tombstones

    def stands_in(self, text: str) -> bool:
        return bool(self.tombstones.people_in(unquote(text)))

    def without(self, text: str) -> str:
        return blanked(text, self.names) if self.stands_in(text) else text


@dataclass(frozen=True, slots=True)
class SoughtAddresses:
    """Addresses, or parts of them, as they are written. Journals keep the links that editors gave."""

    addresses: Sequence[str]

    def stands_in(self, text: str) -> bool:
        return any(one in text for one in self.addresses)

    def without(self, text: str) -> str:
        return text


Sought = SoughtNames | SoughtAddresses


def blank(settings: Settings, sought: Sought) -> list[str]:
    """Take what is sought out of digests, journals, logs and backups; says what was changed."""
    told = []
    found = [file for file in _editions(settings) if _in_edition(file, sought)]
    if number := _digests(settings, found, sought):
        told.append(f"{number} digests taken out")
    for file in sorted(settings.home.glob("*.sqlite")):
        if number := journals.blank(file, sought.without):
            told.append(f"{file.name}: blanked in {number} places")
    for file in settings.data.rglob(_LOGS):
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        kept = [line for line in lines if not sought.stands_in(line)]
        if len(kept) < len(lines):
            write_whole(file, "".join(kept))
            told.append(f"{file.name}: {len(lines) - len(kept)} lines taken out")
    old = [file for file in _backups(settings) if _in_backup(file, sought)]
    for file in old:
        file.unlink()
    if old:
        told.append(
            f"{len(old)} backups removed that held it, and a new one made: {backup(settings).path.name}"
        )
    return told


def old_digests(settings: Settings, before: date) -> list[str]:
    """Leave of the digests of before that day only the record of what they told."""
    files = [
        file for file in _editions(settings) if file.stem[:10] < before.isoformat() and _holds_words(file)
    ]
    return [f"{number} old digests taken out"] if (number := _digests(settings, files)) else []


def _editions(settings: Settings) -> list[Path]:
    """The record of every edition, and the page of every look back, which has none."""
    names = (f"{DAILY}.json", f"{AT_ONCE}.json", f"*{LOOK_BACK}*.html")
    return sorted(file for name in names for file in settings.digests.glob(name))


def _in_edition(record: Path, sought: Sought) -> bool:
    beside = record.parent.glob(f"{record.stem}.*")
    return any(sought.stands_in(file.read_text(encoding="utf-8", errors="replace")) for file in beside)


def _holds_words(record: Path) -> bool:
    return GONE not in record.read_text(encoding="utf-8", errors="replace")


def _digests(settings: Settings, records: Sequence[Path], sought: Sought | None = None) -> int:
    """Leave of these editions what keeps them from being told again, without a word of theirs."""
    for record in records:
        if record.suffix == ".json":
            held = json.loads(record.read_text(encoding="utf-8"))
            held["told"] = [one for one in held["told"] if sought is None or not sought.stands_in(one)]
            if "digest" in held:
                held["digest"] = {"subject": GONE}
            replace(record, json.dumps(held, indent=1, ensure_ascii=False) + "\n")
        for file in record.parent.glob(f"{record.stem}.*"):
            if file.suffix in (".html", ".txt"):
                page = f"<!DOCTYPE html><title>{GONE}</title><body><p>{GONE}.</p></body>\n"
                replace(file, page if file.suffix == ".html" else f"{GONE}.\n")
    if any(settings.digests.glob("*.atom")):  # also where a killed run left it behind the editions
        keep_feeds(settings)
    return len(records)


def _backups(settings: Settings) -> list[Path]:
    """They hold what people wrote and the digests, and no article."""
    return sorted((settings.data / "backups").glob("*.tar.gz"))


def _in_backup(file: Path, sought: Sought) -> bool:
    try:
        with tarfile.open(file) as archive:
            members = [one for one in archive.getmembers() if one.isfile()]
            if isinstance(sought, SoughtAddresses):  # what people wrote keeps the links that they gave
                members = [one for one in members if "digests" in one.name]
            pieces = (archive.extractfile(one) for one in members)
            return any(piece is not None and sought.stands_in(_text(piece.read())) for piece in pieces)
    except (OSError, EOFError, zlib.error, tarfile.TarError):
        return False  # no backup that could be restored


def written_again(settings: Settings) -> list[str]:
    """Write anew the exports that were written before and still lie there; says which."""
    told = []
    for folder, what in written_to(settings):
        try:
            if what == "labels":
                export_labels(settings, folder)
            elif what == "site":
                export_site(settings, folder)
            else:
                export(settings, folder)
                export_calendar(settings, folder)
            told.append(f"{folder}: {what} written anew")
        except SaidError as error:
            told.append(f"{folder}: {what} not written anew: {error}")
    return told


def left(settings: Settings, sought: Sought) -> list[str]:
    """The files of the home in which it still stands, the packed ones unpacked."""
    found, apart = [], () if isinstance(sought, SoughtNames) else _backups(settings)
    for file in sorted(settings.home.rglob("*")):
        if (
            file not in apart
            and file.is_file()
            and not file.is_symlink()
            and any(map(sought.stands_in, _pieces(file)))
        ):
            found.append(str(file.relative_to(settings.home)))
    return found


def _pieces(file: Path) -> Iterator[str]:
    opened = gzip.open if file.suffix == ".gz" else open
    before = b""
    try:
        with opened(file, "rb") as read:
            while piece := read.read(_PIECE):
                yield _text(before + piece)
                before = piece[-_OVERLAP:]
    except (OSError, EOFError, zlib.error):
        return  # a file that is no longer there, or is no whole archive


def _text(content: bytes) -> str:
    return re.sub(r"[\x00-\x08\x0e-\x1f]+", " ", content.decode("utf-8", "ignore"))
