"""The stages of a run after the crawl, each a plain function: settings in, counts out.

Every stage opens the side file, works through what its present version has not done yet, in
transactions of a bounded batch, and can be killed anywhere: what is committed is marked as done in the
same transaction, and the rest is done by the next run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import islice, tee
from typing import TypeVar

from crawlers.loading.reprints import stands_in
from crawlers.loading.shingles import shingles
from flows.pipeline import near_pledges, pledge_writing
from flows.pipeline.clauses import flagged, put_flagged
from flows.pipeline.edit_watch import watch
from flows.pipeline.pledge_writing import items_of
from flows.pipeline.sources import Sources
from flows.pipeline.versions import version
from ledger.counts import Counts
from ledger.decisions import effects, journal, places, reader_merges, reckoning
from ledger.decisions.merges import regroup
from ledger.settings import Settings
from ledger.storage import own_word, pending, pledge_index, records, rows, warehouse
from ledger.types import PRIVATE, Article, Pledge
from nlp.commitments.parse import Said, said_of
from nlp.commitments.points import is_point
from nlp.evidence.edits import successors
from nlp.evidence.find import find_evidence
from nlp.evidence.passages import ArticlePassages, passages_of
from nlp.models.learned import evidence_models
from nlp.names.unnamed import without_names
from nlp.officials.organizations import find_bodies
from nlp.officials.register import Register
from nlp.pipeline import Extraction
from nlp.pipeline import extract as extract_articles
from nlp.pledges.clustering import assign
from nlp.pledges.pair_features import Item

T = TypeVar("T")
ARTICLES_A_BATCH = 25
STATEMENTS_A_BATCH = 300
COVERAGE_A_BATCH = 1_000  # articles that are held against the pledges near them together
PASSAGES_A_BATCH = 1_000  # articles whose statements are asked for together


def extract(settings: Settings, sources: Sources, run_id: str) -> Counts:
    """Statements of the articles not read yet; those of private people are left out and counted."""
    counts = Counts("extract")
    mine = _speakers(settings, sources)
    with warehouse.run(settings) as connection:
        with warehouse.transaction(connection):
            records.put_officials(connection, sources.register.officials)
        todo = pending.articles(connection, "extract", mine)
        batches = list(_batches(todo, ARTICLES_A_BATCH))
        read, kept_here = tee(_articles(connection, ids, sources.register) for ids in batches)
        model, least = settings.spacy_model, settings.speaker_confidence
        reading = partial(extracted, register=sources.register, model=model, least=least)
        for ids, articles, found in zip(batches, kept_here, sources.over(reading, read), strict=True):
            with warehouse.transaction(connection):
                before, told = pending.words_of(connection, ids), []
                for article, extraction in zip(articles, found, strict=True):
                    counts.read += 1
                    if extraction.problem:
                        counts.problem(article.url, "unreadable_text", extraction.problem)
                    kept = [s for s in extraction.statements if s.role != PRIVATE]
                    for _ in range(len(extraction.statements) - len(kept)):
                        counts.skip("said by a private person")
                    plain = without_names(article.title, extraction.unnamed)
                    records.put_plain_title(connection, article, plain)
                    records.put_officials(connection, extraction.provisional, article.id)
                    told.append((article, kept, extraction.sentences))
                    counts.written += len(kept)
                records.put_statements(connection, told, run_id)
                watch(connection, settings, sources, articles, run_id)
                for article_id, now in pending.words_of(connection, ids).items():
                    records.put_successors(connection, successors(before[article_id], now))
                records.mark_done(connection, "extract", mine, pending.items_of(connection, ids))
                records.put_counts(connection, counts, run_id)
    return counts


def _articles(connection: warehouse.Connection, ids: Sequence[str], register: Register) -> list[Article]:
    """The articles as they are read: a body's own word stands under the body's name."""
    whose = own_word.publishers(connection, ids)
    return [
        replace(one, outlet=_body(whose[one.id], register)) if one.id in whose else one
        for one in rows.get_articles(connection, ids)
    ]


def extracted(articles: Sequence[Article], register: Register, model: str, least: float) -> list[Extraction]:
    """What each of these articles says, in their order; arguments as `nlp.pipeline.extract` has them."""
    return [found for _, found in extract_articles(articles, register, model=model, least=least)]


def flag(settings: Settings, sources: Sources, run_id: str) -> Counts:
    """Commitments among the statements not looked at yet."""
    counts = Counts("flag")
    mine = version("flag", _speakers(settings, sources))
    with warehouse.run(settings) as connection:
        with warehouse.transaction(connection):
            pending.drop_orphans(connection)
        todo = pending.statements_to_flag(connection, mine)
        named = pending.not_succeeded(connection, journal.subjects(settings))
        batches = (
            [(_said(row), _unnamed(row)) for row in batch] for batch in _batches(todo, STATEMENTS_A_BATCH)
        )
        read, kept_here = tee(batches)
        for given, made in zip(kept_here, sources.over(flagged, read), strict=True):
            said = [one for one, _ in given]
            ids = [s.statement_id for s in said]
            with warehouse.transaction(connection):
                put_flagged(connection, ids, made, named, run_id)
                records.mark_done(connection, "flag", mine, ids)
            counts.read += len(said)
            counts.written += len(made.found)
    return counts


def _unnamed(row: rows.Row) -> set[str]:
    """The words of a statement that name people who hold no office, where its row tells."""
    return set(str(row["words"]).split()) - set(str(row["searched"]).split()) if row["searched"] else set()


def _said(row: rows.Row) -> Said:
    """A row of `pending.statements_to_flag` as flagging wants it."""
    statement, text = rows.statement_of(row), str(row["article_text"])
    point = is_point(statement, text, str(row["article_kind"]), rows.layout_of(row["layout"]))
    return said_of(statement, text, rows.day_of(row["day"]), str(row["headline"] or ""), point)


def group(settings: Settings, sources: Sources, run_id: str) -> Counts:
    """New commitments to their pledges: by meaning, and over that as people merged and split.

    All in one transaction: pledges are either those of before or those of after.
    """
    counts = Counts("group")
    with warehouse.run(settings) as connection, warehouse.transaction(connection):
        pending.drop_orphans(connection)
        effects.take_in(connection, settings)
        links = reader_merges.links(connection)
        mine = version("group", _speakers(settings, sources))
        anew = not pending.done_items(connection, "group", mine)  # by other rules
        homeless = set(places.tracked(connection) if anew else places.not_placed(connection))
        turned = pledge_writing.turned(connection)
        named = {one for link in links for one in (link.one, link.other)}
        linked = places.linked(connection, named)
        by_machine, by_people = pledge_writing.places_of(linked)
        if not (homeless or turned) and regroup(by_machine, links) == by_people:
            effects.worked_with(connection, "group")
            return counts
        named |= {one for one, pledge in by_machine.items() if by_people[one] != pledge}
        blocks = pledge_writing.blocks(connection)
        listed = pledge_writing.beside(connection, homeless | turned | named, blocks)
        placed, before = pledge_writing.places_of(listed)
        items = items_of(connection, listed)
        found = pledge_writing.as_found(items, listed)
        new = [item for item in found if item.id in homeless]
        stored = [item for item in found if item.id not in homeless]
        machine = assign(new, stored, placed)
        if anew:
            machine = pledge_writing.as_known(found, machine, {a for a, b in placed.items() if a == b})
        pledge_of = regroup({item.id: machine[item.id] for item in items}, links)
        moved = [item.id for item in items if pledge_of[item.id] != before.get(item.id)]
        touched = {pledge_of[one] for one in moved} | {before[one] for one in moved if one in before}
        touched |= {pledge_of[item.id] for item in new}
        touched |= {pledge_of[item.id] for item in items if item.id in turned}
        counts.read = len(new)
        counts.written = pledge_writing.write_places(
            connection, items, found, machine, pledge_of, touched, blocks, run_id
        )
        pending.drop_orphans(connection)  # here too: a forgetting tracks nothing
        records.mark_done(connection, "group", mine, ["all"])
        effects.worked_with(connection, "group")
    return counts


def track(settings: Settings, sources: Sources, run_id: str) -> Counts:
    """Later coverage that bears on a pledge: what is taken as evidence, and what is worth a look.

    A passage is evidence on one pledge only, the one it fits best. So articles are held against all
    pledges near them together: the new articles, those that may tell of a new pledge, and those that
    told of a changed one. What was stored before is not looked through again because a pledge is said once
    more.
    """
    counts = Counts("track")
    mine = version("track", _speakers(settings, sources))
    with warehouse.run(settings) as connection, warehouse.transaction(connection):
        pending.drop_orphans(connection)
        effects.take_in(connection, settings)
        done = pending.done_versions(connection, "track")
        versions = {key: f"{mine} {mark}" for key, mark in reckoning.prints(connection).items()}
        begun = pledge_index.begun(connection, versions)
        changed = [key for key, version in versions.items() if done.get(key) != version or key not in begun]
        fresh = set(pending.articles(connection, "track", mine))
        fresh |= effects.articles(connection, effects.changed(connection, "track"))
        if not (changed or fresh):
            effects.worked_with(connection, "track")
            return counts
        models, told = evidence_models(), partial(near_pledges.told, connection)
        texts: dict[str, str] = {}
        touched = fresh | pending.articles_with_evidence(connection, changed)
        pledges, items = near_pledges.with_items(connection, changed)
        near_pledges.note(connection, pledges, items)
        new = [p for p in pledges if p.id not in begun]
        everything = _passages(connection, sorted(touched), _first_day(new, items), texts, sources.register)
        if earlier := [article for article in everything if new and article.article_id not in touched]:
            near = find_evidence(new, items, earlier, models, told)
            touched |= {row.article_id for row in near.evidence} | {row.article_id for row in near.leads}
        pending.clear_evidence_in(connection, sorted(touched))
        coverage = [article for article in everything if article.article_id in touched]
        for batch in _batches(coverage, COVERAGE_A_BATCH):
            pledges, items = near_pledges.with_items(connection, near_pledges.near(connection, batch))
            found = find_evidence(pledges, items, batch, models, told)
            records.put_evidence(
                connection, [(e, texts[e.article_id][slice(*e.span)]) for e in found.evidence], run_id
            )
            records.put_leads(
                connection, [(one, texts[one.article_id][slice(*one.span)]) for one in found.leads], run_id
            )
            counts.written += len(found.evidence)
        records.mark_done(connection, "track", mine, pending.items_of(connection, sorted(fresh)))
        records.mark_done_by(connection, "track", {key: versions[key] for key in changed})
        counts.read = len(fresh)
        effects.worked_with(connection, "track")
    return counts


def _speakers(settings: Settings, sources: Sources) -> str:
    """The version of what decides who speaks: with another speaker, later stages may decide otherwise."""
    return version("extract", sources.fingerprint, settings.spacy_model, str(settings.speaker_confidence))


def _first_day(pledges: Sequence[Pledge], items: Sequence[Item]) -> date | None:
    """The day from which articles can tell of these pledges; None where there are none."""
    mine = {one for pledge in pledges for one in pledge.commitments}
    return min((item.day or date.min for item in items if item.id in mine), default=None)


def _passages(
    connection: warehouse.Connection,
    ids: Sequence[str],
    since: date | None,
    texts: dict[str, str],
    register: Register,
) -> list[ArticlePassages]:
    made: list[ArticlePassages] = []
    for batch in _batches(pending.passages(connection, ids, since), PASSAGES_A_BATCH):
        said = pending.statements_in(connection, [str(row["id"]) for row in batch])
        for row in batch:
            publisher = row["publisher"]
            outlet = _body(str(publisher), register) if publisher else str(row["outlet"])
            article = Article(str(row["id"]), outlet, "", str(row["title"]), str(row["text"]))
            texts[article.id] = article.text
            statements = [rows.statement_of(s) for s in said.get(article.id, ())]
            passages = passages_of(article, rows.day_of(row["day"]), rows.spans_of(row["spans"]), statements)
            made.append(_released(passages, row, register))
    return made


def _body(publisher: str, register: Register) -> str:
    """A publisher by the name that the register has for it; its own where the register does not know it."""
    plain = publisher.removeprefix("The ")
    known = (body.name for body in find_bodies(plain, register.gazetteer) if body.span == (0, len(plain)))
    return next(known, publisher)


def _released(article: ArticlePassages, row: rows.Row, register: Register) -> ArticlePassages:
    """The article's passages; those that stand in the release it prints are told by the body that gave it
    out, those it adds by the paper. ``row``: of `pending.passages`."""
    if not row["release"]:
        return article
    release, body = shingles(str(row["release"])), _body(str(row["released_by"]), register)
    passages = (
        replace(passage, outlet=body) if stands_in(passage.text, release) else passage
        for passage in article.passages
    )
    return replace(article, passages=tuple(passages))


def _batches(things: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
