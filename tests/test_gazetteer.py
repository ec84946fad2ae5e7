"""Public bodies known out of the box: by name, by place, and fetched anew."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows import bodies as fetching
from flows.cli.app import main
from ledger.errors import SaidError, WrongUse
from nlp.officials import body_sources, gazetteer
from nlp.officials.gazetteer import Gazetteer, KnownBody, load, read_bodies
from nlp.officials.organizations import find_bodies


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Leeds council said", "Leeds City Council", "council"),
        ("the Royal Borough of Greenwich’s plan", "Greenwich Council", "council"),
        ("BCP Council's leader", "Bournemouth, Christchurch and Poole Council", "council"),
        ("Devon & Cornwall Police", "Devon and Cornwall Police", "force"),
        ("a GMP officer", "Greater Manchester Police", "force"),
        ("the CQC found", "Care Quality Commission", "agency"),
        ("The Treasury said", "HM Treasury", "department"),
        ("National Police Chiefs’ Council chairman", "National Police Chiefs' Council", "agency"),
        ("the Housing Executive", "Northern Ireland Housing Executive", "agency"),
    ],
)
def test_a_body_is_known_by_any_of_its_names(text: str, name: str, kind: str) -> None:
    (body,) = find_bodies(text)
    assert (body.name, body.kind) == (name, kind)


@pytest.mark.parametrize("text", ["a mod said ico", "the treasury of the club", "he met Tom Leeds", "CQCX"])
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert list(load().find(text)) == []


def test_a_mayor_belongs_only_where_one_is_elected() -> None:
    known = load()
    elected = [known.mayor_of(place) for place in ("West Yorkshire", "Watford", "Leeds", "Devon and Torbay")]
    assert [body.name if body else None for body in elected] == [
        "West Yorkshire Combined Authority",
        "Watford Borough Council",
        None,
        None,
    ]


def test_the_shipped_list_is_whole_plain_and_quick() -> None:
    text = (Path(gazetteer.__file__).parent / "data" / "bodies.tsv").read_text(encoding="utf-8")
    rows = read_bodies(text, "bodies.tsv")
    many = {kind: sum(row.kind == kind for row in rows) for kind in gazetteer.KINDS}
    assert many["council"] == 361 + 21  # districts, unitaries and boroughs, and county councils
    assert [sum(row.others == (house,) for row in rows) for house in ("UK Parliament", "Senedd Cymru")] == [
        650,
        16,
    ]
    assert many["force"] == 48
    assert [row for row in rows if read_bodies(row.line(), "one") != [row]] == []
    began = time.perf_counter()
    Gazetteer(read_bodies(text, "bodies.tsv"))
    assert time.perf_counter() - began < 0.25  # 10 ms on an idle machine


def test_a_name_of_two_bodies_tells_neither() -> None:
    two = [KnownBody("council", "A Council", ("ABC",), ("A",)), KnownBody("agency", "B", ("ABC",))]
    known = Gazetteer(two)
    assert known.called("ABC") is None
    assert known.called("a council") == two[0]


def test_a_broken_line_says_what_to_do() -> None:
    with pytest.raises(WrongUse, match=r"own\.tsv, line 2: .*said officials update"):
        read_bodies("agency\tB\nsect\tC\n", "own.tsv")


COUNCILS = """official-name,nice-name,gss-code,local-authority-type-name,end-date
Leeds City Council,Leeds,E08,Metropolitan district,
Wend County Council,Wendshire,E10,County,
Old Fen Council,Old Fen,E07,Non-metropolitan district,2023-03-31
West Yorkshire Combined Authority,West Yorkshire,E47,Combined authority,
"""
ORGANISATION = {"format": "Executive agency", "details": {"abbreviation": "TA", "govuk_status": "live"}}
GONE = {"title": "Gone", "format": "Executive agency", "details": {"govuk_status": "closed"}}


def pages(port: int) -> dict[str, str]:
    """What small publishers answer, by path."""
    here = f"http://127.0.0.1:{port}"
    seat = [
        {"value": {"name": "Wend Vale", "endDate": None}},
        {"value": {"name": "Fen", "endDate": "2024-05-30"}},
    ]
    houses = [
        {"Name": "Loch Wend", "ValidUntilDate": None},
        {"Name": "Glen Fen", "ValidUntilDate": "2011-05-01"},
    ]
    return {
        "/councils": COUNCILS,
        "/forces": json.dumps(
            [{"id": "wend", "name": "Wendshire Police"}, {"id": "k", "name": "Kent Police"}]
        ),
        "/organisations": json.dumps(
            {
                "results": [ORGANISATION | {"title": "Tram Agency"}, GONE],
                "next_page_url": f"{here}/organisations2",
            }
        ),
        "/organisations2": json.dumps(
            {"results": [ORGANISATION | {"title": "Bus Agency", "format": "Ministerial department"}]}
        ),
        "/seats?skip=0": json.dumps({"items": seat, "skip": 0, "totalResults": 2}),
        "/holyrood": json.dumps(houses),
    }


@contextmanager
def publishers(monkeypatch: pytest.MonkeyPatch, broken: str = "") -> Iterator[list[str]]:
    """Small publishers on this machine in the real ones' place; gives what they were asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers['User-Agent']}")
            answer = pages(self.server.server_address[1]).get(self.path)  # type: ignore[attr-defined]  # http.server's
            self.send_response(200 if answer and self.path != broken else 503)
            self.end_headers()
            self.wfile.write((answer or "").encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    paths = ["/councils", "/forces", "/organisations", "/seats?skip=0", "/holyrood", "/holyrood"]
    here = f"http://127.0.0.1:{server.server_address[1]}"
    there = [
        replace(source, url=here + path, least=1)
        for source, path in zip(body_sources.SOURCES, paths, strict=True)
    ]
    monkeypatch.setattr(body_sources, "SOURCES", tuple(there))
    monkeypatch.setattr(fetching, "PAUSE", 0.0)
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()


def update(home: Path) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["--home", str(home), "officials", "update"])
    return int(stop.value.code or 0)


def test_update_takes_what_the_publishers_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with publishers(monkeypatch) as asked:
        assert update(tmp_path) == 0
        assert update(tmp_path) == 0  # over what the first one wrote
    assert all("said-and-done" in line for line in asked)
    assert "councils: taken (mySociety, CC BY 4.0)" in capsys.readouterr().out
    known = load(tmp_path / "bodies.tsv")
    assert known.called("Wend County Council") is not None
    assert known.called("Old Fen Council") is None  # it has ended
    assert known.called("Birmingham City Council") is None  # the publisher's list is whole
    assert known.called("Police Scotland") is not None  # this one's is not
    found = [known.called(name) for name in ("Tram Agency", "Bus Agency")]
    assert [body.kind for body in found if body] == ["agency", "department"]
    assert known.called("TA") is None  # two have that short form
    assert known.called("Gone") is None
    assert [known.parliaments(place) for place in ("Wend Vale", "Fen", "Loch Wend", "Gwynedd Maldwyn")] == [
        ("UK Parliament",),
        (),
        ("Scottish Parliament",),
        ("Senedd Cymru",),
    ]
    elected = known.mayor_of("West Yorkshire")
    assert elected is not None and elected.others[0] == "WYCA"  # what was known of it stays


def test_a_publisher_that_fails_is_one_line_and_leaves_what_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with publishers(monkeypatch, broken="/councils"):
        assert update(tmp_path) == 1
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1 and "status 503" in errors[0]
    assert load(tmp_path / "bodies.tsv").called("Birmingham City Council") is not None


def test_without_a_network_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with publishers(monkeypatch):
        pass  # gone again
    with monkeypatch.context() as patch:
        nowhere = [replace(source, url="http://127.0.0.1:1/") for source in body_sources.SOURCES]
        patch.setattr(body_sources, "SOURCES", tuple(nowhere))
        assert update(tmp_path) == 1
    assert not (tmp_path / "bodies.tsv").exists()
    assert all("not reached" in line for line in capsys.readouterr().err.splitlines())


@pytest.mark.parametrize("text", ["<html>", "[]", '{"items": 3}', ""])
def test_what_is_not_the_list_is_told(text: str) -> None:
    (source,) = [source for source in body_sources.SOURCES if source.read is body_sources.read_westminster]
    with pytest.raises(SaidError, match="not the list that was expected"):
        body_sources.parsed(source, text, source.url)


def test_a_list_that_has_shrunk_is_an_error() -> None:
    (source,) = [source for source in body_sources.SOURCES if source.read is body_sources.read_councils]
    with pytest.raises(SaidError, match="only 1 bodies where at least 350"):
        body_sources.joined([], source, [KnownBody("council", "A Council")])
