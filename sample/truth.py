"""What a perfect crawl and extraction of the sample web gives: for tests and benchmarks."""

from __future__ import annotations

from dataclasses import dataclass

from sample.stories import BASE_PORT, Publisher, Story, closed_page, publishers, stories


@dataclass(frozen=True, kw_only=True)
class Truth(Story):
    """One article. ``url`` is canonical; times are aware; ``authors`` are persons, not desks.

    ``section`` is "" where the outlet's pages name none. ``paragraphs`` are the article's own, in order:
    for a paywalled article the free teaser. ``copy_of``: the id of the article this one was cut from; ids
    are those of ``marlshire/articles.jsonl`` or ``extras.yaml``.

    Edition 2 changes one article's text. The article that is gone then leaves the lists beside its
    outlet's other articles too: those pages have a new ETag and the same text.
    """

    url: str

    @property
    def text(self) -> str:
        """The body a perfect extraction gives."""
        return "\n\n".join(self.paragraphs)


def truth(base_port: int = BASE_PORT, edition: int = 1) -> list[Truth]:
    """Every article that an edition serves, newest first. Raises WrongUse for an unknown edition."""
    told = []
    for story in stories(edition):
        if not story.gone:
            url = _origin(base_port, story.outlet) + story.path
            section = "" if _publisher(story.outlet).template == "public" else story.section
            told.append(Truth(**{**vars(story), "section": section}, url=url))
    return told


def furniture_lines(edition: int = 1) -> dict[str, tuple[str, ...]]:
    """By article id, the page furniture lines of its own text, none of which may be in an extraction."""
    return {
        story.id: tuple(block.text for block in story.blocks if block.kind != "text")
        for story in stories(edition)
    }


def gone(base_port: int = BASE_PORT, edition: int = 1) -> list[str]:
    """The URLs in the feeds that answer 410."""
    return [_origin(base_port, story.outlet) + story.path for story in stories(edition) if story.gone]


def closed(base_port: int = BASE_PORT) -> list[str]:
    """The URLs that feeds and pages link to and robots.txt closes: one on each outlet."""
    return [_origin(base_port, publisher.name) + closed_page()[0] for publisher in publishers()]


def _publisher(outlet: str) -> Publisher:
    return next(publisher for publisher in publishers() if publisher.name == outlet)


def _origin(base_port: int, outlet: str) -> str:
    return f"http://127.0.0.1:{base_port + _publisher(outlet).offset}"
