"""The sample web's pages: every article is served whole, and its truth is true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from ledger.errors import WrongUse
from sample.furniture import LABELS, furniture
from sample.render import units
from sample.server import serve
from sample.stories import FOLDER, LONDON, publishers, stories
from sample.truth import furniture_lines, truth
from sample.web import Web
from tests.sample_client import (
    AUTHORITY,
    COURIER,
    LIVE,
    OBSERVER,
    PBC,
    POLICE,
    POST,
    ask,
    one,
    shown,
)


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve(0) as served:
        yield served
        assert served.errors == []


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
    for row in map(json.loads, LABELS.read_text(encoding="utf-8").splitlines()):
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
    for row in map(json.loads, LABELS.read_text(encoding="utf-8").splitlines()):
        for statement in row["statements"]:
            for start, end in statement["content"]:
                assert row["text"][start:end] in served[row["id"]]


def test_furniture_labels_must_be_whole_lines(tmp_path: Path) -> None:
    bad = tmp_path / "gold.jsonl"
    bad.write_text(
        json.dumps({"id": "x", "text": "One two.\n\nThree.", "boilerplate": [[4, 8]]}), encoding="utf-8"
    )
    with pytest.raises(WrongUse, match="x: furniture at 4"):
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
