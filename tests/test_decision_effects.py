"""What people decided of speakers, undertakings and evidence: readers see at once what the next run keeps."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.pipeline import ingest, stages
from flows.pipeline.runner import new_run
from flows.pipeline.sources import Sources
from ledger import settings
from ledger.decisions import journal, published
from ledger.queries import pledge_list, pledge_page, review_lists
from ledger.queries.pledge_list import Filter, PledgeRow
from ledger.quotation_edits import Revision
from ledger.settings import Settings
from ledger.storage import records, warehouse
from ledger.types import Article, Decision, DecisionKind, Official, Outlet, Post, text_hash
from nlp.officials.register import Register

pytestmark = pytest.mark.slow

OUTLET = Outlet("Gazette", "http://127.0.0.1/", "Westshire")
PEOPLE = (
    Official(
        "o1", "Ann Carr", (), (Post("Leader", "council_leader", "Westby Council", "", date(2024, 5, 1)),)
    ),
    Official("o2", "Bea Dunn", (), (Post("Mayor", "mayor", "Eastby Council", "", date(2024, 5, 1)),)),
)
ARTICLES = [
    "Council leader Ann Carr said: “We will build a new secondary school at Harrow Lane by September 2026.”",
    "A spokesperson said: “We will freeze council tax for the next two years.”",
    "Council leader Ann Carr admitted that the new secondary school at Harrow Lane, promised by September"
    " 2026, had been delayed and would not open until March 2027.",
    "Pupils have moved into the new secondary school at Harrow Lane.\n\n"
    "The new secondary school at Harrow Lane, which council leader Ann Carr promised by September 2026, was"
    " finished and opened on Monday. It has been built for 900 pupils.\n\n"
    "The new secondary school at Harrow Lane has now been completed, as was promised.",
]


def article(number: int) -> Article:
    return Article(
        id=f"a{number}",
        outlet=OUTLET.name,
        url=f"http://127.0.0.1/{number}",
        title=f"Council news, part {number}",
        text=ARTICLES[number - 1],
        published=datetime(2026, 1, number, 9, tzinfo=UTC),
    )


def fill(home: Settings, *states: Article) -> None:
    """The articles, and of those given again another state."""
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_outlets(connection, [OUTLET])
        records.put_articles(connection, [article(number) for number in range(1, len(ARTICLES) + 1)], "r")
        for number, state in enumerate(states, 5):
            fetched, sha256 = datetime(2026, 1, number, tzinfo=UTC), text_hash(state.text)
            revision = Revision(state.id, fetched, sha256, state.text, "", "")
            records.put_revisions(connection, [revision], "r")
            records.put_articles(connection, [state], "r")


def empty(folder: Path) -> Settings:
    (folder / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")
    return settings.load(folder)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose articles the stages have worked through."""
    home = empty(tmp_path_factory.mktemp("read"))
    fill(home)
    work(home)
    return home


@pytest.fixture
def home(read: Settings, tmp_path: Path) -> Settings:
    """A copy of it, in which the stages find nothing to do until something is decided."""
    shutil.copytree(read.home, tmp_path, dirs_exist_ok=True)
    return settings.load(tmp_path)


def work(home: Settings) -> list[PledgeRow]:
    """The stages that work with decisions, and what readers see afterwards."""
    run_id, sources = new_run(home), Sources((OUTLET,), Register(PEOPLE), "one")
    for stage in (stages.extract, stages.flag, stages.group, stages.track, ingest.publish):
        stage(home, sources, run_id)
    return pledge_list.pledges(home)


def about(rows: list[PledgeRow], word: str) -> PledgeRow:
    return next(row for row in rows if word in row.words)


def apart_from_evidence(row: PledgeRow) -> PledgeRow:
    """A pledge without what rests on its evidence."""
    return replace(
        row, evidence=0, independent=0, last_evidence=None, status="", suggested="", why="", changed_on=None
    )


@pytest.fixture
def decide(home: Settings) -> Callable[..., int]:
    def record(kind: DecisionKind, subject: str, value: dict[str, object] | None = None) -> int:
        return journal.record(home, Decision(kind, subject, value or {}, "Desk", "seen"))

    return record


def test_a_named_speaker_owns_the_promise_at_once_and_after_the_run(
    home: Settings, decide: Callable[..., int]
) -> None:
    tax = about(work(home), "council tax")
    assert (tax.owner, tax.owner_id) == ("unresolved", None)
    page = pledge_page.pledge(home, tax.id)
    assert page is not None
    statement = page.stated[0].statement_id
    row = decide("link_speaker", statement, {"speaker": "Bea Dunn", "official": "o2"})
    at_once = pledge_list.pledges(home)
    named = about(at_once, "council tax")
    assert (named.owner, named.person_id, named.body) == ("Eastby Council", "o2", "Eastby Council")
    assert work(home) == at_once
    decide("undo", statement, {"row": row})
    assert about(work(home), "council tax").owner == "unresolved"


def test_a_title_that_a_person_gives_stands_beside_the_machines(
    home: Settings, decide: Callable[..., int]
) -> None:
    before = about(work(home), "council tax")
    row = decide("set_title", before.id, {"title": "Freeze the council tax"})
    named = about(pledge_list.pledges(home), "council tax")
    assert (named.title, named.titled_by) == ("Freeze the council tax", "Desk")
    assert named.machine_title == before.title
    assert about(work(home), "council tax") == named
    decide("undo", before.id, {"row": row})
    assert about(pledge_list.pledges(home), "council tax") == before


def test_an_editor_marks_the_pledges_that_weigh_most(home: Settings, decide: Callable[..., int]) -> None:
    some = work(home)
    before = about(some, "council tax")
    assert not any(row.headline for row in some) and len(some) > 1
    row = decide("headline", before.id, {"headline": True})
    only = pledge_list.pledges(home, Filter(headline=True))
    assert [one.id for one in only] == [before.id] == [one.id for one in work(home) if one.headline]
    decide("headline", before.id, {"headline": False})
    assert pledge_list.count(home, Filter(headline=True)) == (0, 0)
    decide("undo", before.id, {"row": row + 1})
    assert pledge_list.pledges(home, Filter(headline=True)) == only
    decide("undo", before.id, {"row": row})
    assert about(pledge_list.pledges(home), "council tax") == before


def test_to_name_a_speaker_joins_no_pledges(tmp_path: Path) -> None:
    home = empty(tmp_path)
    same = ARTICLES[0].replace("Council leader Ann Carr", "A spokesperson")
    fill(home, replace(article(2), text=same))
    (known, unknown) = sorted(work(home), key=lambda row: row.owner == "unresolved")
    page = pledge_page.pledge(home, unknown.id)
    assert page is not None and (known.person, unknown.owner) == ("Ann Carr", "unresolved")
    named = {"speaker": "Ann Carr", "official": "o1"}
    journal.record(home, Decision("link_speaker", page.stated[0].statement_id, named, "Desk", "seen"))
    assert {row.id: row.person for row in work(home)} == {known.id: "Ann Carr", unknown.id: "Ann Carr"}


def test_who_is_no_official_is_named_nowhere(home: Settings, decide: Callable[..., int]) -> None:
    work(home)
    row = decide("reject", "o1")
    at_once = pledge_list.pledges(home)
    assert about(at_once, "school").person_id is None and "Carr" not in about(at_once, "school").owner
    after = work(home)
    assert not {"Ann Carr", "o1"} & {
        name for p in after for name in (p.owner, p.owner_id, p.person, p.person_id)
    }
    decide("undo", "o1", {"row": row})
    assert about(work(home), "school").person_id == "o1"


def test_a_rejected_statement_moves_no_deadline(home: Settings, decide: Callable[..., int]) -> None:
    school = about(work(home), "school")
    assert school.deadline == date(2027, 3, 31) and school.restatements == 2
    page = pledge_page.pledge(home, school.id)
    assert page is not None
    row = decide("reject", page.stated[1].id)
    at_once = pledge_list.pledges(home)
    now = about(at_once, "school")
    assert now.deadline == date(2026, 9, 30) and now.restatements == 1 and "drifted" not in now.flags
    # a run also looks for evidence anew, by the words that are left
    assert list(map(apart_from_evidence, work(home))) == list(map(apart_from_evidence, at_once))
    again = pledge_page.pledge(home, school.id)
    assert again is not None and [s.is_rejected for s in again.stated] == [False, True]
    decide("undo", page.stated[1].id, {"row": row})
    assert about(work(home), "school").deadline == date(2027, 3, 31)


def test_rejected_evidence_delays_nothing(home: Settings, decide: Callable[..., int]) -> None:
    school = about(work(home), "school")
    assert school.suggested == "stalled"
    page = pledge_page.pledge(home, school.id)
    assert page is not None
    pieces = [piece for piece in page.shown if piece.stance == "delayed"]
    rows = [decide("reject", piece.id) for piece in pieces]
    at_once = pledge_list.pledges(home)
    assert about(at_once, "school").status != "stalled"
    assert work(home) == at_once
    for piece, row in zip(pieces, rows, strict=True):
        decide("undo", piece.id, {"row": row})
    assert about(work(home), "school").status == "stalled"


def test_a_suggestion_that_falls_with_its_evidence_has_changed_at_once(
    home: Settings, decide: Callable[..., int]
) -> None:
    school = about(work(home), "school")
    decide("set_status", school.id, {"status": school.suggested})
    page = pledge_page.pledge(home, school.id)
    assert page is not None and review_lists.queue(home).totals["statuses"] == 0
    for piece in page.shown:
        decide("reject", piece.id)
    page = pledge_page.pledge(home, school.id)
    assert page is not None and (page.suggested[-1].was, page.suggested[-1].as_of) == (
        "stalled",
        home.today,
    )
    at_once = pledge_list.pledges(home), page.suggested, review_lists.queue(home)
    assert at_once[2].totals["statuses"] == 1
    after, page = work(home), pledge_page.pledge(home, school.id)
    assert page is not None and (after, page.suggested, review_lists.queue(home)) == at_once


def test_evidence_stays_rejected_when_its_pledge_goes_up_in_another(
    home: Settings, decide: Callable[..., int]
) -> None:
    rows = work(home)
    school, tax = about(rows, "school"), about(rows, "council tax")
    page = pledge_page.pledge(home, school.id)
    assert page is not None
    pieces = [piece.id for piece in page.shown]
    assert pieces
    for piece in pieces:
        decide("reject", piece)
    decide("merge", tax.id, {"with": school.id})
    (joined,) = work(home)
    page = pledge_page.pledge(home, joined.id)
    assert page is not None
    kept = [piece.is_rejected for piece in page.shown if piece.id in pieces]
    assert kept and all(kept), "less may be taken for the joined pledge, and nothing rejected comes back"
    assert joined.status != "stalled"


def test_a_rebuilt_warehouse_holds_the_same(home: Settings, decide: Callable[..., int]) -> None:
    rows = work(home)
    school = pledge_page.pledge(home, about(rows, "school").id)
    tax = pledge_page.pledge(home, about(rows, "council tax").id)
    assert school is not None and tax is not None
    decide("link_speaker", tax.stated[0].statement_id, {"speaker": "Bea Dunn", "official": "o2"})
    decide("reject", school.stated[1].id)
    after = work(home)
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        for table in (
            "statements",
            "commitments",
            "pledges",
            "pledge_commitments",
            "evidence",
            "done",
            "meta",
        ):
            connection.execute(f"DELETE FROM {table}")
    rebuilt = work(home)
    assert rebuilt == after


def test_what_was_decided_of_words_goes_on_with_their_correction(
    home: Settings, decide: Callable[..., int]
) -> None:
    tax = about(work(home), "council tax")
    decide("set_status", tax.id, {"status": "stalled"})
    decide("note", tax.id, {"text": "asked the press office"})
    edited = replace(article(2), text=ARTICLES[1].replace("two years", "two full years"))
    fill(home, article(2), edited)
    after = about(work(home), "council tax")
    assert after.id != tax.id and after.set_status == "stalled" and "two full years" in after.words
    page = pledge_page.pledge(home, after.id)
    assert page is not None and [row.decision.kind for row in page.journal] == ["note", "set_status"]
    found = pledge_page.pledge(home, tax.id)  # as an old link has it
    assert found is not None and found.pledge.id == after.id
    home.warehouse.unlink()  # nothing can be carried over: all of it comes from the states of the articles
    fill(home, article(2), edited)
    again = about(work(home), "council tax")
    assert (again.id, again.set_status) == (after.id, "stalled")


def test_words_that_go_back_to_what_they_were_stand_at_their_offsets(
    home: Settings, decide: Callable[..., int]
) -> None:
    tax = about(work(home), "council tax")
    decide("set_status", tax.id, {"status": "stalled"})
    before = pledge_list.pledges(home)
    edited = replace(article(2), text="Corrected. " + ARTICLES[1].replace("two years", "two full years"))
    fill(home, article(2), edited)
    assert "two full years" in about(work(home), "council tax").words
    fill(home, article(2), edited, article(2))
    after = work(home)
    assert about(after, "council tax").set_status == "stalled" and after == before
    with published.reading(home) as connection:
        rows = connection.execute(
            "SELECT words, content, text FROM w.statements s JOIN w.articles a ON a.id = s.article_id"
        ).fetchall()
    assert rows and all(words == records.words(text, content) for words, content, text in rows)
