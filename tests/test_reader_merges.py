"""Merges and splits show at once, before a run groups by them; doubts of the grouping are put to people."""

from __future__ import annotations

import random
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from ledger.decisions import journal, published
from ledger.queries import pledge_list, pledge_page, review_lists
from ledger.queries.pledge_list import Filter
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision
from nlp.models.learned import same_promise
from nlp.pledges.pair_features import rules
from nlp.pledges.pairs import PairShares
from nlp.pledges.review_candidates import doubts
from tests.pledge_makers import item
from tests.reading_home import copy_home


@pytest.fixture
def home(gold_home: Settings, tmp_path: Path) -> Settings:
    return copy_home(gold_home, tmp_path)


def two(home: Settings) -> tuple[pledge_list.PledgeRow, pledge_list.PledgeRow]:
    """Two pledges of one owner, the earlier first, both with evidence."""
    found = sorted(
        (row for row in pledge_list.pledges(home) if row.evidence and row.first_stated),
        key=lambda row: (row.owner, str(row.first_stated)),
    )
    return next((a, b) for a, b in pairwise(found) if a.owner == b.owner)


def said_in(home: Settings, pledge: str) -> set[str]:
    page = pledge_page.pledge(home, pledge)
    return {stated.id for stated in page.stated} if page else set()


def test_a_merge_shows_at_once_and_its_undoing_too(home: Settings) -> None:
    first, second = two(home)
    every = len(pledge_list.pledges(home))
    apart = said_in(home, first.id), said_in(home, second.id)
    journal.record(home, Decision("set_status", second.id, {"status": "stalled"}, "Ann", "seen"))
    row = journal.record(home, Decision("merge", second.id, {"with": first.id}, "Ann"))
    assert len(pledge_list.pledges(home)) == every - 1
    page = pledge_page.pledge(home, second.id)
    assert page is not None and page.pledge.id == first.id
    assert {stated.id for stated in page.stated} == apart[0] | apart[1]
    assert page.pledge.restatements == first.restatements + second.restatements
    assert page.pledge.evidence == first.evidence + second.evidence
    assert page.pledge.set_status == "stalled"
    assert len([e for e in page.shown if e.stance != "restated"]) >= page.pledge.evidence
    journal.record(home, Decision("undo", second.id, {"row": row}, "Ann"))
    assert (said_in(home, first.id), said_in(home, second.id)) == apart


def test_three_pledges_merged_in_a_row_are_one(home: Settings) -> None:
    rows = pledge_list.pledges(home, Filter(sort="oldest"))[:3]
    for one, other in ((rows[2], rows[1]), (rows[1], rows[0])):
        journal.record(home, Decision("merge", one.id, {"with": other.id}, "Ann"))
    page = pledge_page.pledge(home, rows[2].id)
    assert page is not None and page.pledge.id == rows[0].id
    assert page.pledge.restatements == sum(row.restatements for row in rows)


def test_a_split_shows_at_once_as_a_pledge_of_its_own(home: Settings) -> None:
    whole = max(pledge_list.pledges(home), key=lambda row: row.restatements)
    page = pledge_page.pledge(home, whole.id)
    assert page is not None
    leaving = page.stated[-1]
    journal.record(home, Decision("split", leaving.id, {"with": whole.id}, "Ann"))
    assert leaving.id not in said_in(home, whole.id)
    alone = pledge_page.pledge(home, leaving.id)
    assert alone is not None and [stated.id for stated in alone.stated] == [leaving.id]
    assert alone.pledge.status == "not_yet_rated" and "No later report" in alone.pledge.why
    assert alone.pledge.owner in (leaving.speaker, leaving.body)


def test_a_merge_joins_whole_what_somebody_split_before(home: Settings) -> None:
    whole = max(pledge_list.pledges(home), key=lambda row: row.restatements)
    said = said_in(home, whole.id)
    page = pledge_page.pledge(home, whole.id)
    assert page is not None and len(page.stated) > 2
    leaving, staying = page.stated[-1].id, page.stated[1].id
    journal.record(home, Decision("split", leaving, {"with": whole.id}, "Ann"))
    assert said_in(home, whole.id) == said - {leaving}
    journal.record(home, Decision("merge", staying, {"with": leaving}, "Ben"))
    assert said_in(home, whole.id) == said == said_in(home, leaving)


@pytest.mark.parametrize("parted", ["a later one", "the one that named the pledge"])
def test_a_statement_parted_from_merged_pledges_leaves_alone(home: Settings, parted: str) -> None:
    first, second = sorted(
        sorted(pledge_list.pledges(home), key=lambda row: -row.restatements)[:2],
        key=lambda row: str(row.first_stated),
    )
    both = said_in(home, first.id) | said_in(home, second.id)
    page = pledge_page.pledge(home, second.id)
    assert page is not None and len(page.stated) > 1
    leaving = page.stated[-1].id if parted == "a later one" else second.id
    journal.record(home, Decision("merge", second.id, {"with": first.id}, "Ann"))
    journal.record(home, Decision("split", leaving, {"with": first.id}, "Ann"))
    assert said_in(home, first.id) == both - {leaving}
    assert said_in(home, leaving) == {leaving}


def test_doubts_wait_until_a_person_settles_them(home: Settings) -> None:
    first, second = two(home)
    whole = max(pledge_list.pledges(home), key=lambda row: row.restatements)
    page = pledge_page.pledge(home, whole.id)
    assert page is not None
    with warehouse.run(home) as connection:
        insert = "INSERT INTO doubts VALUES (?, ?, ?, ?, 'r')"
        connection.execute(insert, ["merge", *sorted((first.id, second.id)), 0.48])
        connection.execute(insert, ["split", page.stated[-1].id, whole.id, 0.49])
    warehouse.publish(home)
    queue = review_lists.queue(home)
    (merge,), (split,) = queue.merges, queue.splits
    assert {merge.one_pledge.id, merge.other_pledge.id} == {first.id, second.id}
    assert split.other_pledge.id == whole.id and split.words == page.stated[-1].words
    journal.record(home, Decision("split", merge.one, {"with": merge.other}, "Ann"))  # they are two
    journal.record(home, Decision("merge", split.one, {"with": split.other}, "Ann"))  # it belongs there
    queue = review_lists.queue(home)
    assert (queue.merges, queue.splits, queue.totals["merges"], queue.totals["splits"]) == ((), (), 0, 0)
    assert said_in(home, whole.id) == {stated.id for stated in page.stated}


def test_somebody_who_is_no_official_is_not_named(home: Settings) -> None:
    with warehouse.run(home) as connection:
        connection.execute(
            "UPDATE officials SET provisional = true WHERE id ="
            " (SELECT official_id FROM statements WHERE official_id IS NOT NULL ORDER BY 1 LIMIT 1)"
        )
    warehouse.publish(home)
    (newcomer,) = review_lists.queue(home).newcomers
    row = journal.record(home, Decision("reject", newcomer.id, {}, "Ann"))
    assert review_lists.queue(home).newcomers == ()
    with published.reading(home) as connection:
        asked = "SELECT count(*) FROM statement_view WHERE official_id = ? OR speaker = ?"
        assert connection.execute(asked, [newcomer.id, newcomer.name]).fetchall() == [(0,)]
    journal.record(home, Decision("undo", newcomer.id, {"row": row}, "Ann"))
    assert review_lists.queue(home).newcomers == (newcomer,)


def test_near_pledges_are_put_side_by_side_and_strangers_named() -> None:
    items = [
        item("We will open the new swimming baths in Aldbury by June 2026.", "2025-01-10"),
        item("The baths in Aldbury will open by June 2026.", "2025-02-10"),
        item("The swimming baths at Aldbury will open in June 2026.", "2025-03-10"),
        item("We will publish the accounts of the pension fund.", "2025-04-10"),
    ]
    together = {one.id: items[0].id for one in items}
    found = doubts(items, together, set(together.values()))
    assert [(d.kind, d.one) for d in found] == [("split", items[3].id)]
    assert found[0].likeness < 0.5
    assert doubts(items[:3], together, set(together.values())) == []


@pytest.mark.parametrize("seed", range(3))
def test_pledges_that_cannot_be_one_are_spared_and_no_others(seed: int) -> None:
    chance = random.Random(seed)
    things = ("the baths in Aldbury", "the Westby tram", "forty new homes", "the library", "a clinic")
    items = [
        item(
            f"We will {chance.choice(('open', 'finish', 'pay for'))} {chance.choice(things)} by {year}.",
            f"2025-{month:02}-{day:02}",
        )
        for month in range(1, 9)
        for day, year in ((3, 2026), (17, 2027), (24, 2028))
    ]
    named: dict[str, list[str]] = {}  # by thing, two pledges of each
    for one in items:
        named.setdefault(next(thing for thing in things if thing in one.text), []).append(one.id)
    pledge_of = {one: chance.choice(mine[:2]) for mine in named.values() for one in mine}
    pledge_of |= {one: one for mine in named.values() for one in mine[:2]}
    groups = {key: [one for one in items if pledge_of[one.id] == key] for key in set(pledge_of.values())}
    pairs, least = PairShares(same_promise()), rules()["threshold"] - rules()["doubts"]["below"]
    wanted = {
        (one, other)
        for one, other in combinations(sorted(groups), 2)
        if pairs.mean(groups[one], groups[other]) >= least
    }
    assert 0 < len(wanted) < len(groups) * (len(groups) - 1) / 2
    found = doubts(items, pledge_of, set(groups))
    assert {(d.one, d.other) for d in found if d.kind == "merge"} == wanted
    reach = [pairs.may_reach(least, groups[one], [groups[other]]) for one, other in wanted]
    assert reach == [[True]] * len(wanted)
    assert pairs.may_reach(1.1, items[:2], [items[2:4]]) == [False], "no share is above 1"
