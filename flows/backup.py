"""`said backup` and `said restore`: what people made in a home folder, which no run can make again.

A backup is one file: the journals, copied by SQLite while others write to them, the lists, settings and the
home's own key that lie beside them, the records of what digests told, and a table of their checksums.
Passwords of others' servers stay out.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from ledger import forgotten
from ledger.data_files import half_of, write_whole
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.storage import journals, warehouse

KEPT = timedelta(weeks=8)
_LISTS = (
    "settings.toml",
    "link-secret",
    "*.yaml",
    "*.tsv",
    "*.csv",
    "*.jsonl",  # beside the journals, in the home folder itself
    "data/digests/*.json",
)
_JOURNALS = "*.sqlite"
_OURS = (_JOURNALS, *_LISTS)
_CONTENTS = "contents.json"
_LEAST_BOMB, _PACKED = (
    100_000_000,
    200,
)  # bytes, and times a file's own size: what unpacks to more is no backup
_NAME = "said-backup-{:%Y%m%dT%H%M%SZ}.tar.gz"
_NAMES = "said-backup-*.tar.gz"
_MAKING, _UNPACKING = ".backup-", ".restore-"  # folders that a killed backup, or restore, may leave


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written: the file, what is in it, and the older files that went."""

    path: Path
    contents: tuple[str, ...]
    removed: tuple[Path, ...]


def backup(settings: Settings, folder: Path | None = None, now: datetime | None = None) -> BackedUp:
    """Write a backup to ``folder`` (``data/backups`` of the home) and remove those older than eight weeks.

    The newest is kept however old it is. The file can be read by its owner alone, since it names subscribers.
    Raises WrongUse when there is nothing to keep, a journal is broken, or the folder cannot be written.
    """
    now = now or datetime.now(UTC)
    folder = folder or settings.data / "backups"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder), tempfile.TemporaryDirectory(dir=folder, prefix=_MAKING) as made:
            contents = _gather(settings, Path(made))
            if not contents:
                raise WrongUse(f"there is nothing to back up in {settings.home} yet")
            half = Path(made) / "whole.tar.gz"
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                with tarfile.open(fileobj=file, mode="w:gz") as archive:
                    for name in (_CONTENTS, *contents):
                        archive.add(Path(made) / name, name)
                file.flush()
                os.fsync(file.fileno())
            path = _free(folder, now)
            half.replace(path)
        return BackedUp(path, contents, tuple(_remove_old(folder, now)))
    except OSError as error:
        raise WrongUse(f"cannot write a backup to {folder} ({error.strerror or error})") from error


def _gather(settings: Settings, made: Path) -> tuple[str, ...]:
    """Copy everything to the folder ``made`` with a table of checksums; the names of what was copied."""
    names = []
    for file in sorted(settings.home.glob(_JOURNALS)):
        journals.copy(file, made / file.name)
        names.append(file.name)
    for file in sorted(
        {file for pattern in _LISTS for file in settings.home.glob(pattern) if file.is_file()}
    ):
        name = file.relative_to(settings.home).as_posix()
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, made / name)
        names.append(name)
    sums = {name: hashlib.sha256((made / name).read_bytes()).hexdigest() for name in names}
    (made / _CONTENTS).write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8")
    return tuple(names)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Admit one backup at a time to a folder, cleared of what killed ones left."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _clear(folder, _MAKING)
        yield
    finally:
        os.close(handle)


def _clear(folder: Path, left: str) -> None:
    for one in folder.glob(f"{left}*"):
        shutil.rmtree(one)


def _free(folder: Path, now: datetime) -> Path:
    """A name that no file has: its time, and a number for the later ones of a second."""
    named = _NAME.format(now)
    path, n = folder / named, 1
    while path.exists():
        n += 1
        path = folder / named.replace("Z.", f"Z_{n:03}.")  # stands after the one without a number
    return path


def _remove_old(folder: Path, now: datetime) -> Iterator[Path]:
    oldest = _NAME.format(now - KEPT)  # names begin with their time, so they stand in its order
    for file in sorted(folder.glob(_NAMES))[:-1]:
        if file.name < oldest:
            file.unlink()
            yield file


def restore(settings: Settings, file: Path) -> tuple[tuple[str, ...], Path | None]:
    """Put what a backup holds in the place of what is there; gives its names, and the backup made before.

    What is there is backed up first, so that nothing is lost; a journal that cannot be read is set aside
    under another name. Journals are replaced in one step each for everybody who reads or writes there. Raises
    WrongUse when the file is no whole backup or a newer version's, and Locked while a run is at work.
    """
    with warehouse.lock(settings):
        _clear(settings.data, _UNPACKING)
        with tempfile.TemporaryDirectory(dir=settings.data, prefix=_UNPACKING) as folder:
            found = _unpack(file, Path(folder))
            before = _before(settings)
            for name in found:
                made, there = Path(folder) / name, settings.home / name
                if there.match(_JOURNALS):
                    journals.copy(made, there)
                elif name == forgotten.FILE:
                    forgotten.merged(settings.home, made.read_text(encoding="utf-8"))
                else:
                    there.parent.mkdir(parents=True, exist_ok=True)
                    half = half_of(there)
                    shutil.copy(made, half)
                    half.replace(there)
            _blank(settings)
    return found, before


def _blank(settings: Settings) -> None:
    """What was forgotten since the backup was made does not come back by it."""
    gone = forgotten.load(settings.home)
    for journal in settings.home.glob(_JOURNALS) if gone.words else ():
        journals.blank(journal, lambda text: forgotten.blanked(text, gone.people_in(text)))
    for digest in settings.digests.glob("*.json"):
        if names := gone.people_in(text := digest.read_text(encoding="utf-8")):
            write_whole(digest, forgotten.blanked(text, names))


def _before(settings: Settings) -> Path | None:
    """A backup of what is there, without the journals that are broken, which get another name."""
    there = sorted(settings.home.glob(_JOURNALS))
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for journal in there:
        if not journals.is_whole(journal):
            for part in settings.home.glob(f"{journal.name}*"):  # with what SQLite keeps beside it
                part.rename(part.with_name(f"{part.name}.broken-{stamp}"))
    lists = (file for pattern in _LISTS for file in settings.home.glob(pattern))
    return backup(settings).path if there or any(lists) else None


def _unpack(file: Path, folder: Path) -> tuple[str, ...]:
    """Unpack a backup and hold it against its table; the names of what is in it."""
    size = 0
    try:
        with tarfile.open(file) as archive:
            for member in archive:
                held = archive.extractfile(member) if member.isreg() else None
                if held is None or not _is_ours(member.name):
                    raise WrongUse(f"{file} is no backup of this version: it holds {member.name!r}")
                size += member.size
                if size > _LEAST_BOMB and size > _PACKED * file.stat().st_size:
                    raise WrongUse(f"{file} is no backup of ours: it unpacks to more than it can hold")
                file_there = folder / member.name
                file_there.parent.mkdir(parents=True, exist_ok=True)
                with file_there.open("wb") as made:
                    shutil.copyfileobj(held, made)
                file_there.chmod(member.mode & 0o777)
        there = (made for made in folder.rglob("*") if made.is_file())
        held_here = {made.relative_to(folder).as_posix() for made in there} - {_CONTENTS}
        sums = dict(json.loads((folder / _CONTENTS).read_text(encoding="utf-8")))
        if held_here != sums.keys():
            raise WrongUse(f"{file} is damaged: it does not hold what its table says")
        for name, wanted in sums.items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
                raise WrongUse(f"{file} is damaged: {name} is not what was backed up")
            if fnmatch(name, _JOURNALS):
                journals.check_file(folder / name, f"{name} in {file}")
        return tuple(sums)
    except (OSError, ValueError, TypeError, EOFError, zlib.error, tarfile.TarError) as error:
        raise WrongUse(f"{file} is no whole backup ({error})") from error


def _is_ours(name: str) -> bool:
    """Whether a member of that name belongs in a backup: a file of one of the folders that are ours."""
    path = PurePosixPath(name)
    known = map(PurePosixPath, (_CONTENTS, *_OURS))
    return any(path.parent == one.parent and fnmatch(path.name, one.name) for one in known)
