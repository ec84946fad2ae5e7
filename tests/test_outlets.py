"""Outlets are data: good files load, bad ones name the file, the entry and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    assert choose([near, far], "far away post") is far
    with pytest.raises(WrongUse, match="Hexley Courier, Far Away Post"):
        choose([near, far], "Nearby Post")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", r"no feeds, sitemaps or sections; give at least one"),
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


def test_the_shipped_list_covers_the_regions() -> None:
    outlets = load_outlets(SHIPPED)
    assert len(outlets) >= 40
    assert len({outlet.region for outlet in outlets}) >= 10
    assert set(known_groups()) <= {outlet.group for outlet in outlets}
    for outlet in outlets:
        assert not outlet.local and outlet.region and outlet.group, outlet.name
        assert outlet.rights.get("note"), f"{outlet.name} says nothing of its rights"
        assert "mine" not in outlet.rights, f"{outlet.name}: only a reader can hold a permission"
        assert outlet.crawl_delay >= 1 and outlet.expected_weekly > 0, outlet.name
        assert all(fold(a) for a in (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.sections))
        assert rules(outlet.layout, outlet.group)


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
