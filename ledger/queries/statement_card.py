"""The evidence card of one statement: whose words, where and when, and whether they stand as stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.decisions import published
from ledger.presentation.passages import Passage
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.records import words
from ledger.storage.rights import RESERVED
from ledger.storage.rows import in_context, spans_of
from ledger.types import text_hash


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A commitment of the statement. ``words``: its clause, "" where it is all of the statement.
    ``pledge_id``: None of a minor one, which nobody tracks."""

    id: str
    type: str
    words: str
    minor: bool
    pledge_id: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """One statement with all that a desk needs to stand by it.

    ``office``: the post the speaker held on the day, "" where the register has none. ``sha256``: of the
    stored text. ``archive``: "file.warc.gz:offset" of the page as it was fetched, "" when it came as text.
    ``verified``: the text has that hash, and the words stand in it letter by letter. ``revisions``: states
    of the article that are kept. ``undertakings``: in the order of their clauses, which ``context`` has as
    its focus.
    """

    id: str
    article_id: str
    kind: str
    words: str
    speaker: str | None
    official_id: str | None
    role: str | None
    body: str | None
    office: str
    source_name: str
    why: str
    linked_by: str | None
    outlet: str
    headline: str
    byline: str
    url: str
    link: str
    published: datetime | None
    first_seen: datetime | None
    sha256: str
    archive: str
    verified: bool
    revisions: int
    undertakings: tuple[Undertaking, ...]
    context: Passage


def card(settings: Settings, statement_id: str) -> Card | None:
    """The card of a statement, None when there is none of this id."""
    with published.reading(settings) as connection:
        connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [[statement_id]])
        found = warehouse.fetch(connection, _CARD)
        undertaken = warehouse.fetch(connection, _UNDERTAKEN)
    if not found:
        return None
    row = found[0] | {"focus": [one.pop("span") for one in undertaken]}
    text = row["text"]
    stand = row.pop("stored_words") == words(text, spans_of(row.pop("stored_content")))
    return Card(
        **in_context(row),
        undertakings=tuple(Undertaking(**one) for one in undertaken),
        verified=stand and text_hash(text) == row["sha256"],
    )


_CARD = f"""
SELECT a.id, a.article_id, a.kind, a.words, a.content, a.speaker, a.official_id, a.role, a.body,
    coalesce(p.office, '') AS office, coalesce(a.source_name, '') AS source_name, coalesce(a.why, '') AS why,
    a.linked_by, a.outlet, a.title AS headline, coalesce(a.byline, '') AS byline, a.url, a.published,
    a.first_seen, a.sha256, coalesce(a.archive, '') AS archive,
    a.article_text AS text, a.pages, coalesce({RESERVED}, false) AS reserved,
    (SELECT count(*) FROM w.revisions r WHERE r.article_id = a.article_id) AS revisions,
    stored.words AS stored_words, stored.content AS stored_content
FROM asked_statement a
JOIN w.statements stored ON stored.id = a.id
LEFT JOIN w.posts p ON p.official_id = a.official_id AND p.role = a.role AND p.body = a.body
    AND (p.first IS NULL OR p.first <= a.published::DATE) AND (p.last IS NULL OR a.published::DATE <= p.last)
QUALIFY row_number() OVER (ORDER BY p.first DESC NULLS LAST, p.office) = 1"""
_UNDERTAKEN = """
SELECT c.id, c.type, c.clause AS words, c.minor, place.pledge_id, c.span
FROM asked_key JOIN given_commitment c ON c.statement_id = asked_key.id
LEFT JOIN place_view place ON place.commitment_id = c.id
WHERE c.id NOT IN (FROM rejected) ORDER BY c.span, c.id"""
