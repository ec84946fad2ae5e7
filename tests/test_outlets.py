"""Outlets are data: good files load, bad ones name the file, the entry and what to do."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from crawlers.groups import group_of, groups
from crawlers.outlets import SHIPPED, choose, load_outlets
from crawlers.pages.layouts import known_groups, known_layouts, rules
from crawlers.pages.urls import fold
from ledger.errors import WrongUse

GOOD = """
- name: Hexley Courier
  region: Marlshire
  group: northern-titles
  home: http://127.0.0.1:8801/
  feeds: [http://127.0.0.1:8801/rss]
  sections: http://127.0.0.1:8801/news
  crawl_delay: 2
  expected_weekly: 5
  rights: {mine: true, note: own site}
  local: true
- name: Far Away Post
  home: https://www.farawaypost.example/
  sitemaps: [https://www.farawaypost.example/news-sitemap.xml]
"""


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "outlets.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_loads(tmp_path: Path) -> None:
    near, far = load_outlets(_file(tmp_path, GOOD))
    assert (near.name, near.group, near.local, near.crawl_delay) == (
        "Hexley Courier",
        "northern-titles",
        True,
        2.0,
    )
    assert near.sections == ("http://127.0.0.1:8801/news",)
    assert near.rights == {"mine": True, "note": "own site"}
    assert (far.layout, far.crawl_delay, far.expected_weekly, far.rights) == ("jsonld", 1.0, 0, {})
    assert choose([near, far], ["far away post"]) == [far]
    assert choose([near, far]) == [near, far] and choose([near, far], ["post", "hex"]) == [far, near]
    assert choose([near, far], region="MARL", group="northern-titles") == [near]
    with pytest.raises(WrongUse, match="Hexley Courier, Far Away Post"):
        choose([near, far], ["Nearby Post"])
    with pytest.raises(WrongUse, match="no such outlet is of Kent; regions are Marlshire"):
        choose([near, far], region="Kent")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", r"no feeds, sitemaps or sections; give one, or a group"),
        ("feeds: [/rss]", r"feeds must be an http:// or https:// address, not '/rss'"),
        ("feeds: {a: b}", r"feeds must be a list"),
        ("feed: [https://a.example/rss]", r"unknown line 'feed'; known are .*; did you mean feeds\?"),
        ("layout: nonesuch", r"unknown layout 'nonesuch'; known are"),
        ("crawl_delay: soon", r"crawl_delay must be seconds"),
        ("crawl_delay: -1", r"crawl_delay must be seconds"),
        ("crawl_delay: .nan", r"crawl_delay must be seconds"),
        ("expected_weekly: many", r"expected_weekly must be a number"),
        ("rights: all", r"rights must be \{mine"),
        (
            "rights: {mine: maybe}",
            r"rights must be \{mine: true or false, note: words\}, not \{'mine': 'maybe'",
        ),
        ("region: 7", r"region must be words"),
        ("kind: gossip", r"unknown kind 'gossip'; known are news, press_release"),
        (
            "publisher: Hexley Council",
            r"has a publisher, which is for its own word; add \"kind: press_release\"",
        ),
        ("local: perhaps", r"local must be true or false"),
        ("local: true\n  feeds: [https://a.example/rss]", r'"local: true" is for private addresses only'),
        ("feeds: [http://10.0.0.1/rss]", r'has a private address; add "local: true"'),
        ("paywall: open", r"paywall must be one of quotations, teaser, leave"),
        ("home: ftp://a.example/", r"home must be an http"),
    ],
)
def test_bad_entries_say_what_to_do(tmp_path: Path, line: str, said: str) -> None:
    home = "" if line.startswith("home") else "  home: https://a.example/\n"
    path = _file(tmp_path, f"- name: Some Title\n{home}  {line}\n")
    with pytest.raises(WrongUse, match=said) as error:
        load_outlets(path)
    assert f"{path}, entry 1 (Some Title)" in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no list of outlets"),
        ("just words", "holds no list of outlets"),
        ("- words", "entry 1: must be named values"),
        ("- home: https://a.example/", "entry 1 (without a name): has no name"),
        ("- name: [unclosed", "line 1: not readable as YAML"),
        ("- name: a\n\t- b", "not readable as YAML"),
        (GOOD + GOOD, "two outlets are named 'Hexley Courier'"),
    ],
)
def test_bad_files_say_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(WrongUse) as error:
        load_outlets(path)
    assert str(path) in str(error.value) and said in str(error.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be read"):
        load_outlets(tmp_path / "missing.yaml")
    path = tmp_path / "bytes.yaml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(WrongUse, match="not readable as YAML"):
        load_outlets(path)


REGIONS = {
    "East Midlands", "East of England", "Ireland", "London", "North East", "North West", "Northern Ireland",
    "Scotland", "South East", "South West", "Wales", "West Midlands", "Yorkshire and the Humber",
}  # fmt: skip
SEEN = re.compile(
    r"untried|(request of others|checked list|public list|public scraper|stored page), "
    r"((about )?20\d\d(-\d\d){0,2}( or before)?|undated)"
)


def test_the_shipped_list_covers_the_regions() -> None:
    outlets = load_outlets(SHIPPED)
    by_region = Counter(outlet.region for outlet in outlets)
    assert by_region.keys() == REGIONS | {"United Kingdom"} and min(by_region.values()) >= 15
    assert {outlet.group for outlet in outlets} == set(groups())
    assert set(known_groups()) <= set(groups())
    for outlet in outlets:
        assert not outlet.local, outlet.name
        assert outlet.rights.get("note"), f"{outlet.name} says nothing of its rights"
        assert "mine" not in outlet.rights, f"{outlet.name}: only a reader can hold a permission"
        assert outlet.crawl_delay >= 1 and outlet.expected_weekly > 0, outlet.name
        assert all(fold(a) for a in (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.sections))
        assert rules(outlet.layout, outlet.group)
        assert SEEN.fullmatch(outlet.seen), f"{outlet.name}: where and when was it met?"
        assert (outlet.kind == "news") is (outlet.publisher == ""), outlet.name


def test_no_two_outlets_read_the_same_listing() -> None:
    """Only pages that serve several bodies are named twice: no feed is read for two outlets."""
    named = Counter(address for outlet in load_outlets() for address in (*outlet.feeds, *outlet.sitemaps))
    assert [address for address, times in named.items() if times > 1] == []


@pytest.mark.parametrize(
    ("group", "home", "first"),
    [
        ("reach", "https://www.a.example/", "https://www.a.example/news/?service=rss"),
        ("newsquest", "https://www.a.example", "https://www.a.example/news/rss/"),
        ("bbc", "https://www.bbc.co.uk/news/wales", "https://feeds.bbci.co.uk/news/wales/rss.xml"),
        ("gov-uk", "https://www.gov.uk/government/organisations/x", "https://www.gov.uk/government/organisations/x.atom"),
        ("police", "https://www.a.police.uk/news/a/news/", "https://www.a.police.uk/news/a/news/GetNewsRss/"),
        ("council", "https://www.a.gov.uk/some/page", "https://www.a.gov.uk/rss/news"),
    ],
)  # fmt: skip
def test_an_entry_is_name_home_and_group(tmp_path: Path, group: str, home: str, first: str) -> None:
    entry = f"- {{name: A, home: '{home}', group: {group}}}"
    (outlet,) = load_outlets(_file(tmp_path, entry))
    assert outlet.feeds == (first,)
    assert outlet.rights["note"] and outlet.expected_weekly > 0


def test_what_an_entry_says_itself_counts_before_its_group(tmp_path: Path) -> None:
    text = """
- name: Hexley Council
  home: https://www.hexley.gov.uk/
  group: council
  sections: [https://www.hexley.gov.uk/stories]
  crawl_delay: 9
  rights: {mine: true}
- name: Hexley papers
  home: https://democracy.hexley.gov.uk/
  group: moderngov
  publisher: Hexley Council
"""
    council, papers = load_outlets(_file(tmp_path, text))
    assert (council.feeds, council.sections) == ((), ("https://www.hexley.gov.uk/stories",))
    assert council.crawl_delay == 9 and council.rights["mine"] is True and council.rights["note"]
    assert (council.kind, council.publisher) == ("press_release", "Hexley Council")
    assert (papers.kind, papers.publisher) == ("minutes", "Hexley Council")


@pytest.mark.parametrize(
    ("url", "page", "group"),
    [
        ("https://www.a.example/", '<img src="https://s2-prod.a.example/x.jpg">', "reach"),
        ("https://www.a.example/", "<p>Newsquest Media Group Ltd", "newsquest"),
        ("https://www.a.gov.uk/", "<p>Nothing to know it by", "council"),
        ("https://news.a.gov.uk/", "", "council-newsroom"),
        ("https://democracy.a.gov.uk/", "", "moderngov"),
        ("https://a.example/x", '<a href="mgListCommittees.aspx?bcr=1">', "moderngov"),
        ("https://www.gov.uk/government/organisations/x", "", "gov-uk"),
        ("https://www.a.police.uk/", "", "police"),
        ("https://a.example/", '<meta name="generator" content="WordPress 6.9">', "independent"),
        ("https://a.example/", "<p>Nothing to know it by", ""),
    ],
)
def test_a_site_is_known_by_its_host_or_its_page(url: str, page: str, group: str) -> None:
    assert group_of(url, page) == group


def test_layout_files_hold_known_rules_only() -> None:
    assert {"generic", "jsonld", "meta", "visible"} <= set(known_layouts())
    for name in known_layouts():
        assert rules(name).lines, name
    generic = rules("jsonld")
    for group in known_groups():
        own = rules("jsonld", group)
        assert len(own.lines) + len(own.patterns) > len(generic.lines) + len(generic.patterns), group
    assert rules("jsonld", "no-such-group") == generic
    with pytest.raises(WrongUse, match="unknown layout"):
        rules("nonesuch")
