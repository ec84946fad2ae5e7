"""What a site reserves for all its pages: tdmrep.json and ai.txt, read, remembered and obeyed."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawlers.archive.lines import Lines, read_lines
from crawlers.archive.state import Seen
from crawlers.discovery.answers import NoAnswer
from crawlers.discovery.origins import Origins
from crawlers.pages.head import reserved
from crawlers.site_rules.site_rights import AI_TXT, TDMREP, Rule, SiteRights, read_ai_txt, read_tdmrep
from ledger.types import Outlet

PAGE = "https://a.example/news/a-bench"
OUTLET = Outlet("A", "https://a.example/", feeds=("https://a.example/rss",))


@pytest.mark.parametrize(
    ("location", "path", "fits"),
    [
        ("/", "/news/a", True),
        ("/news/", "/news/a", True),
        ("/news/", "/sport/a", False),
        ("/news/*.html", "/news/2026/a.html?x=1", True),
        ("/news/*.html$", "/news/2026/a.html?x=1", False),
        ("/news/*.html$", "/news/2026/a.html", True),
        ("/news/a$", "/news/a", True),
        ("/news/a$", "/news/ab", False),
        ("*", "/news/a", True),
        ("*/comment/*", "/news/comment/a", True),
    ],
)
def test_a_location_is_a_path_as_robots_write_it(location: str, path: str, fits: bool) -> None:
    assert Rule(location, True).fits(path) is fits


@given(st.text("/a*$", max_size=30), st.text("/a", max_size=30))
def test_a_location_fits_as_its_regular_expression_would(location: str, path: str) -> None:
    pieces = [re.escape(piece) for piece in location.removesuffix("$").split("*")]
    wanted = ".*".join(pieces) + (r"\Z" if location.endswith("$") else "")
    assert Rule(location, True).fits(path) is bool(re.match(wanted, path))


def test_the_first_rule_that_fits_holds() -> None:
    text = json.dumps(
        [
            {"location": "/news/open/", "tdm-reservation": 0},
            {"location": "/news/", "tdm-reservation": 1, "tdm-policy": "https://a.example/policy.json"},
        ]
    )
    rules, reason = read_tdmrep(text)
    rights = SiteRights(rules)
    assert reason == ""
    assert rights.of(PAGE) == {"tdm_reserved": True, "tdm_policy": "https://a.example/policy.json"}
    assert rights.of("https://a.example/news/open/a") == {"tdm_reserved": False}
    assert rights.of("https://a.example/sport/a") == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ""),
        ("<!doctype html><p>Not found", ""),
        ("[]", ""),
        ("{", "bad_tdmrep"),
        ("[" * 5000, "bad_tdmrep"),
        ('["/"]', "bad_tdmrep"),
        ('[{"location": 5, "tdm-reservation": 1}]', "bad_tdmrep"),
        ('[{"location": "/", "tdm-reservation": {}}]', "bad_tdmrep"),
    ],
)
def test_files_that_reserve_nothing(text: str, reason: str) -> None:
    assert read_tdmrep(text) == ((), reason)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("User-Agent: *\nDisallow: *.txt\nDisallow: *.html\n", True),
        ("User-Agent: *\nDisallow: /\n", True),
        ("User-Agent: *\nDisallow: /news/\n", True),
        ("User-Agent: *\nDisallow: /sport/\n", False),
        ("User-Agent: *\nAllow: *.txt\nDisallow: *.svg\n", False),
        ("User-Agent: otherbot\nDisallow: /\n", False),
        ("# About us\n\nWe write about benches.\n", False),
        ("<html>Disallow: /</html>", False),
    ],
)
def test_ai_txt_closes_text_or_paths(text: str, closed: bool) -> None:
    rights = SiteRights((), read_ai_txt(text)).of(PAGE)
    assert rights == ({"ai_txt": True} if closed else {})
    assert reserved(rights, OUTLET) == ("ai_txt" if closed else "")


class _Site:
    """Answers by address, and what was asked: (address, If-None-Match)."""

    def __init__(self, **answers: Response | NoAnswer) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str]] = []

    async def fetch(self, outlet: Outlet, url: str, etag: str, modified: str) -> Response | NoAnswer:
        self.asked.append((url.removeprefix("https://a.example"), etag))
        name = "tdmrep" if url.endswith(TDMREP) else "ai"
        return self.answers.get(name, Response(url, status=404))


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    store = Seen(tmp_path / "seen.sqlite")
    yield store
    store.close()


def _rights(seen: Seen, site: _Site, tmp_path: Path, outlet: Outlet = OUTLET) -> list[dict[str, object]]:
    """What two pages' reservations are in one run."""
    path = tmp_path / f"{len(list(tmp_path.glob('*.jsonl')))}.jsonl"

    async def both() -> list[dict[str, object]]:
        origins = Origins(seen, lines, site.fetch)
        return [
            rights.of(PAGE) for rights in await asyncio.gather(*(origins.rights(outlet, PAGE) for _ in "ab"))
        ]

    with Lines(path) as lines:
        found = asyncio.run(both())
    return found + [{"problem": line["reason"]} for _, line in read_lines(path) if line]


def _reserving() -> Response:
    body = b'[{"location": "/", "tdm-reservation": 1}]'
    return Response(f"https://a.example{TDMREP}", body=body, headers={"ETag": '"1"'})


def test_the_files_are_asked_for_once_a_run_and_once_a_day(seen: Seen, tmp_path: Path) -> None:
    site = _Site(tdmrep=_reserving())
    assert _rights(seen, site, tmp_path) == [{"tdm_reserved": True}] * 2
    assert site.asked == [(TDMREP, ""), (AI_TXT, "")]
    assert _rights(seen, site, tmp_path) == [{"tdm_reserved": True}] * 2, "known from the run before"
    assert len(site.asked) == 2


def test_a_local_outlets_files_are_asked_for_with_validators(seen: Seen, tmp_path: Path) -> None:
    local = Outlet("A", OUTLET.home, feeds=OUTLET.feeds, local=True)
    _rights(seen, _Site(tdmrep=_reserving()), tmp_path, local)
    same = _Site(tdmrep=Response(f"https://a.example{TDMREP}", status=304))
    assert _rights(seen, same, tmp_path, local) == [{"tdm_reserved": True}] * 2
    assert same.asked == [(TDMREP, '"1"'), (AI_TXT, "")]
    gone = _Site()
    assert _rights(seen, gone, tmp_path, local) == [{}] * 2, "a file that is taken away reserves nothing"


@pytest.mark.parametrize("answer", [NoAnswer("timeout"), Response(f"https://a.example{TDMREP}", status=503)])
def test_a_file_that_cannot_be_had_leaves_what_was_known(
    seen: Seen, tmp_path: Path, answer: Response | NoAnswer
) -> None:
    _rights(seen, _Site(tdmrep=_reserving()), tmp_path)
    known = seen.listing(f"https://a.example{TDMREP}")
    assert known is not None and known.checked is not None
    assert datetime.now(UTC) - known.checked < timedelta(minutes=1)
    local = Outlet("A", OUTLET.home, feeds=OUTLET.feeds, local=True)
    assert _rights(seen, _Site(tdmrep=answer), tmp_path, local) == [{"tdm_reserved": True}] * 2


def test_a_broken_file_is_a_problem(seen: Seen, tmp_path: Path) -> None:
    site = _Site(tdmrep=Response(f"https://a.example{TDMREP}", body=b"{"))
    assert _rights(seen, site, tmp_path) == [{}, {}, {"problem": "bad_tdmrep"}]
