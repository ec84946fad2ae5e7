"""From the archive: the warehouse made again, its articles checked, and one article taken out."""

from __future__ import annotations

from collections.abc import Mapping

from crawlers.forget import bar_page, remove_records
from crawlers.load import Loaded, load_page, pages
from crawlers.urls import article_id, canonical
from flows.daily import STAGES, new_run, run_stage
from flows.sources import Sources
from ledger import pending, rows, warehouse
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.types import Counts, Problem, text_hash

FROM_ARCHIVE = tuple(name for name in STAGES if name != "crawl")


def rebuild(settings: Settings, sources: Sources) -> list[Counts]:
    """Make the warehouse again from data/archive, data/crawl and the decisions; gives each stage's counts.

    The published file stays in place until the new one is whole. Raises WrongUse when there is no archive.
    """
    if not any((settings.data / "archive").glob("*.warc.gz")):
        raise WrongUse(f"there is no archive in {settings.data / 'archive'} to rebuild from")
    with warehouse.lock(settings):
        warehouse.start_afresh(settings)
        run_id = new_run(settings)
        return [run_stage(name, settings, sources, run_id) for name in FROM_ARCHIVE]


def verify_archive(settings: Settings) -> Counts:
    """Parse every stored article's archived page again and compare the text with the stored one.

    ``read`` articles, ``written`` of them the same; a difference, or a record that cannot be read, is a
    problem. Articles that came from no archive are skipped and counted.
    """
    counts = Counts("verify")
    lines: dict[str, Mapping[str, object]] = {
        str(line.get("archive")): line for line in pages(settings.home) if not isinstance(line, Problem)
    }
    with warehouse.reading(settings) as connection:
        outlets = {outlet.name: outlet for outlet in rows.get_outlets(connection)}
        for url, outlet, archive, sha256 in warehouse.stored_articles(connection):
            counts.read += 1
            if archive not in lines:
                counts.problem(url, "no_archive_line", archive)
                continue
            loaded = load_page(settings.data / "archive", dict(lines[archive]), outlets.get(outlet))
            fault = _fault(loaded, sha256)
            if fault:
                counts.problem(url, fault, archive)
            else:
                counts.written += 1
    return counts


def _fault(loaded: Loaded, sha256: str) -> str:
    if loaded.article is None:
        return loaded.problems[0].reason if loaded.problems else "no_article"
    return "" if text_hash(loaded.article.text) == sha256 else "differs_from_archive"


def forget(settings: Settings, sources: Sources, url: str) -> str:
    """Take out an article, all that came from it, and its archive records; says what was removed.

    Raises WrongUse when no such article is stored.
    """
    key = article_id(canonical(url))
    with warehouse.run(settings) as connection:
        if key not in pending.known(connection, [key]):
            raise WrongUse(f"no stored article has the address {url}")
        with warehouse.transaction(connection):
            references = pending.forget(connection, key)
    removed = remove_records(settings.data / "archive", references)
    bar_page(settings.home, key)
    run_stage("publish", settings, sources, new_run(settings))
    pages_removed = f"{removed} archived page{'s' if removed != 1 else ''}"
    return f"{url}: removed, with {pages_removed}; a tombstone keeps it away"
