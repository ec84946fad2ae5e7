"""Restatements join, other pledges stay apart, ids stay."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pytest

from ledger.pledges import changes
from ledger.pledges.members import Member
from ledger.pledges.reckon import reckon
from ledger.types import PRIVATE, CommitmentType
from nlp.models import regions
from nlp.models.learned import same_promise
from nlp.pledges.clustering import assign
from nlp.pledges.joining import compared, figures
from nlp.pledges.pair_features import Item, context_of, voices_of
from nlp.pledges.pairs import PairShares
from nlp.pledges.summary import build_pledges
from nlp.text import similarity
from nlp.training.promises import fold_encoders
from nlp.training.promises.same_promise import labelled_items
from nlp.training.votes import judged
from tests.pledge_makers import commitment, item

SCHOOL = "We will build a new secondary school at Harrow Lane by September 2026."
SCHOOL_AGAIN = "The Harrow Lane secondary school will be built and open by September 2026, as I promised."
ROADS = "We will resurface 40 miles of potholed roads by the spring."
ROADS_AGAIN = "Forty miles of potholed roads will be resurfaced by spring, every mile."


@pytest.fixture(scope="module")
def four() -> list[Item]:
    return [
        item(SCHOOL, "2025-01-10"),
        item(ROADS, "2025-01-10"),
        item(SCHOOL_AGAIN, "2025-04-02"),
        item(ROADS_AGAIN, "2025-06-20", speaker="Raj Patel", role="councillor"),
    ]


def test_restatements_join_and_other_pledges_do_not(four: list[Item]) -> None:
    school, roads, school_again, roads_again = (i.id for i in four)
    placed = assign(four, [], {})
    assert placed == {school: school, school_again: school, roads: roads, roads_again: roads}


def test_by_day_or_all_at_once_is_the_same(four: list[Item]) -> None:
    placed: dict[str, str] = {}
    for n in range(len(four)):
        placed = assign(four[n : n + 1], four[:n], placed)
    assert placed == assign(list(reversed(four)), [], {})


def test_the_same_words_with_another_date_are_one_promise() -> None:
    words = "We will build a new secondary school at Harrow Lane by September {}."
    said = [
        item(words.format(year), f"2025-0{n}-10", due=f"{year}-09-30") for n, year in ((2, 2027), (5, 2028))
    ]
    other = item("We will build a new primary school at Mill Road by September 2028.", "2025-06-10")
    assert set(assign([*said, other], [], {}).values()) == {said[0].id, other.id}


def test_another_owners_like_words_stay_apart() -> None:
    mine, theirs = item(SCHOOL), item(SCHOOL_AGAIN, "2025-02-01", "Lee Moss", "Eastby Council")
    assert len(set(assign([mine, theirs], [], {}).values())) == 2


def test_the_body_carries_on_and_members_of_parliament_do_not() -> None:
    due = "2026-09-30"
    first = item(SCHOOL, speaker="Ann Carr", due=due)
    successor = item(SCHOOL_AGAIN, "2025-09-01", "Tom Bell", due=due)
    body = item(SCHOOL_AGAIN, "2025-10-01", None, due=due)
    assert set(assign([first, successor, body], [], {}).values()) == {first.id}
    one = item(SCHOOL, speaker="Ann Carr", body="Parliament", role="mp")
    other = item(SCHOOL_AGAIN, "2025-09-01", "Tom Bell", body="Parliament", role="mp")
    assert len(set(assign([one, other], [], {}).values())) == 2


def test_what_nobody_said_may_be_anybodys_who_speaks_beside_it() -> None:
    due = "2026-09-30"
    first = item(SCHOOL, due=due)
    plan = item(SCHOOL_AGAIN, "2025-04-02", None, None, PRIVATE, due=due)
    beside = replace(plan, voices=voices_of([first.statement]))
    elsewhere = replace(plan, voices=voices_of([item(SCHOOL, body="Eastby Council", speaker=None).statement]))
    assert set(assign([first, beside], [], {}).values()) == {first.id}
    for apart in (plan, elsewhere):
        assert len(set(assign([first, apart], [], {}).values())) == 2


def test_context_tells_what_bare_words_mean() -> None:
    about = (
        "New date for Harrow Lane secondary school. "
        "The secondary school that the council is building at Harrow Lane will be late."
    )
    before = "New secondary school for Harrow Lane. A secondary school will be built."
    first = item(SCHOOL, context=before, due="2026-09-30")
    bare = item("It will open by the end of October.", "2025-05-05", context=about)
    blind = item("It will open by the end of October.", "2025-05-05")
    assert assign([bare], [first], {first.id: first.id})[bare.id] == first.id
    assert assign([blind], [first], {first.id: first.id})[blind.id] == blind.id


def test_stored_ones_stay_where_they_are(four: list[Item]) -> None:
    odd = {i.id: four[0].id for i in four[:3]}
    placed = assign(four[3:], four[:3], odd)
    assert {i: placed[i] for i in odd} == odd


def test_without_a_day_and_without_words() -> None:
    undated, empty = item(SCHOOL, None), item("", None)
    placed = assign([undated, empty], [], {})
    assert placed[undated.id] == undated.id and placed[empty.id] == empty.id


def test_a_long_pledge_takes_a_further_restatement() -> None:
    stored = [item(f"{SCHOOL} ({n})", f"2025-01-{n + 1:02}") for n in range(28)]
    new = item(SCHOOL_AGAIN, "2025-06-01")
    assert assign([new], stored, {i.id: stored[0].id for i in stored})[new.id] == stored[0].id


def test_the_title_is_what_most_of_a_pledge_is_about() -> None:
    said = [
        item("Open the new library on Mill Lane by Easter.", "2025-01-10"),
        item("Reopen the Mill Lane library in the spring.", "2025-02-10"),
        item("Bring my own grandchildren along for cake on Saturday.", "2025-03-10"),
    ]
    (one,) = build_pledges(said, {i.id: said[0].id for i in said})
    assert "library" in one.title


def acting(one: Item, act: str) -> Item:
    return replace(one, commitment=replace(one.commitment, action=act))


def test_pledges_have_owner_title_and_deadline(four: list[Item]) -> None:
    school = acting(item(SCHOOL, due="2026-09-30"), "build a new secondary school at Harrow Lane")
    later = acting(item(SCHOOL_AGAIN, "2025-04-02", due="2027-09-30"), "have it built")
    (one,) = build_pledges([later, school], {school.id: school.id, later.id: school.id})
    assert one.owner == "Westby Council" and one.owner_id is None and one.body == "Westby Council"
    assert one.commitments == (school.id, later.id)
    assert one.title == "Build a new secondary school at Harrow Lane by the end of September 2026"
    assert one.deadline is not None and one.deadline.isoformat() == "2027-09-30"
    roads = build_pledges([four[1], four[3]], {four[1].id: four[1].id, four[3].id: four[1].id})
    assert roads[0].owner == "Westby Council" and roads[0].owner_id is None


def test_drift_in_words() -> None:
    told = changes.versions(
        [
            commitment(due="2027-12-31", value=5000, action="build all 5,000 homes"),
            commitment(due="2027-06-30", nth=1),
            commitment("intention", "2029-12-31", 4000, "build around 4,000 homes", nth=2),
        ]
    )
    assert told[0].changed == "" and told[1].changed == ""
    assert "5000 homes → 4000 homes" in told[2].changed
    assert "2027-12-31 → 2029-12-31" in told[2].changed
    assert "will → aims to" in told[2].changed
    assert "“all” → “around”" in told[2].changed
    assert [version.postponed for version in told] == [False, False, True]


def test_the_rest_of_a_number_is_no_other_number() -> None:
    said = [commitment(value=300), commitment(value=53, action="build the remaining 53 homes", nth=1)]
    assert changes.versions(said)[1].changed == ""
    said[1] = replace(said[1], action="build 53 homes")
    assert "300 homes → 53 homes" in changes.versions(said)[1].changed


@pytest.mark.parametrize(
    ("first", "then", "turned"),
    [
        (("negative", "not sell that building"), ("firm", "sell the building"), True),
        (("firm", "sells the building"), ("negative", "not sell it"), True),
        (("negative", "not sell that building"), ("firm", "mend the building"), False),
        (("negative", "not sell that building"), ("negative", "not sell it"), False),
        (("negative", "no compulsory redundancies"), ("firm", "protect every job"), False),
        (("negative", ""), ("firm", ""), False),
    ],
)
def test_the_opposite_is_told(
    first: tuple[CommitmentType, str], then: tuple[CommitmentType, str], turned: bool
) -> None:
    said = [commitment(first[0], action=first[1]), commitment(then[0], action=then[1], nth=1)]
    told = changes.versions(said)[1].changed
    assert ("the sense:" in told) is turned
    found = reckon("p", [Member(one) for one in said], [], date(2026, 6, 30)).pledge
    assert found and any(mark.flag == "reversed" for mark in found.marks) is turned


def test_numbers_in_figures_and_words() -> None:
    assert similarity.numbers("300 of the 1,000 homes, £8m, and two hundred and twelve by 2030") == {
        300.0,
        1000.0,
        8e6,
        212.0,
    }
    assert similarity.numbers("£1.2.3m and 12/3") <= {1.2, 3.0, 12.0}
    assert similarity.numbers("a thousand, twenty-five, hundred") == {1000.0, 25.0}


def test_shared_words_leave_out_the_common() -> None:
    one = similarity.terms("The library at Westby will reopen", without=similarity.terms("Westby", least=0.0))
    assert "librar" in one and "westb" not in one and "the" not in one
    assert "librar" in similarity.terms("Libraries reopened")


def test_context_is_headline_and_first_sentence() -> None:
    assert context_of("Buses back", "Advert. Buses return. More.", [(8, 21)]) == "Buses back. Buses return"
    assert context_of("", "", []) == ""


def test_a_region_left_out_keeps_its_floor() -> None:
    items, promises = labelled_items(regions.load("airedon"), fold_encoders.of_region("airedon"))
    weights = judged("airedon")
    placed = assign(items, [], {}, weights.same, weights.joins)
    both = list(combinations(zip(items, promises, strict=True), 2))
    same = {(a.id, b.id) for (a, p), (b, q) in both if p == q}
    given_ = {(a.id, b.id) for (a, _), (b, _) in both if placed[a.id] == placed[b.id]}
    assert 2 * len(same & given_) / (len(same) + len(given_)) >= 0.3
    groups = [
        [p for i, p in zip(items, promises, strict=True) if placed[i.id] == one] for one in {*placed.values()}
    ]
    several = [len({*group}) == 1 for group in groups if len(group) > 1]
    assert sum(several) / len(several) >= 0.7


def test_a_commitment_is_held_against_every_pledge_near(four: list[Item]) -> None:
    school, roads, school_again, roads_again = four
    pairs = PairShares(same_promise())
    pairs.work_out((school_again, one) for one in (school, roads, roads_again))
    names, rows = figures(school_again, {"school": [school], "roads": [roads, roads_again]}, pairs)
    mine, theirs = (dict(zip(names, row, strict=True)) for row in rows.tolist())
    assert mine["most"] == pytest.approx(pairs.of(school_again, school), abs=1e-4)
    assert mine["above next most"] == pytest.approx(mine["most"] - theirs["most"], abs=2e-4)
    assert (mine["likelier pledges"], theirs["likelier pledges"]) == (0, 1)
    assert (mine["members"], theirs["members"]) == (1, 2)


def test_of_a_long_pledge_the_first_and_the_latest_are_compared() -> None:
    members = [item(f"{SCHOOL} ({n})", f"2025-01-{n + 1:02}") for n in range(28)]
    known = compared(members)
    assert known[0] is members[0] and known[1:] == members[-len(known) + 1 :]
    assert 2 < len(known) < len(members) and compared(members[:1]) == members[:1]


def test_vectors_are_not_changed(four: list[Item]) -> None:
    before = [i.vectors.copy() for i in four]
    assign(four, [], {})
    assert all(np.array_equal(a, i.vectors) for a, i in zip(before, four, strict=True))
