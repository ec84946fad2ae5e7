"""What the sample web holds: the publishers, and each one's stories as they stand on a visit.

A story's text is a list of blocks in page order; the blocks of kind "text" are the article, the others
page furniture (see ``furniture``). Edition 1 is the first visit, edition 2 a later one: see
``extras.yaml`` for what differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml
from pydantic import TypeAdapter

from ledger.errors import WrongUse
from sample.furniture import furniture

FOLDER = Path(__file__).parent
LONDON = ZoneInfo("Europe/London")
BASE_PORT = 8801
EDITIONS = (1, 2)
_SECTIONS = {  # the desk in a byline to the section of a paper whose addresses name none
    "Political": "Politics",
    "Crime": "Crime",
    "Local Democracy": "Education",
    "Graham Oddie": "Environment",
    "Marcus Feeney": "Politics",
}
_NO_PERSON = ("press office", "Corporate Communications", "PBC News Marlshire")


@dataclass(frozen=True)
class Publisher:
    """One entry of ``publishers.yaml``; its keys are explained there."""

    name: str
    offset: int
    template: str
    group: str
    dates: str
    validators: tuple[str, ...]
    serves: tuple[str, ...]
    strapline: str
    place: str
    colour: str
    sections: dict[str, str]
    delay: float = 0.0
    robots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """A paragraph of the article (kind "text") or a line of page furniture (any other kind)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Story:
    """An article as served. ``published`` and ``modified`` are aware; ``gone``: answered with 410."""

    id: str
    outlet: str
    path: str
    title: str
    byline: str
    published: datetime
    section: str
    blocks: tuple[Block, ...]
    modified: datetime | None = None
    paywalled: bool = False
    tdm_reserved: bool = False
    gone: bool = False
    copy_of: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The article's own paragraphs, furniture left out."""
        return tuple(block.text for block in self.blocks if block.kind == "text")

    @property
    def authors(self) -> tuple[str, ...]:
        """The persons of the byline; a desk or press office is no person."""
        if self.byline.endswith(_NO_PERSON):
            return ()
        return (self.byline.partition(",")[0],)

    @property
    def changed(self) -> datetime:
        """When the page last changed: what Last-Modified and sitemaps give."""
        return self.modified or self.published

    @property
    def month(self) -> str:
        """The month of publication in London, as "2025-01"."""
        return f"{self.published.astimezone(LONDON):%Y-%m}"


@lru_cache(maxsize=1)
def publishers() -> tuple[Publisher, ...]:
    """The seven publishers, by port."""
    entries = yaml.safe_load((FOLDER / "publishers.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Publisher, ...]).validate_python(entries)


@lru_cache(maxsize=2)
def stories(edition: int = 1) -> tuple[Story, ...]:
    """All stories of an edition, newest first. Raises WrongUse when there is no such edition."""
    if edition not in EDITIONS:
        raise WrongUse(f"the sample web has editions 1 and 2, not {edition}")
    extras = _extras()
    told = [*_county(), *(_extra(entry, edition) for entry in extras["stories"])]
    if edition > 1:
        edits = {edit["id"]: edit for edit in extras["edits"]}
        told = [_edited(story, edits[story.id]) if story.id in edits else story for story in told]
    return tuple(sorted(told, key=lambda story: (story.published, story.id), reverse=True))


def closed_page() -> tuple[str, str]:
    """Path and title of the draft that robots.txt closes on every outlet."""
    entry = _extras()["robots_only"]
    return entry["path"], entry["title"]


@lru_cache(maxsize=1)
def _extras() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((FOLDER / "extras.yaml").read_text(encoding="utf-8"))
    return data


def _county() -> Iterator[Story]:
    kinds = furniture()
    sections = {publisher.name: publisher.sections for publisher in publishers()}
    for line in (FOLDER / "marlshire" / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        path = urlsplit(row["url"]).path
        yield Story(
            id=row["id"],
            outlet=row["outlet"],
            path=path,
            title=row["title"],
            byline=row["byline"],
            published=_moment(row["published"]),
            section=_section(sections[row["outlet"]], path, row["byline"]),
            blocks=_blocks(row["text"], kinds.get(row["id"], {})),
        )


def _blocks(text: str, kinds: Mapping[int, str]) -> tuple[Block, ...]:
    """The lines of a text, each with its kind; ``kinds``: of furniture lines, by offset."""
    blocks: list[Block] = []
    at = 0
    for line in text.split("\n\n"):
        blocks.append(Block(kinds.get(at, "text"), line))
        at += len(line) + 2
    return tuple(blocks)


def _section(known: dict[str, str], path: str, byline: str) -> str:
    if len(known) == 1:
        return next(iter(known.values()))
    return next((name for words, name in _SECTIONS.items() if words in byline), next(iter(known.values())))


def _extra(entry: dict[str, Any], edition: int) -> Story:
    given = {name: value for name, value in entry.items() if name not in {"paragraphs", "gone_from"}}
    given["published"] = _moment(entry["published"])
    given["blocks"] = tuple(Block("text", text) for text in entry["paragraphs"])
    return Story(**given, gone=entry.get("gone_from", edition + 1) <= edition)


def _edited(story: Story, edit: dict[str, Any]) -> Story:
    blocks = [replace(block, text=block.text.replace(edit["old"], edit["new"])) for block in story.blocks]
    if tuple(blocks) == story.blocks:
        raise WrongUse(f"extras.yaml, edit of {story.id}: the old words are not in the article")
    blocks.append(Block("text", edit["correction"]))
    return replace(story, blocks=tuple(blocks), modified=_moment(edit["modified"]))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)
