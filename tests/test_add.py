"""`said add`: into the archive once, with its facts, through the whole pipeline, and cited with its page."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.archive.lines import Lines, read_lines, runs
from crawlers.archive.state import Seen, SeenPage
from crawlers.archive.warc import Archive, Record, read_record
from crawlers.documents.adding import ADDED, CHANGED, KNOWN, REFUSED, FactsTold, add, look
from crawlers.loading import load
from crawlers.loading.load import articles_from
from crawlers.pages.urls import article_id
from flows.cli.add import is_behind
from flows.cli.app import said
from flows.pipeline.verify import verify_archive
from ledger import settings
from ledger.outputs.citations import plain
from ledger.queries import pledge_list, pledge_page
from ledger.queries.statement_card import card
from ledger.search import word_index
from ledger.settings import Settings
from ledger.storage import warehouse
from tests.file_makers import lines, pdf

MANIFESTO = Path(__file__).parent / "documents" / "manifesto.pdf"
PUBLISHER = "Denn Valley Independents"


def files_in(home: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes() for path in home.rglob("*") if path.is_file() and "sqlite" not in path.name
    }


def test_a_file_is_kept_by_its_hash_with_its_facts(tmp_path: Path) -> None:
    (outcome,) = add(tmp_path, [MANIFESTO], FactsTold(day=date(2027, 4, 1)))
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
    add(tmp_path, [MANIFESTO], FactsTold(day=date(2027, 4, 1)))
    first, second = ([found.article for found in articles_from(tmp_path, [])] for _ in range(2))
    assert first == second
    (article,) = first
    assert article is not None
    assert (article.kind, article.byline, article.outlet) == ("manifesto", PUBLISHER, PUBLISHER)
    assert [number for _, number in article.pages] == [1, 2, 3]


def test_adding_twice_adds_nothing(tmp_path: Path) -> None:
    add(tmp_path, [MANIFESTO], FactsTold())
    before = files_in(tmp_path)
    (again,) = add(tmp_path, [MANIFESTO], FactsTold())
    assert again.state == KNOWN
    assert files_in(tmp_path) == before
    both = add(tmp_path / "other", [MANIFESTO, MANIFESTO], FactsTold())
    assert [one.state for one in both] == [ADDED, KNOWN]


def test_what_is_told_anew_changes_it(tmp_path: Path) -> None:
    add(tmp_path, [MANIFESTO], FactsTold(day=date(2027, 4, 1)))
    assert [one.state for one in add(tmp_path, [MANIFESTO], FactsTold(speaker="Ann Lee"))] == [CHANGED]
    *_, last = articles_from(tmp_path, [])
    assert last.article is not None and last.article.published is not None
    assert (last.article.byline, last.article.outlet) == ("Ann Lee", PUBLISHER)
    assert last.article.published.date() == date(2027, 4, 1)  # what was told before holds
    assert [one.state for one in add(tmp_path, [MANIFESTO], FactsTold(speaker="Ann Lee"))] == [KNOWN]


def test_what_was_told_of_a_file_holds_when_it_comes_again_without(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("The baths at Lime Grove were busy on Sunday.", encoding="utf-8")
    told = FactsTold("speech", "Ann Lee", day=date(2026, 5, 5), title="Baths")
    assert [one.state for one in add(tmp_path, [file], told)] == [ADDED]
    before = files_in(tmp_path)
    for again in (look(tmp_path, file, FactsTold()), add(tmp_path, [file], FactsTold(publisher="Ann Lee"))):
        (outcome,) = again
        assert outcome.state == KNOWN and outcome.facts is not None
        assert (outcome.facts.publisher, outcome.facts.day) == ("Ann Lee", date(2026, 5, 5))
    assert [one.state for one in add(tmp_path, [file], FactsTold())] == [KNOWN]
    assert files_in(tmp_path) == before
    (changed,) = add(tmp_path, [file], FactsTold(kind="letter", day=date(2026, 5, 6)))
    assert changed.state == CHANGED and changed.facts is not None
    assert (changed.facts.kind, changed.facts.publisher) == ("letter", "Ann Lee")
    assert (changed.facts.day, changed.facts.title) == (date(2026, 5, 6), "Baths")


def test_a_fault_of_ours_at_one_file_is_counted_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bad", "good"):
        file = tmp_path / f"{name}.txt"
        file.write_text(f"The {name} baths at Lime Grove were busy on Sunday.", encoding="utf-8")
        add(tmp_path, [file], FactsTold("speech", "Ann Lee", day=date(2026, 5, 5)))
    there = load.parse_file

    def broken(body: bytes, *rest: Any) -> Any:
        return there(body, *rest) if b"good" in body else body["bad"]  # type: ignore[call-overload]

    monkeypatch.setattr(load, "parse_file", broken)
    bad, good = articles_from(tmp_path, [])
    assert isinstance(bad, load.Loaded) and isinstance(good, load.Loaded)
    (problem,) = bad.problems
    assert (problem.reason, bad.article) == ("fault", None)
    assert problem.detail.startswith("TypeError in test_add.py, line ")
    assert good.article is not None and good.problems == ()


def test_whose_words_a_file_holds_goes_with_whose_file_it_is(tmp_path: Path) -> None:
    """A wrong guess at the publisher made the wrong body the speaker, too."""
    add(tmp_path, [MANIFESTO], FactsTold())
    (outcome,) = add(tmp_path, [MANIFESTO], FactsTold(publisher="Denholt Labour"))
    assert outcome.facts is not None
    assert (outcome.state, outcome.facts.speaker) == (CHANGED, "Denholt Labour")
    (again,) = add(tmp_path, [MANIFESTO], FactsTold(kind="news", publisher="Denholt Labour"))
    assert again.facts is not None and again.facts.speaker == ""


def test_a_saved_copy_of_a_crawled_page_keeps_what_its_site_reserved(tmp_path: Path) -> None:
    url = "https://example.org/news/baths-1"
    words = "<p>The baths at Lime Grove will open in May, the council said on Monday.</p>" * 4
    page = f'<html><head><link rel="canonical" href="{url}"></head><body><article>{words}</article></html>'
    now, name = datetime(2026, 1, 5, tzinfo=UTC), "20260105T000000Z-aaaa"
    body = page.encode()
    told: dict[str, Any] = {"id": article_id(url), "url": url, "sha256": hashlib.sha256(body).hexdigest()}
    with (
        Lines(tmp_path / "data" / "crawl" / f"{name}.jsonl") as kept,
        Archive(tmp_path / "data" / "archive", name) as archive,
        closing(Seen(tmp_path / "data" / "crawl" / "seen.sqlite")) as seen,
    ):
        at = archive.write(Record(url, 200, {"content-type": "text/html"}, body, now))
        kept.add(
            "page", "The Echo", **told, fetched=now.isoformat(), archive=at, rights={"tdm_reserved": True}
        )
        seen.keep_page(SeenPage(told["id"], "The Echo", url, 200, now, now, sha256=told["sha256"]), [])
    saved = tmp_path / "saved.html"
    saved.write_bytes(body)
    assert [one.state for one in add(tmp_path, [saved], FactsTold())] == [KNOWN]
    saved.write_bytes(body.replace(b"May", b"June"))
    assert [one.state for one in add(tmp_path, [saved], FactsTold(publisher="Kit"))] == [ADDED]
    *_, last = articles_from(tmp_path, [])
    assert last.article is not None and last.article.rights == {"tdm_reserved": True}


def test_a_saved_page_is_of_the_day_that_it_says_itself(tmp_path: Path) -> None:
    told = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-01-05T09:00:00Z"}'
    words = "<p>The baths at Lime Grove were shut on 3 March 2020 and open again in May, it said.</p>" * 4
    saved = tmp_path / "saved.html"
    saved.write_text(f"<html><head>{told}</script></head><body><article>{words}</article></body></html>")
    (outcome,) = add(tmp_path / "home", [saved], FactsTold(publisher="Kit"))
    assert outcome.facts is not None and outcome.facts.day == date(2026, 1, 5)
    (found,) = articles_from(tmp_path / "home", [])
    assert found.article is not None and found.article.published == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_a_torn_file_of_pages_leaves_nothing(tmp_path: Path) -> None:
    text = "<p>The baths at Lime Grove will open in May, the council said on Monday.</p>" * 4
    page = f"<html><body><article><h1>Baths to open</h1>{text}</article></body></html>"
    saved = tmp_path / "saved.html"
    saved.write_text(page.replace("<body>", '<link rel="canonical" href="https://example.org/baths"><body>'))
    add(tmp_path / "one", [saved], FactsTold())
    (warc,) = (tmp_path / "one" / "data" / "archive").iterdir()
    record = gzip.decompress(warc.read_bytes())
    torn = tmp_path / "torn.warc"
    torn.write_bytes(record + re.sub(rb"WARC-Date: \S+\r\n", b"", record))
    home = tmp_path / "other"
    assert [one.state for one in add(home, [torn], FactsTold())] == [REFUSED]
    assert not runs(home / "data" / "crawl")


def test_what_is_refused_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    torn = tmp_path / "torn.pdf"
    torn.write_bytes(MANIFESTO.read_bytes()[:9_000])
    (outcome,) = add(home, [torn], FactsTold())
    assert outcome.state == REFUSED and "no whole PDF" in outcome.why
    assert files_in(home) == {}


def test_what_does_not_say_whose_it_is_asks_for_it(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("The baths at Lime Grove were busy on Sunday.", encoding="utf-8")
    assert "--publisher" in look(tmp_path, file, FactsTold())[0].why
    assert look(tmp_path, file, FactsTold(publisher="Ann Lee"))[0].state == ADDED


def test_a_warc_gives_its_pages_and_the_archive_of_another_home_can_be_added(tmp_path: Path) -> None:
    page = b"<html><head><title>Baths to open</title></head><body><article><h1>Baths to open</h1>" + (
        b"<p>The baths at Lime Grove will open in May, the council said on Monday.</p>" * 4
    )
    file = tmp_path / "saved.html"
    file.write_bytes(
        page + b'<link rel="canonical" href="https://example.org/baths"></article></body></html>'
    )
    (outcome,) = add(tmp_path / "one", [file], FactsTold())
    assert outcome.facts is not None and outcome.facts.publisher == "example.org"
    (warc,) = (tmp_path / "one" / "data" / "archive").iterdir()
    (found,) = add(tmp_path / "other", [warc], FactsTold())
    assert (found.state, found.facts) == (ADDED, outcome.facts)


def record(url: str, kind: str, body: bytes, what: str = "response") -> bytes:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n%s" % (kind.encode(), body)
    head = f"WARC/1.0\r\nWARC-Type: {what}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-01-05T09:00:00Z\r\n"
    told = f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(page)}\r\n\r\n"
    return (head + told).encode() + page + b"\r\n\r\n"


def test_a_warc_packed_in_any_way_gives_its_pages_and_files_and_a_torn_one_none(tmp_path: Path) -> None:
    words = b"<p>The baths at Lime Grove will open in May, the council said on Monday.</p>" * 4
    page = b"<html><body><article><h1>Baths to open</h1>%s</article></body></html>" % words
    records = [
        record("https://example.org/plan.pdf", "application/pdf", MANIFESTO.read_bytes()),
        record("https://example.org/old", "text/html", b"", "revisit"),
        record("https://example.org/baths", "text/html", page),
    ]
    plain = b"".join(records)
    packed = (plain, gzip.compress(plain), b"".join(gzip.compress(one) for one in records))
    file = tmp_path / "saved.warc"
    for data in packed:
        file.write_bytes(data)
        found = look(tmp_path / "none", file, FactsTold())
        assert [(one.state, one.pages, one.facts and one.facts.kind) for one in found] == [
            (ADDED, 3, "manifesto"),
            (ADDED, 0, "news"),
        ]
    for data in packed:
        file.write_bytes(data[:-150])
        assert [one.state for one in add(tmp_path / "home", [file], FactsTold())] == [REFUSED]
    assert not runs(tmp_path / "home" / "data" / "crawl")


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
    _, _, out = capsys.readouterr().out.partition("\nStatements\n")
    assert "no date" not in out and "1 April 2027  Hexley Residents, Candidate or party\n" in out
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
def test_other_facts_of_a_file_of_news_are_taken_in_and_a_killed_command_is_gone_on_with(
    tmp_path: Path,
) -> None:
    file = tmp_path / "note.txt"
    file.write_text("A note on the pool\n\n" + "The pool will open in May, the council said. " * 8)
    home = settings.load(tmp_path / "home")
    add(home.home, [file], FactsTold(kind="news", publisher="Old Paper"))  # and killed before it is read
    asked = ["add", str(file), "--home", str(home.home)]
    said([*asked, "--publisher", "Old Paper"], standalone_mode=False)
    time.sleep(1.1)  # runs are told apart by the second
    said([*asked, "--publisher", "New Paper", "--date", "2026-05-05"], standalone_mode=False)
    assert not is_behind(home)
    sums = word_index.folder(home) / "lists.crc"
    os.utime(sums, (0, 0))  # as where it was killed before the index was made of what it published
    assert is_behind(home)
    with warehouse.run(home) as connection:
        rows = connection.execute("SELECT outlet, published::DATE FROM articles").fetchall()
        assert connection.execute("SELECT count(*) FROM revisions").fetchone() == (1,)
    assert rows == [("New Paper", date(2026, 5, 5))]


@pytest.mark.slow
def test_a_column_that_is_not_free_goes_out_in_no_part(tmp_path: Path) -> None:
    """Its author's own words are all of the article; nothing shows them to be a quotation."""
    author = "Councillor Ann Lee, leader of Denholt Borough Council"
    told = f'''<script type="application/ld+json">{{"@type":"NewsArticle","isAccessibleForFree":false,
        "headline":"Column: Why I will build homes","author":{{"name":"{author}"}}}}</script>'''
    words = (
        "<p>I have been the leader of Denholt Borough Council for years and I know each lane of it.</p>"
        "<p>We will build 500 homes by March 2028, and I will reopen the baths at Lime Grove.</p>"
        "<p>Our roads are in a poor state and I am sorry for every zebra crossing that is worn.</p>"
    )
    file = tmp_path / "column.html"
    file.write_text(
        f"<html><head>{told}</head><body><article><h1>Column: Why I will build homes</h1>"
        f"<p class='byline'>By {author}</p>{words}</article></body></html>"
    )
    asked = ["--home", str(tmp_path / "home")]
    given = ["--publisher", "The Echo", "--kind", "news"]
    said(["add", str(file), *given, *asked], standalone_mode=False)
    home = settings.load(tmp_path / "home")
    with warehouse.run(home) as connection:
        found = connection.execute("SELECT id FROM statements WHERE kind = 'direct'").fetchall()
        assert connection.execute("SELECT declared_paid FROM articles").fetchall() == [(True,)]
    assert found
    for (ident,) in found:
        shown = card(home, ident)
        assert shown is None or (not shown.words and not shown.context.text and "“" not in plain(shown))


@pytest.mark.slow
def test_a_file_taken_out_on_request_stays_out(home: Settings) -> None:
    """The last of this module: the home has no file after it."""
    file = home.home / "plan.pdf"
    at = f"urn:sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    assert not said(["forget", at, "--home", str(home.home)], standalone_mode=False)
    assert pledge_list.pledges(home) == []
    (again,) = add(home.home, [file], FactsTold())
    assert (again.state, again.why) == (REFUSED, "it was taken out on request")
