"""The quote-level edit watch: what officials were quoted as saying, and what of it was changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from flows.pipeline.sources import Sources
from ledger.quotation_edits import QuotationEdit
from ledger.settings import Settings
from ledger.storage import pending, records
from ledger.storage.warehouse import Connection
from ledger.types import PRIVATE, Article, content_id
from nlp.evidence.edits import edits, successors
from nlp.pipeline import extract


def watch(
    connection: Connection, settings: Settings, sources: Sources, articles: Sequence[Article], run_id: str
) -> None:
    """Hold each revision of these articles against the one before it; what was found before is replaced.

    What people decided of words that were changed goes on with the words that took their place.

    Only quotations of officials are watched: nobody else's words are kept with a name.
    """
    states = pending.states(connection, [article.id for article in articles])
    of = {article.id: article for article in articles}
    pairs = [(one, other) for mine in states.values() for one, other in pairwise(mine)]
    earlier = [replace(of[one.article_id], text=one.text) for one, _ in pairs]
    found = []
    read = extract(earlier, sources.register, model=settings.spacy_model, least=settings.speaker_confidence)
    now = pending.words_of(connection, list(states))
    then: dict[str, dict[str, str]] = {}  # the statements of the state before, by article
    for (_, later), (article, extraction) in zip(pairs, read, strict=True):
        stated = {s.id: records.words(article.text, s.content) for s in extraction.statements}
        if article.id in then:
            records.put_successors(connection, successors(then[article.id], stated))
        then[article.id] = stated
        said = {
            records.words(article.text, s.content): s
            for s in extraction.statements
            if s.kind == "direct" and s.role != PRIVATE
        }
        for edit in edits(list(said), later.text):
            statement = said[edit.before]
            found.append(
                QuotationEdit(
                    id=content_id("edit", article.id, later.sha256, edit.before),
                    article_id=article.id,
                    fetched=later.fetched,
                    before=edit.before,
                    after=edit.after,
                    speaker=statement.speaker,
                    source_name=statement.source_name,
                    role=statement.role,
                    body=statement.body,
                )
            )
    for article_id, stated in then.items():
        records.put_successors(connection, successors(stated, now[article_id]))
    records.put_quotation_edits(connection, list(of), found, run_id)
