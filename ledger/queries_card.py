"""The evidence card of one statement: whose words, where and when, and whether they stand as stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger import warehouse
from ledger.passages import Passage, link_to_words, passage, quotation_only
from ledger.queries import opened
from ledger.rights import RESERVED
from ledger.rows import spans_of
from ledger.settings import Settings
from ledger.types import text_hash


@dataclass(frozen=True, slots=True)
class Card:
    """One statement with all that a desk needs to stand by it.

    ``office``: the post the speaker held on the day, "" where the register has none. ``sha256``: of the
    stored text. ``archive``: "file.warc.gz:offset" of the page as it was fetched, "" when it came as text.
    ``verified``: the text has that hash, and the words stand in it letter by letter. ``revisions``: states
    of the article that are kept.
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
    commitment: str | None
    pledge_id: str | None
    context: Passage


def card(settings: Settings, statement_id: str) -> Card | None:
    """The card of a statement, None when there is none of this id."""
    with opened(settings) as connection:
        found: list[dict[str, Any]] = warehouse.fetch(connection, _CARD, [statement_id])
    if not found:
        return None
    row = found[0]
    text, spans, reserved = row.pop("text"), spans_of(row.pop("content")), row.pop("reserved")
    stand = row["words"] == " […] ".join(text[start:end] for start, end in spans)
    return Card(
        **row,
        verified=stand and text_hash(text) == row["sha256"],
        context=quotation_only(text, spans) if reserved else passage(text, spans),
        link=link_to_words(row["url"], text, spans),
    )


_CARD = f"""
SELECT s.id, s.article_id, s.kind, s.words, s.content, s.speaker, s.official_id, s.role, s.body,
    coalesce(p.office, '') AS office, coalesce(s.source_name, '') AS source_name, coalesce(s.why, '') AS why,
    s.linked_by, s.outlet, s.title AS headline, coalesce(s.byline, '') AS byline, s.url, s.published,
    s.first_seen, s.sha256, coalesce(s.archive, '') AS archive, a.text,
    coalesce({RESERVED}, false) AS reserved,
    (SELECT count(*) FROM w.revisions r WHERE r.article_id = s.article_id) AS revisions,
    c.type AS commitment, c.pledge_id
FROM statement_view s
JOIN w.articles a ON a.id = s.article_id
LEFT JOIN commitment_view c ON c.statement_id = s.id AND NOT c.is_rejected
LEFT JOIN w.posts p ON p.official_id = s.official_id AND p.role = s.role AND p.body = s.body
    AND (p.first IS NULL OR p.first <= s.published::DATE) AND (p.last IS NULL OR s.published::DATE <= p.last)
WHERE s.id = ?
QUALIFY row_number() OVER (ORDER BY p.first DESC NULLS LAST, p.office) = 1"""
