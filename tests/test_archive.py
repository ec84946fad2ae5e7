"""The archive gives back what was put in, whatever became of the file's end; crawl lines likewise."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawlers.archive.forget import remove_records
from crawlers.archive.lines import Lines, read_lines, runs
from crawlers.archive.state import BARRED, Seen, SeenListing, SeenPage
from crawlers.archive.warc import Archive, BadArchive, Record, Removed, read_record

WHEN = datetime(2025, 1, 14, 9, 30, 0, 123456, tzinfo=UTC)


def _record(number: int, body: bytes = b"") -> Record:
    noise = random.Random(number).randbytes(200)
    headers = {"content-type": "text/html; charset=utf-8", "etag": f'"{number}"'}
    return Record(f"http://h.example/{number}?é=1", 200, headers, body or noise, WHEN)


def test_records_come_back_by_reference(tmp_path: Path) -> None:
    with Archive(tmp_path, "run1") as archive:
        references = [archive.write(_record(n)) for n in range(5)]
    assert references[0] == "run1.warc.gz:0"
    for number, reference in reversed(list(enumerate(references))):
        found = read_record(tmp_path, reference)
        wanted = _record(number)
        assert (found.url, found.status, found.body, found.fetched) == (wanted.url, 200, wanted.body, WHEN)
        assert found.headers["etag"] == f'"{number}"'


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=3000), st.text(max_size=50))
def test_any_body_and_header_come_back(body: bytes, value: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder, Archive(Path(folder), "r") as archive:
        record = Record("http://h.example/", 203, {"x-odd": value, "content-encoding": "gzip"}, body, WHEN)
        found = read_record(Path(folder), archive.write(record))
    assert (found.body, found.status) == (body, 203)
    assert "content-encoding" not in found.headers, "the body is stored unpacked"


def test_any_warc_reader_can_read_the_file(tmp_path: Path) -> None:
    with Archive(tmp_path, "run1") as archive:
        for number in range(3):
            archive.write(_record(number))
    with (tmp_path / "run1.warc.gz").open("rb") as file:
        kinds = [
            (record.rec_type, record.rec_headers.get_header("WARC-Date")) for record in ArchiveIterator(file)
        ]
    assert kinds == [("response", "2025-01-14T09:30:00.123456Z")] * 3


def test_a_torn_tail_harms_no_other_record(tmp_path: Path) -> None:
    with Archive(tmp_path, "run1") as archive:
        first, last = archive.write(_record(1)), archive.write(_record(2))
    path = tmp_path / "run1.warc.gz"
    whole = path.read_bytes()
    for lost in range(1, len(whole) - int(last.rpartition(":")[2]), 7):
        path.write_bytes(whole[:-lost])
        assert read_record(tmp_path, first).body == _record(1).body
        if lost <= 8:  # the gzip member's own checksum and length: the page is whole all the same
            assert read_record(tmp_path, last).body == _record(2).body
            continue
        with pytest.raises(BadArchive, match=last):
            read_record(tmp_path, last)


@pytest.mark.parametrize(
    "reference",
    ["", "run1.warc.gz", "run1.warc.gz:5", "run1.warc.gz:99999", "none.warc.gz:0", "../x.warc.gz:0"],
)
def test_bad_references_are_named(tmp_path: Path, reference: str) -> None:
    with Archive(tmp_path, "run1") as archive:
        archive.write(_record(1))
    with pytest.raises(BadArchive):
        read_record(tmp_path, reference)


def test_a_removed_record_is_told_from_a_bad_one(tmp_path: Path) -> None:
    with Archive(tmp_path, "run1") as archive:
        references = [archive.write(_record(n)) for n in range(3)]
    assert remove_records(tmp_path, [references[1]]) == 1
    with pytest.raises(Removed):
        read_record(tmp_path, references[1])
    assert read_record(tmp_path, references[2]).body == _record(2).body


def test_a_file_is_never_written_to_again(tmp_path: Path) -> None:
    with Archive(tmp_path, "run1") as archive:
        archive.write(_record(1))
    with Archive(tmp_path, "run1") as again, pytest.raises(FileExistsError):
        again.write(_record(2))


def test_crawl_lines_leave_out_a_torn_end_and_name_a_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "20250114T093000Z-aa.jsonl"
    with Lines(path) as lines:
        lines.add("page", "Hexley Courier", url="http://h.example/é\n", number=1)
        lines.add("end", "")
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'{"what": "end"', b"nonsense\n[1]\n" + b'{"what": "end"')[:-1])
    found = list(read_lines(path))
    assert [number for number, _ in found] == [1, 2, 3], "the last line has no line break"
    assert found[0][1] == {
        "what": "page",
        "outlet": "Hexley Courier",
        "url": "http://h.example/é\n",
        "number": 1,
    }
    assert found[1][1] is None and found[2][1] is None
    (tmp_path / "20250113T093000Z-bb.jsonl").touch()
    assert [run.name[:8] for run in runs(tmp_path)] == ["20250113", "20250114"]
    assert runs(tmp_path / "none") == []


def test_the_seen_store_remembers(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "crawl" / "seen.sqlite")
    page = SeenPage("id1", "H", "http://h.example/a", 200, WHEN, WHEN, '"e"', "", "00", "r.warc.gz:0")
    seen.keep_page(page, ["h.example/a", "h.example/a?page=1"])
    assert seen.page("h.example/a?page=1") == seen.page("id1") == page
    assert seen.page("h.example/b") is None
    later = datetime(2025, 2, 1, tzinfo=UTC)
    seen.keep_page(SeenPage("id1", "H", page.url, 410, later, later), [])
    again = seen.page("h.example/a")
    assert again is not None and (again.status, again.first_seen) == (410, WHEN)
    seen.bar_page("id1")
    barred = seen.page("h.example/a")
    assert barred is not None and (barred.status, barred.url) == (BARRED, "")
    seen.keep_listing(SeenListing("http://h.example/rss", '"f"', "", {"links": [["é"]]}))
    assert seen.listing("http://h.example/rss") == SeenListing(
        "http://h.example/rss", '"f"', "", {"links": [["é"]]}
    )
    day = WHEN.date()
    assert [seen.spend("h.example", day, 2) for _ in range(3)] == [True, True, False]
    assert seen.spend("h.example", later.date(), 2), "another day"
    seen.pause("h.example", later)
    assert seen.paused_until("h.example") == later and seen.paused_until("other.example") is None
    seen.close()


def test_a_damaged_seen_store_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "seen.sqlite"
    path.write_bytes(b"not a database at all" * 300)
    seen = Seen(path)
    assert seen.moved is not None and seen.moved.exists()
    assert seen.page("x") is None
    seen.close()
