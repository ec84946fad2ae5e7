"""A pledge's page as a story: one order of events, one JSON form everywhere, a verdict that can be undone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard import server
from flows.cli.app import said
from flows.site.build import export_site
from flows.site.pages import pledge_page as site_page
from ledger.decisions import journal
from ledger.outputs.story import PASSAGES, PledgeStory, story
from ledger.pledges.leads import Lead
from ledger.presentation.timeline import picture
from ledger.queries import pledge_list, pledge_page
from ledger.settings import Settings
from ledger.storage import records, warehouse
from ledger.types import Decision
from tests.reading_home import copy_home


@pytest.fixture(scope="module")
def told(gold_home: Settings) -> list[PledgeStory]:
    """Every pledge of the labelled home."""
    pages = (pledge_page.pledge(gold_home, row.id) for row in pledge_list.pledges(gold_home))
    return [story(page, gold_home.today) for page in pages if page]


def test_the_timeline_goes_by_day_and_leaves_nothing_out(told: list[PledgeStory]) -> None:
    assert len(told) == 65
    for one in told:
        events = one.events
        days = [event.day for event in events if event.day]
        assert days == sorted(days)
        assert [event.kind for event in events].count("said") == 1
        moved = [time for time in one.stated[1:] if time.changed]
        assert [event.place for event in events if event.kind == "moved"] == [
            f"said-{time.id}" for time in moved
        ]
        dues = {one.page.pledge.first_due, one.page.pledge.deadline} - {None}
        assert {event.day for event in events if event.kind == "due"} == dues
        for side in one.sides:
            if side.sign != "neither":
                shown = {event.day for event in events if event.kind == side.sign}
                assert shown == {report.day for _, group in side.groups for report in group}
        assert ("restated", "restated") not in pairwise(event.kind for event in events)  # told as one
        assert (one.days_late is None) == ("overdue" not in one.page.pledge.flags)
    assert any(event.until for one in told for event in one.events)


def test_others_are_neither_the_owner_nor_its_people(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    row = next(row for row in pledge_list.pledges(home) if row.owner == row.body and row.person)
    said_by = """SELECT s.article_id, s.content[1], s.speaker, a.text, a.published::DATE
        FROM statements s JOIN articles a ON a.id = s.article_id
        WHERE s.speaker IS NOT NULL AND s.role <> 'non_official' AND (s.body = ?) = ?
        ORDER BY a.published DESC, s.id LIMIT 7"""
    with warehouse.run(home) as connection:
        found = [connection.execute(said_by, [row.body, own]).fetchall() for own in (False, True)]
        leads = []
        for n, (article, (start, end), _, text, day) in enumerate(found[0] + found[1]):
            key = Lead.make_id(row.id, article, text[start:end])
            lead = Lead(key, row.id, article, (start, end), 0.9 - n / 20, "progress", day)
            leads.append((lead, text[start:end]))
        records.put_leads(connection, leads, "r")
    warehouse.publish(home)
    page = pledge_page.pledge(home, row.id)
    assert page is not None and len(page.to_check) == len(leads)
    assert {remark.speaker for remark in page.by_others} == {speaker for _, _, speaker, *_ in found[0]}
    one = story(page, home.today)
    assert len(one.look) == PASSAGES and 0 < len(one.by_others) < len(page.by_others)
    printed = CliRunner().invoke(said, ["--home", str(home.home), "pledge", row.id]).stdout
    assert printed.count("; Progress? ") == PASSAGES
    assert f"and {len(leads) - PASSAGES} more: said pledges --look --id {row.id}" in printed
    assert f"<summary>and {len(leads) - PASSAGES} more</summary>" in "".join(site_page(one))
    shown = {lead.id for lead in one.look}
    assert all(shown.isdisjoint(remark.passages) for remark in one.by_others)


def test_the_picture_tells_kinds_apart_by_shape_and_in_words() -> None:
    day = date(2026, 1, 1)
    alone = {
        kind: picture([("said", day), (kind, day.replace(month=3))], day)
        for kind in ("restated", "moved", "for", "against", "decided", "due")
    }
    assert len({made.svg.split("<path")[1] for made in alone.values() if made}) == len(alone)
    both = picture([("said", day), ("against", day), ("against", day), ("due", date(2027, 5, 31))], day)
    assert both and both.words == (
        "From 1 January 2026 to 31 May 2027: first said, 2 reports against it, one date promised."
        " The list below tells each."
    )
    assert both.words in both.svg and "<" not in both.data
    assert picture([], day) is None


def test_one_json_form_in_the_site_on_the_command_line_and_in_the_dashboard(
    gold_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = max(pledge_list.pledges(gold_home), key=lambda pledge: pledge.evidence)
    monkeypatch.setenv("SAID_HOME", str(gold_home.home))
    asked = TestClient(Starlette(routes=[Route("/pledge.json", server.pledge)])).get
    given = asked("/pledge.json", params={"id": row.id})
    assert given.headers["content-type"] == "application/json"
    printed = CliRunner().invoke(said, ["--home", str(gold_home.home), "pledge", row.id, "--json"])
    folder = export_site(gold_home, tmp_path)[0].parent
    assert given.text == printed.stdout == (folder / "pledges" / f"{row.id}.json").read_text(encoding="utf-8")
    held = json.loads(given.text)
    assert (held["id"], held["title"], held["status"], held["set"]) == (row.id, row.title, row.status, None)
    assert held["evidence"]["independent"] == row.independent
    assert {report["sign"] for report in held["evidence"]["reports"]} <= {"for", "against", "neither"}
    assert len(held["statements"]) == row.restatements and held["timeline"][0]["kind"] == "said"

    first = held["statements"][0]["published"]
    past = json.loads(asked("/pledge.json", params={"id": row.id, "on": first}).text)
    assert past["as_of"] == first and {time["published"] for time in past["statements"]} == {first}
    assert past["evidence"]["reports"] == [] and {event["day"] for event in past["timeline"]} >= {first}
    command = ["--home", str(gold_home.home), "pledge", row.id, "--json", "--on", first]
    assert json.loads(CliRunner().invoke(said, command).stdout) == past
    for params, status in (({"id": "none"}, 404), ({}, 404), ({"id": row.id, "on": "soon"}, 400)):
        refused = asked("/pledge.json", params=params)
        assert refused.status_code == status and list(refused.json()) == ["error"]


def test_a_verdict_is_published_with_its_sources_and_the_one_before_comes_back(
    gold_home: Settings, tmp_path: Path
) -> None:
    home = copy_home(gold_home, tmp_path / "home")
    row = max(pledge_list.pledges(home), key=lambda pledge: pledge.evidence)
    page = pledge_page.pledge(home, row.id)
    assert page is not None
    report = page.shown[-1]
    value: dict[str, object] = {"text": "It came <b>late</b>.", "evidence": [report.id]}
    journal.record(home, Decision("verdict", row.id, value, "Ann"))
    minutes = "https://council.example/minutes"
    second = Decision("verdict", row.id, {"text": "It never came.", "links": [minutes]}, "Ben")
    number = journal.record(home, second)

    def now() -> tuple[str | None, str | None, PledgeStory]:
        found = pledge_page.pledge(home, row.id)
        assert found is not None
        return found.pledge.verdict, found.pledge.verdict_by, story(found, home.today)

    text, who, one = now()
    assert (text, who) == ("It never came.", "Ben") and one.verdict
    assert one.verdict.basis.links == (minutes,) and one.events[-1].kind == "decided"
    journal.record(home, Decision("undo", row.id, {"row": number}, "Ben"))
    text, who, one = now()
    assert (text, who) == ("It came <b>late</b>.", "Ann") and one.verdict
    assert [shown.id for _, shown in one.verdict.basis.reports] == [report.id]
    folder = export_site(home, tmp_path / "out")[0].parent
    shown = (folder / "pledge" / f"{row.id}.html").read_text(encoding="utf-8")
    assert "It came &lt;b&gt;late&lt;/b&gt;." in shown and "never came" not in shown.partition("History")[0]
    held = json.loads((folder / "pledges" / f"{row.id}.json").read_text(encoding="utf-8"))
    assert held["verdict"]["rests_on"] == {"evidence": [report.id], "links": []}
    assert [entry["undone"] for entry in held["decisions"]] == [False, True, False]
    before = pledge_page.pledge(replace(home, as_of=None), row.id, home.today)  # decided later than that day
    assert before is not None and before.pledge.verdict is None


def test_the_words_that_stand_first_are_those_of_the_title(told: list[PledgeStory]) -> None:
    one = next(one for one in told if len(one.stated) > 2)
    last = one.stated[-1]
    page = replace(one.page, pledge=replace(one.page.pledge, titled=last.id))
    made = story(page, one.today)
    assert made.head == last and made.head_words and last.clause in made.head_words.text
    gone = replace(one.page, pledge=replace(one.page.pledge, titled="rejected since"))
    assert story(gone, one.today).head == one.stated[0]


def test_the_terminal_counts_the_reports_that_it_lists_and_names_the_day(
    told: list[PledgeStory], gold_home: Settings
) -> None:
    one = max(told, key=lambda one: len({side.sign for side in one.sides}) * 100 + len(one.page.shown))
    run = ["pledge", one.page.pledge.id, "--home", str(gold_home.home)]
    shown = CliRunner().invoke(said, run).output
    counts = {side.sign: side.count for side in one.sides}
    assert "neither" in counts and counts["neither"] < sum(counts.values())
    _, _, listed = shown.partition("What came of it: ")
    assert listed.startswith(f"{sum(counts.values()) - counts['neither']} report")
    for side in one.sides:
        assert f"\n  {side.name}: {side.count}\n" in listed
    assert listed.partition("\nWorth a look")[0].count(": “") == sum(counts.values())
    past = CliRunner().invoke(said, [*run, "--on", "2026-01-31"]).output
    assert past.startswith("As known on 31 January 2026,") and not shown.startswith("As known")
