"""The index and the query language, on the labelled home."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from dashboard import data
from ledger.decisions import journal, published
from ledger.errors import WrongUse
from ledger.names.tokens import Matcher, stem_tokens
from ledger.presentation.passages import link_to_words, passage, quotation_only
from ledger.queries import overview_page, pledge_list, pledge_page
from ledger.queries.pledge_list import Filter, PledgeRow
from ledger.questions import pledge_search
from ledger.search import query_syntax, statement_search, vectors, word_index
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Commitment, Decision, content_id
from nlp.text.embeddings import Embedder
from tests.reading_home import copy_home


@pytest.fixture(scope="module")
def indexed(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return copy_home(gold_home, tmp_path_factory.mktemp("indexed"))


def promised(home: Settings, text: str) -> list[PledgeRow]:
    return pledge_search.pledges(home, Filter(text=text))


def every(home: Settings) -> list[dict[str, object]]:
    with published.reading(home) as connection:
        return warehouse.fetch(connection, "SELECT * FROM statement_view")


def test_an_empty_query_finds_every_statement_newest_first(indexed: Settings) -> None:
    found = statement_search.search(indexed, limit=1000)
    assert {hit.id for hit in found.hits} == {row["id"] for row in every(indexed)}
    days = [hit.published for hit in found.hits if hit.published]
    assert days == sorted(days, reverse=True)


def test_a_phrase_is_found_word_for_word(indexed: Settings) -> None:
    found = statement_search.search(indexed, '"by the end of March 2026"', limit=100)
    wanted = re.compile(r"by the end of March 2026", re.IGNORECASE)
    assert {hit.id for hit in found.hits} == {
        row["id"] for row in every(indexed) if wanted.search(str(row["words"]))
    }
    assert found.hits
    for hit in found.hits:
        assert any(hit.context.text[s:e].lower() == "by the end of march 2026" for s, e in hit.terms)


def test_words_are_found_in_any_form_and_all_must_stand(indexed: Settings) -> None:
    found = statement_search.search(indexed, "promises", limit=100)
    assert any("promised" in hit.words for hit in found.hits)
    both = statement_search.search(indexed, "promises buses", limit=100)
    assert 0 < both.total < found.total
    without = statement_search.search(indexed, "promises -buses -bus", limit=100)
    assert without.total < found.total
    assert not any(re.search(r"\bbus(es)?\b", hit.words, re.IGNORECASE) for hit in without.hits)


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("speaker:Rudkin", lambda row: "Rudkin" in str(row["speaker"])),
        (
            'speaker:"Helena Rudkin" role:mayor',
            lambda row: row["speaker"] == "Helena Rudkin" and row["role"] == "mayor",
        ),
        (
            f"official:{content_id('official', 'Helena Rudkin')}",
            lambda row: row["speaker"] == "Helena Rudkin",
        ),
        ("speaker:unresolved", lambda row: row["speaker"] is None),
        ("outlet:courier", lambda row: "Courier" in str(row["outlet"])),
        ("after:2026-03 before:2026-04", lambda row: row["published"].strftime("%Y-%m") == "2026-03"),
        ("after:2026-06-18", lambda row: row["published"].date() >= date(2026, 6, 18)),
        ("before:2025-02", lambda row: row["published"].date() < date(2025, 2, 1)),
        ("area:Pellbridge", lambda row: "Pellbridge" in f"{row['body']} {row['area']} {row['region']}"),
    ],
)
def test_fields_narrow_to_all_that_fit_and_nothing_else(indexed: Settings, query: str, holds: object) -> None:
    assert callable(holds)
    found = statement_search.search(indexed, query, limit=1000)
    assert {hit.id for hit in found.hits} == {row["id"] for row in every(indexed) if holds(row)} != set()
    assert found.total == len(found.hits)


def test_pages_of_results_follow_each_other(indexed: Settings) -> None:
    whole = [hit.id for hit in statement_search.search(indexed, "the", order="date", limit=60).hits]
    parts = [
        hit.id
        for n in (0, 20, 40)
        for hit in statement_search.search(indexed, "the", order="date", limit=20, offset=n).hits
    ]
    assert parts == whole


def test_a_speaker_that_people_link_is_found_at_once(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    hit = statement_search.search(home, "speaker:unresolved", limit=1).hits[0]
    value: dict[str, object] = {"speaker": "Zebedee Quill", "official": None}
    journal.record(home, Decision("link_speaker", hit.id, value, "Ann"))
    found = statement_search.search(home, "speaker:quill")
    assert [h.id for h in found.hits] == [hit.id] and found.hits[0].speaker == "Zebedee Quill"
    assert hit.id not in {h.id for h in statement_search.search(home, "speaker:unresolved", limit=1000).hits}


def found_by(home: Settings, query: str) -> set[str]:
    return {hit.id for hit in statement_search.search(home, query, limit=1000).hits}


def test_whom_a_person_found_to_be_no_official_is_nobody_in_search(
    gold_home: Settings, tmp_path: Path
) -> None:
    home = copy_home(gold_home, tmp_path)
    rudkin, theirs = content_id("official", "Helena Rudkin"), found_by(home, 'speaker:"Helena Rudkin"')
    named = min(theirs)
    value: dict[str, object] = {"speaker": "Helena Rudkin", "official": rudkin}
    journal.record(home, Decision("link_speaker", named, value, "Ann"))
    n = journal.record(home, Decision("reject", rudkin, {}, "Ann"))
    rows = every(home)
    shown = {str(row["id"]) for row in rows if row["speaker"] == "Helena Rudkin"}
    assert shown == {named}, "whom a person named stays named"
    for query in ('speaker:"Helena Rudkin"', f"official:{rudkin}"):
        assert found_by(home, query) == shown
    assert found_by(home, "speaker:unresolved") == {row["id"] for row in rows if row["speaker"] is None}
    assert theirs & found_by(home, "role:mayor") == shown
    (body,) = {str(row["body"]) for row in rows if row["id"] == named}
    assert found_by(home, query_syntax.field("area", body)) & theirs == shown
    statement_search.update(home)
    assert found_by(home, f"official:{rudkin}") == shown, (
        "nor does indexing take a decision for the machine's"
    )
    journal.record(home, Decision("undo", rudkin, {"row": n}, "Ann"))
    assert found_by(home, f"official:{rudkin}") == theirs


def test_two_of_one_name_are_told_apart(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    with warehouse.run(home) as connection:
        connection.execute("UPDATE statements SET speaker = 'Helena Rudkin' WHERE speaker = 'Kwame Ellison'")
    warehouse.publish(home)
    statement_search.update(home)
    ids = [content_id("official", name) for name in ("Helena Rudkin", "Kwame Ellison")]
    one, other = (found_by(home, f"official:{key}") for key in ids)
    assert one and other and not one & other
    assert found_by(home, 'speaker:"helena rudkin"') == one | other
    value: dict[str, object] = {"speaker": "Helena Rudkin", "official": ids[1]}
    moved = min(one)
    journal.record(home, Decision("link_speaker", moved, value, "Ann"))
    assert found_by(home, f"official:{ids[1]}") == other | {moved}
    assert found_by(home, f"official:{ids[0]}") == one - {moved}


def test_a_rejected_undertaking_is_no_promise_in_search(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    hit = statement_search.search(home, "commitment:yes", limit=1).hits[0]
    words = " ".join(re.findall(r"[A-Za-z]+", hit.words)[:6])
    before, without = found_by(home, "commitment:yes"), found_by(home, "commitment:no")
    assert hit.id in before and {row.id for row in promised(home, words)} & {*hit.pledge_ids}
    commitment = Commitment.make_id(hit.id)
    journal.record(home, Decision("reject", commitment, {}, "Ann"))
    assert found_by(home, "commitment:yes") == before - {hit.id}
    assert found_by(home, "commitment:no") == without | {hit.id}
    again = next(h for h in statement_search.search(home, words, limit=100).hits if h.id == hit.id)
    assert (again.commitments, again.pledge_ids) == ((), ())
    day = overview_page.overview(home).latest
    assert statement_search.search(home, f"commitment:yes added:{day['day']}").total == day["commitments"]


def test_hits_show_what_the_views_show(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    with warehouse.run(home) as connection:
        connection.execute("UPDATE articles SET paywalled = hash(id) % 2 = 0")
    warehouse.publish(home)
    statement_search.update(home)
    rudkin, ellison = (content_id("official", name) for name in ("Helena Rudkin", "Kwame Ellison"))
    theirs = sorted(found_by(home, f"official:{rudkin}"))
    value: dict[str, object] = {"speaker": "Kwame Ellison", "official": ellison}
    journal.record(home, Decision("link_speaker", theirs[0], value, "Ann"))
    journal.record(home, Decision("reject", rudkin, {}, "Ann"))
    one, other = (row.id for row in pledge_list.pledges(home)[:2])
    journal.record(home, Decision("merge", one, {"with": other}, "Ann"))
    hits = {hit.id: hit for hit in statement_search.search(home, limit=1000).hits}
    rows = {str(row["id"]): row for row in every(home)}
    assert hits.keys() == rows.keys() and any(not row["words"] for row in rows.values())
    same = ("article_id", "kind", "words", "speaker", "official_id", "role", "body", "source_name", "why")
    same += ("outlet", "title", "url", "published")
    for key, row in rows.items():
        assert {n: getattr(hits[key], n) for n in same} == {n: row[n] for n in same}
        assert [list(span) for span in hits[key].content] == row["content"]
    with published.reading(home) as connection:
        query = """SELECT statement_id, type, coalesce(pledge_id, '') FROM commitment_view
            WHERE NOT is_rejected ORDER BY statement_id, span, id"""
        promises = connection.execute(query).fetchall()
    told = [
        (key, *pair)
        for key, hit in hits.items()
        for pair in zip(hit.commitments, hit.pledge_ids, strict=True)
    ]
    assert sorted(told) == sorted(promises) and len({pledge for *_, pledge in promises} & {one, other}) == 1


def test_words_of_a_rejected_undertaking_find_no_pledge(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    many = pledge_page.pledge(home, max(pledge_list.pledges(home), key=lambda row: row.restatements).id)
    assert many is not None
    pledge, last = many.pledge, many.stated[-1]
    others = " ".join([pledge.title, pledge.owner, pledge.body or "", *(s.words for s in many.stated[:-1])])
    elsewhere = {*stem_tokens(others)}
    own = next(
        word for word in re.findall(r"\b[a-z]{5,}\b", last.words) if not {*stem_tokens(word)} & elsewhere
    )
    assert pledge.id in {row.id for row in promised(home, own)}
    journal.record(home, Decision("reject", last.id, {}, "Ann"))
    assert pledge.id not in {row.id for row in promised(home, own)}


def test_a_list_is_narrowed_by_words_in_titles_and_in_every_restatement(indexed: Settings) -> None:
    both = promised(indexed, "rudkin BUS")
    assert both and {row.person for row in both} == {"Helena Rudkin"}
    found = promised(indexed, "LIBRARY")
    assert any("library" in row.title.lower() for row in found)
    by_words = [row for row in found if "librar" not in row.title.lower()]
    for row in by_words:
        page = pledge_page.pledge(indexed, row.id)
        assert page and any("librar" in stated.words.lower() for stated in page.stated)
    assert pledge_search.count(indexed, Filter(text="library"))[0] == len(found)


def test_an_update_finds_only_what_differs(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    again = statement_search.update(home)
    assert (again.written, again.skipped["unchanged"]) == (0, again.read)
    hit = statement_search.search(home, limit=1).hits[0]
    with warehouse.run(home) as connection:
        connection.execute("UPDATE articles SET outlet = 'The New Name' WHERE id = ?", [hit.article_id])
        gone = connection.execute(
            "SELECT min(article_id) FROM statements WHERE article_id <> ?", [hit.article_id]
        )
        connection.execute("DELETE FROM statements WHERE article_id = ?", list(gone.fetchone() or ()))
    warehouse.publish(home)
    third = statement_search.update(home)
    assert (third.skipped["unchanged"], third.skipped["removed"]) == (again.read - 2, 1)
    renamed = statement_search.search(home, 'outlet:"the new name"', limit=1000)
    assert {h.article_id for h in renamed.hits} == {hit.article_id}
    assert {h.id for h in statement_search.search(home, limit=1000).hits} == {
        row["id"] for row in every(home)
    }


def test_what_was_sought_between_publishing_and_indexing_is_sought_again(
    gold_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_home(gold_home, tmp_path)
    monkeypatch.setenv("SAID_HOME", str(home.home))
    hit = statement_search.search(home, limit=1).hits[0]
    with warehouse.run(home) as connection:
        connection.execute("UPDATE articles SET outlet = 'The New Name' WHERE id = ?", [hit.article_id])
    warehouse.publish(home)
    query = 'outlet:"the new name" ' + " ".join(re.findall(r"[A-Za-z]+", hit.words)[:8])
    assert data.answered(query).statements.total == 0
    statement_search.update(home)
    assert data.answered(query).statements.total > 0
    assert data.answered(query, by_meaning=True).statements.total == 0
    vectors.update(home, Embedder().encode)
    assert data.answered(query, by_meaning=True).statements.total > 0


def test_a_setting_that_changes_answers_changes_the_stamp(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    assert pledge_list.stamp(replace(home, due_soon_days=7)) != pledge_list.stamp(home)


def test_a_killed_update_is_finished_by_the_next(
    gold_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_home(gold_home, tmp_path)
    for file in (home.data / "index").rglob("*"):
        if file.is_file():
            file.unlink()
    monkeypatch.setattr(word_index, "_BATCH", 10)
    read = word_index._statements
    calls = []

    def dies(*given: object) -> object:
        calls.append(given)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return read(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(word_index, "_statements", dies)
    with pytest.raises(KeyboardInterrupt):
        statement_search.update(home)
    monkeypatch.setattr(word_index, "_statements", read)
    rest = statement_search.update(home)
    assert rest.skipped["unchanged"] == 30
    assert {hit.id for hit in statement_search.search(home, limit=1000).hits} == {
        row["id"] for row in every(home)
    }


def test_a_broken_index_is_built_anew_and_counted(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    (word_index.folder(home) / "meta.json").write_text("{broken", encoding="utf-8")
    counts = statement_search.update(home)
    assert [problem.reason for problem in counts.problems] == ["index_unreadable"]
    assert statement_search.search(home, limit=1000).total == len(every(home))


def test_searching_before_anything_is_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="said run"):
        statement_search.search(Settings(home=tmp_path), "bus")


def test_an_index_that_is_missing_is_made(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    shutil.rmtree(word_index.folder(home))
    assert statement_search.search(home, limit=1000).total == len(every(home))


@pytest.mark.parametrize("query", ["after:soon", "before:2026-13", "role:king", "added:2026-02-30"])
def test_what_cannot_be_read_is_said(query: str) -> None:
    with pytest.raises(WrongUse, match=query.split(":")[1]):
        query_syntax.parse(query)


def test_the_query_language() -> None:
    query = query_syntax.parse(
        'bus “free travel” -tram -"by Christmas" speaker:"Ann Example" ROLE:mp - commitment:yes "left open'
    )
    assert query.words == ("bus",)
    assert query.phrases == ("free travel", "left open")
    assert query.without == ("tram", "by Christmas")
    assert (query.speaker, query.role, query.commitment) == ("Ann Example", "mp", True)


@given(st.text(max_size=200))
@rules(max_examples=30, deadline=None)
def test_any_text_is_a_query_or_is_said_not_to_be(indexed: Settings, text: str) -> None:
    try:
        found = statement_search.search(indexed, text, limit=3)
    except WrongUse:
        return
    assert found.total >= len(found.hits)


@given(st.text(alphabet="ab é-,&%\n“”", min_size=1, max_size=80), st.data())
def test_links_and_passages_hold_the_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    context = passage(text, [(start, end)])
    assert [context.text[s:e] for s, e in context.marks] == [text[start:end]]
    assert quotation_only(text, [(start, end)]).text == text[start:end]
    link = link_to_words("https://a.test/x", text, [(start, end)])
    if ":~:text=" in link:
        directive = link.split(":~:text=")[1]
        assert re.fullmatch(r"[\w.~%,-]*", directive, re.ASCII)
        parts = [part.strip("-") for part in directive.split(",")]
        joined = " ".join(text.split())
        assert all(unquote(part) in joined for part in parts)


def test_a_link_tells_apart_words_that_stand_twice() -> None:
    text = "The mayor said we will act.\n\nLater the leader said we will act."
    first, second = text.index("we will act"), text.rindex("we will act")
    one = link_to_words("https://a.test/x#top", text, [(first, first + 11)])
    two = link_to_words("https://a.test/x#top", text, [(second, second + 11)])
    assert one == "https://a.test/x#top:~:text=The%20mayor%20said-,we%20will%20act"
    assert two == "https://a.test/x#top:~:text=the%20leader%20said-,we%20will%20act"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "", "https://", "file:///etc"]
)
def test_no_link_to_anything_but_the_web(url: str) -> None:
    assert link_to_words(url, "some words", [(0, 4)]) == ""


def test_words_sought_are_marked_by_the_rules_of_the_index() -> None:
    matcher = Matcher(("promise",), ("twenty-mile limit",))
    text = "He promised a Twenty-Mile limit; promises, promises."
    assert [text[s:e] for s, e in matcher.spans(text)] == [
        "promised",
        "Twenty-Mile limit",
        "promises",
        "promises",
    ]
