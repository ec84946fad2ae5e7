"""The quote-level edit watch: what officials were quoted as saying, and what of it was changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from flows.sources import Sources
from ledger import pending, records
from ledger.settings import Settings
from ledger.types import Article, QuotationEdit, content_id
from ledger.warehouse import Connection
from nlp.edits import edits
from nlp.pipeline import extract


def watch(
    connection: Connection, settings: Settings, sources: Sources, articles: Sequence[Article], run_id: str
) -> None:
    """Hold each revision of these articles against the one before it; what was found before is replaced.

    Only quotations of officials are watched: nobody else's words are kept with a name.
    """
    states = pending.states(connection, [article.id for article in articles])
    of = {article.id: article for article in articles}
    pairs = [(one, other) for mine in states.values() for one, other in pairwise(mine)]
    earlier = [replace(of[one.article_id], text=one.text) for one, _ in pairs]
    found = []
    read = extract(earlier, sources.register, model=settings.spacy_model, least=settings.speaker_confidence)
    for (_, later), (article, extraction) in zip(pairs, read, strict=True):
        said = {
            records.words(article.text, s.content): s
            for s in extraction.statements
            if s.kind == "direct" and s.role != "non_official"
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
    records.put_quotation_edits(connection, list(of), found, run_id)
