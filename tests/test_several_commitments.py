"""Several commitments of one statement, each a clause: shown, decided on, followed when words change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.pipeline.clauses import Flagged, put_flagged
from flows.pipeline.report import summary_text
from flows.site.pages import pledge_page as site_page
from ledger import settings
from ledger.decisions import journal, places, published
from ledger.outputs import export_rows
from ledger.outputs.changed_rows import changed
from ledger.outputs.story import story
from ledger.presentation.passages import passage, quotation_only
from ledger.queries import journal_page, overview_page, pledge_list, pledge_page, review_lists, statement_card
from ledger.search import statement_search
from ledger.settings import Settings
from ledger.storage import pending, pledge_index, records, warehouse
from ledger.types import Article, Commitment, Deadline, Decision, Official, Outlet, Post, Statement
from nlp.evidence.edits import clause_successors
from tests.reading_home import publish_reckoned

BUSES, TRAMS = "the first buses will run by March", "every tram stop will be rebuilt by 2027"
LETTER = "I will write to the operator"
WORDS = f"{BUSES}, and {TRAMS}; {LETTER}."
TEXT = f"Mayor Ann Carr said: “{WORDS}” Nobody laughed."
ANN = Official("o1", "Ann Carr", (), (Post("Mayor", "mayor", "Westby Council"),))


@dataclass(frozen=True)
class Said:
    """A statement of an article, with the commitments of its clauses."""

    article: Article
    statement: Statement
    made: Flagged

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.made.found]


def said(
    text: str, words: str, clauses: Sequence[str], minor: Sequence[str] = (), paid: bool = False
) -> Said:
    """A statement with these words in an article of this text."""
    day = datetime(2026, 1, 5, 9, tzinfo=UTC)
    article = Article(
        "a1", "Gazette", "http://127.0.0.1/1", "Buses", text, published=day, first_seen=day, paywalled=paid
    )
    start = text.index(words)
    statement = Statement(
        Statement.make_id("a1", (words,), 0), "a1", "direct", ((start, start + len(words)),),
        source_name="Ann Carr", speaker=ANN.name, official_id=ANN.id, role="mayor", body="Westby Council",
    )  # fmt: skip
    made = Flagged()
    for clause in clauses:
        at = text.index(clause)
        one = Commitment(
            Commitment.make_id(statement.id, clause), statement.id, "firm", clause, confidence=0.9,
            span=(at, at + len(clause)), minor=clause in minor,
        )  # fmt: skip
        made.found.append(one)
        made.clauses[one.id] = clause
    return Said(article, statement, made)


def put(home: Settings, given: Said) -> None:
    """Write it as the stages do, each tracked commitment as a pledge of its own, and publish."""
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_outlets(connection, [Outlet("Gazette", "http://127.0.0.1/", "Westshire")])
        records.put_officials(connection, [ANN])
        records.put_articles(connection, [given.article], "r")
        told = (given.article, [given.statement], [(0, len(given.article.text))])
        records.put_statements(connection, [told], "r")
        named = pending.not_succeeded(connection, journal.subjects(home))
        put_flagged(connection, [given.statement.id], given.made, named, "r")
        records.mark_done(connection, "flag", "v", [given.statement.id])
        pending.drop_orphans(connection)
        each_alone = [{"commitment_id": key, "pledge_id": key} for key in places.tracked(connection)]
        records.insert(connection, "pledge_commitments", each_alone)
    publish_reckoned(home)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    (tmp_path / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")
    return settings.load(tmp_path)


@pytest.fixture
def three(home: Settings) -> Said:
    """Buses, trams and a letter that nobody would track, in one breath."""
    given = said(TEXT, WORDS, [BUSES, TRAMS, LETTER], minor=[LETTER])
    put(home, given)
    statement_search.update(home)
    return given


def test_each_clause_is_a_pledge_and_the_statement_stays_one(home: Settings, three: Said) -> None:
    assert {row.title[1:] for row in pledge_list.pledges(home)} == {BUSES[1:], TRAMS[1:]}
    found = statement_search.search(home, "commitment:yes")
    assert found.total == 1 and len(found.hits) == 1
    assert found.hits[0].commitments == ("firm", "firm") and found.hits[0].pledge_ids == tuple(three.ids[:2])
    with published.reading(home) as connection:
        tables = {
            name: [row for batch in export_rows.batches(home, connection, name) for row in batch.to_pylist()]
            for name in ("statements", "commitments")
        }
    assert [row["words"] for row in tables["statements"]] == [WORDS]
    told = [(row["clause"], row["minor"], row["pledge_id"]) for row in tables["commitments"]]
    assert told == [(BUSES, False, three.ids[0]), (TRAMS, False, three.ids[1]), (LETTER, True, None)]
    assert all(TEXT[row["first"] : row["last"]] == row["clause"] for row in tables["commitments"])


def test_the_clause_is_marked_within_the_whole_quotation(home: Settings, three: Said) -> None:
    for key, clause in zip(three.ids, (BUSES, TRAMS), strict=False):
        page = pledge_page.pledge(home, key)
        assert page is not None
        (stated,) = page.stated
        context = stated.context
        assert [context.text[s:e] for s, e in context.marks] == [WORDS] and stated.words == WORDS
        assert [context.text[s:e] for s, e in context.focus] == [clause] and stated.clause == clause
        html = "".join(site_page(story(page, home.today))).replace("<wbr>", "")
        assert f"<mark><strong>{clause}</strong></mark>" in html  # in its paragraph
        assert f"<strong>{clause}</strong>" in html.partition('<dl class="facts">')[0]  # above all else
    card = statement_card.card(home, three.statement.id)
    assert card is not None and card.verified
    assert [card.context.text[s:e] for s, e in card.context.focus] == [BUSES, TRAMS, LETTER]
    told = [(one.words, one.minor, one.pledge_id) for one in card.undertakings]
    assert told == [(BUSES, False, three.ids[0]), (TRAMS, False, three.ids[1]), (LETTER, True, None)]


def test_minor_undertakings_are_in_no_list_and_no_count_but_one_line(home: Settings, three: Said) -> None:
    overview = overview_page.overview(home)
    assert (overview.total, overview.latest["commitments"], overview.minor) == (2, 2, 1)
    (minor,) = overview_page.minor(home, 9)
    assert (minor.words, minor.statement_id) == (LETTER, three.statement.id)
    assert "1 minor commitment not listed" in summary_text(home, None)
    assert "2 commitments, 2 pledges" in summary_text(home, None)
    with warehouse.run(home) as connection:
        assert set(places.tracked(connection)) == set(three.ids[:2])
    journal.record(home, Decision("reject", three.ids[1], {"as": journal.MINOR}, "Ann"))  # a person finds so
    assert {one.words for one in overview_page.minor(home, 9)} == {LETTER, TRAMS}
    assert overview_page.overview(home).minor == 2


def test_a_clause_that_is_minor_now_leaves_its_pledge(home: Settings) -> None:
    put(home, said(TEXT, WORDS, [BUSES, TRAMS, LETTER]))
    assert len(pledge_list.pledges(home)) == 3
    put(home, said(TEXT, WORDS, [BUSES, TRAMS, LETTER], minor=[LETTER]))
    assert len(pledge_list.pledges(home)) == 2


def test_to_reject_one_clause_leaves_the_other(home: Settings, three: Said) -> None:
    buses, trams, _ = three.ids
    row = journal.record(home, Decision("reject", buses, {}, "Desk"))
    assert [p.id for p in pledge_list.pledges(home)] == [trams]
    assert statement_search.search(home, "commitment:yes").hits[0].pledge_ids == (trams,)
    entries = pledge_page.journal(home)
    assert journal_page.subjects(home, entries)[buses].words == BUSES
    journal.record(home, Decision("reject", trams, {}, "Desk"))
    assert statement_search.search(home, "commitment:yes").total == 0
    journal.record(home, Decision("undo", buses, {"row": row}, "Desk"))
    assert [p.id for p in pledge_list.pledges(home)] == [buses]


def test_a_statement_without_a_speaker_waits_once(home: Settings, three: Said) -> None:
    with warehouse.run(home) as connection:
        connection.execute("UPDATE statements SET speaker = NULL, official_id = NULL")
    warehouse.publish(home)
    queue = review_lists.queue(home)
    assert [one.statement_id for one in queue.speakers] == [three.statement.id]
    assert queue.totals["speakers"] == 1


def test_a_reserved_article_gives_no_clause_outside_its_marks(home: Settings) -> None:
    given = said(TEXT, WORDS, [BUSES, TRAMS], paid=True)
    put(home, given)
    page = pledge_page.pledge(home, given.ids[1])
    assert page is not None
    context = page.stated[0].context
    assert context.reserved and [context.text[s:e] for s, e in context.focus] == [TRAMS]


def test_decisions_go_on_with_the_clause_that_overlaps_most(home: Settings, three: Said) -> None:
    buses, trams, _ = three.ids
    journal.record(home, Decision("set_status", trams, {"status": "stalled"}, "Desk", "seen"))
    corrected = WORDS.replace("by 2027", "by the end of 2028")
    now = TRAMS.replace("by 2027", "by the end of 2028")
    later = said(TEXT.replace(WORDS, corrected), corrected, [now, BUSES])
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_successors(connection, {three.statement.id: later.statement.id})
    put(home, later)
    after = {row.id: row.set_status for row in pledge_list.pledges(home)}
    assert after == {later.ids[0]: "stalled", buses: None}  # whose words stand as before
    for old, new in ((trams, later.ids[0]), (buses, buses)):
        found = pledge_page.pledge(home, old)  # as an old link has it
        assert found is not None and found.pledge.id == new


@pytest.mark.parametrize(
    ("act", "due", "told"),
    [("every tram stop rebuilt", "", 1), ("a stop", "by 2027", 1), ("do as was said", "", 0)],
)
def test_what_had_no_clause_goes_on_under_its_id_with_the_same_act_else_the_first(
    home: Settings, act: str, due: str, told: int
) -> None:
    early = said(TEXT, WORDS, [])
    key = Commitment.make_id(early.statement.id)
    whole = Commitment(key, early.statement.id, "firm", act, deadline=Deadline(due) if due else None)
    early.made.found.append(whole)
    early.made.clauses[whole.id] = ""
    put(home, early)
    journal.record(home, Decision("set_status", whole.id, {"status": "stalled"}, "Desk", "seen"))
    later = said(TEXT, WORDS, [BUSES, TRAMS])
    for _ in range(2):  # read again, the ids stay
        put(home, later)
        after = {row.id: (row.set_status, row.title[1:9]) for row in pledge_list.pledges(home)}
        same, other = (BUSES, TRAMS)[told], (TRAMS, BUSES)[told]
        assert after == {whole.id: ("stalled", same[1:9]), later.ids[1 - told]: (None, other[1:9])}
    home.warehouse.unlink()  # all is lost but the journal, whose ids tell that there was one
    put(home, later)
    assert {row.id: row.set_status for row in pledge_list.pledges(home)} == {
        whole.id: "stalled",
        later.ids[1]: None,
    }


def test_of_a_kept_id_no_vector_of_earlier_words_stays(home: Settings) -> None:
    early = said(TEXT, WORDS, [])
    whole = Commitment(Commitment.make_id(early.statement.id), early.statement.id, "firm", BUSES)
    early.made.found.append(whole)
    early.made.clauses[whole.id] = ""
    put(home, early)
    with warehouse.run(home) as connection:
        records.insert(connection, "vectors", [{"id": whole.id, "vector": [1.0] * 384}])
    put(home, said(TEXT, WORDS, [BUSES]))
    with warehouse.run(home) as connection:
        assert not pledge_index.vectors(connection, [whole.id])


def test_a_pledge_goes_on_with_another_of_its_statements_where_its_own_is_minor_now(home: Settings) -> None:
    put(home, said(TEXT, WORDS, [BUSES, TRAMS]))
    buses, trams = said(TEXT, WORDS, [BUSES, TRAMS]).ids
    with warehouse.run(home) as connection:  # as grouping joins them
        connection.execute("UPDATE pledge_commitments SET pledge_id = ?", [buses])
    publish_reckoned(home)
    journal.record(home, Decision("set_status", buses, {"status": "stalled"}, "Desk", "seen"))
    journal.record(home, Decision("reject", buses, {"as": journal.MINOR}, "Desk"))
    put(home, said(TEXT, WORDS, [BUSES, TRAMS], minor=[BUSES]))
    (row,) = pledge_list.pledges(home)
    assert (row.id, row.set_status, row.set_by) == (trams, "stalled", "Desk")
    page = pledge_page.pledge(home, buses)  # as an old link has it
    assert page is not None and page.pledge.id == trams
    assert "set_status" in {one.decision.kind for one in page.journal}
    (former,) = changed(home).former
    assert (former.id, former.now_id, len(former.decisions)) == (buses, trams, 2)
    with warehouse.run(home) as connection:
        pending.forget(connection, "a1")
    warehouse.publish(home)
    assert changed(home).former == ()  # nothing of the article stays


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": BUSES}, {"x": TRAMS, "y": BUSES + " 2026"}, {"a": "y"}),
        ({"a": BUSES}, {"a": BUSES, "y": TRAMS}, {}),
        ({"a": BUSES}, {"y": TRAMS}, {}),  # nothing stands for it
        ({"a": ""}, {"x": TRAMS, "y": BUSES}, {"a": "x"}),
        ({"a": BUSES}, {"x": ""}, {"a": "x"}),
        ({"a": BUSES}, {}, {}),
    ],
)
def test_clauses_follow_by_the_words_in_common(
    before: dict[str, str], after: dict[str, str], found: dict[str, str]
) -> None:
    assert clause_successors(before, after) == found


def test_what_matters_stays_within_the_words() -> None:
    text = "One two three four. Five six."
    found = passage(text, [(4, 18)], focus=[(0, 7), (20, 24)])
    assert [found.text[s:e] for s, e in found.focus] == ["two"]
    alone = quotation_only(text, [(0, 7), (20, 28)], focus=[(4, 24)])
    assert [alone.text[s:e] for s, e in alone.focus] == ["two", "Five"]
    assert passage(text, [(4, 18)], focus=[(4, 18)]).focus == ()  # all of it: nothing to tell apart
