"""What is worth a look: later passages that may bear on a pledge, to take as evidence or to strike; and what
others than its owner said in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ledger.decisions import published
from ledger.errors import WrongUse
from ledger.presentation.passages import Passage, link_to_words, page_named, sentence_before
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.rights import RESERVED
from ledger.storage.rows import spans_of
from ledger.storage.warehouse import Connection
from ledger.types import Decision, Span, Stance


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A passage that may bear on a pledge. ``likely``: 0 to 1, by which a list is ordered; ``stance``: the
    likeliest.

    ``before``: the sentence before it in its paragraph, "" where there is none or the article's rights do not
    let it pass. ``context``: both, the passage marked and of it the words that matter. ``named``: the
    pledge's id when the passage was found, which the decision on it keeps.
    """

    id: str
    pledge_id: str
    named: str
    article_id: str
    span: Span
    likely: float
    stance: Stance
    by_owner: bool
    source: str
    day: date | None
    why: str
    words: str
    before: str
    outlet: str
    url: str
    headline: str
    published: datetime | None
    context: Passage
    link: str

    def taken(self, stance: Stance, who: str, why: str = "") -> Decision:
        """That a person takes it as evidence of this stance."""
        more = {"stance": stance, "by_owner": self.by_owner, "source": self.source}
        return Decision("take", self.id, self._place() | more, who, why)

    def struck(self, who: str, why: str = "") -> Decision:
        """That a person finds that it does not bear on the pledge."""
        return Decision("strike", self.id, self._place(), who, why)

    def _place(self) -> dict[str, object]:
        return {"pledge": self.named, "article": self.article_id, "span": list(self.span)}


@dataclass(frozen=True, slots=True)
class Remark:
    """What an official who is not a pledge's owner said in a passage that may bear on it. ``passages``: the
    ids of these; ``words``: "" where the article's rights do not let them pass."""

    pledge_id: str
    statement_id: str
    kind: str
    words: str
    speaker: str
    official_id: str | None
    role: str | None
    body: str | None
    outlet: str
    headline: str
    published: datetime | None
    link: str
    passages: tuple[str, ...]


def to_check(settings: Settings, lead_id: str) -> ToCheck:
    """A passage by its id. Raises WrongUse where none of this id waits to be looked at."""
    with published.reading(settings) as connection:
        found = warehouse.fetch(connection, f"{_passages('lead_view')} WHERE l.id = ?", [lead_id])
    if not found:
        raise WrongUse(
            f"no passage {lead_id!r} waits to be looked at: `said pledges --look` shows those that do"
        )
    return _made(found[0])


def reading_lists(connection: Connection, pledge_ids: Sequence[str]) -> dict[str, list[ToCheck]]:
    """Of each of these pledges what is worth a look, best first, at most 20; those with none are left out."""
    connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [list(pledge_ids)])
    query = f"""{_passages("asked_lead")}
        ORDER BY l.pledge_id, l.likely DESC, l.day NULLS LAST, l.id"""
    found: dict[str, list[ToCheck]] = {}
    for row in warehouse.fetch(connection, query):
        found.setdefault(row["pledge_id"], []).append(_made(row))
    return found


def remarks(connection: Connection, pledge_ids: Sequence[str]) -> dict[str, list[Remark]]:
    """Of each of these pledges what others said in the passages of its list, oldest first; those of whom
    nobody said anything are left out. An owner's own people are no others, where the owner is a body."""
    connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [list(pledge_ids)])
    found: dict[str, list[Remark]] = {}
    for row in warehouse.fetch(connection, _REMARKS):
        link = link_to_words(row.pop("url"), row.pop("text"), spans_of(row.pop("content")))
        made = Remark(link=link, passages=tuple(row.pop("passages")), **row)
        found.setdefault(made.pledge_id, []).append(made)
    return found


_REMARKS = """
SELECT l.pledge_id, s.id AS statement_id, s.kind, s.words, s.speaker, s.official_id, s.role, s.body, s.outlet,
    s.title AS headline, s.published, s.url, s.content, s.article_text AS text,
    list(l.id ORDER BY l.likely DESC, l.id) AS passages
FROM asked_lead l JOIN beside_words s ON s.article_id = l.article_id
    AND len(list_filter(s.content, part -> part[1] < l.last AND l.first < part[2])) > 0
JOIN stored_pledge p ON p.id = l.pledge_id
WHERE s.speaker IS NOT NULL AND s.official_id IS DISTINCT FROM p.person_id AND s.speaker <> p.owner
    AND (p.owner IS DISTINCT FROM p.body OR s.body IS DISTINCT FROM p.body)
GROUP BY ALL ORDER BY s.published NULLS LAST, s.id"""


def waiting(settings: Settings, pledge_id: str = "", most: int = 100) -> list[tuple[str, ToCheck]]:
    """The likeliest passages of all pledges (or of this one) that nobody has judged, at most ``most``, each
    with its pledge's title."""
    listed = """SELECT l.id, p.title FROM lead_view l JOIN pledge_view p ON p.id = l.pledge_id
        WHERE $1 IN ('', l.pledge_id) ORDER BY l.likely DESC, l.day NULLS LAST, l.id LIMIT $2"""
    with published.reading(settings) as connection:
        titles = connection.execute(listed, [pledge_id, most]).fetchall()
        query = f"{_passages('lead_view')} WHERE l.id IN (SELECT unnest(?::VARCHAR[]))"
        found = {row["id"]: row for row in warehouse.fetch(connection, query, [[key for key, _ in titles]])}
    return [(title, _made(found[key])) for key, title in titles]


def _passages(leads: str) -> str:
    """What is asked of a view of leads."""
    return f"""SELECT l.id, l.pledge_id, l.named, l.article_id, l.first, l.last, l.likely, l.stance,
            l.by_owner, coalesce(l.source, '') AS source, l.day, l.why, l.words, l.marked, l.outlet, l.url,
            l.headline, l.published, a.text, a.pages, t.spans, {RESERVED} AS reserved
        FROM {leads} l JOIN w.articles a ON a.id = l.article_id
        LEFT JOIN w.sentences t ON t.article_id = l.article_id"""


def _made(row: dict[str, Any]) -> ToCheck:
    text, marked, reserved = row.pop("text"), spans_of(row.pop("marked")), row.pop("reserved")
    span = (row.pop("first"), row.pop("last"))
    start = sentence_before(text, spans_of(row.pop("spans")), span[0])
    context = _in_place(text, span, span[0] if reserved else start, marked)
    before = text[start : span[0]].rstrip()
    if reserved:
        before, context = "", _alone(row["words"], context)
    context = replace(context, page=page_named(spans_of(row.pop("pages")), [span]))
    return ToCheck(
        span=span, before=before, context=context, link=link_to_words(row["url"], text, [span]), **row
    )


def _in_place(text: str, span: Span, start: int, marked: Sequence[Span]) -> Passage:
    inside = ((max(s, span[0]), min(e, span[1])) for s, e in sorted(marked))
    marks = ((span[0] - start, span[1] - start),)
    focus = tuple((s - start, e - start) for s, e in inside if s < e)
    return Passage(text[start : span[1]], marks, focus=() if focus == marks else focus)


def _alone(words: str, passage: Passage) -> Passage:
    """What of a reserved article may be shown: the passage where it is quoted, else nothing."""
    if not words:
        return Passage("", (), reserved=True)
    return Passage(words, passage.marks, True, True, True, passage.focus)
