"""Fetching the list of public bodies anew from its open publishers."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from crawlers.site_rules.peers import only_public
from ledger.data_files import data_file, write_whole
from ledger.errors import SaidError
from nlp.officials import body_sources, gazetteer
from nlp.officials.body_sources import BodySource, joined, parsed
from nlp.officials.gazetteer import KnownBody, read_bodies

if TYPE_CHECKING:
    import httpx

TIMEOUT = 30.0  # seconds
PAUSE = 1.0  # seconds between two pages of one publisher
MOST = 50_000_000  # bytes of a page, unpacked
PAGES = 100  # more than any list has: a list without an end is an error


def update(target: Path, contact: str) -> Iterator[tuple[BodySource, str]]:
    """Each publisher with what came of it, "" where its list was taken; then ``target`` is written.

    A list that cannot be had or read leaves what was known of it; with none at all nothing is written.
    """
    start = target if target.is_file() else data_file(gazetteer.__file__, "bodies.tsv")
    known: list[KnownBody] = read_bodies(start.read_text(encoding="utf-8"), str(start))
    taken: list[str] = []
    for source in body_sources.SOURCES:
        try:
            known = joined(known, source, _fetched(source, contact))
        except SaidError as error:
            yield source, str(error)
            continue
        taken.append(f"{source.name}: {source.licence}, {source.url}")
        yield source, ""
    if taken:
        head = [f"Fetched on {date.today().isoformat()}, over the list that was there:", *taken]  # noqa: DTZ011  # the reader's day
        lines = [*(f"# {line}" for line in head), *(body.line() for body in known)]
        write_whole(target, "\n".join(lines) + "\n")


def _fetched(source: BodySource, contact: str) -> list[KnownBody]:
    """All pages of a source, one after the other."""
    import httpx  # noqa: PLC0415  # takes 0.2 s, and only this command needs it

    found: list[KnownBody] = []
    url = source.url
    agent = f"said-and-done ({contact})" if contact else "said-and-done"
    try:
        with httpx.Client(
            headers={"User-Agent": agent}, timeout=TIMEOUT, follow_redirects=True,
            verify=ssl.create_default_context(),
        ) as client:  # fmt: skip
            for nth in range(PAGES):
                if nth:
                    time.sleep(PAUSE)
                with client.stream("GET", url, extensions=only_public(url)) as answer:
                    if not answer.is_success:
                        raise SaidError(f"{url}: status {answer.status_code}")
                    text = _text(answer, url)
                bodies, url = parsed(source, text, url)
                found += bodies
                if not url:
                    return found
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SaidError(f"{url}: not reached ({type(error).__name__}: {error})") from None
    raise SaidError(f"{source.url}: more than {PAGES} pages")


def _text(answer: httpx.Response, url: str) -> str:
    """The answer's text, read piece by piece: one that unpacks without end is not waited for."""
    held = b""
    for piece in answer.iter_bytes():
        held += piece
        if len(held) > MOST:
            raise SaidError(f"{url}: more than {MOST // 1_000_000} MB")
    return held.decode(answer.charset_encoding or "utf-8", "replace")
