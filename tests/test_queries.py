"""What readers ask of the warehouse, on the labelled home."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.ui.tallies import tally_table
from ledger.decisions import journal, published
from ledger.errors import WrongUse
from ledger.outputs import site_rows
from ledger.queries import official_page, overview_page, pledge_list, pledge_page
from ledger.queries.pledge_list import Filter
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision
from tests.reading_home import copy_home, reckoned_home


def test_overview_counts_what_the_lists_hold(gold_home: Settings) -> None:
    overview = overview_page.overview(gold_home)
    everything = pledge_list.pledges(gold_home)
    assert overview.total == len(everything) > 50
    assert sum(n for _, _, n, _ in overview.by_status) == overview.total
    for status, outcome, number, by_people in overview.by_status:
        some = pledge_list.pledges(gold_home, Filter(status=status, outcome=str(outcome)))
        assert (number, by_people) == (len(some), 0)
    for flag, number in overview.by_flag.items():
        assert number == len(pledge_list.pledges(gold_home, Filter(flag=flag)))
    for tally in overview.by_owner:
        of_owner = pledge_list.pledges(gold_home, Filter(owner=tally.key))
        assert tally.pledges == len(of_owner), tally
        assert tally.overdue == sum("overdue" in row.flags for row in of_owner)
    tallies = {tally.key: tally.pledges for tally in overview.by_owner}
    people = [row for row in official_page.officials(gold_home) if row.id in tallies]
    assert people and all(row.pledges == tallies[row.id] for row in people)
    for tally in overview_page.by_topic(gold_home):
        assert pledge_list.count(gold_home, Filter(topic=tally.key)) == (tally.pledges, tally.overdue)
        assert tally.kept == pledge_list.count(gold_home, Filter(topic=tally.key, outcome="kept"))[0]
    for short in overview.lists.values():
        assert short.total == pledge_list.count(gold_home, short.wanted)[0] >= len(short.pledges)
    assert overview.lists["due"].pledges[0].deadline == min(
        row.deadline for row in pledge_list.pledges(gold_home, Filter(due="ahead")) if row.deadline
    )


def test_namesakes_stay_two(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    one, other = (row for row in official_page.officials(home)[:2])
    with warehouse.run(home) as connection:
        own = "UPDATE pledges SET owner = person, owner_id = person_id WHERE person_id IN (?, ?)"
        connection.execute(own, [one.id, other.id])
    warehouse.publish(home)
    before = overview_page.overview(home)
    with warehouse.run(home) as connection:
        connection.execute("UPDATE officials SET name = ? WHERE id = ?", [one.name, other.id])
        named = "UPDATE pledges SET owner = $1, person = $1 WHERE person_id = $2"
        connection.execute(named, [one.name, other.id])
    warehouse.publish(home)
    overview = overview_page.overview(home)
    bars = {one.key: one.words for one in overview.by_owner}
    assert overview.owners == before.owners
    assert bars[one.id] != bars[other.id] and str(one.office) in bars[one.id]
    owners = pledge_list.choices(home)["owner"]
    assert owners[one.id] == bars[one.id] and owners[other.id] == bars[other.id]
    for official in (one, other):
        assert len(pledge_list.pledges(home, Filter(owner=official.id))) == official.pledges
    together = pledge_list.pledges(home, Filter(owner=one.name))
    assert {row.owner_id for row in together} == {one.id, other.id}
    drawn = tally_table("Whose", overview.by_owner, "owner")
    assert f"owner={one.id}" in drawn and f"owner={other.id}" in drawn


def test_what_is_promised_for_a_month_missed_lately_or_put_off(gold_home: Settings, tmp_path: Path) -> None:
    home = reckoned_home(gold_home, tmp_path)
    today = home.today
    everything = pledge_list.pledges(home)

    def found(**wanted: Any) -> set[str]:
        return {row.id for row in pledge_list.pledges(home, Filter(**wanted))}

    months = {f"{due:%Y-%m}" for row in everything for due in (row.first_due, row.deadline) if due}
    for month in months:
        dates = {
            row.id: {f"{due:%Y-%m}" for due in (row.first_due, row.deadline) if due} for row in everything
        }
        assert found(due=month) == {key for key, some in dates.items() if month in some}
    for back in (30, 400):
        first = today - timedelta(days=back)
        late = {r.id for r in everything if "overdue" in r.flags and r.first_due and r.first_due >= first}
        assert found(due=f"-{back}d") == late
    put_off = {r.id for r in everything if r.first_due and r.deadline and r.deadline > r.first_due}
    assert found(moved=30) <= found(moved=4000) == put_off and put_off


def test_overdue_is_reckoned_from_the_day_of_the_settings(gold_home: Settings) -> None:
    overdue = pledge_list.pledges(gold_home, Filter(due="overdue"))
    assert overdue
    assert all(row.deadline and row.deadline < date(2026, 6, 30) for row in overdue)
    assert not any(row.status in ("delivered", "delivered_late") for row in overdue)
    earlier = Settings(home=gold_home.home, as_of=date(2024, 1, 1))
    assert pledge_list.pledges(earlier, Filter(due="overdue")) == []


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        (Filter(owner="Helena Rudkin"), lambda row: "Helena Rudkin" in (row.owner, row.body, row.person)),
        (Filter(role="mp"), lambda row: row.role == "mp"),
        (Filter(area="Marlshire"), lambda row: "Marlshire" in (row.area, row.region)),
        (Filter(outlet="Hexley Courier"), lambda row: "Hexley Courier" in row.outlets),
        (Filter(outlet="courier"), lambda row: "Hexley Courier" in row.outlets),
        (Filter(owner="rudkn"), lambda row: "Helena Rudkin" in (row.owner, row.person)),
        (Filter(owner="Mayor Rudkin", role="mayors"), lambda row: row.person == "Helena Rudkin"),
        (Filter(owner="holroyd"), lambda row: "Holroyd" in f"{row.owner} {row.person}"),
        (Filter(area="Hexley"), lambda row: "Hexley" in (row.body or "")),
        (Filter(owner="hexley council"), lambda row: "Hexley City Council" in (row.owner, row.body)),
        (Filter(due="undated"), lambda row: row.deadline is None),
        (Filter(due="12m"), lambda row: date(2026, 6, 30) <= row.deadline <= date(2027, 6, 30)),
        (Filter(came="2026-05-01"), lambda row: row.came >= date(2026, 5, 1)),
    ],
)
def test_a_filter_gives_all_that_fit_and_nothing_else(
    gold_home: Settings, wanted: Filter, holds: object
) -> None:
    assert callable(holds)
    found = {row.id for row in pledge_list.pledges(gold_home, wanted)}
    undecided = [
        row for row in pledge_list.pledges(gold_home) if row.deadline or wanted.due in ("", "undated")
    ]
    if wanted.due == "12m":
        undecided = [row for row in undecided if row.status in ("not_yet_rated", "in_progress", "stalled")]
    assert found == {row.id for row in undecided if holds(row)} != set()


def test_a_text_is_not_passed_over(gold_home: Settings) -> None:
    with pytest.raises(ValueError, match="pledge_search"):
        pledge_list.pledges(gold_home, Filter(text="library"))


def test_a_wrong_sort_or_span_is_said_to_be_wrong(gold_home: Settings) -> None:
    with pytest.raises(WrongUse, match="sort"):
        pledge_list.pledges(gold_home, Filter(sort="id; DROP TABLE"))
    with pytest.raises(WrongUse, match="30d"):
        pledge_list.pledges(gold_home, Filter(due="soonish"))


def test_the_page_of_a_pledge_holds_its_words_verbatim(gold_home: Settings) -> None:
    row = max(pledge_list.pledges(gold_home), key=lambda pledge: pledge.restatements)
    page = pledge_page.pledge(gold_home, row.id)
    assert page is not None
    assert len(page.stated) == row.restatements
    for stated in page.stated:
        marked = [stated.context.text[s:e] for s, e in stated.context.marks]
        assert " […] ".join(marked) == stated.words
        assert stated.link.startswith(stated.url) and ":~:text=" in stated.link
    assert [s.published for s in page.stated] == sorted(s.published for s in page.stated if s.published)
    independent = {e.original for e in page.shown if not e.by_owner and e.stance != "restated"}
    assert len(independent) == page.pledge.independent > 0
    other = page.stated[-1].id
    assert other != row.id and pledge_page.pledge(gold_home, other) == page
    assert pledge_page.pledge(gold_home, "no such id") is None


def test_of_reserved_articles_a_page_gives_quotations_and_nothing_else(
    gold_home: Settings, tmp_path: Path
) -> None:
    home = copy_home(gold_home, tmp_path)
    with warehouse.run(home) as connection:
        connection.execute("UPDATE articles SET paywalled = true")
    warehouse.publish(home)
    with site_rows.reading(home) as reader:  # all together; `test_site` holds that it is the same
        found = list(reader.pages())
    shown = [report for page in found for report in page.shown]
    for report in shown:
        assert report.context.reserved and report.context.text == report.words
    assert 0 < sum(bool(report.words) for report in shown) < len(shown)
    for stated in (time for page in found for time in page.stated):
        assert stated.context.reserved and stated.context.text == stated.words


def test_what_people_decide_shows_at_once(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    row = pledge_list.pledges(home, Filter(due="overdue"))[0]
    before = pledge_list.stamp(home)
    value: dict[str, object] = {"status": "delivered", "reason": ""}
    n = journal.record(home, Decision("set_status", row.id, value, "Ann", "seen open"))
    assert pledge_list.stamp(home) != before
    page = pledge_page.pledge(home, row.id)
    assert page is not None
    assert (page.pledge.status, page.pledge.suggested) == ("delivered", row.suggested)
    assert "overdue" not in page.pledge.flags
    assert (page.pledge.set_by, page.pledge.set_why) == ("Ann", "seen open")
    assert [entry.decision.row for entry in page.journal] == [n]
    assert overview_page.overview(home).lists["changed"].total == 1
    journal.record(home, Decision("undo", row.id, {"row": n}, "Ben"))
    page = pledge_page.pledge(home, row.id)
    assert page is not None and page.pledge.set_status is None
    assert [(entry.decision.kind, entry.undone) for entry in page.journal] == [
        ("undo", False),
        ("set_status", True),
    ]


def test_a_rejected_commitment_leaves_the_lists_and_rejected_evidence_the_count(
    gold_home: Settings, tmp_path: Path
) -> None:
    home = copy_home(gold_home, tmp_path)
    single = next(row for row in pledge_list.pledges(home) if row.restatements == 1)
    journal.record(home, Decision("reject", single.id, {}, "Ann"))
    assert single.id not in {row.id for row in pledge_list.pledges(home)}
    assert pledge_page.pledge(home, single.id) is None
    shown = max(pledge_list.pledges(home), key=lambda pledge: pledge.evidence)
    page = pledge_page.pledge(home, shown.id)
    assert page is not None
    piece = next(e for e in page.shown if e.stance != "restated")
    journal.record(home, Decision("reject", piece.id, {}, "Ann"))
    again = pledge_page.pledge(home, shown.id)
    assert again is not None and again.pledge.evidence == shown.evidence - 1
    assert next(e for e in again.shown if e.id == piece.id).is_rejected


def test_a_linked_speaker_takes_the_post_held_on_the_day(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    with published.reading(home) as connection:
        statement, official = connection.execute(
            """SELECT s.id, o.official_id FROM statement_view s, w.posts o
            WHERE s.speaker IS NULL AND o.role = 'mayor' AND o.first <= s.published::DATE LIMIT 1"""
        ).fetchone() or ("", "")
    journal.record(
        home, Decision("link_speaker", statement, {"speaker": "The Mayor", "official": official}, "Ann")
    )
    with published.reading(home) as connection:
        row = connection.execute(
            "SELECT speaker, official_id, role, machine_speaker, linked_by FROM statement_view WHERE id = ?",
            [statement],
        ).fetchone()
    assert row == ("The Mayor", official, "mayor", None, "Ann")


def test_statements_of_non_officials_are_not_shown(gold_home: Settings) -> None:
    with published.reading(gold_home) as connection:
        held = connection.execute("SELECT count(*) FROM w.statements WHERE role = 'non_official'").fetchone()
        seen = connection.execute(
            "SELECT count(*) FROM statement_view WHERE role = 'non_official'"
        ).fetchone()
    assert held and held[0] > 0
    assert seen == (0,)
