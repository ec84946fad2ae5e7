"""A body's own word: what it says of its promise is claimed, and in print it is still one source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers.outlets import outlet_of
from flows.pipeline import ingest, stages
from flows.pipeline.sources import Sources
from ledger.decisions import published
from ledger.queries import pledge_list
from ledger.settings import Settings
from ledger.storage import warehouse
from nlp.officials.register import Register
from tests.sites import Answer, page, robots, rss, serving

pytestmark = pytest.mark.slow
SAID = datetime(2026, 1, 12, 9, tzinfo=UTC)
DONE = datetime(2026, 10, 20, 10, tzinfo=UTC)
PROMISE = """\
Hexley Council has set a day for the Wend Bridge, which was closed to traffic in November.

Councillor Imke Sandford, the leader of Hexley Council, said: “The council will reopen the Wend Bridge by 31
October 2026. We will not let the work slip into another winter.”

Some forty people had come to the meeting at the town hall, most of them from Otter Lane."""
RELEASE = """\
Hexley Council has reopened the Wend Bridge to traffic, eleven days before the date that it had set. The
first cars crossed the Wend Bridge at ten this morning, and the barriers on both banks have been taken away.

The contractor Arlen and Sons replaced the deck, both footways and all of the lighting. The work cost £4.2
million, of which the government paid a third, and it came in on budget.

Buses on routes 4 and 11 return to their usual way on Monday. The car park below the bridge opens again on
the same day, and parking there will be free until Christmas to thank the residents of Otter Lane for their
patience."""
FURTHER = """\
When the Dispatch visited on Tuesday the Wend Bridge was shut again: a crash barrier lay across the road,
and a steward was turning drivers back towards Otter Lane. Asked why, the council said that it had nothing
to add.

“It was open for a morning and then they closed the Wend Bridge again,” said Wendeline Prout, who runs the
chandlery on the north bank."""
PAPERS = ("Courier", "Echo", "Gazette", "Herald", "Journal")


def _site(title: str, when: datetime, text: str) -> dict[str, Answer]:
    """A site with one article, named by its feed."""
    data = (
        '<script type="application/ld+json">{"@type": "NewsArticle", '
        f'"headline": "{title}", "datePublished": "{when.isoformat()}"}}</script>'
    )
    paragraphs = "".join(f"<p>{' '.join(part.split())}</p>" for part in text.split("\n\n"))
    path = "/news/a-story-of-the-wend-bridge"
    return {
        "/robots.txt": robots("User-agent: *"),
        "/feed": rss(path),
        path: page(title, f"<article><h1>{title}</h1>{paragraphs}</article>", data),
    }


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A promise in a paper, the council's own release of its keeping, five papers that print it, and one that
    goes and looks: crawled from eight sites and worked through."""
    settings = Settings(home=tmp_path_factory.mktemp("own"))
    sites = {
        "Advertiser": _site("Bridge to open by the end of October", SAID, PROMISE),
        "Hexley Council press office": _site("Wend Bridge open again", DONE, RELEASE),
        "Dispatch": _site(
            "Wend Bridge opens, and shuts", DONE + timedelta(days=2), f"{RELEASE}\n\n{FURTHER}"
        ),
    } | {
        name: _site(f"Wend Bridge is open, {name} hears", DONE + timedelta(hours=n), RELEASE)
        for n, name in enumerate(PAPERS, -1)  # one of them is quicker than the press office
    }
    with ExitStack() as stack:
        outlets = []
        for name, answers in sites.items():
            origin = stack.enter_context(serving(answers)).origin
            entry: dict[str, Any] = {"name": name, "home": origin, "feeds": [f"{origin}/feed"], "local": True}
            if "press office" in name:
                entry |= {"kind": "press_release", "publisher": "Hexley Council"}
            outlets.append(outlet_of({**entry, "crawl_delay": 0}, name))
        sources = Sources(tuple(outlets), Register(()), "none")
        for stage in (ingest.crawl, ingest.load, stages.extract, stages.flag, stages.group, stages.track):
            assert stage(settings, sources, "run").problems == []
        ingest.publish(settings, sources, "run")
    yield settings


def _rows(settings: Settings, query: str) -> list[dict[str, Any]]:
    with published.reading(settings) as connection:
        return warehouse.fetch(connection, query)


def test_prints_of_a_release_are_copies_of_it_and_a_paper_that_looks_is_not(told: Settings) -> None:
    rows = _rows(
        told,
        """SELECT a.outlet, a.kind, o.outlet AS original, p.outlet AS printed FROM w.articles a
        LEFT JOIN w.articles o ON o.id = a.copy_of LEFT JOIN w.articles p ON p.id = a.prints""",
    )
    found = {row["outlet"]: row for row in rows}
    office = "Hexley Council press office"
    assert {name for name, row in found.items() if row["original"] == office} == set(PAPERS)
    assert {name for name, row in found.items() if row["printed"] == office} == {"Dispatch"}
    assert {name for name, row in found.items() if row["kind"] == "press_release"} == {office}
    assert found[office]["original"] is None and found["Dispatch"]["original"] is None


def test_what_the_release_says_is_claimed_wherever_it_is_printed(told: Settings) -> None:
    rows = _rows(
        told,
        """SELECT a.outlet, x.words, x.by_owner, x.source FROM (
            SELECT pledge_id, article_id, words, by_owner, source FROM w.evidence
            UNION ALL SELECT pledge_id, article_id, words, by_owner, source FROM w.leads) x
        JOIN w.articles a ON a.id = x.article_id JOIN w.pledges p ON p.id = x.pledge_id
        WHERE p.owner = 'Hexley Council' AND a.outlet <> 'Advertiser'""",
    )
    plain = " ".join(RELEASE.split())
    released = [row for row in rows if row["words"] in plain]
    assert {row["outlet"] for row in released} == {*PAPERS, "Hexley Council press office", "Dispatch"}
    assert all(row["by_owner"] and row["source"] == "Hexley Council" for row in released)
    added = {row["words"]: row["by_owner"] for row in rows if row not in released}
    assert [by_owner for words, by_owner in added.items() if "crash barrier" in words] == [False]


def test_five_prints_of_a_release_are_one_source_and_that_is_the_owner(told: Settings) -> None:
    (pledge,) = (one for one in pledge_list.pledges(told) if one.owner == "Hexley Council")
    assert pledge.evidence > len(PAPERS) and pledge.independent == 0
    assert "claimed_only" in pledge.flags and pledge.suggested != "delivered"
