"""What the crawl has met: pages with their validators, listings, hosts' budgets and pauses.

``data/crawl/seen.sqlite`` is a memory, not a record: it can be thrown away, and the next crawl fetches
again what it then no longer knows. Several processes may use it at once (WAL); each call commits.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter

from ledger.types import content_id

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    id TEXT PRIMARY KEY, outlet TEXT, url TEXT, status INTEGER, etag TEXT, last_modified TEXT,
    sha256 TEXT, first_seen TEXT, checked TEXT, archive TEXT);
CREATE TABLE IF NOT EXISTS aliases (key TEXT PRIMARY KEY, id TEXT NOT NULL); -- key: a hash of the address
CREATE TABLE IF NOT EXISTS listings (
    url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, found TEXT, checked TEXT);
CREATE TABLE IF NOT EXISTS budgets (host TEXT, day TEXT, used INTEGER, PRIMARY KEY (host, day));
CREATE TABLE IF NOT EXISTS pauses (host TEXT PRIMARY KEY, until TEXT);
"""
BARRED = 451  # the status that stands for "taken out on request"
_WAIT = 30.0  # seconds for another process's commit


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page as last fetched. ``status`` is its HTTP status; ``sha256`` that of the body, "" if none."""

    id: str
    outlet: str
    url: str
    status: int
    first_seen: datetime
    checked: datetime
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    archive: str = ""


_PAGE = TypeAdapter(SeenPage)


@dataclass(frozen=True, slots=True)
class SeenListing:
    """A file other than an article (a feed, sitemap, section page, robots.txt) as last fetched.

    ``found`` is JSON of what it held; ``checked``: when it was kept, None for one that was not yet.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    found: object = None
    checked: datetime | None = field(default=None, compare=False)

    @property
    def age(self) -> timedelta:
        """Since it was last asked for; for ever where it was not, or at a time that is still to come, since
        the clock was wrong then."""
        age = datetime.now(UTC) - self.checked if self.checked else timedelta.max
        return age if age >= timedelta(0) else timedelta.max


class Seen:
    """The store at ``path``. ``moved`` names the file a damaged store was put aside as, else None."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.moved: Path | None = None
        try:
            self._db = self._open(path)
        except sqlite3.DatabaseError:
            self.moved = path.with_suffix(".damaged")
            path.replace(self.moved)
            for tail in ("-wal", "-shm"):
                path.with_name(path.name + tail).unlink(missing_ok=True)
            self._db = self._open(path)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        db = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
        db.row_factory = sqlite3.Row
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute("PRAGMA secure_delete=ON")  # what is taken out leaves no bytes in the file
            db.executescript(_SCHEMA)
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    def close(self) -> None:
        self._db.close()

    def page(self, key: str) -> SeenPage | None:
        """The page that an address key (``crawlers.pages.urls.key``) or an id leads to."""
        row = self._db.execute(
            "SELECT * FROM pages WHERE id = coalesce((SELECT id FROM aliases WHERE key = ?), ?)",
            (content_id(key), key),
        ).fetchone()
        return None if row is None else _PAGE.validate_python(dict(row))

    def keep_page(self, page: SeenPage, keys: Iterable[str]) -> None:
        """Store ``page`` as it now is, with the address keys that lead to it. first_seen stays the first."""
        known = self.page(page.id)
        if known is not None:
            page = replace(page, first_seen=min(known.first_seen, page.first_seen))
        with self._db:
            self._db.execute("BEGIN")
            self._db.execute(
                "INSERT OR REPLACE INTO pages VALUES (:id, :outlet, :url, :status, :etag, :last_modified,"
                " :sha256, :first_seen, :checked, :archive)",
                _PAGE.dump_python(page, mode="json"),
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO aliases VALUES (?, ?)",
                [(content_id(key), page.id) for key in dict.fromkeys(keys)],
            )

    def bar_page(self, article_id: str, keys: Iterable[str] = ()) -> None:
        """Taken out on request: never to be fetched again. Its addresses (``keys``) stay as hashes only."""
        now = datetime.now(UTC)
        self.keep_page(SeenPage(article_id, "", "", BARRED, now, now), [article_id, *keys])

    def barred(self) -> frozenset[str]:
        """Hashes of the address keys that lead to pages which were taken out."""
        rows = self._db.execute(
            "SELECT key FROM aliases WHERE id IN (SELECT id FROM pages WHERE status = ?)", (BARRED,)
        )
        return frozenset(str(one) for (one,) in rows)

    def listing(self, url: str) -> SeenListing | None:
        row = self._db.execute(
            "SELECT url, etag, last_modified, found, checked FROM listings WHERE url = ?", (url,)
        ).fetchone()
        if row is None:
            return None
        return SeenListing(row[0], row[1], row[2], json.loads(row[3]), datetime.fromisoformat(row[4]))

    def drop_outlet(self, name: str, sites: Iterable[str]) -> None:
        """Take out an outlet's pages but for those barred, and the listings and limits of its sites."""
        self._db.execute("DELETE FROM pages WHERE outlet = ? AND status <> ?", (name, BARRED))
        for one in sites:
            self._db.execute("DELETE FROM listings WHERE instr(url, ?) > 0", (f"{one}/",))
            for table in ("budgets", "pauses"):
                self._db.execute(f"DELETE FROM {table} WHERE instr(host, ?) > 0", (one,))

    def blank(self, changed: Callable[[str], str]) -> None:
        """Forget listings and pages whose words ``changed`` gives otherwise: they are asked anew."""
        for table, columns in (("pages", ("url",)), ("listings", ("url", "found"))):
            for column in columns:
                rows = self._db.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
                gone = [(number,) for number, text in rows if changed(str(text)) != text]
                self._db.executemany(f"DELETE FROM {table} WHERE rowid = ?", gone)

    def listings_with(self, words: str) -> list[SeenListing]:
        """The listings in which these words stand, such as an address."""
        rows = self._db.execute("SELECT url FROM listings WHERE instr(found, ?) > 0", (words,)).fetchall()
        return [found for (url,) in rows if (found := self.listing(url)) is not None]

    def keep_listing(self, listing: SeenListing) -> None:
        found, now = json.dumps(listing.found, ensure_ascii=False), datetime.now(UTC).isoformat()
        values = (listing.url, listing.etag, listing.last_modified, found, now)
        self._db.execute("INSERT OR REPLACE INTO listings VALUES (?, ?, ?, ?, ?)", values)

    def spend(self, host: str, day: date, limit: int) -> bool:
        """Take one request from the host's budget of the day; False when ``limit`` is used up."""
        row = self._db.execute(
            "INSERT INTO budgets VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET used = used + 1 RETURNING used",
            (host, day.isoformat()),
        ).fetchone()
        return int(row[0]) <= limit

    def pause(self, host: str, until: datetime) -> None:
        """Remember that nothing may be asked of ``host`` before ``until``."""
        self._db.execute("INSERT OR REPLACE INTO pauses VALUES (?, ?)", (host, until.isoformat()))

    def paused_until(self, host: str) -> datetime | None:
        row = self._db.execute("SELECT until FROM pauses WHERE host = ?", (host,)).fetchone()
        return datetime.fromisoformat(row[0]) if row else None
