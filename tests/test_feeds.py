"""Feeds and the calendar, read by other people's parsers."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import date, datetime
from itertools import combinations
from pathlib import Path

import pytest
from icalendar import Calendar, Event
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.feeds import ROUTES
from flows.delivery.publish import publish
from flows.export import export_calendar
from flows.site.build import export_site
from ledger.decisions import journal
from ledger.outputs.deadline_rows import due_dates
from ledger.outputs.feed_rows import LISTS
from ledger.presentation.calendar_text import DueDate, calendar_text
from ledger.queries.pledge_list import Filter, pledges
from ledger.queries.pledge_page import pledge as pledge_page
from ledger.search import statement_search
from ledger.settings import Settings, load
from ledger.types import Decision
from tests.parsed import calendar_events, feed_entries


@pytest.fixture
def home(gold_home: Settings, tmp_path: Path) -> Settings:
    for file in (gold_home.warehouse, gold_home.home / "settings.toml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return load(tmp_path)


@pytest.fixture
def web(home: Settings, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("SAID_HOME", str(home.home))
    return TestClient(Starlette(routes=ROUTES), base_url="http://desk.example")


def decide(home: Settings, kind: str, subject: str, why: str = "seen", **value: object) -> int:
    return journal.record(home, Decision(kind, subject, value, "Desk", why))  # type: ignore[arg-type]


def events(home: Settings) -> dict[str, Event]:
    return calendar_events(calendar_text(due_dates(home), lambda id: f"https://desk.example/{id}"))


def test_a_date_promised_is_one_event_that_moves_and_is_cancelled(home: Settings) -> None:
    first = events(home)
    rows = {
        row.id: row for row in pledges(home, Filter(due="dated")) if row.deadline and row.deadline.year > 2025
    }
    assert rows.keys() <= first.keys()
    for key, row in rows.items():
        event = first[key]
        assert event.start == row.deadline and (event.end - event.start).days == 1
        assert event["URL"] == f"https://desk.example/{key}"
    assert any(event.sequence == 0 for event in first.values())

    key = next(key for key, event in first.items() if event.status == "CONFIRMED" and event.sequence == 0)
    row = decide(home, "set_status", key, status="not_delivered", reason="dropped")
    dropped = events(home)[key]
    assert dropped.status == "CANCELLED" and dropped.sequence > 0
    assert "Not delivered (dropped)" in dropped.description
    decide(home, "undo", key, row=row)
    again = events(home)[key]
    assert again.status == "CONFIRMED" and again.sequence >= dropped.sequence

    page = pledge_page(home, key)
    assert page
    for stated in page.stated:
        decide(home, "reject", stated.id)
    gone = events(home)[key]
    assert gone.status == "CANCELLED" and gone.start == first[key].start
    assert gone["SUMMARY"] == "No longer listed" and "URL" not in gone
    assert gone.sequence >= again.sequence and gone.last_modified >= again.last_modified
    assert calendar_text(due_dates(home), str) == calendar_text(due_dates(home), str)


def test_two_pledges_made_one_are_one_event_that_moved_and_one_that_is_cancelled(
    home: Settings, web: TestClient
) -> None:
    ahead = [row for row in pledges(home, Filter(due="ahead", sort="oldest")) if row.restatements == 1]
    one, other = next(
        (first.id, then.id)
        for first, then in combinations(ahead, 2)
        if first.deadline and then.deadline and then.deadline > first.deadline
    )
    before = events(home)
    decide(home, "merge", one, **{"with": other})
    (living,) = {row.id for row in pledges(home)} & {one, other}
    (gone,) = {one, other} - {living}
    after = events(home)
    assert (after[gone].status, after[living].status) == ("CANCELLED", "CONFIRMED")
    assert after[living].start != before[living].start
    assert after[living].sequence > 0 and after[gone].sequence > 0
    assert "First promised for" in after[living].description
    (moved,) = feed_entries(web.get("/feed.atom?list=moved").text)
    assert moved["link"].endswith(living)


def test_a_sequence_rises_whenever_something_changed() -> None:
    def event(changed: str) -> DueDate:
        at = datetime.fromisoformat(f"{changed}+00:00") if changed else None
        began = datetime.fromisoformat("2026-01-01T00:00+00:00")
        return DueDate("a", "t", "o", "", None, date(2026, 6, 1), None, False, False, "", "", "", began, at)

    days = ("", "2026-01-01T00:00", "2026-01-01T00:05", "2026-03-01T00:00", "2056-03-01T00:00")
    found = [event(one).sequence for one in days]
    assert found[0] == 0 and found == sorted(set(found)) and found[-1] < 2**31


def test_every_list_has_a_feed_and_can_be_narrowed(home: Settings, web: TestClient) -> None:
    subject = pledges(home)[0]
    decide(home, "set_status", subject.id, why="<script>alert(1)</script> & so on", status="stalled")
    for name in LISTS:
        answer = web.get(f"/feed.atom?list={name}")
        assert answer.headers["content-type"].startswith("application/atom+xml")
        found = feed_entries(answer.text)
        assert bool(found) == (name != "moved")
        assert all(one["link"].startswith("http://desk.example/pledge?id=") for one in found)
        assert "<script" not in answer.text
    assert len(feed_entries(web.get("/feed.atom").text)) == 50
    (changed,) = feed_entries(web.get("/feed.atom?list=changed").text)
    assert subject.id in changed["link"]
    overdue = web.get("/feed.atom", params={"list": "overdue", "owner": subject.owner}).text
    wanted = {row.id for row in pledges(home, Filter(due="overdue", owner=subject.owner))}
    assert {one["link"].partition("id=")[2] for one in feed_entries(overdue)} == wanted
    assert feed_entries(web.get("/feed.atom?list=new&owner=Nobody").text) == []


def test_a_search_has_a_feed(home: Settings, web: TestClient) -> None:
    statement_search.update(home)
    found = feed_entries(web.get("/feed.atom", params={"q": "buses"}).text)
    hits = statement_search.search(home, "buses", order="date").hits
    assert [one["link"].partition("id=")[2] for one in found] == [hit.id for hit in hits][:50]
    assert found


def test_who_asks_again_is_told_only_what_is_new(home: Settings, web: TestClient) -> None:
    for path, kind in (("/feed.atom", "application/atom+xml"), ("/deadlines.ics", "text/calendar")):
        first = web.get(path)
        assert first.headers["content-type"].startswith(kind)
        again = web.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    decide(home, "set_status", pledges(home)[0].id, status="stalled")
    assert web.get("/deadlines.ics", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/feed.atom?list=overdu", 400, "did you mean overdue"),
        ("/feed.atom?colour=red", 400, "cannot be narrowed by 'colour'"),
        ("/feed.atom?due=soon", 400, "no span of time"),
        ("/deadlines.ics?owner=x", 400, "takes no 'owner'"),
        (f"/feed.atom?q={'x' * 3000}", 400, "less"),
    ],
)
def test_what_cannot_be_asked_is_said(web: TestClient, path: str, status: int, told: str) -> None:
    answer = web.get(path)
    assert answer.status_code == status
    assert told in answer.text


def test_the_kept_digests_are_a_feed_beside_a_calendar(home: Settings) -> None:
    publish(home)
    decide(
        home, "set_status", pledges(home, Filter(due="ahead"))[0].id, status="not_delivered", reason="dropped"
    )
    days = [date(2026, 7, 1), date(2026, 7, 4)]  # with two days between on which nothing ran
    for day in days:
        publish(replace(home, as_of=day))
    found = feed_entries((home.digests / "feed.atom").read_text(encoding="utf-8"))
    assert [one["link"] for one in found] == ["2026-07-04.html", "2026-07-01.html", "2026-06-30.html"]
    assert all((home.digests / one["link"]).is_file() for one in found)
    assert "<style" not in found[0].content[0].value and "<h1" in found[0].content[0].value
    held = Calendar.from_ical((home.digests / "deadlines.ics").read_bytes()).walk("VEVENT")
    assert len(held) == len(due_dates(replace(home, as_of=days[-1])))
    path, number = export_calendar(home, home.home)
    assert (path.name, number) == ("deadlines.ics", len(due_dates(home)))
    assert len(Calendar.from_ical(path.read_bytes()).walk("VEVENT")) == number


def test_the_site_has_the_feeds_and_the_calendar(home: Settings, tmp_path: Path) -> None:
    page, _ = export_site(home, tmp_path / "out")
    site = page.parent
    held = {file.stem: file.read_text(encoding="utf-8") for file in (site / "feeds").iterdir()}
    assert LISTS.keys() < held.keys()
    for text in held.values():
        for one in feed_entries(text):
            assert (site / "feeds" / one["link"]).resolve().is_file()
    calendar = Calendar.from_ical((site / "deadlines.ics").read_bytes())
    assert {str(event["UID"]) for event in calendar.walk("VEVENT")} == {
        f"{one.pledge_id}@said-and-done" for one in due_dates(home)
    }
    raw = (site / "deadlines.ics").read_bytes()
    assert all(line.endswith(b"\r\n") and len(line) <= 77 for line in raw.splitlines(keepends=True))
    listed = (site / "feeds.html").read_text(encoding="utf-8")
    assert all(f'href="feeds/{name}.atom"' in listed for name in held)
    (home.home / "settings.toml").write_text(
        'as_of = 2026-06-30\nsite_address = "https://promises.example/marlshire/"\n', encoding="utf-8"
    )
    export_site(load(home.home), tmp_path / "out")
    text = (site / "feeds" / "new.atom").read_text(encoding="utf-8")
    assert feed_entries(text)[0]["link"].startswith("https://promises.example/marlshire/pledge/")
    root = ElementTree.fromstring(text)
    (itself,) = root.findall("{http://www.w3.org/2005/Atom}link[@rel='self']")
    assert itself.get("href") == "https://promises.example/marlshire/feeds/new.atom"
