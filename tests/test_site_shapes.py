"""Six shapes of real sites over HTTP: their saved pages served, listed in a feed, crawled and loaded.

A large tabloid group, a paid regional group, a council's CMS, committee pages, a government's news and a
police newsroom; each page is ``tests/pages/<layout>.<shape>.html``, and must load as its ``.json`` says. So
must a council's decision and the written answers of four parliaments, whose words are the council's and the
ministers'.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawlers.archive.lines import Line
from crawlers.fetch.crawl import crawl
from crawlers.loading.load import articles_from
from crawlers.outlets import load_outlets, outlet_of
from ledger.counts import Problem
from ledger.settings import Settings
from ledger.storage import records, rows, warehouse
from ledger.types import PRIVATE, Article, Outlet
from nlp.officials.register import Register
from nlp.pipeline import extract
from tests.sites import Answer, page, robots, serving

PAGES = Path(__file__).parent / "pages"
SHAPES = {
    "tabloid-group": "jsonld",
    "paid-group": "jsonld",
    "council": "visible",
    "committee": "visible",
    "govuk": "jsonld",
    "police-newsroom": "visible",
}
_FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><title>A page</title>
<link>{}</link></item></channel></rss>"""


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        shape, _, name = self.path.strip("/").partition("/")
        address = f"http://{self.headers['Host']}/{shape}/a-page-of-this-site-1234567"
        if shape not in SHAPES:
            self.send_error(404)
            return
        if name == "feed.xml":
            kind, body = "application/rss+xml", _FEED.format(address)
        else:
            page = (PAGES / f"{SHAPES[shape]}.{shape}.html").read_text(encoding="utf-8")
            kind, body = (
                "text/html; charset=utf-8",
                re.sub(r'(rel="canonical" href=)"[^"]+"', rf'\1"{address}"', page),
            )
        data = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # the parent's names
        """Nothing on the screen."""


@pytest.fixture(scope="module")
def outlets() -> Iterator[list[Outlet]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_port}/"
    yield [
        Outlet(shape, root, feeds=(f"{root}{shape}/feed.xml",), layout=layout, crawl_delay=0, local=True)
        for shape, layout in SHAPES.items()
    ]
    server.shutdown()
    server.server_close()


def _loaded(home: Path, outlets: list[Outlet]) -> dict[str, Article]:
    found = [one for one in articles_from(home, outlets) if not isinstance(one, Problem)]
    return {one.outlet: one.article for one in found if one.article is not None}


@pytest.fixture(scope="module")
def articles(outlets: list[Outlet], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Article]:
    home = tmp_path_factory.mktemp("shapes")
    assert crawl(home, outlets).written == len(SHAPES)
    return _loaded(home, outlets)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_page_of_each_shape_comes_whole(articles: dict[str, Article], shape: str) -> None:
    wanted = json.loads((PAGES / f"{SHAPES[shape]}.{shape}.json").read_text(encoding="utf-8"))
    article = articles[shape]
    assert (article.title, article.byline, list(article.authors)) == (
        wanted["title"],
        wanted["byline"],
        wanted["authors"],
    )
    assert article.text.split("\n\n") == wanted["paragraphs"]
    assert article.published is not None and article.published.isoformat() == wanted["published"]
    assert (article.paywalled, article.declared_paid) == (wanted["paywalled"], wanted["declared_paid"])
    assert [[laid.kind, article.text[slice(*laid.span)]] for laid in article.layout] == wanted["layout"]


OUTLETS = {one.name: one for one in load_outlets()}
COUNCIL = {"group": "moderngov", "publisher": "Skarne Borough Council"}
ASSEMBLY = {
    "group": "government",
    "kind": "written_answer",
    "layout": "answers",
    "publisher": "Northern Ireland Executive",
}
LISTED: dict[str, tuple[str, str, str, dict[str, str]]] = {
    # shape: its outlet, its listing, the page's address, the entry of an outlet that is not shipped
    "decision": (
        "Skarne Borough Council: committee papers",
        "/mgDelegatedDecisions.aspx?bcr=1",
        "/ieDecisionDetails.aspx?ID=1874",
        COUNCIL,
    ),
    "commons": (
        "UK Parliament: written questions and answers",
        "/written-questions",
        "/written-questions/detail/2026-05-06/41872",
        {},
    ),
    "holyrood": (
        "Scottish Parliament: written questions",
        "/chamber-and-committees/questions-and-answers",
        "/chamber-and-committees/questions-and-answers/question?ref=S7W-01204",
        {},
    ),
    "senedd": ("Senedd Cymru: written questions", "/WrittenQuestion", "/WrittenQuestion/98211", {}),
    "stormont": (
        "Northern Ireland Assembly: written questions",
        "/questions",
        "/questions/printquestionsummary.aspx?docid=551277",
        ASSEMBLY,
    ),
}
SAID = {  # shape: who, in what role, of which body, and how it begins
    "decision": [
        (None, "other_official", "Skarne Borough Council", "evening charges in all four car parks be"),
        (None, "other_official", "Skarne Borough Council", "the Director of Place be asked to report on"),
    ],
    "commons": [
        ("Owen Tarle", "minister", "Department for Roads", "The Department will provide £2.1 million for"),
        ("Owen Tarle", "minister", "Department for Roads", "We will publish the conditions of the grant"),
    ],
    "holyrood": [
        ("Calum Dreghorn", "minister", "Scottish Government", "The Scottish Government will restore Sunday"),
    ],
    "senedd": [
        ("Gethin Rhosydd", "minister", "Welsh Government", "I met the harbour trust at Penfor in March."),
    ],
    "stormont": [
        ("Orla Devine", "minister", "Northern Ireland Executive", "My Department will repair the bridge at"),
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("shape", LISTED)
def test_decisions_and_written_answers_are_listed_and_are_whose_they_are(shape: str, tmp_path: Path) -> None:
    name, listing, path, entry = LISTED[shape]
    (saved,) = PAGES.glob(f"*.{shape}.html")
    html = re.sub(r'<link rel="canonical"[^>]*>', "", saved.read_text(encoding="utf-8"))
    links = f"<ul><li><a href='{path}'>The newest</a></li><li><a href='/a'>x</a></li></ul>"
    answers = {"/robots.txt": robots("User-agent: *"), listing: page("A list", links), path: Answer(html)}
    with serving(answers) as server:
        known = OUTLETS.get(name) or outlet_of({"name": name, "home": "https://a.example/", **entry}, shape)
        outlet = replace(
            known,
            home=server.origin,
            feeds=(),
            sitemaps=(),
            sections=(server.origin + listing,),
            local=True,
            crawl_delay=0,
        )
        assert crawl(tmp_path, [outlet]).written == 1
        article = _loaded(tmp_path, [outlet])[name]
        assert article.url == server.origin + path
    wanted = json.loads(saved.with_suffix(".json").read_text(encoding="utf-8"))
    assert article.text.split("\n\n") == wanted["paragraphs"]
    assert article.published is not None and article.published.isoformat() == wanted["published"]
    assert article.kind == ("decision" if shape == "decision" else "written_answer")
    ((_, found),) = extract([article], Register(()))
    said = [(s.speaker, s.role, s.body, article.text[slice(*s.content[0])]) for s in found.statements]
    officials = [one for one in said if one[1] != PRIVATE]
    assert len(officials) == len(SAID[shape])
    for one, told in zip(officials, SAID[shape], strict=True):
        assert one[:3] == told[:3] and one[3].startswith(told[3])


def test_the_warehouse_keeps_layout_and_flags(articles: dict[str, Article], tmp_path: Path) -> None:
    with warehouse.run(Settings(home=tmp_path)) as connection:
        records.put_articles(connection, articles.values(), "a run")
        stored = rows.get_articles(connection, [article.id for article in articles.values()])
    assert {article.id: article for article in stored} == {a.id: a for a in articles.values()}


def test_an_outlet_whose_paid_pages_are_left_keeps_none_of_them(
    outlets: list[Outlet], tmp_path: Path
) -> None:
    lines: list[Line] = []
    left = [replace(outlet, paywall="leave") for outlet in outlets]
    counts = crawl(tmp_path, left, progress=lines.append)
    assert counts.skipped["paid"] == 1 and counts.written == len(SHAPES) - 1
    assert [line["outlet"] for line in lines if line.get("reason") == "paid"] == ["paid-group"]
    assert "paid-group" not in _loaded(tmp_path, left)
