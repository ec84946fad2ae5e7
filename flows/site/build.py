"""`said export --site`: every pledge as a static page, for any web host to serve.

The site is built in a folder beside it and then put in its place whole, so that a reader never meets half
a site, a page that is gone is gone, and an export that fails leaves the site as it was. The same warehouse,
decisions and day give the same bytes.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import html
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.site import lists, pages
from flows.site.feeds import write_feeds
from ledger.errors import Locked, WrongUse
from ledger.outputs import pledge_json
from ledger.outputs.quality import accuracy
from ledger.outputs.site_rows import ALL, SiteReader, reading
from ledger.outputs.story import story
from ledger.presentation.labels import headline_rule
from ledger.settings import Settings
from nlp.models.learned import weights_hash

NAME = "site"
LENGTH = 50  # pledges on a page of a list: a telephone shows some 250 pixels of each
_HALF = f".{NAME}.half"  # being built; after an exchange, the one before
_OLD = f".{NAME}.old"
_EXCHANGE = 2  # RENAME_EXCHANGE of linux/fs.h
_HERE = -100  # AT_FDCWD of linux/fcntl.h


def export_site(settings: Settings, folder: Path, length: int = LENGTH) -> tuple[Path, int]:
    """Write the site to ``folder``/site in place of the one before; gives its first page and its pledges.

    ``length``: pledges on a page of a list. Raises WrongUse when nothing is published, when the folder
    cannot be written, or when something lies there that is no site of ours; Locked when another export is
    at work there.
    """
    site, half = folder / NAME, folder / _HALF
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            _recover(folder)
            _check_ours(site)
            try:
                with reading(settings) as reader:
                    number = _build(half, reader, settings, length)
                _put(half, site)
            finally:
                shutil.rmtree(half, ignore_errors=True)
    except OSError as error:
        raise WrongUse(f"cannot write to {folder} ({error.strerror or error})") from error
    return site / "index.html", number


def _build(half: Path, reader: SiteReader, settings: Settings, length: int) -> int:
    today, rule = settings.today, headline_rule(settings.headline_rule)
    for name in ("pledge", "pledges"):
        (half / name).mkdir(parents=True)
    _write(half / "style.css", [pages.style_sheet()])
    _write(half / pages.HEADERS, [pages.headers_file()])
    _write(half / "about.html", pages.about_page(today, rule))
    _write(half / "accuracy.html", pages.accuracy_page(today, accuracy.here(weights_hash())))
    _write(half / "accuracy.json", [accuracy.written(accuracy.shipped())])
    _write(half / "index.html", lists.overview_page(reader, rule))
    _write(half / "index.json", [lists.overview_json(reader, rule)])
    for one in filter(lists.listed, reader.lists):
        for place in lists.places(reader.numbers(one.name)[0], length):
            page = lists.list_page(reader, one, place, length, rule)
            _write(half / lists.file_name(one.name, place), page)
        _write(half / f"{one.name}.json", lists.listing(reader, one.name, length))
    if reader.overview.minor:
        for place in lists.places(reader.overview.minor, length):
            _write(half / lists.file_name(lists.MINOR, place), lists.minor_page(reader, place, length))
        _write(half / f"{lists.MINOR}.json", lists.minor_listing(reader, length))
    named = write_feeds(half, settings, lists.rows(reader, ALL, length))
    _write(half / "feeds.html", pages.feeds_page(today, named))
    for pledge in reader.pages():
        told = story(pledge, today)
        _write(half / "pledge" / f"{pledge.pledge.id}.html", pages.pledge_page(told))
        _write(half / "pledges" / f"{pledge.pledge.id}.json", [pledge_json.text(told)])
    return reader.numbers()[0]


def _write(path: Path, pieces: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Admit one export to a folder. The lock goes with the process that held it, and leaves no file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Locked(f"another export is at work in {folder}: wait for it to end") from error
        yield
    finally:
        os.close(handle)


def _recover(folder: Path) -> None:
    """Clear up after an export that was killed; a site that it had set aside comes back."""
    site, half, old = (folder / name for name in (NAME, _HALF, _OLD))
    if old.exists() and not site.exists():
        old.rename(site)
    for left in (half, old):
        if left.exists():
            shutil.rmtree(left)


def _check_ours(site: Path) -> None:
    """Nothing is replaced but an empty folder or a site that this program wrote."""
    if not site.exists() and not site.is_symlink():
        return
    mark = f'<meta name="generator" content="{html.escape(pages.GENERATOR)}">'
    first = site / "index.html"
    if site.is_dir() and not site.is_symlink():
        if not any(site.iterdir()):
            return
        if first.is_file() and mark in first.read_text(encoding="utf-8", errors="replace")[:2000]:
            return
    raise WrongUse(f"{site} was not written by `said export --site`, and would be replaced: move it away")


def _put(half: Path, site: Path) -> None:
    """Put the new site in the place of the old in one step; where the system has none, in two."""
    if not site.exists():
        half.rename(site)
    elif not _exchange(half, site):
        old = site.with_name(_OLD)
        site.rename(old)
        half.rename(site)
        shutil.rmtree(old)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places at once. False where the system or the file system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), ctypes.c_uint(_EXCHANGE)) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(other))
