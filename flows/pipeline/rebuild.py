"""From the archive: the warehouse made again, and one article taken out."""

from __future__ import annotations

from crawlers.archive.forget import bar_page, remove_records
from crawlers.pages.urls import article_id, canonical
from flows.pipeline.runner import STAGES, new_run, run_stage
from flows.pipeline.sources import Sources
from ledger.counts import Counts
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.storage import pending, warehouse


def rebuild(settings: Settings, sources: Sources) -> list[Counts]:
    """Make the warehouse again from data/archive, data/crawl and the decisions; gives each stage's counts.

    The published file stays in place until the new one is whole. Raises WrongUse when there is no archive.
    """
    if not any((settings.data / "archive").glob("*.warc.gz")):
        raise WrongUse(f"there is no archive in {settings.data / 'archive'} to rebuild from")
    with warehouse.lock(settings):
        warehouse.start_afresh(settings)
        run_id = new_run(settings)
        return [run_stage(name, settings, sources, run_id) for name in STAGES if name != "crawl"]


def forget(settings: Settings, sources: Sources, url: str) -> str:
    """Take out an article, all that came from it, and its archive records; says what was removed.

    One that was stopped before it published is finished by the next. Raises WrongUse when no such article was
    ever stored.
    """
    address = canonical(url) or url  # a file of a reader's own has an address that is no place on the web
    key = article_id(address)
    with warehouse.run(settings) as connection:
        if key not in pending.known(connection, [key]) and key not in pending.forgotten(connection):
            raise WrongUse(f"no stored article has the address {url}")
        with warehouse.transaction(connection):  # stopped within it, the article is still known: try again
            references = pending.forget(connection, key)
            bar_page(settings.home, key, address)
            removed = remove_records(settings.data / "archive", references)
    run_stage("publish", settings, sources, new_run(settings))
    pages_removed = f"{removed} archived page{'s' if removed != 1 else ''}"
    return f"{url}: removed, with {pages_removed}; a tombstone keeps it away"
