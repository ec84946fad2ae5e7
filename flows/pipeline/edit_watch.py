"""The quote-level edit watch: what officials were quoted as saying, and what of it was changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from flows.pipeline.clauses import flagged
from flows.pipeline.sources import Sources
from ledger.quotation_edits import QuotationEdit
from ledger.settings import Settings
from ledger.storage import pending, records
from ledger.storage.warehouse import Connection
from ledger.types import PRIVATE, Article, Statement, content_id
from nlp.commitments.parse import said_of
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
    then: dict[str, _State] = {}  # the state before, by article
    for (_, later), (article, extraction) in zip(pairs, read, strict=True):
        state = _State(article, extraction.statements)
        if article.id in then:
            _follow(connection, then[article.id], state.words, run_id)
        then[article.id] = state
        said = {
            records.words(article.text, s.content): s
            for s in extraction.statements
            if s.kind == "direct" and s.role != PRIVATE
        }
        stretches = {
            words: [article.text[start:end] for start, end in s.content] for words, s in said.items()
        }
        for edit in edits(list(said), later.text, stretches):
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
    for article_id, state in then.items():
        _follow(connection, state, now[article_id], run_id)
    records.put_quotation_edits(connection, list(of), found, run_id)


@dataclass(frozen=True, slots=True)
class _State:
    """One state of an article, and what was said in it."""

    article: Article
    statements: Sequence[Statement]

    @property
    def words(self) -> dict[str, str]:
        return {s.id: records.words(self.article.text, s.content) for s in self.statements}


def _follow(connection: Connection, before: _State, after: Mapping[str, str], run_id: str) -> None:
    """Note which statement took the place of which. The commitments of those that are gone wait for the flag
    stage, which tells by their clauses what stands for each."""
    followed = successors(before.words, after)
    records.put_successors(connection, followed)
    article, gone = before.article, [s for s in before.statements if s.id in followed]
    day = article.published.date() if article.published else None
    made = flagged([(said_of(s, article.text, day), ()) for s in gone])
    records.put_commitments(connection, made.found, run_id, made.clauses)
