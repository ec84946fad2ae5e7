"""The values of the project: frozen dataclasses, content ids and spans.

A span is a pair of character offsets into an article's stored text, end exclusive. An id is the first 16 hex
digits of a SHA-256 over what makes the thing itself: a second run, or a rebuild, gives it the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from ledger.outlet import Outlet as Outlet  # values like these, told in a module of their own
from ledger.outlet import Paywall as Paywall

Span = tuple[int, int]
Kind = Literal["direct", "indirect", "mixed"]
# Names of rows of ledger/data/vocabulary.yaml, checked against it where they come in.
Role = str
PRIVATE: Role = "non_official"  # of whoever is no official: their words are not shown
UNOWNED = "unresolved"  # stands for the speaker, or the owner, where neither person nor body is known
CommitmentType = str
ArticleKind = str
Stance = str
Status = str
Flag = str
LayoutKind = Literal["quote", "list", "heading", "label", "caption", "row", "post"]
DecisionKind = Literal[
    "confirm", "reject", "merge", "split", "set_status", "set_title", "link_speaker", "note", "reply",
    "take", "strike", "verdict", "headline", "undo",
]  # fmt: skip


def content_id(*parts: object) -> str:
    """First 16 hex digits of SHA-256 over the parts, each set off by a unit separator."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def text_hash(text: str) -> str:
    """SHA-256 of a stored text, 64 hex digits: what an evidence card shows and `said verify` compares."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Laid:
    """A span of a text, in characters, with what the page's layout makes of it."""

    kind: LayoutKind
    span: Span


@dataclass(frozen=True, slots=True)
class Article:
    """One article, or one file, at its latest revision. ``id`` is the content id of its canonical URL.

    ``paywalled``: its page declares itself not free; ``declared_paid``: and was read whole all the same, as
    it is served to anybody. ``layout``: what page or file told of the text's lines, in their order.
    ``pages``: (offset, number) of where a file's pages begin.
    """

    id: str
    outlet: str
    url: str
    title: str
    text: str
    byline: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None  # time-zone aware
    modified: datetime | None = None
    first_seen: datetime | None = None
    section: str = ""
    language: str = "en"
    paywalled: bool = False
    declared_paid: bool = False
    rights: dict[str, object] = field(default_factory=dict)
    archive: str = ""  # "file.warc.gz:offset" of the latest response record; "" when given as text
    kind: ArticleKind = "news"
    layout: tuple[Laid, ...] = ()
    pages: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """An office held in a body for a time (Popolo: post and membership). Open ends are None."""

    office: str
    role: Role
    body: str
    area: str = ""
    start: date | None = None
    end: date | None = None  # last day in office

    def held_on(self, day: date | None) -> bool:
        """True when the post was held on ``day``; an unknown day asks for a post without an end."""
        if day is None:
            return self.end is None
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Official:
    """A person with public posts. ``provisional``: known only from a title in an article."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()
    gender: Literal["f", "m", ""] = ""
    provisional: bool = False

    def posts_on(self, day: date | None) -> tuple[Post, ...]:
        """The posts held on ``day``, as listed."""
        return tuple(post for post in self.posts if post.held_on(day))


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what, where. ``content``, ``cue`` and ``source`` are spans of the article's text.

    ``speaker`` is the full name the source was resolved to, None while unresolved; ``why`` gives the
    reason in words, either way. ``role`` and ``body`` are those held on the day of publication.
    ``source_name`` is the source as written ("the mayor"). ``promises``: what `nlp.models.promises` keeps.
    ``private``: where people who hold no office are named in it.
    """

    id: str
    article_id: str
    kind: Kind
    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    source_name: str = ""
    speaker: str | None = None
    official_id: str | None = None
    role: Role | None = None
    body: str | None = None
    confidence: float = 0.0
    why: str = ""
    promises: bytes = b""
    private: tuple[Span, ...] = ()

    @staticmethod
    def make_id(article_id: str, contents: tuple[str, ...], nth: int) -> str:
        """Id of the ``nth`` statement of an article with these words: offsets may shift, words may not."""
        return content_id("statement", article_id, *contents, nth)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number a commitment can be held to: ``value`` in ``unit``, as written in ``text``.

    ``baseline``: the value it is counted from, where the words give one ("from 412 to 659").
    """

    value: float
    unit: str
    text: str
    direction: Literal["more", "fewer", "to", ""] = ""
    baseline: float | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a commitment falls due: the words, and the first and last day they can mean.

    Both days are None where the words name no date or the article has no publication date."""

    text: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """A clause that undertakes something; a statement may hold several. ``why`` is the reason in words.

    ``span``: of the article's text. ``minor``: real, but nobody would track it; left out of lists and counts.
    """

    id: str
    statement_id: str
    type: CommitmentType
    action: str
    measure: Measure | None = None
    deadline: Deadline | None = None
    condition: str = ""
    confidence: float = 0.0
    why: str = ""
    place: str = ""  # where, in its words: "Pellbridge and Skelbrough", "every borough"
    span: Span = (0, 0)
    minor: bool = False

    @staticmethod
    def make_id(statement_id: str, words: str = "") -> str:
        return content_id("commitment", statement_id, *([words] if words else ()))


@dataclass(frozen=True, slots=True)
class Mark:
    """A flag with when it holds: from ``first`` to ``last``, open ends None.

    Without ``first`` but with ``last`` it holds as many days before ``last`` as its reader asks for
    (``due_soon_days`` in settings). ``only``: while the status, a person's where one was set, is not closed
    ("open") or is one that awaits an outcome ("awaited"); "" for whatever status.
    """

    flag: Flag
    first: date | None = None
    last: date | None = None
    only: Literal["", "open", "awaited"] = ""


@dataclass(frozen=True, slots=True)
class Pledge:
    """Commitments of one owner to one thing. ``id`` is the id of the first of them in time.

    ``owner`` is an official's name or a body's; ``rule`` says in words why. ``owner_id``: of the official,
    None where a body owns it. ``person``: who said it first, the owner or named beside the body.
    ``first_due``: the first date given; ``deadline``: the newest, said on ``moved_on``.
    ``commitments``: those that count, in order of time; ``titled``: the one whose words the title is.
    ``suggested`` is the machine's; people's statuses are decisions and live apart from it. ``role`` and
    ``area``: of who said it first, as far as known. ``came``: the day its first article was first seen.
    ``evidence`` counts the reports that tell something, ``independent`` the distinct original ones that
    are not the owner's own words."""

    id: str
    owner: str
    title: str
    commitments: tuple[str, ...]
    owner_id: str | None = None
    body: str | None = None
    person: str | None = None
    person_id: str | None = None
    rule: str = ""
    first_due: date | None = None
    deadline: date | None = None
    moved_on: date | None = None
    titled: str | None = None
    suggested: Status = "not_yet_rated"
    why: str = ""
    marks: tuple[Mark, ...] = ()
    role: str | None = None
    area: str | None = None
    first_stated: datetime | None = None
    last_stated: datetime | None = None
    came: date | None = None
    outlets: tuple[str, ...] = ()
    evidence: int = 0
    independent: int = 0
    last_evidence: date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words in a later article that bear on a pledge. ``by_owner``: only the owner says so."""

    id: str
    pledge_id: str
    article_id: str
    span: Span
    stance: Stance
    day: date | None = None
    by_owner: bool = False
    source: str = ""  # the outlet, or the speaker when it was said
    confidence: float = 0.0
    why: str = ""

    @staticmethod
    def make_id(article_id: str, words: str) -> str:
        """Id of these words of an article, whatever pledge they bear on: grouping may rename that."""
        return content_id("evidence", article_id, words)


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the journal. ``subject`` is a content id; ``value`` depends on the kind. confirm: a
    commitment or evidence id, value {}. reject: the same, value {} or, of a commitment that nobody would
    track, {"as": "minor"}. merge, split: a commitment id, value {"with": commitment id}. set_status: a
    pledge's id, value {"status": Status, "evidence": [ids], "reason": str} and, where it rests on something
    else, "link": url; with neither evidence nor link it needs a ``why``. verdict: a pledge's id, value
    {"text": str, "evidence": [ids], "links": [urls]}, at least one of these. set_title: a pledge's id, value
    {"title": str}. link_speaker: a statement's id, value {"speaker": str, "official": id | None}. note,
    reply: any id, value {"text": str}. take, strike: a lead's id, value {"pledge": id, "article": id, "span":
    [start, end]} and, of take, {"stance": Stance, "by_owner": bool, "source": str}. headline: a pledge's
    id, value {"headline": bool}, whether it is among those that weigh most. undo: the subject of the undone
    row, value {"row": int}."""

    kind: DecisionKind
    subject: str
    value: dict[str, object]
    who: str
    why: str = ""
    at: datetime | None = None
    row: int = 0  # the journal's own number, given when it is recorded
