"""Which passages are held against a pledge, with what stance, and in whose words."""

from datetime import date

import pytest

from ledger.types import CommitmentType, Measure
from nlp.evidence import stance
from nlp.evidence.match import find_evidence, sentences
from nlp.evidence.passages import CandidatePassage
from nlp.evidence.profile import profile
from nlp.pledges.pair_features import Item
from nlp.pledges.summary import build_pledges
from nlp.text.embeddings import Embedder
from tests.pledge_makers import item

HOMES = "We will build 500 council homes in Aldbury by the end of 2026."
TARGET = Measure(500.0, "council homes", "500 council homes", "to")


def passages(
    article: str, day: str, *texts: str, speaker: str | None = None, outlet: str = "Gazette"
) -> list[CandidatePassage]:
    made, start = [], 0
    for text in texts:
        said = f"{article}-{start}" if speaker else None
        made.append(
            CandidatePassage(
                article, (start, start + len(text)), text, date.fromisoformat(day), outlet, speaker, said
            )
        )
        start += len(text) + 1
    return made


@pytest.fixture(scope="module")
def homes() -> Item:
    return item(
        HOMES, "2025-02-01", due="2026-12-31", measure=TARGET, context="Council to build 500 homes in Aldbury"
    )


def found(homes: Item, *rows: CandidatePassage):  # type: ignore[no-untyped-def]
    pledges = build_pledges([homes], {homes.id: homes.id})
    return find_evidence(pledges, [homes], list(rows), Embedder())


def test_later_reports_are_found_with_stance_and_reason(homes: Item) -> None:
    rows = found(
        homes,
        *passages(
            "later",
            "2025-11-03",
            "The council has completed 120 of the 500 council homes it promised to build in Aldbury.",
            "Rain is expected across the county on Sunday.",
            "The rest of the 500 council homes in Aldbury will not be finished until 2028.",
        ),
    )
    assert [row.stance for row in rows] == ["progress", "delayed"]
    assert all(not row.by_owner and row.source == "Gazette" and row.why for row in rows)
    assert "will not be finished" in rows[1].why and rows[0].day == date(2025, 11, 3)


def test_nothing_before_the_pledge_and_nothing_from_its_own_article(homes: Item) -> None:
    report = "The council has completed 120 of the 500 council homes it promised to build in Aldbury."
    assert found(homes, *passages("early", "2025-01-03", report)) == []
    assert found(homes, *passages(homes.statement.article_id, "2025-02-01", report)) == []


def test_other_matters_are_left_alone(homes: Item) -> None:
    rows = passages(
        "other",
        "2025-11-03",
        "A bus crashed into a shop in Westby.",
        "Work has started on a new swimming pool in Overton, due to open in May.",
    )
    assert found(homes, *rows) == []


@pytest.mark.parametrize(
    ("speaker", "outlet", "own"), [("Ann Carr", "Gazette", True), ("Lee Moss", "Gazette", False)]
)
def test_who_says_so(homes: Item, speaker: str, outlet: str, own: bool) -> None:
    text = "All 500 council homes in Aldbury have been completed, as we promised."
    (row,) = found(homes, *passages("later", "2026-11-03", text, speaker=speaker, outlet=outlet))
    assert row.by_owner is own and row.source == speaker


def test_a_body_on_its_own_site_speaks_for_itself(homes: Item) -> None:
    text = "All 500 council homes in Aldbury have now been completed."
    (row,) = found(homes, *passages("later", "2026-11-03", text, outlet="Westby Council"))
    assert row.by_owner and row.stance == "delivered"


def test_restatements_in_later_articles_count(homes: Item) -> None:
    again = item(
        "The 500 council homes in Aldbury will be built by the end of 2026.", "2025-08-01", due="2026-12-31"
    )
    moved = item(
        "The 500 council homes in Aldbury will be built by the end of 2028.", "2026-08-01", due="2028-12-31"
    )
    items = [homes, again, moved]
    pledges = build_pledges(items, {i.id: homes.id for i in items})
    texts = [
        CandidatePassage(
            i.statement.article_id, (0, len(i.text)), i.text, i.day, "Gazette", "Ann Carr", i.statement.id
        )
        for i in items
    ]
    rows = find_evidence(pledges, items, texts, Embedder())
    assert [(row.article_id, row.by_owner) for row in rows] == [
        (i.statement.article_id, True) for i in items[1:]
    ]
    assert rows[0].stance == "restated"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The bridge will not open until March.", "delayed"),
        ("The target was missed by a third.", None),
        ("The target to plant 900 trees has been missed.", "broken"),
        ("She broke her promise to freeze fares.", "broken"),
        ("The plan has been scrapped.", "cancelled"),
        ("Work has started on the site.", "progress"),
        ("The clinic is now open.", "delivered"),
        ("More than half of the wall has now been built.", "progress"),
        ("It rained.", None),
    ],
)
def test_phrases_tell_a_stance(text: str, wanted: str | None) -> None:
    told = stance.told(text)
    assert (told.stance if told else None) == wanted


def test_a_promise_to_scrap_is_kept_by_scrapping() -> None:
    told = stance.told("The parking charge has been scrapped.", own={"scrap", "park", "charg"})
    assert told is not None and told.stance == "delivered"


@pytest.mark.parametrize(
    ("text", "direction", "wanted"),
    [
        ("There are 214 officers on the beat.", "to", "progress"),
        ("There are 320 officers on the beat.", "to", "delivered"),
        ("There are 214 extra officers on the beat.", "more", "progress"),
        ("There are 2,014 officers in the county.", "more", None),
        ("There are 300 officers on the beat.", "to", None),
        ("There are 214 shops.", "to", None),
    ],
)
def test_numbers_against_the_target(text: str, direction: str, wanted: str | None) -> None:
    target = Measure(300.0, "officers", "300 officers", direction)  # type: ignore[arg-type]  # from the table
    told = stance.against_target(text, [target])
    assert (told.stance if told else None) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("There are 900 cases in the queue.", "progress"),
        ("There are 480 cases in the queue.", "delivered"),
    ],
)
def test_a_target_below_its_baseline_is_reached_from_above(text: str, wanted: str) -> None:
    target = Measure(500.0, "cases", "500 cases", "to", baseline=1300.0)
    told = stance.against_target(text, [target])
    assert told is not None and told.stance == wanted


@pytest.mark.parametrize(
    "text", ["", "\x00" * 50, "no " * 40_000, "not " + "x" * 100_000, "1" * 60_000, "£1.2.3m of 300"]
)
def test_hostile_text_is_read_in_bounded_time(homes: Item, text: str) -> None:
    stance.told(text, [TARGET])
    stance.recalled(text)
    assert isinstance(found(homes, *passages("later", "2026-11-03", text)), list)


def test_nothing_in_nothing_out(homes: Item) -> None:
    assert find_evidence([], [homes], [], Embedder()) == []
    assert found(homes) == []


def test_passages_are_cut_into_sentences_at_their_offsets() -> None:
    text = "It is done. “We kept our word!” £5m was spent."
    (whole,) = passages("a", "2026-01-01", text)
    cut = list(sentences(whole))
    assert [c.text for c in cut] == ["It is done.", "“We kept our word!”", "£5m was spent."]
    assert all(text[c.span[0] : c.span[1]] == c.text for c in cut)


@pytest.mark.parametrize(
    "text",
    [
        "If the baths are reopened by June 2027, there will be a party.",
        "Nobody in the town believes that the baths are open yet.",
        "The baths would be completed in a better world.",
    ],
)
def test_conditions_and_disbelief_tell_no_delivery(text: str) -> None:
    found = stance.told(text)
    assert found is None or found.stance not in ("delivered", "progress")


def test_a_pledge_said_often_draws_more_coverage(homes: Item) -> None:
    """The same report weighs more for a pledge that was made three times than for one made once."""
    again = [
        item(HOMES, f"2025-0{month}-01", due="2026-12-31", context="Council to build 500 homes in Aldbury")
        for month in (3, 4)
    ]
    report = passages("later", "2025-11-03", "Work has started on the 500 council homes in Aldbury.")
    once = found(homes, *report)
    three = [homes, *again]
    pledges = build_pledges(three, {one.id: homes.id for one in three})
    often = find_evidence(pledges, three, report, Embedder())
    assert len(often) == 1 and (not once or often[0].confidence > once[0].confidence)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("the first flight will leave in May 2028", "delayed"),
        ("the homes will be finished by the end of this year", "restated"),
        ("in June 2029 they will be as I promised", "restated"),
    ],
)
def test_an_owner_who_names_a_later_date_puts_it_off(homes: Item, words: str, told: str) -> None:
    text = f"We will build all 500 council homes in Aldbury, and {words}."
    rows = found(homes, *passages("later", "2025-11-03", text, speaker=homes.owner))
    assert [row.stance for row in rows] == [told]
    assert ("is later than was promised" in rows[0].why) == (told == "delayed")


@pytest.mark.parametrize(
    ("text", "own", "told"),
    [
        ("The charge was dropped on Monday.", {"scrap", "charg"}, "delivered"),
        ("The charge was dropped on Monday.", {"build", "hous"}, "cancelled"),
        ("Unless more nurses come, one ward will remain closed.", {"ward"}, None),
        ("One ward will remain closed.", {"ward"}, "delayed"),
    ],
)
def test_ends_that_were_promised_and_delays_that_are_supposed(
    text: str, own: set[str], told: str | None
) -> None:
    found_ = stance.told(text, (), own)
    assert (found_.stance if found_ else None) == told


def test_a_year_is_no_count() -> None:
    target = Measure(600.0, "school places", "600 school places", "to")
    text = "Parents had been told in March 2025 that the school places would be ready."
    assert stance.against_target(text, [target]) is None


@pytest.mark.parametrize(
    ("promise", "type_", "told"),
    [
        ("We will scrap the parking charge in Aldbury by 2026.", "firm", "delivered"),
        ("We will not scrap the parking charge in Aldbury.", "negative", "cancelled"),
        ("Nobody will no longer have to pay to park in Aldbury.", "firm", "delivered"),
        ("We will build a parking deck in Aldbury by 2026.", "firm", "cancelled"),
    ],
)
def test_only_an_end_that_was_promised_is_a_delivery(promise: str, type_: CommitmentType, told: str) -> None:
    """What the article is about (its end, its closing) does not make a promise one to end something."""
    made = item(promise, "2025-02-01", type_=type_, context="Council to drop old charge and close car park")
    kept = profile(build_pledges([made], {made.id: made.id})[0], [made], 0.5)
    found_ = stance.told("The parking scheme in Aldbury was dropped on Monday.", (), kept.acts)
    assert found_ is not None and found_.stance == told
