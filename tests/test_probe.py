"""`said outlets check` and `said outlets find` against local servers of each group's shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from crawlers.outlets import load_outlets, outlet_of
from crawlers.probe.check import Report, check_outlets
from crawlers.probe.find import SiteFound, find_outlet
from flows.cli import main
from ledger.errors import WrongUse
from ledger.types import Outlet
from tests.sites import MINUTES, SHAPES, Answer, SiteServer, page, robots, rss, serving, tabloid

pytestmark = pytest.mark.slow
CONTACT = "desk@said.example"


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, SiteServer]]:
    """A site of each shape, by the shape's name."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(serving(made())) for name, (made, _, _) in SHAPES.items()}


def _entry(name: str, server: SiteServer, **more: object) -> Outlet:
    _, home, group = SHAPES[name]
    return outlet_of(
        {"name": name, "home": server.origin + home, "group": group, "local": True, **more}, name
    )


@pytest.fixture(scope="module")
def reports(sites: dict[str, SiteServer]) -> dict[str, Report]:
    """Each site tried by an entry of name, home and group, without a delay of ours; all in one crawl."""
    entries = [_entry(name, server, crawl_delay=0) for name, server in sites.items()]
    return {report.outlet.name: report for report in check_outlets(entries, CONTACT)}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_site_of_each_shape_is_read_by_name_home_and_group(shape: str, reports: dict[str, Report]) -> None:
    report = reports[shape]
    assert report.good and report.reached and report.robots == "", report.problems
    pages = [article for article in report.articles if not article.url.endswith(".pdf")]
    assert report.links >= 3 and len(pages) == 3
    assert all(article.text.startswith(("The first of the four", "The Cabinet")) for article in pages)
    dated = shape != "committee pages"  # a calendar's links bear no dates
    assert (report.newest is not None) is dated


def test_a_meetings_page_brings_its_minutes(reports: dict[str, Report], sites: dict[str, SiteServer]) -> None:
    read = reports["committee pages"].articles
    assert {article.kind for article in read} == {"minutes"} and len(read) == 4
    (minutes,) = (article for article in read if article.url.endswith(".pdf"))
    assert "RESOLVED that the contract for the Wend Bridge be let by 31 March 2027." in minutes.text
    assert minutes.pages == ((0, 1),) and minutes.published is not None
    assert sites["committee pages"].paths.count(MINUTES) == 1
    kinds = {name: {article.kind for article in report.articles} for name, report in reports.items()}
    assert kinds["GOV.UK"] == kinds["police newsroom"] == kinds["council CMS"] == {"press_release"}
    assert kinds["large tabloid group"] == {"news"}


def test_a_check_has_the_crawls_manners(sites: dict[str, SiteServer], reports: dict[str, Report]) -> None:
    for name, server in sites.items():
        assert server.paths[0] == "/robots.txt" and server.paths.count("/robots.txt") == 1, name
        assert all(f"(+{CONTACT})" in agent for _, agent, _ in server.asked), name
    delayed = sites["paid regional group"]  # its robots.txt asks for 0.2 s
    times = [when for path, _, when in delayed.asked]
    assert min(after - before for before, after in pairwise(times)) > 0.15
    assert reports["paid regional group"].delay == 0.2
    assert reports["paid regional group"].rights["paywalled"] == 3
    assert not any(reports[name].rights for name in ("GOV.UK", "police newsroom", "council CMS"))


@pytest.fixture(scope="module")
def found(sites: dict[str, SiteServer]) -> dict[str, SiteFound]:
    """What is found of each site from its home address alone."""
    return {name: find_outlet(sites[name].origin + home, CONTACT) for name, (_, home, _) in SHAPES.items()}


NAMES = {
    "large tabloid group": "Hexley Live",
    "paid regional group": "Hexley Courier",
    "council CMS": "Hexley City Council",
    "committee pages": "Hexley City Council",
    "GOV.UK": "GOV.UK: Department for Bridges",
    "police newsroom": "Marlshire Police",
    "independent weekly": "The Wend Valley Dispatch",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_of_each_shape_an_entry_to_paste_is_found(
    shape: str, found: dict[str, SiteFound], sites: dict[str, SiteServer], tmp_path: Path
) -> None:
    text = found[shape].text()
    file = tmp_path / "outlets.yaml"
    file.write_text(text, encoding="utf-8")
    (outlet,) = load_outlets(file)
    expected = _entry(shape, sites[shape])
    assert (outlet.name, outlet.group, outlet.local) == (NAMES[shape], expected.group, True)
    assert set(yaml.safe_load(text)[0]) == {"name", "home", "group", "local", "seen"}, (
        "its group says the rest"
    )
    assert (outlet.feeds, outlet.sitemaps, outlet.sections) == (
        expected.feeds,
        expected.sitemaps,
        expected.sections,
    )
    assert all(path in text for path in outlet.feeds + outlet.sections)


def _gone() -> dict[str, Answer]:
    """A title whose feed has gone, whose sitemap is a page now, and whose news page names nothing."""
    return {
        "/robots.txt": robots("User-agent: *", "Allow: /"),
        "/": page("A title", "<p>Nothing here</p>"),
        "/map_news.xml": page("A title", "<p>Nothing here</p>"),
        "/news/": page("A title", "<p>Nothing here</p>"),
    }


def test_what_is_in_the_way_is_told_with_what_to_try(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = {"/robots.txt": Answer("no", status=403)}
    moved = {
        "/robots.txt": robots("User-agent: *"),
        "/feed": Answer("", status=301, headers={"Location": "https://elsewhere.example/feed"}),
    }
    reserved = {
        "/robots.txt": robots("User-agent: *"),
        "/.well-known/tdmrep.json": Answer('[{"location": "/", "tdm-reservation": 1}]', "application/json"),
        "/rss": rss("/news/a-story-of-the-county", "/news/another-story-of-the-county"),
    }
    with (
        serving(tabloid()) as good, serving(_gone()) as gone, serving(closed) as shut,
        serving(moved) as left, serving(reserved) as kept,
    ):  # fmt: skip
        rows = [
            {"name": "Good Title", "group": "reach", "home": good.origin, "region": "North"},
            {"name": "Gone Title", "group": "reach", "home": gone.origin, "region": "North"},
            {"name": "Shut Title", "group": "reach", "home": shut.origin, "region": "South"},
            {"name": "Left Title", "feeds": [f"{left.origin}/feed"], "home": left.origin, "region": "South"},
            {"name": "Kept Title", "feeds": [f"{kept.origin}/rss"], "home": kept.origin, "region": "East"},
        ]
        rows = [{**row, "local": True, "crawl_delay": 0} for row in rows]
        (tmp_path / "outlets.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")

        def run(*arguments: str) -> tuple[int, str]:
            with pytest.raises(SystemExit) as ended:
                main(["outlets", "check", *arguments, "--home", str(tmp_path)])
            return int(str(ended.value.code)), capsys.readouterr().out

        status, text = run()
        one, alone = run("good title", "--region", "nor")
        _, machine = run("Gone", "--json")
        shut_asked = shut.paths
    assert status == 1 and "1 of 5 outlets good" in text
    told = {line.split("  ")[0]: line for line in text.splitlines() if "Title" in line}
    assert all(words in told["Good Title"] for words in ("yes", "open", "2 of 2", "3 of 3", "none", "good"))
    assert "NOT GOOD" in told["Gone Title"] and "0 of 3" in told["Gone Title"]
    assert f"{gone.origin}/news/?service=rss: not found (404)" in text
    assert f"“said outlets find {gone.origin}" in text and "a page, not a sitemap" in text
    assert "an empty list" in text
    assert text.count("robots.txt refused") == 1
    assert "forbidden" in told["Shut Title"] and shut_asked == ["/robots.txt"] * len(shut_asked)
    assert "moved to another site. It now leads to https://elsewhere.example/feed" in text
    assert "tdm reserved 2" in told["Kept Title"] and "ask the publisher; with permission" in text
    assert one == 0 and alone.count("Title") == 1
    row = json.loads(machine)
    assert row["outlet"] == "Gone Title" and row["good"] is False and row["reached"] is True
    assert [listing["reason"] for listing in row["listings"]] == ["http_404", "not_sitemap", ""]


def test_a_site_without_listings_and_one_that_moved_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = {
        "/robots.txt": robots("User-agent: *"),
        "/": Answer("", status=302, headers={"Location": "https://elsewhere.example/"}),
    }
    with serving(_gone()) as gone, serving(moved) as left:
        codes = []
        for address in (gone.origin, left.origin):
            with pytest.raises(SystemExit) as ended:
                main(["outlets", "find", address, "--home", str(tmp_path)])
            codes.append(ended.value.code)
        text = capsys.readouterr().out
    assert codes == [1, 1] and yaml.safe_load(text) is None, "remarks alone"
    assert "No feed, sitemap or news page was found" in text
    assert "said outlets find https://elsewhere.example/" in text


def test_a_site_of_no_known_group_is_asked_at_the_usual_addresses(tmp_path: Path) -> None:
    stories = ["/story/one-of-the-county", "/story/two-of-the-county"]
    site = {
        "/robots.txt": robots("User-agent: *", "Disallow: /rss$"),
        "/": page("The Lantern", "<p>Welcome</p>"),
        "/feed/": rss(),
        "/rss.xml": rss(*stories),
    }
    with serving(site) as server:
        found = find_outlet(server.origin, CONTACT, name='Lantern of the "North": news', region="North")
        asked = server.paths
    assert found.entry["feeds"] == [f"{server.origin}/rss.xml"] and "group" not in found.entry
    assert "/rss" not in asked, "closed by robots.txt"
    (file := tmp_path / "outlets.yaml").write_text(found.text(), encoding="utf-8")
    (outlet,) = load_outlets(file)
    assert (outlet.name, outlet.region) == ('Lantern of the "North": news', "North")
    assert "an empty list" in found.text() and "closed by robots.txt" in found.text()


def test_what_a_site_says_ends_no_remark(tmp_path: Path) -> None:
    wild = page(
        "A\u2028- name: evil",
        "<p>x</p>",
        '<link rel="alternate" type="application/rss+xml" href="/a\u2028b">',
    )
    with serving({"/robots.txt": robots(), "/": wild, "/feed/": rss("/a-b-c-d")}) as server:
        found = find_outlet(server.origin, CONTACT)
    (file := tmp_path / "outlets.yaml").write_text(found.text(), encoding="utf-8")
    assert len(load_outlets(file)) == 1


def test_the_public_web_is_asked_with_a_contact_only(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no contact is set"):
        find_outlet("www.farpost.example")
    with pytest.raises(WrongUse, match="is no address of a site"):
        find_outlet("https://", CONTACT)
    with pytest.raises(WrongUse, match="is no address of a site"):
        find_outlet("Wick Herald")
    far = Outlet("Far Post", "https://www.farpost.example/", feeds=("https://www.farpost.example/rss",))
    with pytest.raises(WrongUse, match="no contact is set"):
        check_outlets([far])
