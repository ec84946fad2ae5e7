"""Files of a reader's own into the archive: each kept by the hash of its bytes, once, with a crawl line.

A file is read whole before anything is written: what is refused, each with the reason, leaves nothing.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawlers.archive.blanked import names_in
from crawlers.archive.lines import Line, Lines, read_lines, run_time, runs
from crawlers.archive.state import BARRED, Seen, SeenPage
from crawlers.archive.warc import Archive, Record
from crawlers.documents.articles import FILES, parse_file, type_of
from crawlers.documents.document import FileRefused
from crawlers.documents.facts import Facts
from crawlers.documents.forms import MAX_FILE, by_records, check_unpacked, form_of
from crawlers.pages.dates import LONDON
from crawlers.pages.head import read_head
from crawlers.pages.parse import MAX_PAGE
from crawlers.pages.urls import article_id, canonical, fold, key, site
from ledger import forgotten
from ledger.counts import Problem
from ledger.errors import SaidError
from ledger.types import ArticleKind

MOST_PAGES = 2_000  # pages of one WARC file
ADDED, KNOWN, CHANGED, REFUSED = "added", "known", "changed", "refused"


@dataclass(frozen=True, slots=True)
class FactsTold:
    """What the one who brings a file says of it; "" and None are guessed from the file."""

    kind: ArticleKind = ""
    publisher: str = ""
    speaker: str = ""
    day: date | None = None
    title: str = ""


class PublisherMissing(FileRefused):
    """A file that can be read, and does not say whose it is. ``facts``: the rest of what it says."""

    def __init__(self, facts: Facts) -> None:
        super().__init__("no_publisher", "it does not say whose it is: give its publisher (--publisher)")
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of a file: ``state`` is one of the four above, ``why`` says it of what is refused.

    ``facts`` as they are stored; of what is refused None, unless only its publisher is missing.
    ``pages``: how many it has, 0 where it has none.
    """

    name: str
    state: str
    facts: Facts | None = None
    pages: int = 0
    why: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    """One file, or one page of a WARC, read and ready to be kept."""

    record: Record
    line: Line
    outcome: Addition


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a home holds already; ``seen`` is None where nothing was crawled or added there."""

    home: Path
    seen: Seen | None

    def line(self, ident: str) -> Line | None:
        """The last crawl line of a page. Raises FileRefused for one that was taken out on request."""
        known = self.seen.page(ident) if self.seen else None
        if known is None:
            return None
        if known.status == BARRED:
            raise FileRefused("barred", "it was taken out on request")
        for path in reversed(runs(self.home / "data" / "crawl")):
            for _, line in reversed(list(read_lines(path))):
                if line is not None and line["what"] == "page" and line.get("id") == ident:
                    return line
        return None


def look(home: Path, file: Path, told: FactsTold) -> list[Addition]:
    """What a file would be added as to a home; nothing is written."""
    memory = home / "data" / "crawl" / "seen.sqlite"
    with closing(Seen(memory)) if memory.exists() else nullcontext() as seen:
        items = list(_items(file, told, _Kept(home, seen)))
    return [one.outcome if isinstance(one, _Item) else one for one in items]


def add(home: Path, files: Sequence[Path], told: FactsTold) -> list[Addition]:
    """Keep files in the archive of ``home``, each with a crawl line for the stage ``load``.

    What is there already is known, and what was told of it before holds: nothing is written for it, unless
    other facts are told. Raises SaidError where the home cannot be written.
    """
    outcomes: list[Addition] = []
    now = datetime.now(UTC)  # names are read in their order, those of one second, too
    name = f"{run_time(home / 'data' / 'crawl')}-{now.microsecond:05x}{secrets.token_hex(2)}"
    new: dict[object, _Item] = {}
    try:
        with closing(Seen(home / "data" / "crawl" / "seen.sqlite")) as seen:
            for file in files:
                for one in _items(file, told, _Kept(home, seen)):
                    outcome = one.outcome if isinstance(one, _Item) else one
                    if isinstance(one, _Item) and outcome.state != KNOWN:
                        if one.line["id"] in new:
                            outcome = replace(outcome, state=KNOWN)
                        else:
                            new[one.line["id"]] = one
                    outcomes.append(outcome)
            if new:
                _write(home, name, new.values(), seen)
    except OSError as error:
        raise SaidError(f"{home} cannot be written ({error.strerror}); see its rights and space") from error
    return outcomes


def _write(home: Path, name: str, kept: Iterable[_Item], seen: Seen) -> None:
    """Archive record, crawl line, memory of what was seen, in this order for each."""
    with (
        Lines(home / "data" / "crawl" / f"{name}.jsonl") as lines,
        Archive(home / "data" / "archive", name) as archive,
    ):
        for item in kept:
            line = dict(item.line)
            outlet = str(line.pop("outlet"))
            reference = archive.write(item.record)
            lines.add("page", outlet, **line, archive=reference)
            page = SeenPage(
                id=str(line["id"]),
                outlet=outlet,
                url=str(line["url"]),
                status=200,
                first_seen=item.record.fetched,
                checked=item.record.fetched,
                sha256=str(line["sha256"]),
                archive=reference,
            )
            seen.keep_page(page, [address] if (address := key(page.url)) else [])
        lines.add("end", "")


def _all_told(told: FactsTold, stored: FactsTold) -> FactsTold:
    """What is told now, and for the rest what was before; whose words they are was guessed by kind and
    publisher."""
    followed = stored.speaker == stored.publisher and bool(told.publisher or told.kind)
    base = replace(stored, speaker="") if followed else stored
    return FactsTold(*(new or old for new, old in zip(astuple(told), astuple(base), strict=True)))


def _told_before(line: Line) -> FactsTold | None:
    """What a file's crawl line says of it, None of a page that a crawl fetched."""
    file = line.get("file")
    if not isinstance(file, dict):
        return None
    day = str(line.get("published") or "")
    return FactsTold(
        str(file.get("kind") or ""),
        str(line["outlet"]),
        str(file.get("speaker") or ""),
        datetime.fromisoformat(day).astimezone(LONDON).date() if day else None,
        str(line.get("title") or ""),
    )


def _items(file: Path, told: FactsTold, kept: _Kept) -> Iterator[_Item | Addition]:
    """The pages of a file, or the one reason why it is not read."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_FILE + 1)
        form = form_of(data, file.name)
        if form == "warc":
            check_unpacked(data)
            yield from list(_pages_of(data, file.name, told, kept))  # all of it, or nothing
            return
        url = f"urn:sha256:{hashlib.sha256(data).hexdigest()}"
        if form == "html":
            url = fold(read_head(data, {}).canonical) or url
        record = Record(url, 200, {"content-type": type_of(form)}, data, datetime.now(UTC))
        yield _item(record, file.name, told, kept)
    except OSError as error:
        yield Addition(file.name, REFUSED, why=f"it cannot be read ({error.strerror})")
    except FileRefused as error:
        yield _refused(file.name, error)


def _refused(name: str, error: FileRefused) -> Addition:
    """With its facts, if all that is missing is whose file it is."""
    return Addition(
        name, REFUSED, error.facts if isinstance(error, PublisherMissing) else None, why=str(error)
    )


def _pages_of(data: bytes, name: str, told: FactsTold, kept: _Kept) -> Iterator[_Item | Addition]:
    """The pages that a WARC file holds."""
    found = 0
    try:
        for record in ArchiveIterator(io.BytesIO(by_records(data))):
            http, url = record.http_headers, record.rec_headers.get_header("WARC-Target-URI") or ""
            if record.rec_type != "response" or http is None or http.get_statuscode() != "200":
                continue
            kind = (http.get_header("Content-Type") or "").partition(";")[0].strip().lower()
            if ("html" not in kind and kind not in FILES) or not canonical(url):
                continue
            body = record.content_stream().read((MAX_FILE if kind in FILES else MAX_PAGE) + 1)
            if getattr(record.raw_stream, "limit", 0) and not record.raw_stream.read(1):
                raise FileRefused("damaged", f"it ends within {url}")
            found += 1
            if found > MOST_PAGES:
                raise FileRefused("too_large", f"it holds more than {MOST_PAGES:,} pages")
            headers = {header.lower(): value for header, value in http.headers}
            fetched = datetime.fromisoformat(
                record.rec_headers.get_header("WARC-Date").replace("Z", "+00:00")
            )
            try:
                yield _item(Record(canonical(url), 200, headers, body, fetched), name, told, kept)
            except FileRefused as error:
                yield _refused(f"{name}: {url}", error)
    except (ArchiveLoadFailed, EOFError, ValueError, AttributeError) as error:
        raise FileRefused("damaged", "it is no whole WARC file") from error
    if not found:
        raise FileRefused("empty", "it holds no page of the web")


def _item(record: Record, name: str, told: FactsTold, kept: _Kept) -> _Item:
    """Raises FileRefused with the reason why the file is not read, or does not say whose it is."""
    ident, sha256 = article_id(record.url), hashlib.sha256(record.body).hexdigest()
    before = kept.line(ident)
    same = before is not None and before.get("sha256") == sha256
    stored = _told_before(before) if before is not None and same else None
    now = _all_told(told, stored) if stored else told
    published = datetime.combine(now.day, time.min, LONDON).isoformat() if now.day else ""
    line: Line = {
        "outlet": now.publisher,
        "id": ident,
        "url": record.url,
        "fetched": record.fetched.isoformat(),
        "sha256": sha256,
        "rights": (before or {}).get("rights") or {},  # what its site reserved holds for a copy
        "file": {"name": name, "kind": now.kind, "speaker": now.speaker},
        "title": now.title,
        "published": published,
    }
    parsed = parse_file(record.body, record.url, record.headers, line, record.fetched)
    if isinstance(parsed, Problem):
        raise FileRefused(parsed.reason, parsed.detail or "there are no words in it")
    article = parsed.article
    words = f"{name} {record.url} {article.title} {article.byline} {article.text}"
    if (gone := forgotten.load(kept.home)).people_in(words) or names_in(record.body, record.headers, gone):
        raise FileRefused("taken_out", "it names somebody who was taken out on request")
    publisher = article.outlet or site(record.url)
    day = article.published.astimezone(LONDON).date() if article.published else None
    facts = Facts(article.kind, publisher, article.byline, day, article.title)
    if not publisher:
        raise PublisherMissing(facts)
    line |= {
        "outlet": publisher,
        "file": {"name": name, "kind": article.kind, "speaker": article.byline},
        "title": article.title,
        "published": article.published.isoformat() if article.published else "",
    }
    state = ADDED
    if same and (_told_before(line) == stored if stored else told == FactsTold()):
        state = KNOWN
    elif stored:
        state = CHANGED
    pages = len({number for _, number in article.pages})
    notes = tuple(note.detail for note in parsed.notes if note.detail)
    return _Item(record, line, Addition(name, state, facts, pages, notes=notes))
