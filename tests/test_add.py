"""`said add`: into the archive once, with its facts, through the whole pipeline, and cited with its page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from crawlers.archive.lines import read_lines, runs
from crawlers.archive.warc import read_record
from crawlers.documents.adding import ADDED, CHANGED, KNOWN, REFUSED, Told, add, look
from crawlers.loading.load import articles_from
from flows.cli.app import said
from flows.pipeline.verify import verify_archive
from ledger import settings
from ledger.outputs.citations import plain
from ledger.queries import pledge_list, pledge_page
from ledger.queries.statement_card import card
from ledger.settings import Settings
from tests.file_makers import lines, pdf

MANIFESTO = Path(__file__).parent / "documents" / "manifesto.pdf"
PUBLISHER = "Denn Valley Independents"


def files_in(home: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes() for path in home.rglob("*") if path.is_file() and "sqlite" not in path.name
    }


def test_a_file_is_kept_by_its_hash_with_its_facts(tmp_path: Path) -> None:
    (outcome,) = add(tmp_path, [MANIFESTO], Told(day=date(2027, 4, 1)))
    assert (outcome.state, outcome.pages) == (ADDED, 3)
    assert outcome.facts is not None
    assert (outcome.facts.kind, outcome.facts.publisher, outcome.facts.speaker) == (
        "manifesto",
        PUBLISHER,
        PUBLISHER,
    )
    (path,) = runs(tmp_path / "data" / "crawl")
    page = next(line for _, line in read_lines(path) if line and line["what"] == "page")
    record = read_record(tmp_path / "data" / "archive", str(page["archive"]))
    assert record.body == MANIFESTO.read_bytes()
    assert record.url == f"urn:sha256:{page['sha256']}"


def test_the_article_is_the_same_each_time_it_is_made(tmp_path: Path) -> None:
    add(tmp_path, [MANIFESTO], Told(day=date(2027, 4, 1)))
    first, second = ([found.article for found in articles_from(tmp_path, [])] for _ in range(2))
    assert first == second
    (article,) = first
    assert article is not None
    assert (article.kind, article.byline, article.outlet) == ("manifesto", PUBLISHER, PUBLISHER)
    assert [number for _, number in article.pages] == [1, 2, 3]


def test_adding_twice_adds_nothing(tmp_path: Path) -> None:
    add(tmp_path, [MANIFESTO], Told())
    before = files_in(tmp_path)
    (again,) = add(tmp_path, [MANIFESTO], Told())
    assert again.state == KNOWN
    assert files_in(tmp_path) == before
    both = add(tmp_path / "other", [MANIFESTO, MANIFESTO], Told())
    assert [one.state for one in both] == [ADDED, KNOWN]


def test_what_is_told_anew_changes_it(tmp_path: Path) -> None:
    add(tmp_path, [MANIFESTO], Told(day=date(2027, 4, 1)))
    assert [one.state for one in add(tmp_path, [MANIFESTO], Told(speaker="Ann Lee"))] == [CHANGED]
    *_, last = articles_from(tmp_path, [])
    assert last.article is not None and last.article.published is not None
    assert (last.article.byline, last.article.outlet) == ("Ann Lee", PUBLISHER)
    assert last.article.published.date() == date(2027, 4, 1)  # what was told before holds
    assert [one.state for one in add(tmp_path, [MANIFESTO], Told(speaker="Ann Lee"))] == [KNOWN]


def test_what_is_refused_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    torn = tmp_path / "torn.pdf"
    torn.write_bytes(MANIFESTO.read_bytes()[:9_000])
    (outcome,) = add(home, [torn], Told())
    assert outcome.state == REFUSED and "no whole PDF" in outcome.why
    assert files_in(home) == {}


def test_what_does_not_say_whose_it_is_asks_for_it(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("The baths at Lime Grove were busy on Sunday.", encoding="utf-8")
    assert "--publisher" in look(file, Told())[0].why
    assert look(file, Told(publisher="Ann Lee"))[0].state == ADDED


def test_a_warc_gives_its_pages_and_the_archive_of_another_home_can_be_added(tmp_path: Path) -> None:
    page = b"<html><head><title>Baths to open</title></head><body><article><h1>Baths to open</h1>" + (
        b"<p>The baths at Lime Grove will open in May, the council said on Monday.</p>" * 4
    )
    file = tmp_path / "saved.html"
    file.write_bytes(
        page + b'<link rel="canonical" href="https://example.org/baths"></article></body></html>'
    )
    (outcome,) = add(tmp_path / "one", [file], Told())
    assert outcome.facts is not None and outcome.facts.publisher == "example.org"
    (warc,) = (tmp_path / "one" / "data" / "archive").iterdir()
    (found,) = add(tmp_path / "other", [warc], Told())
    assert (found.state, found.facts) == (ADDED, outcome.facts)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    folder = tmp_path_factory.mktemp("home")
    first = lines(["Manifesto of the Hexley Residents", "", "We ask for your vote on 6 May 2027."])
    second = lines(["1. Build 500 council homes by March 2028.", "", "2. Reopen Castle Street library."])
    file = folder / "plan.pdf"
    file.write_bytes(pdf([first, second]))
    code = said(["add", str(file), "--date", "2027-04-01", "--home", str(folder)], standalone_mode=False)
    assert not code
    yield settings.load(folder)


@pytest.mark.slow
def test_each_point_is_a_pledge_of_the_party_cited_with_its_page(home: Settings) -> None:
    listed = pledge_list.pledges(home)
    assert {(row.title, row.owner) for row in listed} == {
        ("Build 500 council homes by the end of March 2028", "Hexley Residents"),
        ("Reopen Castle Street library", "Hexley Residents"),
    }
    for row in listed:
        page = pledge_page.pledge(home, row.id)
        assert page is not None
        (stated,) = page.stated
        assert stated.context.page == "page 2"
        found = card(home, stated.statement_id)
        assert found is not None and found.verified
        assert "page 2" in plain(found)
        assert "– Hexley Residents." in plain(found)


@pytest.mark.slow
def test_search_cites_a_file_with_whose_it_is_its_page_and_its_address(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not said(["search", "library", "--home", str(home.home)], standalone_mode=False)
    out = capsys.readouterr().out
    assert "no date" not in out and "2027-04-01  Hexley Residents, candidate\n" in out
    assert "Hexley Residents, “" in out and ", page 2: urn:sha256:" in out


@pytest.mark.slow
def test_verify_holds_for_a_file(home: Settings) -> None:
    counts = verify_archive(home)
    assert (counts.read, counts.written, counts.problems) == (1, 1, [])


@pytest.mark.slow
def test_the_command_says_in_one_line_what_it_did(home: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    file = home.home / "plan.pdf"
    said(["add", str(file), "--home", str(home.home)], standalone_mode=False)
    assert capsys.readouterr().out == (
        "there already  plan.pdf: Manifesto of Hexley Residents, 1 April 2027, 2 pages,"
        " “Manifesto of the Hexley Residents”\n"
    )
    said(["add", str(file), "--look", "--json", "--home", str(home.home)], standalone_mode=False)
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["kind"], row["publisher"], row["pages"]) == ("manifesto", "Hexley Residents", 2)


@pytest.mark.slow
def test_a_file_taken_out_on_request_stays_out(home: Settings) -> None:
    """The last of this module: the home has no file after it."""
    file = home.home / "plan.pdf"
    at = f"urn:sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    assert not said(["forget", at, "--home", str(home.home)], standalone_mode=False)
    assert pledge_list.pledges(home) == []
    (again,) = add(home.home, [file], Told())
    assert (again.state, again.why) == (REFUSED, "it was taken out on request")
