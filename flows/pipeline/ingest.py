"""The first two stages and the last: the web into the archive, out of it articles, and all into print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time
from difflib import SequenceMatcher

from crawlers.archive.forget import remove_records
from crawlers.archive.lines import runs
from crawlers.discovery.visits import visits
from crawlers.fetch import crawl as crawler
from crawlers.loading.broken import Layouts
from crawlers.loading.load import Loaded, articles_from
from flows.pipeline.sources import Sources
from flows.pipeline.versions import learn, version
from ledger import forgotten
from ledger.counts import Counts, Problem
from ledger.days import LONDON
from ledger.decisions import effects, reckoning
from ledger.quotation_edits import Revision
from ledger.search import statement_search, vectors
from ledger.settings import Settings
from ledger.storage import own_word, pending, records, rows, warehouse
from ledger.types import Article, text_hash
from nlp.text.embeddings import Embedder

LOAD_VERSION = "1"  # a record is made an article once; other layouts take effect by `said rebuild`
CRAWLS = "load: crawls"  # a crawl whose pages are all loaded is not read again
PAGES_A_BATCH = 400  # held against the same stored texts, which are gone through once a batch
COPIED_WITHIN = 14  # days: syndicated copy is news, and printed as such


def crawl(settings: Settings, sources: Sources, run_id: str) -> Counts:
    """Fetch what is new or changed at the outlets. Raises WrongUse when none may be asked."""
    with ThreadPoolExecutor(1) as beside:  # another process fetches: meanwhile this one reads its own rules
        reading = beside.submit(learn)
        counts = crawler.crawl(settings.home, sources.outlets, contact=settings.contact)
        reading.result()
    return counts


def load(settings: Settings, sources: Sources, run_id: str) -> Counts:
    """Articles, their revisions and syndicated copies of what was fetched and not loaded yet."""
    counts = Counts("load")
    layouts = Layouts()
    with warehouse.run(settings) as connection:
        with warehouse.transaction(connection):
            records.put_outlets(connection, sources.outlets)
        read = pending.done_items(connection, CRAWLS, LOAD_VERSION)
        new_visits, complete = visits(settings.home, read)
        unread = [path.stem for path in runs(settings.data / "crawl") if path.stem not in read]
        done = pending.done_of_crawls(connection, "load", LOAD_VERSION, unread)
        batch: list[Loaded | Problem] = []
        for found in articles_from(settings.home, sources.outlets, done, _end_of(settings.as_of), read):
            batch.append(found)
            if isinstance(found, Loaded):
                layouts.add(found)
            if len(batch) == PAGES_A_BATCH:
                _store(connection, batch, counts, run_id, settings)
                batch = []
        _store(connection, batch, counts, run_id, settings)
        counts.problems += layouts.problems()
        with warehouse.transaction(connection):
            records.put_visits(connection, new_visits)
            records.mark_done(connection, CRAWLS, LOAD_VERSION, complete)
    return counts


def publish(settings: Settings, sources: Sources, run_id: str) -> Counts:
    """The pledges reckoned as of today, the side file put in the published one's place by one rename; both
    search indexes brought up to date."""
    with warehouse.run(settings) as connection, warehouse.transaction(connection):
        effects.take_in(connection, settings)
        reckoning.keep(connection, settings.today, run_id, version("publish"))
    warehouse.publish(settings)
    vectors.update(settings, Embedder().encode)
    indexed = statement_search.update(settings)  # last: by it `said add` tells whether all was done
    return replace(indexed, stage="publish", skipped={})  # what is indexed already is no news


def _end_of(day: date | None) -> datetime | None:
    """Up to here an article's own date is believed: the end of a closed collection's day."""
    return datetime.combine(day, time.max, LONDON) if day else None


def _store(
    connection: warehouse.Connection,
    batch: Sequence[Loaded | Problem],
    counts: Counts,
    run_id: str,
    settings: Settings,
) -> None:
    people, named = forgotten.load(settings.home).people_in, list[str]()
    loaded = [found for found in batch if isinstance(found, Loaded)]
    counts.problems += [found for found in batch if isinstance(found, Problem)]
    with warehouse.transaction(connection):
        gone = pending.forgotten(connection)
        ids = sorted({found.article.id for found in loaded if found.article})
        stored = {article.id: article for article in rows.get_articles(connection, ids)}
        put: dict[str, Article] = {}
        revisions: dict[tuple[object, ...], Revision] = {}
        for found in loaded:
            counts.read += 1
            counts.problems += found.problems
            if found.article is None:
                continue
            if found.article.id in gone:
                counts.skip("taken out on request")
            elif people(f"{found.article.title} {found.article.byline} {found.article.text}"):
                counts.skip("names somebody taken out")  # a file: in pages the crawl has blanked the name
                named.append(found.reference)
            elif state := _next_state(stored.get(found.article.id), found.article, found):
                article, revision = state
                put[article.id] = stored[article.id] = article
                if revision:
                    revisions[revision.article_id, revision.fetched, revision.sha256] = revision
                counts.written += 1
            else:
                counts.skip("unchanged text")
        records.put_articles(connection, list(put.values()), run_id)
        records.put_revisions(connection, list(revisions.values()), run_id)
        records.mark_done(connection, "load", LOAD_VERSION, [found.reference for found in loaded])
        kept = [found for found in loaded if found.reference not in named]
        _join_copies(connection, [found.article for found in kept if found.article])
        records.put_counts(connection, counts, run_id)
    remove_records(settings.data / "archive", named)


def _next_state(
    stored: Article | None, article: Article, found: Loaded
) -> tuple[Article, Revision | None] | None:
    """What is to be stored of an article beside what is ``stored`` of it: the article, and a revision where
    its text is another. None where nothing is new."""
    fetched, sha256 = found.fetched, text_hash(article.text)
    if stored and text_hash(stored.text) == sha256 and _told_alike(stored, article, found.told):
        return None
    changed = ""
    article = replace(article, first_seen=fetched)
    if stored and stored.text == article.text:  # other facts of the same file
        return replace(article, first_seen=stored.first_seen), None
    if stored:
        changed = what_changed(stored.text, article.text)
        published = stored.published or article.published
        article = replace(article, first_seen=stored.first_seen, published=published)
    return article, Revision(article.id, fetched, sha256, article.text, article.archive, changed)


def _told_alike(stored: Article, article: Article, told: bool) -> bool:
    """False for a file of which its owner now says something else: whose words it holds, what it is."""
    if not told and article.kind == stored.kind == "news":
        return True  # a page's byline may be read otherwise at any time
    facts = ("kind", "outlet", "byline", "title", "published")
    return all(getattr(stored, name) == getattr(article, name) for name in facts)


def what_changed(before: str, after: str) -> str:
    """The difference between two texts in words, by paragraphs: "1 paragraph changed, 2 added"."""
    old, new = before.split("\n\n"), after.split("\n\n")
    numbers = {"changed": 0, "added": 0, "removed": 0}
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "replace":
            numbers["changed"] += min(j - i, m - k)
        if kind != "equal":
            numbers["added"] += max(0, (m - k) - (j - i))
            numbers["removed"] += max(0, (j - i) - (m - k))
    parts = [
        f"{number} paragraph{'s' if number > 1 else ''} {what}" for what, number in numbers.items() if number
    ]
    return ", ".join(parts) or "white space changed"


def _join_copies(connection: warehouse.Connection, articles: Iterable[Article]) -> None:
    """Mark the new articles that are syndicated copies of an older one, whose original they then share, and
    those, stored ones too, that print a body's own release."""
    new = {article.id for article in articles}
    if not new:
        return
    from crawlers.loading.copies import find_copies  # noqa: PLC0415  # scipy with it: 1 s, only for new pages

    texts = own_word.texts_near(connection, sorted(new), COPIED_WITHIN)
    stored = [(key, text) for key, text, _ in texts if key not in new]
    fresh = [(key, text) for key, text, _ in texts if key in new]
    root = {key: copy_of for key, _, copy_of in texts if copy_of}
    found = find_copies(fresh, stored, root, own_word.releases(connection))
    own_word.set_copies(connection, found.copy_of, found.prints)
