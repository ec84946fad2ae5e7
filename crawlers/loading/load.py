"""From crawl lines and archive records to articles, in one fixed order: oldest run first, line by line.

Nothing is stored here; the flow's load stage keeps what it is given. The same lines, records, outlets
and rules give the same articles, byte for byte.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawlers.archive.lines import Line, read_lines, runs
from crawlers.archive.warc import BadArchive, Removed, read_record
from crawlers.documents.articles import is_file, parse_file
from crawlers.pages.dates import parse_date
from crawlers.pages.layouts import known_layouts, rules
from crawlers.pages.parse import MAX_PAGE, STAGE, Parsed, parse_page
from ledger.counts import Problem
from ledger.errors import fault_told
from ledger.types import Article, Outlet

PAPERS = ("minutes", "decision", "manifesto")  # what a body or party resolves or promises as one


@dataclass(frozen=True, slots=True)
class Loaded:
    """One archived page: its reference, when it was fetched, and the article or None with ``problems``.

    Neither article nor problem: the record was taken out on request. An article may come with problems,
    too: they name what was wrong with a page that could be read. ``told``: its facts are what its owner said
    of a file, and not read from a page.
    """

    reference: str
    fetched: datetime
    article: Article | None
    problems: tuple[Problem, ...] = ()
    outlet: str = ""
    told: bool = False


def pages(home: Path, read: Container[str] = ()) -> Iterator[Line | Problem]:
    """The ``page`` lines of every run, oldest first; a line that cannot be read is a Problem.

    ``read``: names of runs to leave out. A page that two runs fetched with the same body (the first was
    killed before it noted so) comes once.
    """
    last: dict[object, object] = {}
    for path in runs(home / "data" / "crawl"):
        if path.stem in read:
            continue
        for number, line in read_lines(path):
            if line is None:
                yield Problem(STAGE, f"{path.name}, line {number}", "bad_crawl_line")
            elif line["what"] == "page" and last.get(line.get("id")) != (state := _state(line)):
                last[line.get("id")] = state
                yield line


def _state(line: Line) -> tuple[object, ...]:
    """What of a page is another state of it: its body, and of a file what its owner said of it."""
    told = (str(line.get(name)) for name in ("file", "outlet", "title", "published") if "file" in line)
    return (line.get("sha256"), *told)


def articles_from(
    home: Path,
    outlets: Sequence[Outlet],
    known: Container[str] = (),
    today: datetime | None = None,
    read: Container[str] = (),
) -> Iterator[Loaded | Problem]:
    """Every archived page whose reference is not in ``known``, parsed by its outlet's layout.

    ``read``: names of runs to leave out. ``today``: dates up to here are believed even where the fetch was
    earlier. A Problem that belongs to no page (a crawl line that cannot be read) comes by itself.
    """
    by_name = {outlet.name: outlet for outlet in outlets}
    for line in pages(home, read):
        if isinstance(line, Problem):
            yield line
        elif str(line.get("archive")) not in known:
            yield _loaded(home / "data" / "archive", line, by_name.get(str(line["outlet"])), today)


def _loaded(archive: Path, line: Line, outlet: Outlet | None, today: datetime | None) -> Loaded:
    """The article of a line; a page at which we fail by a fault of ours is counted, and ends no run."""
    try:
        return load_page(archive, line, outlet, today)
    except Exception as error:  # noqa: BLE001  # counted; raised anew where it is none of ours
        told = Problem(STAGE, str(line.get("url", "")), "fault", fault_told(error))
        fetched = parse_date(line.get("fetched")) or datetime.fromtimestamp(0, UTC)
        return Loaded(str(line.get("archive", "")), fetched, None, (told,), str(line.get("outlet", "")))


def load_page(archive: Path, line: Line, outlet: Outlet | None, today: datetime | None = None) -> Loaded:
    """The article of one ``page`` line. An outlet that is no longer listed keeps its name."""
    reference, url, name = (str(line.get(key, "")) for key in ("archive", "url", "outlet"))
    fetched = parse_date(line.get("fetched")) or datetime.fromtimestamp(0, UTC)
    try:
        record = read_record(archive, reference)
    except Removed:
        return Loaded(reference, fetched, None, outlet=name)
    except BadArchive as error:
        return Loaded(reference, fetched, None, (Problem(STAGE, url, "bad_archive", str(error)),), name)
    if is_file(line, record.headers):
        parsed = parse_file(record.body, url or record.url, record.headers, line, fetched)
    else:
        parsed = parse_page(
            record.body,
            record.url,
            outlet.layout if outlet else "jsonld",
            outlet,
            record.headers,
            fetched,
            parse_date(line.get("published")),
            today,
        )
    if isinstance(parsed, Problem):
        return Loaded(reference, fetched, None, (replace(parsed, item=url or parsed.item),), name)
    rights = line.get("rights")  # with what its site reserved then: the page alone does not say
    kind = outlet.kind if outlet and outlet.kind != parsed.article.kind == "news" else parsed.article.kind
    if outlet and "file" not in line:
        path = urlsplit(record.url).path
        named = rules(outlet.layout, outlet.group).kinds
        kind = next((one for one, pattern in named if re.search(pattern, path, re.IGNORECASE)), kind)
    byline = parsed.article.byline
    if outlet and outlet.publisher and kind in PAPERS and "file" not in line:
        byline = outlet.publisher  # whose resolutions they are; a file's owner has said it
    article = replace(
        parsed.article,
        kind=kind,
        byline=byline,
        id=str(line.get("id") or parsed.article.id),
        url=url or parsed.article.url,
        outlet=name,
        title=parsed.article.title or str(line.get("title") or ""),
        archive=reference,
        rights={**(rights if isinstance(rights, dict) else {}), **parsed.article.rights},
    )
    return Loaded(reference, fetched, article, parsed.notes, name, "file" in line)


def parse_lines(
    lines: Iterable[str], folder: Path, now: datetime | None = None
) -> Iterator[tuple[dict[str, Any] | None, Problem | None]]:
    """``said parse``: input lines to output objects, layouts alone.

    Files are found from ``folder``. A line gives an object, a Problem, or (a readable page with
    something wrong in it) both. ``now``: dates more than a day later are not believed.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        asked = _asked(line, number, folder)
        if isinstance(asked, Problem):
            yield None, asked
            continue
        ident, url, page, layout = asked
        parsed = parse_page(page, url, layout, fetched=now)
        if isinstance(parsed, Problem):
            yield None, replace(parsed, stage="parse", item=ident)
            continue
        yield _as_output(ident, url, parsed), None
        for note in parsed.notes:
            yield None, replace(note, stage="parse", item=ident)


def _asked(line: str, number: int, folder: Path) -> tuple[str, str, bytes, str] | Problem:
    where = f"line {number}"
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return Problem("parse", where, "bad_line", "not JSON")
    if not isinstance(given, dict) or not all(isinstance(given.get(k), str) for k in ("id", "file")):
        return Problem("parse", where, "bad_line", 'needs "id" and "file", both strings')
    ident, layout = given["id"], given.get("layout") or "jsonld"
    if layout not in known_layouts():
        return Problem("parse", ident, "bad_layout", f"{layout!r}; known: {', '.join(known_layouts())}")
    try:
        page = _read_page(folder / given["file"])
    except OSError as error:
        return Problem("parse", ident, "no_file", f"{given['file']}: {error.strerror or 'cannot be read'}")
    except (EOFError, zlib.error, ValueError):
        return Problem("parse", ident, "bad_gzip", given["file"])
    return ident, str(given.get("url") or ""), page, layout


def _read_page(path: Path) -> bytes:
    """HTML, or gzip of it (told by its first bytes), to one byte past the largest page that is parsed."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    opened: Callable[..., Any] = gzip.open if packed else open
    with opened(path, "rb") as file:
        return bytes(file.read(MAX_PAGE + 1))


def _as_output(ident: str, url: str, parsed: Parsed) -> dict[str, Any]:
    article = parsed.article
    return {
        "id": ident,
        "url": article.url or url,
        "title": article.title,
        "byline": article.byline,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "modified": article.modified.isoformat() if article.modified else None,
        "section": article.section,
        "paywalled": article.paywalled,
        "declared_paid": article.declared_paid,
        "text": article.text,
        "layout": [{"kind": laid.kind, "span": list(laid.span)} for laid in article.layout],
        "rights": article.rights,
    }
