"""The sample web, asked over real HTTP: what it serves, how it answers, and that its truth is true."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import yaml
from lxml import etree, html
from protego import Protego

from ledger.errors import WrongUse
from sample import hostile
from sample.furniture import furniture
from sample.hostile import CASES, HOSTS, PAGES, Case
from sample.hostile_pages import PAGE_ACTS
from sample.outlets import outlets
from sample.render import TRACKED, units
from sample.server import Web, serve
from sample.stories import FOLDER, LONDON, publishers, stories
from sample.truth import Truth, closed, furniture_lines, gone, truth

GOLD = Path(__file__).with_name("golden") / "marlshire" / "gold.jsonl"
COURIER, POST, LIVE = "Hexley Courier", "Marlshire Post", "PellbridgeLive"
OBSERVER, PBC = "Skelbrough Observer", "PBC News Marlshire"
AUTHORITY, POLICE = "Marlshire Combined Authority", "Marlshire Police"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.body, parser=html.HTMLParser(encoding="utf-8"))


def ask(url: str, method: str = "GET", /, **headers: str) -> Reply:
    """One request on a connection of its own; redirects are not followed, nothing is unpacked."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        body = response.read()
        return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, body)
    finally:
        connection.close()


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve(0) as served:
        yield served
        assert served.errors == []


@pytest.fixture(scope="module")
def later() -> Iterator[Web]:
    with serve(0, edition=2) as served:
        yield served
        assert served.errors == []


@pytest.fixture(scope="module")
def rough() -> Iterator[Web]:
    with serve(0, hostile=True, drip=0.4) as served:
        yield served
        assert served.errors == []


def one(web: Web, name: str) -> Truth:
    return next(article for article in truth(web.base_port, web.edition) if article.id == name)


def shown(page: html.HtmlElement) -> list[str]:
    return [" ".join(p.text_content().split()) for p in page.xpath("//p")]


# What is served


def test_every_article_of_the_county_and_the_extras_are_served(web: Web) -> None:
    articles = truth(web.base_port)
    lines = (FOLDER / "marlshire" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    county = {row["id"]: row for row in map(json.loads, lines)}
    assert set(county) <= {article.id for article in articles}
    assert len(articles) == len(county) + 4
    for article in articles:
        assert ask(article.url).status == 200
        if article.id in county:
            assert urlsplit(article.url).path == urlsplit(county[article.id]["url"]).path
            assert article.outlet == county[article.id]["outlet"]
            assert f"{article.published:%Y-%m-%dT%H:%M:%S}" == county[article.id]["published"]


def test_pages_hold_the_paragraphs_whole_and_in_order(web: Web) -> None:
    for article in truth(web.base_port):
        paragraphs = iter(shown(ask(article.url).tree))
        hidden = [p for p in article.paragraphs if "@" not in p]  # a page hides e-mail addresses
        assert hidden
        for wanted in hidden:
            assert any(wanted in found for found in paragraphs), (article.id, wanted)


def test_truth_is_the_article_without_its_furniture() -> None:
    """Joined again, truth and furniture give the labelled article's text; no labelled span is kept."""
    served = {article.id: article for article in truth()}
    labelled = 0
    for row in map(json.loads, GOLD.read_text(encoding="utf-8").splitlines()):
        left = [False] * len(row["text"])
        for start, end in row.get("boilerplate") or ():
            left[start:end] = [True] * (end - start)
            labelled += 1
        kept = "".join(letter for letter, out in zip(row["text"], left, strict=True) if not out)
        assert served[row["id"]].paragraphs == tuple(filter(None, kept.split("\n\n")))
        assert served[row["id"]].text == "\n\n".join(served[row["id"]].paragraphs)
    assert labelled > 200


def test_no_labelled_statement_is_lost_with_the_furniture() -> None:
    served = {article.id: article.text for article in truth()}
    for row in map(json.loads, GOLD.read_text(encoding="utf-8").splitlines()):
        for statement in row["statements"]:
            for start, end in statement["content"]:
                assert row["text"][start:end] in served[row["id"]]


def test_the_furniture_file_is_what_its_maker_makes_of_the_labels() -> None:
    lines = (FOLDER / "marlshire" / "furniture.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == furniture(GOLD)


def test_furniture_labels_must_be_whole_lines(tmp_path: Path) -> None:
    bad = tmp_path / "gold.jsonl"
    bad.write_text(
        json.dumps({"id": "x", "text": "One two.\n\nThree.", "boilerplate": [[4, 8]]}), encoding="utf-8"
    )
    with pytest.raises(WrongUse, match="x: furniture at 4"):
        furniture(bad)
    bad.write_text(json.dumps({"id": "x", "text": "One two."}), encoding="utf-8")
    with pytest.raises(WrongUse, match="labels no boilerplate"):
        furniture(bad)


def test_furniture_is_on_the_page_outside_the_articles_paragraphs(web: Web) -> None:
    """Every furniture line is shown; where ads stick to a paragraph, an element of their own holds them."""
    furnished = 0
    for article in truth(web.base_port):
        lines = furniture_lines()[article.id]
        page = ask(article.url).tree
        words = " ".join(page.text_content().split())
        for line in lines:
            furnished += 1
            assert line.replace("Hide AdAdvertisement", "Hide Ad") in words, (article.id, line)
        for label in page.xpath("//p/span[@class='unit-hide' or @class='unit-label']"):
            label.drop_tree()
        assert not set(shown(page)) & {"Advertisement", "Hide Ad"}
    assert furnished > 200


def test_ad_labels_stick_to_paragraphs_at_either_end_on_some_pages() -> None:
    glued = [
        unit
        for story in stories()
        for unit in units(story)
        if unit.kind == "text" and unit.before + unit.after
    ]
    assert any(unit.before == "Hide Ad" for unit in glued)
    assert any(unit.after in ("Hide Ad", "Advertisement") for unit in glued)


def test_captions_are_given_three_times_by_one_group(web: Web) -> None:
    page = ask(one(web, "mr-002").url).tree
    caption = next(line for line in furniture_lines()["mr-002"] if line.endswith("Gemma Tolliver"))
    assert page.xpath("//figure/img[@alt=$c and @title=$c]", c=caption)
    assert page.xpath("//figure/span[text()=$c]", c=caption)
    assert page.xpath("//figure/figcaption[text()=$c]", c=caption)


def test_pages_carry_more_furniture_of_the_publishers_own(web: Web) -> None:
    words = ask(one(web, "mr-002").url).tree.text_content()
    for furnished in ("uses cookies", "Most read", "Related", "Never miss a story", "Log in to join"):
        assert furnished in words


# What pages say of themselves


@pytest.mark.parametrize("outlet", [COURIER, POST])
def test_dates_in_json_ld(web: Web, outlet: str) -> None:
    for article in (article for article in truth(web.base_port) if article.outlet == outlet):
        data = json.loads(ask(article.url).tree.xpath("string(//script[@type='application/ld+json'])"))
        told = data["@graph"][1] if "@graph" in data else data
        assert told["@type"] == "NewsArticle"
        assert told["headline"] == article.title
        assert told["articleSection"] == article.section
        assert datetime.fromisoformat(told["datePublished"]) == article.published
        assert told["datePublished"].endswith("Z") is (outlet == COURIER)
        assert told["author"][0]["name"] == article.authors[0]
        assert told["isAccessibleForFree"] is not article.paywalled


@pytest.mark.parametrize("outlet", [LIVE, OBSERVER])
def test_dates_in_meta(web: Web, outlet: str) -> None:
    for article in (article for article in truth(web.base_port) if article.outlet == outlet):
        page = ask(article.url).tree
        told = datetime.fromisoformat(
            page.xpath("string(//meta[@property='article:published_time']/@content)")
        )
        assert (told.tzinfo is None) is (outlet == OBSERVER)
        assert (told if told.tzinfo else told.replace(tzinfo=LONDON)) == article.published
        assert page.xpath("string(//meta[@property='article:section']/@content)") == article.section
        assert not page.xpath("//script")


@pytest.mark.parametrize("outlet", [PBC, AUTHORITY, POLICE])
def test_dates_in_sight_only(web: Web, outlet: str) -> None:
    for article in (article for article in truth(web.base_port) if article.outlet == outlet):
        page = ask(article.url).tree
        assert not page.xpath("//script | //meta[contains(@property, 'time')]")
        if outlet == PBC:
            assert datetime.fromisoformat(page.xpath("string(//time/@datetime)")) == article.published
        else:
            assert not page.xpath("//@datetime")
            assert f"{article.published.day} {article.published:%B %Y}" in page.text_content()
            clock = f"{article.published.hour}.{article.published:%M}am"
            assert (clock if outlet == AUTHORITY else f"{article.published:%H:%M}") in page.text_content()


def test_times_of_summer_and_winter_are_both_there() -> None:
    for publisher in publishers():
        offsets = {a.published.utcoffset() for a in truth() if a.outlet == publisher.name}
        assert timedelta(0) in offsets and timedelta(hours=1) in offsets, publisher.name


def test_titles_bylines_and_canonical_links(web: Web) -> None:
    for article in truth(web.base_port):
        for variant in ("", "/", "?utm_source=x&ico=y", "?ref=related-1"):
            page = ask(article.url + variant).tree
            assert page.xpath("string(//link[@rel='canonical']/@href)") == article.url
        assert page.xpath("string(//h1)") == article.title
        words = " ".join(page.xpath("string(//body)").split())
        for part in article.byline.split(", "):
            assert part in words


def test_rights_signals(web: Web) -> None:
    walled = next(article for article in truth(web.base_port) if article.paywalled)
    assert "This article is for subscribers" in ask(walled.url).tree.text_content()
    reserved = next(article for article in truth(web.base_port) if article.tdm_reserved)
    reply = ask(reserved.url)
    assert reply.headers["tdm-reservation"] == "1"
    assert reply.tree.xpath("//meta[@name='tdm-reservation' and @content='1']")
    rules = json.loads(ask(urljoin(reserved.url, "/.well-known/tdmrep.json")).body)
    assert rules == [{"location": urlsplit(reserved.url).path, "tdm-reservation": 1}]
    assert ask(web.home(PBC) + "ai.txt").status == 200
    assert "tdm-reservation" not in ask(one(web, "mr-003").url).headers


def test_a_hidden_e_mail_address_can_be_decoded(web: Web) -> None:
    article = one(web, "sx-002")
    page = ask(article.url).tree
    assert "@" not in page.text_content()
    key, *masked = bytes.fromhex(page.xpath("string(//*/@data-cfemail)"))
    address = bytes(byte ^ key for byte in masked).decode()
    assert address in article.text


# Listings


def links_of_feed(reply: Reply) -> list[str]:
    root = etree.fromstring(reply.body)
    return [
        *root.xpath("//item/link/text()"),
        *root.xpath(
            "//a:entry/a:link[@rel='alternate']/@href", namespaces={"a": "http://www.w3.org/2005/Atom"}
        ),
    ]


def locs(reply: Reply) -> list[str]:
    body = gzip.decompress(reply.body) if reply.body.startswith(b"\x1f\x8b") else reply.body
    return list(etree.fromstring(body).xpath("//*[local-name()='loc']/text()"))


def wanted(web: Web, outlet: str) -> set[str]:
    return {article.url for article in truth(web.base_port, web.edition) if article.outlet == outlet}


@pytest.mark.parametrize(
    ("outlet", "feed"), [(COURIER, "rss"), (LIVE, "rss"), (POST, "rss"), (AUTHORITY, "atom.xml")]
)
def test_feeds_list_every_article_with_tracking_and_what_is_gone_or_closed(
    web: Web, outlet: str, feed: str
) -> None:
    links = links_of_feed(ask(web.home(outlet) + feed))
    plain = {link.partition("?")[0] for link in links}
    own = web.home(outlet)
    away = {url for url in (*gone(web.base_port), *closed(web.base_port)) if url.startswith(own)}
    assert plain == wanted(web, outlet) | away
    tracked = [link for link in links if link.partition("?")[0] in wanted(web, outlet)]
    assert all(link.endswith(TRACKED["rss"]) or "at_medium=RSS" in link for link in tracked)


def test_sitemaps_index_news_and_gzip(web: Web) -> None:
    children = locs(ask(web.home(POST) + "sitemap-index.xml"))
    assert children[0].endswith("/sitemaps/news.xml")
    months = [url for url in children if url.endswith(".xml.gz")]
    assert len(months) > 3
    assert {url for month in months for url in locs(ask(month))} == wanted(web, POST)
    news = ask(children[0])
    assert set(locs(news)) == wanted(web, POST)
    dates = etree.fromstring(news.body).xpath("//*[local-name()='publication_date']/text()")
    assert {datetime.fromisoformat(day) for day in dates} == {
        article.published for article in truth(web.base_port) if article.outlet == POST
    }
    assert set(locs(ask(web.home(POLICE) + "sitemap.xml.gz"))) == wanted(web, POLICE)
    assert set(locs(ask(web.home(PBC) + "sitemaps/news.xml"))) == wanted(web, PBC)


def test_section_pages_lead_by_next_links_to_every_article(web: Web) -> None:
    for publisher in publishers():
        found: set[str] = set()
        for key in publisher.sections:
            url, pages = web.home(publisher.name) + f"section/{key}", 0
            while url:
                page = ask(url).tree
                pages += 1
                hrefs = page.xpath("//main//div[@class='teaser-text']//a/@href")
                assert hrefs
                found |= {urljoin(url, href.partition("?")[0].rstrip("/")) for href in hrefs}
                url = (
                    urljoin(url, next(iter(page.xpath("//link[@rel='next']/@href")), "")) if pages < 9 else ""
                )
                url = "" if url.endswith(f"/{key}") or not page.xpath("//link[@rel='next']") else url
        assert found == wanted(web, publisher.name)
    assert ask(web.home(OBSERVER) + "section/news?page=9").status == 404


def test_robots_close_a_folder_that_pages_and_feeds_link_to(web: Web) -> None:
    for publisher, draft in zip(publishers(), closed(web.base_port), strict=True):
        home = web.home(publisher.name)
        rules = Protego.parse(ask(home + "robots.txt").body.decode())
        assert draft.startswith(home)
        assert not rules.can_fetch(draft, "SaidAndDone")
        assert ask(draft).status == 200  # nothing but robots.txt keeps it
        assert not rules.can_fetch(home, "GreedyBot")
        for url in wanted(web, publisher.name):
            assert rules.can_fetch(url, "SaidAndDone")
            assert not rules.can_fetch(url + "?print=1", "SaidAndDone")
        path = urlsplit(draft).path
        assert path in ask(home).tree.xpath("//main/following::a/@href | //main//a/@href")
        article = next(iter(wanted(web, publisher.name)))
        assert path in ask(article).tree.xpath("//a/@href")
        sitemaps = list(rules.sitemaps)
        assert all(ask(url).status == 200 for url in sitemaps)
    smallest = min(publishers(), key=lambda p: len(wanted(web, p.name)))
    assert Protego.parse(ask(web.home(smallest.name) + "robots.txt").body.decode()).crawl_delay("x") == 1


def test_pages_link_only_to_what_is_there(web: Web) -> None:
    """Every link of every page of an outlet leads to a page, a picture or a draft; none to a 404."""
    for publisher in publishers():
        home = web.home(publisher.name)
        todo, seen = [home], set()
        while todo:
            url = todo.pop()
            path = url.partition("#")[0]
            path = path if "?page=" in path else path.partition("?")[0].rstrip("/")
            if path in seen or "/cdn-cgi/" in path:
                continue
            seen.add(path)
            reply = ask(path if urlsplit(path).path else home)
            assert reply.status == 200, path
            if reply.headers["content-type"].startswith("text/html"):
                hrefs = reply.tree.xpath(
                    "//a/@href | //img/@src | //link[not(@rel='next' or @rel='prev')]/@href"
                )
                todo += [link for link in (urljoin(url, href) for href in hrefs) if link.startswith(home)]
        assert wanted(web, publisher.name) <= seen


# HTTP


def test_conditional_requests_are_answered_304_without_a_body(web: Web) -> None:
    for outlet, etag, modified in ((COURIER, True, True), (OBSERVER, False, True), (PBC, True, False)):
        url = next(iter(wanted(web, outlet)))
        first = ask(url)
        assert ("etag" in first.headers) is etag
        assert ("last-modified" in first.headers) is modified
        if etag:
            same = ask(url, If_None_Match=first.headers["etag"])
            assert (same.status, same.body) == (304, b"")
            assert same.headers["etag"] == first.headers["etag"]
            assert ask(url, If_None_Match='"other"').status == 200
            assert ask(url, If_None_Match=f'"other", {first.headers["etag"]}').status == 304
        if modified:
            stamp = first.headers["last-modified"]
            same = ask(url, If_Modified_Since=stamp)
            assert (same.status, same.body) == (304, b"")
            before = parsedate_to_datetime(stamp) - timedelta(days=1)
            assert ask(url, If_Modified_Since=f"{before:%a, %d %b %Y %H:%M:%S GMT}").status == 200
            assert ask(url, If_Modified_Since="yesterday").status == 200
        if etag and modified:
            assert (
                ask(url, If_None_Match='"other"', If_Modified_Since=first.headers["last-modified"]).status
                == 200
            )


def test_gzip_head_and_keep_alive(web: Web) -> None:
    url = one(web, "mr-002").url
    plain, packed = ask(url), ask(url, Accept_Encoding="gzip, deflate")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] == plain.headers["etag"]
    head = ask(url, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(plain.body))
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    for _ in range(3):
        connection.request("GET", parts.path)
        assert connection.getresponse().read() == plain.body
    connection.close()


def test_the_log_tells_what_was_asked_and_answered(web: Web) -> None:
    web.forget()
    url = one(web, "mr-003").url
    ask(url + "?utm_source=log", User_Agent="Tester/1")
    ask(web.home(OBSERVER) + "nowhere")
    visits = web.seen(OBSERVER)
    assert [visit.status for visit in visits] == [200, 404]
    assert visits[0].path == urlsplit(url).path
    assert visits[0].target.endswith("?utm_source=log")
    assert visits[0].headers["user-agent"] == "Tester/1"
    assert visits[0].sent > 1000
    assert visits[0].at <= visits[1].at
    assert web.seen(path="/nowhere", status=404) == visits[1:]
    assert web.seen(COURIER) == []


def test_a_port_in_use_is_told_in_one_line_with_what_to_do(web: Web) -> None:
    with pytest.raises(WrongUse, match=rf"port {web.base_port} .*another base port"), serve(web.base_port):
        pass
    with pytest.raises(WrongUse, match="take one from 1"), serve(70_000):
        pass


def test_a_failed_start_leaves_no_port_open(web: Web) -> None:
    first = web.base_port - 3  # its fourth outlet meets this one's first
    with pytest.raises(WrongUse), serve(first):
        pass
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", first)) != 0


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(WrongUse, match="editions 1 and 2"), serve(0, edition=3):
        pass


def test_ports_are_free_again_after_the_block() -> None:
    with serve(0) as first:
        port = first.base_port
        assert ask(first.home()).status == 200
    with serve(port) as second:
        assert ask(second.home()).status == 200


def test_served_by_hand_until_interrupted(web: Web) -> None:
    command = [sys.executable, "-m", "sample", "--base-port", "0", "--edition", "2", "--hostile"]
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(len(publishers()) + len(HOSTS) + 1)]
        assert ask(lines[0].split()[0]).status == 200
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
    assert lines[0].endswith(COURIER + "\n")
    assert lines[-1] == "Stop with Ctrl-C.\n"
    assert (rest, errors, process.returncode) == ("Stopped.\n", "", 0)


def test_by_hand_a_port_in_use_is_one_line_and_status_2(web: Web) -> None:
    command = [sys.executable, "-m", "sample", "--base-port", str(web.base_port)]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"said: port \d+ .*another base port\n", done.stderr)


# Two visits


def test_the_second_visit_finds_one_article_changed(web: Web, later: Web) -> None:
    before, after = one(web, "mr-066"), one(later, "mr-066")
    assert before.modified is None
    assert after.modified is not None and after.modified > before.published
    differing = set(before.paragraphs) ^ set(after.paragraphs)
    assert len(differing) == 3  # the quotation as it was and as it is, and the correction
    assert any("October" in p and p.startswith('"') for p in set(before.paragraphs) - set(after.paragraphs))
    assert after.paragraphs[-1].startswith("Correction")
    new = ask(after.url)
    assert parsedate_to_datetime(new.headers["last-modified"]) == after.modified.astimezone(UTC)
    assert (
        new.tree.xpath("string(//meta[@property='article:modified_time']/@content)")
        == after.modified.isoformat()
    )
    assert "updated" in ask(later.home(LIVE) + "rss").body.decode()


def test_the_second_visit_changes_nothing_else(web: Web, later: Web) -> None:
    before = {article.id: article.paragraphs for article in truth(web.base_port)}
    after = {article.id: article.paragraphs for article in truth(later.base_port, 2)}
    assert {name for name in before if before[name] != after.get(name)} == {"mr-066", "sx-003"}
    assert set(after) == set(before) - {"sx-003"}


def test_validators_of_the_first_visit_tell_the_second_what_changed() -> None:
    """One article's words; and the pages beside one that is gone, whose words are the same."""
    with serve(0) as web:
        before = {article.url: ask(article.url).headers for article in truth(web.base_port)}
    with serve(web.base_port, edition=2) as web:
        changed = set()
        for article in truth(web.base_port, 2):
            known = before[article.url]
            asked = {"If_None_Match": known["etag"]} if "etag" in known else {}
            if "last-modified" in known:
                asked["If_Modified_Since"] = known["last-modified"]
            reply = ask(article.url, **asked)
            assert reply.status in {200, 304}
            changed |= {article.url} if reply.status == 200 else set()
        beside = wanted(web, COURIER)
        assert changed == beside | {one(web, "mr-066").url}
        assert len(beside) > 10


def test_what_is_gone_answers_410_and_stays_in_the_feed(web: Web, later: Web) -> None:
    assert len(gone(web.base_port)) == 1
    assert len(gone(later.base_port, 2)) == 2
    assert ask(one(web, "sx-003").url).status == 200
    for url in gone(later.base_port, 2):
        assert ask(url).status == 410
        assert url in {link.partition("?")[0] for link in links_of_feed(ask(later.home(COURIER) + "rss"))}
        assert urlsplit(url).path not in ask(later.home(COURIER)).body.decode()


def test_the_shared_story_is_a_near_copy_as_real_ones_are() -> None:
    def shingles(article: Truth) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", article.text.lower())
        return {tuple(words[n : n + 3]) for n in range(len(words) - 2)}

    served = {article.id: article for article in truth()}
    copies = [article for article in served.values() if article.copy_of]
    assert len(copies) == 1
    original = served[copies[0].copy_of]
    assert original.outlet != copies[0].outlet
    assert original.authors == copies[0].authors
    one, other = shingles(original), shingles(copies[0])
    assert 0.43 <= len(one & other) / len(one | other) <= 0.59


# The crawl's view


def test_outlets_yaml_names_every_outlet_and_uses_every_way_of_discovery(web: Web) -> None:
    entries = yaml.safe_load(web.outlets_yaml())
    assert [entry["name"] for entry in entries] == [publisher.name for publisher in publishers()]
    used: set[str] = set()
    for entry, publisher in zip(entries, publishers(), strict=True):
        assert entry["home"] == web.home(entry["name"])
        assert entry["group"] == publisher.group
        ways = {way: entry.get(way, []) for way in ("feeds", "sitemaps", "sections")}
        used |= {way for way, urls in ways.items() if urls}
        assert all(ask(url).status == 200 for urls in ways.values() for url in urls)
    assert used == {"feeds", "sitemaps", "sections"}
    assert {entry["layout"] for entry in entries} == {"jsonld", "meta", "visible"}


def test_outlets_at_the_usual_ports_are_the_file_itself() -> None:
    assert outlets() == (FOLDER / "outlets.yaml").read_text(encoding="utf-8")
    assert "http://127.0.0.1:8801/" in outlets()
    assert "http://127.0.0.1:9001/" in outlets(9001) and ":88" not in outlets(9001)


# The hostile corner


def test_every_case_has_an_answer_and_an_outcome(rough: Web) -> None:
    assert set(PAGE_ACTS) == {case.name for case in PAGES}
    assert len({case.name for case in CASES}) == len(CASES)
    assert len({case.path for case in PAGES}) == len(PAGES)
    for case in CASES:
        assert case.url(rough.base_port).startswith(rough.home(case.host))
        assert case.reasons or case.outcome in {"article", "links"}, case.name
    listed = {urlsplit(link).path for link in links_of_feed(ask(rough.home(hostile.HERALD) + "rss"))}
    assert listed == {case.path for case in PAGES}


def test_hostile_outlets_name_every_host_and_one_that_is_not_there(rough: Web) -> None:
    entries = yaml.safe_load(outlets(rough.base_port, hostile=True))
    assert [entry["name"] for entry in entries] == [*(host.name for host in HOSTS), hostile.GHOST]
    for entry in entries[:-1]:
        assert entry["home"] == rough.home(entry["name"])
    listed = {url for entry in entries for url in entry.get("feeds", []) + entry.get("sitemaps", [])}
    cases = {case.url(rough.base_port) for case in CASES if case.host == hostile.LISTINGS}
    assert cases <= listed
    with pytest.raises(ConnectionRefusedError):
        ask(entries[-1]["home"])


def case(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


def test_sound_answers_with_bad_content(rough: Web) -> None:
    def body(name: str) -> bytes:
        return ask(case(name).url(rough.base_port)).body

    assert body("pdf").startswith(b"%PDF")
    assert body("empty") == b""
    assert body("blank").strip() == b""
    assert len(body("huge")) > 12_000_000
    assert len(gzip.decompress(body("gzip_bomb"))) > 100_000_000 > 100 * len(body("gzip_bomb"))
    assert "£4.2m" in body("wrong_charset").decode("cp1252")
    with pytest.raises(UnicodeDecodeError):
        body("wrong_charset").decode("utf-8")
    broken = html.fromstring(body("broken_jsonld")).xpath("string(//script)")
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken)
    for name in ("markup", "formula", "markdown", "rtl"):
        title = html.fromstring(body(name).decode()).xpath("string(//h1)")
        assert title == case(name).title or name == "rtl"
    assert b"\0" in body("control")
    assert len(body("feed_huge")) > 50_000_000
    assert body("sitemap_100000").count(b"<loc>") == hostile.SITEMAP_URLS


@pytest.mark.parametrize("name", ["reset", "no_answer"])
def test_connections_that_are_reset(rough: Web, name: str) -> None:
    with pytest.raises(ConnectionError):
        ask(case(name).url(rough.base_port))


def test_truncated_and_slow_answers_and_loops(rough: Web) -> None:
    with pytest.raises(http.client.IncompleteRead):
        ask(case("truncated").url(rough.base_port))
    with pytest.raises(TimeoutError):
        ask_whole(case("drip").url(rough.base_port), seconds=0.2)
    assert ask(case("drip").url(rough.base_port)).status == 200
    there = ask(case("redirect_loop").url(rough.base_port)).headers["location"]
    back = ask(urljoin(rough.home(hostile.HERALD), there)).headers["location"]
    assert back == case("redirect_loop").path


def ask_whole(url: str, seconds: float) -> bytes:
    """As a crawler bounds a whole answer: TimeoutError when it is not there within ``seconds``."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=5) as connection:
        connection.sendall(f"GET {parts.path} HTTP/1.0\r\n\r\n".encode())
        ends, received = datetime.now(UTC) + timedelta(seconds=seconds), b""
        while piece := connection.recv(65536):
            received += piece
            if datetime.now(UTC) > ends:
                raise TimeoutError
        return received


def test_hosts_that_refuse_or_ask_for_rest(rough: Web) -> None:
    assert ask(rough.home(hostile.GAZETTE) + "robots.txt").status == 503
    assert ask(rough.home(hostile.ARGUS) + "robots.txt").status == 403
    rough.forget()
    links = links_of_feed(ask(rough.home(hostile.ECHO) + "rss"))
    replies = [ask(link) for link in links + links]
    assert [reply.status for reply in replies].count(429) == 1
    asked = next(reply for reply in replies if reply.status == 429)
    assert asked.headers["retry-after"] == str(hostile.RETRY_AFTER)
    rules = Protego.parse(ask(rough.home(hostile.TORTOISE) + "robots.txt").body.decode())
    assert rules.crawl_delay("SaidAndDone") == hostile.CRAWL_DELAY
    rules = Protego.parse(ask(rough.home(hostile.SENTINEL) + "robots.txt").body.decode())
    shut = [rough.home(hostile.SENTINEL).rstrip("/") + path for path in hostile.CLOSED]
    assert len(shut) == 8
    assert not any(rules.can_fetch(url, "SaidAndDone") for url in shut)
    assert all(ask(url).status == 200 for url in shut)


def test_a_stopped_server_does_not_wait_for_its_slow_answers() -> None:
    with serve(0, hostile=True, drip=3600) as web:
        parts = urlsplit(case("drip").url(web.base_port))
        slow = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
        slow.request("GET", parts.path)
        assert slow.getresponse().status == 200
    slow.close()
