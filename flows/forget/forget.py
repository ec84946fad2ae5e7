"""`said forget`: what is named goes from archive, crawl files, warehouse, indexes, journals, exports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from crawlers.archive.forget import (
    bar_outlet,
    bar_page,
    blank_people,
    old_records,
    references,
    remove_records,
)
from crawlers.pages.urls import article_id, canonical
from flows.forget import traces
from flows.pipeline.runner import new_run, run_stage
from flows.pipeline.sources import Sources
from ledger import forgotten
from ledger.decisions import journal
from ledger.errors import WrongUse
from ledger.forgotten import folded
from ledger.presentation.labels import number
from ledger.search import word_index
from ledger.settings import Settings
from ledger.storage import forgetting, pending, warehouse

_AGAIN = ("extract", "flag", "group", "track")
Reload = Callable[[], Sources]


@dataclass(slots=True)
class Forgot:
    """What a try did, in lines, and where what was to go still stands ("" of a file: what to do there)."""

    told: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def articles(settings: Settings, sources: Reload, urls: Sequence[str]) -> Forgot:
    """Take out articles, all that came from them, and their archive records. What was stopped before it
    published is finished by the next.

    Raises WrongUse when no such article was ever stored, before anything is taken out.
    """
    asked = {article_id(canonical(url) or url): canonical(url) or url for url in urls}
    with warehouse.lock(settings):
        with warehouse.run(settings) as connection:
            known = {*pending.known(connection, list(asked)), *pending.forgotten(connection)}
        if unknown := [url for key, url in asked.items() if key not in known]:
            raise WrongUse(f"no stored article has the address {unknown[0]}")
        done = Forgot([_whole(settings, asked)])
        pages = [
            url for url in asked.values() if urlsplit(url).path.strip("/")
        ]  # a home page's is in all others
        sought = [url.partition("://")[2] or url for url in pages]
        _end(settings, sources, done, traces.SoughtAddresses(sought))
    return done


def person(settings: Settings, sources: Reload, names: Sequence[str]) -> Forgot:
    """Blank a person's names wherever they stand. Articles whose address names them go whole, as do files in
    which a name cannot be blanked."""
    wanted = [name for name in map(folded, names) if name]
    if not wanted:
        raise WrongUse("a name needs letters")
    with warehouse.lock(settings):
        forgotten.bury(settings.home, "person", wanted)
        known = forgotten.load(settings.home)
        with warehouse.run(settings) as connection:
            named = {key for key, text in forgetting.texts(connection) if known.people_in(text)}
        gone = blank_people(settings.home, wanted, known, named)
        done = Forgot()
        with warehouse.run(settings) as connection, warehouse.transaction(connection):
            forgetting.blank(connection, known.people_in, wanted)
            forgetting.refer(connection, references(settings.home))
        removed = remove_records(settings.data / "archive", old_records(settings.home, known))
        done.told.append(f"the name blanked, {number(removed, 'archived page')} replaced")
        if gone:
            done.told.append(_whole(settings, gone))
        _end(settings, sources, done, traces.SoughtNames(wanted, known))
    return done


def outlet(settings: Settings, sources: Reload, name: str) -> Forgot:
    """Take out an outlet with all its articles. Raises WrongUse when none of the name is read or stored."""
    listed = next((one for one in sources().outlets if one.name.casefold() == name.casefold()), None)
    with warehouse.lock(settings):
        with warehouse.run(settings) as connection:
            stored = forgetting.articles_of(connection, listed.name if listed else name)
        if not (listed or stored):
            raise WrongUse(f"no outlet is named {name!r}: give its name as outlets.yaml has it")
        whole = listed.name if listed else name
        forgotten.bury(settings.home, "outlet", [folded(whole)])
        done = Forgot([_whole(settings, stored)])
        with warehouse.run(settings) as connection, warehouse.transaction(connection):
            forgetting.drop_outlet(connection, whole)
        hosts = [urlsplit(listed.home).netloc] if listed else []
        if listed:
            bar_outlet(settings.home, listed)
        _end(
            settings,
            sources,
            done,
            traces.SoughtAddresses([*hosts, *(urlsplit(u).netloc for u in stored.values())]),
        )
    return done


def old(settings: Settings, sources: Reload) -> Forgot:
    """Take out what is older than the settings keep it: articles on which no pledge, evidence or decision
    rests, and the words of digests. Nothing where they keep everything."""
    if not settings.keep_days:
        return Forgot(["everything is kept: set keep_days in settings.toml"])
    before = settings.today - timedelta(days=settings.keep_days)
    with warehouse.lock(settings):
        with warehouse.run(settings) as connection:
            unused = forgetting.unused(connection, _decided(settings), before)
        done = Forgot()
        if unused:
            done.told.append(_whole(settings, unused, bury=False))
        done.told += traces.old_digests(settings, before)
        if unused:
            _end(settings, sources, done, None)
    return done


def _decided(settings: Settings) -> set[str]:
    """The ids that people's decisions name: of what they are about, and of articles."""
    rows = journal.history(settings)
    return journal.subjects(settings) | {
        str(row.value["article"]) for row in rows if row.value.get("article")
    }


def _whole(settings: Settings, gone: dict[str, str], bury: bool = True) -> str:
    """Take these articles (id to address) out of warehouse, archive and crawl files; says what went."""
    if bury:
        forgotten.bury(settings.home, "article", gone)
    removed = 0
    with warehouse.run(settings) as connection:
        for key, url in gone.items():
            with warehouse.transaction(
                connection
            ):  # stopped within it, the article is still known: try again
                references = pending.forget(connection, key)
                bar_page(settings.home, key, url)
                removed += remove_records(settings.data / "archive", references)
    return f"{number(len(gone), 'article')} removed, with {number(removed, 'archived page')}"


def _end(settings: Settings, sources: Reload, done: Forgot, sought: traces.Sought | None) -> None:
    """Make anew what is made of the archive, without what is gone, and look for what is left of it."""
    now, run_id = sources(), new_run(settings)
    for name in _AGAIN if isinstance(sought, traces.SoughtNames) else ("group",):
        run_stage(name, settings, now, run_id)
    word_index.drop(settings)  # its list of words outlives what held them
    run_stage("publish", settings, now, run_id)
    warehouse.compact(settings)
    if sought is not None:
        done.told += traces.blank(settings, sought)
    done.told += traces.written_again(settings)
    if sought is not None:
        done.left += traces.left(settings, sought)
    done.told.append("a tombstone keeps it away")
