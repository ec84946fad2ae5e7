"""What later coverage is taken as evidence, what is worth a look, with what stance and reason."""

from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest

from ledger.types import Article, Measure, Span, Statement
from nlp.evidence.candidates import near_articles
from nlp.evidence.counts import in_part, later_date, shares_told
from nlp.evidence.figures import Pair
from nlp.evidence.find import LEAST_LEAD, Found, Judged, find_evidence, taken
from nlp.evidence.passages import ArticlePassages, passages_of, sentences_in
from nlp.evidence.profile import profile
from nlp.evidence.signs import seen, signs
from nlp.models.learned import evidence_models
from nlp.pledges.pair_features import Item
from nlp.pledges.summary import build_pledges
from tests.pledge_makers import item

HOMES = "We will build 500 council homes in Aldbury by the end of 2026."
TARGET = Measure(500.0, "council homes", "500 council homes", "to")
REPORT = "The council has completed 120 of the 500 council homes it promised to build in Aldbury by 2026."


def article(
    key: str, day: str, *texts: str, speaker: str | None = None, outlet: str = "Gazette", title: str = ""
) -> ArticlePassages:
    """An article of these sentences, all of them said by the speaker where one is given."""
    text = " ".join(texts)
    spans: list[Span] = []
    for words in texts:
        start = spans[-1][1] + 1 if spans else 0
        spans.append((start, start + len(words)))
    said = [
        Statement(f"{key}-{n}", key, "direct", (span,), speaker=speaker)
        for n, span in enumerate(spans)
        if speaker
    ]
    return passages_of(Article(key, outlet, "", title, text), date.fromisoformat(day), spans, said)


@pytest.fixture(scope="module")
def homes() -> Item:
    return item(
        HOMES, "2025-02-01", due="2026-12-31", measure=TARGET, context="Council to build 500 homes in Aldbury"
    )


def found(items: Item | list[Item], *articles: ArticlePassages) -> Found:
    listed = [items] if isinstance(items, Item) else items
    pledges = build_pledges(listed, {one.id: listed[0].id for one in listed})
    return find_evidence(pledges, listed, articles, evidence_models())


def test_later_reports_are_found_with_stance_reason_and_marks(homes: Item) -> None:
    told = article(
        "later",
        "2026-11-03",
        REPORT,
        "Rain is expected across the county on Sunday.",
        "The rest of the 500 council homes in Aldbury will not be finished until 2028, the council said.",
        title="Council homes in Aldbury delayed",
    )
    rows = found(homes, told)
    looked = {row.span: row for row in (*rows.evidence, *rows.leads)}
    first, rain, rest = (p.span for p in told.passages)
    assert first in looked and rest in looked
    assert looked[first].stance in ("progress", "delivered") and looked[rest].stance == "delayed"
    assert "“aldbury”" in looked[first].why and "names its number 500" in looked[first].why
    assert "2 months before the date" in looked[first].why
    assert rain not in {row.span for row in rows.evidence}
    assert all(row.confidence >= 0.66 and not row.by_owner and row.source for row in rows.evidence)
    text = " ".join(p.text for p in told.passages)
    for lead in rows.leads:
        assert all(lead.span[0] <= s < e <= lead.span[1] and text[s:e].strip() for s, e in lead.marked)


def test_nothing_before_the_pledge_and_nothing_from_its_own_article(homes: Item) -> None:
    assert found(homes, article("early", "2025-01-03", REPORT)) == Found()
    assert found(homes, article(homes.statement.article_id, "2025-02-01", REPORT)) == Found()


def test_articles_without_the_pledge_s_words_are_not_read(homes: Item) -> None:
    other = article("other", "2025-11-03", "A bus crashed into a shop in Westby on Monday.")
    near = article("near", "2025-11-03", REPORT)
    (pledge,) = build_pledges([homes], {homes.id: homes.id})
    one = profile(pledge, [homes])
    assert near_articles([one], [other, near]) == [(one, near)]
    assert found(homes, other) == Found()


@pytest.mark.parametrize(
    ("speaker", "outlet", "own"),
    [("Ann Carr", "Gazette", True), ("Lee Moss", "Gazette", False), (None, "Westby Council", True)],
)
def test_who_says_so(homes: Item, speaker: str | None, outlet: str, own: bool) -> None:
    text = "All 500 council homes in Aldbury have been completed, as promised."
    rows = found(homes, article("later", "2026-11-03", text, speaker=speaker, outlet=outlet))
    (row,) = (*rows.evidence, *rows.leads)
    assert row.by_owner is own and row.source == (speaker or outlet)


def test_the_pledge_said_again_is_found_and_says_so(homes: Item) -> None:
    moved = item(
        "The 500 council homes in Aldbury will be built by the end of 2028.", "2026-08-01", due="2028-12-31"
    )
    again = passages_of(
        Article(moved.statement.article_id, "Gazette", "", "Homes in Aldbury late", moved.text),
        moved.day,
        [(0, len(moved.text))],
        [moved.statement],
    )
    rows = found([homes, moved], again)
    (row,) = (*rows.evidence, *rows.leads)
    assert row.pledge_id == homes.id and row.by_owner and "the pledge is made again" in row.why
    assert row.stance in ("restated", "delayed")


def test_a_passage_is_evidence_on_one_pledge_only(homes: Item) -> None:
    other = item("We will build 500 council homes in Aldbury by 2026, I promise.", "2025-03-01", "Bo Dale")
    items = [homes, other]
    pledges = build_pledges(items, {one.id: one.id for one in items})
    rows = find_evidence(pledges, items, [article("later", "2026-11-03", REPORT, REPORT)], evidence_models())
    spans = [row.span for row in rows.evidence]
    assert len(spans) == len(set(spans)) and len({row.id for row in rows.evidence}) == len(spans)
    taken = {(row.pledge_id, row.span) for row in rows.evidence}
    assert taken.isdisjoint((lead.pledge_id, lead.span) for lead in rows.leads)


def test_a_reading_list_is_best_first(homes: Item) -> None:
    many = [article(f"n{n}", f"2026-0{1 + n % 9}-11", REPORT, f"Phase {n} of the homes.") for n in range(15)]
    rows = found(homes, *many)
    likely = [lead.likely for lead in rows.leads]
    assert likely and likely == sorted(likely, reverse=True) and likely[-1] >= LEAST_LEAD


@pytest.mark.parametrize(
    ("text", "direction", "baseline", "told"),
    [
        ("There are 150 officers on the beat.", "to", None, [0.5]),
        ("There are 330 officers on the beat.", "to", None, [1.1]),
        ("There are 2,014 officers in the county.", "more", None, []),
        ("There are 247 of the 300 here.", "more", None, [247 / 300]),
        ("There are 60 more officers now.", "more", None, [0.2]),
        ("There are 214 shops.", "to", None, []),
        ("Parents had been told in March 2025 that the officers would come.", "to", None, []),
        ("There are 250 officers.", "to", 200.0, [0.5]),
    ],
)
def test_counts_are_shares_of_the_target(
    text: str, direction: str, baseline: float | None, told: list[float]
) -> None:
    target = Measure(300.0, "officers", "300 officers", direction, baseline)  # type: ignore[arg-type]  # a table
    assert shares_told(text, [target]) == pytest.approx(told)


def test_a_passage_is_never_taken_for_the_less_likely_of_two_pledges() -> None:
    pair = cast(Pair, SimpleNamespace(passage=SimpleNamespace(article_id="a"), place=0))
    likelier, other = Judged(pair, 0.75, "restated"), Judged(pair, 0.7, "delayed")
    assert taken([other]) == [other]  # a delay is taken from a lower share on than words said again
    assert taken([likelier, other]) == taken([other, likelier]) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("The cabinet member said 37 of her 40 roads were now back at 30mph.", True),
        ("Twenty-six of the 40 have been done.", True),
        ("Nine out of ten calls are answered.", True),
        ("Every one of the county’s 96 wards has an officer.", False),
        ("All 40 of the 40 roads are back.", False),
        ("It opened on 3 October of 2025.", False),
    ],
)
def test_some_out_of_a_whole_is_not_all_of_it(text: str, part: bool) -> None:
    assert in_part(text) is part


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It will now open in May 2028.", "in May 2028"),
        ("It will open by the end of this year.", None),
        ("It opened in May 2019.", None),
    ],
)
def test_a_date_that_lies_past_the_first_one(text: str, words: str | None) -> None:
    later = later_date(text, date(2026, 11, 3), date(2026, 12, 31))
    assert (later.text if later else None) == words


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("The bridge reopened on Monday.", "done"),
        ("Work has started on the site.", "begun"),
        ("It has been put back until March.", "delayed"),
        ("The plan has been scrapped.", "scrapped"),
        ("The target was missed by a third.", "missed"),
        ("Nobody believes it isn’t late.", "denied"),
        ("He promised it in 2025.", "recalled"),
        ("Is it open?", "asked"),
    ],
)
def test_words_are_signs(text: str, sign: str) -> None:
    assert sign in seen(text) and sign in signs()
    assert sign not in seen("It rained.")


@pytest.mark.parametrize(
    "text", ["\x00" * 50, "no " * 20_000, "not " + "x" * 50_000, "1" * 40_000, "£1.2.3m"]
)
def test_hostile_text_is_read_in_bounded_time(homes: Item, text: str) -> None:
    assert isinstance(found(homes, article("later", "2026-11-03", f"{REPORT} {text}")), Found)


def test_nothing_in_nothing_out(homes: Item) -> None:
    assert find_evidence([], [homes], [article("later", "2026-11-03", REPORT)], evidence_models()) == Found()
    assert found(homes) == Found()


def test_sentences_keep_their_offsets() -> None:
    text = "It is done. “We kept our word!” £5m was spent."
    cut = [text[start:end] for start, end in sentences_in(text, (0, len(text)))]
    assert cut == ["It is done.", "“We kept our word!”", "£5m was spent."]


def test_statements_stand_for_their_own_sentences() -> None:
    text = "Work goes on. “The roof is on,” said Ann Carr."
    said = Statement("s", "a", "direct", ((15, 29),), speaker="Ann Carr", body="Westby Council")
    read = passages_of(Article("a", "Gazette", "", "", text), None, [(0, 13), (14, 31)], [said])
    assert [(p.text, p.speaker, p.before) for p in read.passages] == [
        ("Work goes on.", None, ""),
        ("The roof is on", "Ann Carr", "Work goes on."),
    ]
