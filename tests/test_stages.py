"""The stages over a small warehouse: decisions taken and taken back, namesakes, another register."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawlers.loading.load import Loaded
from flows.pipeline import ingest, stages, versions
from flows.pipeline.runner import STAGES, new_run, run_stages
from flows.pipeline.sources import Sources
from ledger import settings
from ledger.counts import Counts
from ledger.decisions import journal, published
from ledger.queries import pledge_list
from ledger.search import word_index
from ledger.settings import Settings
from ledger.storage import records, rows, warehouse
from ledger.types import Article, Decision, Official, Outlet, Post
from nlp.officials.register import Register

OUTLET = Outlet("Gazette", "http://127.0.0.1/", "Westshire")
SCHOOL = "“We will build a new secondary school at Harrow Lane by September 2027.”"
TAX = "“We will freeze council tax for the next two years.”"


def leader(number: str, name: str, body: str) -> Official:
    post = Post("Leader", "council_leader", body, "", date(2024, 5, 1))
    return Official(number, name, (), (post,))


def article(number: int, words: str) -> Article:
    return Article(
        id=f"a{number}",
        outlet=OUTLET.name,
        url=f"http://127.0.0.1/{number}",
        title=f"Council news, part {number}",
        text=words,
        published=datetime(2026, 1, number, 9, tzinfo=UTC),
    )


def filled(home: Settings, texts: list[str], officials: tuple[Official, ...]) -> Sources:
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_outlets(connection, [OUTLET])
        records.put_articles(connection, [article(n, text) for n, text in enumerate(texts, 1)], "r")
    return Sources((OUTLET,), Register(officials), "one")


def work(home: Settings, sources: Sources) -> list[tuple[str, str, str | None]]:
    """Run the text stages and publish; gives (title, owner, status set by people) of each pledge."""
    run_id = new_run(home)
    for stage in (stages.extract, stages.flag, stages.group, stages.track, ingest.publish):
        stage(home, sources, run_id)
    with published.reading(home) as connection:
        return connection.execute("SELECT title, owner, set_status FROM pledge_view ORDER BY id").fetchall()


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    (tmp_path / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")
    return settings.load(tmp_path)


def ids(home: Settings) -> list[str]:
    with published.reading(home) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM w.commitments ORDER BY id").fetchall()]


def test_a_merge_joins_and_its_undoing_parts_again(home: Settings) -> None:
    carr = leader("o1", "Ann Carr", "Westby Council")
    sources = filled(
        home, [f"Council leader Ann Carr said: {SCHOOL}", f"Council leader Ann Carr said: {TAX}"], (carr,)
    )
    apart = work(home, sources)
    assert len(apart) == 2
    first, second = ids(home)
    for pledge, status in ((first, "in_progress"), (second, "delivered")):
        journal.record(home, Decision("set_status", pledge, {"status": status}, "Desk", "seen"))
    row = journal.record(home, Decision("merge", first, {"with": second}, "Desk", "one promise"))
    joined = work(home, sources)
    assert [status for _, _, status in joined] == ["delivered"]  # what was decided last stands
    journal.record(home, Decision("undo", first, {"row": row}, "Desk"))
    again = work(home, sources)
    assert [pledge[:2] for pledge in again] == [pledge[:2] for pledge in apart]
    assert [status for _, _, status in again] == ["in_progress", "delivered"]


def test_two_people_of_one_name_keep_their_own_promises(home: Settings) -> None:
    smiths = (leader("o1", "John Smith", "Westby Council"), leader("o2", "John Smith", "Eastby Council"))
    said = "Council leader John Smith said: " + SCHOOL
    sources = filled(home, [f"Westby {said}", f"Eastby {said}"], smiths)
    assert len(work(home, sources)) == 2


def test_another_register_changes_whose_promise_it_is(home: Settings) -> None:
    told = f"The leader of Westby Council spoke on Monday.\n\nCoun Carr said: {SCHOOL}"
    sources = filled(home, [told], (leader("o1", "Ann Carr", "Westby Council"),))
    other = Sources((OUTLET,), Register((leader("o2", "Bea Carr", "Westby Council"),)), "two")
    for given, person in ((sources, "Ann Carr"), (other, "Bea Carr"), (sources, "Ann Carr")):
        assert [owner for _, owner, _ in work(home, given)] == ["Westby Council"]
        assert [row.person for row in pledge_list.pledges(home)] == [person]


def test_what_is_done_is_not_done_again(home: Settings) -> None:
    sources = filled(
        home, [f"Council leader Ann Carr said: {SCHOOL}"], (leader("o1", "Ann Carr", "Westby Council"),)
    )
    work(home, sources)
    run_id = new_run(home)
    for stage in (stages.extract, stages.flag, stages.group, stages.track):
        counts = stage(home, sources, run_id)
        assert (counts.stage, counts.read, counts.written) == (counts.stage, 0, 0)


def test_an_article_that_comes_twice_among_the_pages_of_a_batch_has_both_states(home: Settings) -> None:
    told = ("The pool opens in May.", "The pool opens in June.", "The pool opens in June.")
    pages = [
        Loaded(f"a.warc.gz:{n}", datetime(2026, 1, n, 10, tzinfo=UTC), article(1, text))
        for n, text in enumerate(told, 1)
    ]
    counts = Counts("load")
    with warehouse.run(home) as connection:
        ingest._store(connection, pages, counts, "r", home)
        (stored,) = rows.get_articles(connection, ["a1"])
        seen = connection.execute("SELECT text, changed FROM revisions ORDER BY fetched").fetchall()
    assert (stored.text, stored.first_seen) == (told[1], pages[0].fetched)
    assert seen == [(told[0], ""), (told[1], "1 paragraph changed")]
    assert (counts.read, counts.written, counts.skipped) == (3, 2, {"unchanged text": 1})


def looking(home: Settings, found: Counts) -> Callable[[str, str], Counts]:
    """Stages that publish what is there; the crawl gives ``found``."""

    def do(name: str, run_id: str) -> Counts:
        if name == "crawl":
            return found
        if name == "publish":
            return ingest.publish(home, given(), run_id)
        counts = Counts(name)
        counts.skip("unchanged")
        with warehouse.run(home) as connection, warehouse.transaction(connection):
            records.put_counts(connection, counts, run_id)
        return counts

    return do


def given(fingerprint: str = "one") -> Sources:
    return Sources((OUTLET,), Register(()), fingerprint)


@pytest.mark.parametrize(("written", "only_new", "done"), [(0, True, 1), (1, True, 7), (0, False, 7)])
def test_a_look_ends_where_nothing_is_new(tmp_path: Path, written: int, only_new: bool, done: int) -> None:
    home = settings.load(tmp_path)
    met = Counts("crawl", written=written)
    met.skip("unchanged")
    found = run_stages(home, given(), looking(home, met), only_new)
    assert [counts.stage for counts in found] == list(STAGES)[:done]
    with warehouse.run(home) as connection:
        runs = connection.execute("SELECT count(*) FROM runs WHERE finished IS NOT NULL").fetchone()
        skipped = connection.execute("SELECT sum(number) FROM skipped").fetchone()
    assert runs == ((0,) if done == 1 else (1,))
    assert skipped == ((None,) if done == 1 else (6,))


def _decide(home: Settings) -> None:
    journal.record(home, Decision("note", "c1", {"text": "a note"}, "Ed"))


def _undone(home: Settings) -> None:
    (home.data / "archive").mkdir(parents=True, exist_ok=True)
    (home.data / "archive" / "crawl.warc.gz").write_bytes(b"a page")


def _left_open(home: Settings) -> None:
    with warehouse.run(home):
        assert home.work.exists()


def _published_again(home: Settings) -> None:
    with warehouse.run(home):
        pass
    warehouse.publish(home)


def _gone(home: Settings) -> None:
    (home.home / "forgotten.jsonl").write_text('{"salt": "00"}\n', encoding="utf-8")


def _index_lost(home: Settings) -> None:
    word_index.drop(home)


def _index_damaged(home: Settings) -> None:
    word_index.committed(home).write_text("{}", encoding="utf-8")


def _note_damaged(home: Settings) -> None:
    (home.data / "settled").write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    "happens",
    [_decide, _undone, _left_open, _published_again, _gone, _index_lost, _index_damaged, _note_damaged],
    ids=lambda one: one.__name__,
)
def test_a_run_ends_after_the_crawl_only_where_all_is_as_the_last_one_left_it(
    home: Settings, happens: Callable[[Settings], None]
) -> None:
    def stages_of(sources: Sources, met: Counts, home: Settings = home) -> int:
        return len(run_stages(home, sources, looking(home, met)))

    nothing, whole = Counts("crawl"), len(STAGES)
    assert stages_of(given(), nothing) == whole
    assert stages_of(given(), nothing) == 1
    assert not home.work.exists()
    assert stages_of(given(), Counts("crawl", written=1)) == whole
    failed = Counts("crawl")
    failed.problem("http://127.0.0.1/", "timeout")
    assert stages_of(given(), failed) == whole
    assert stages_of(given(), nothing) == whole  # the outlet answers again: its visit is to be told
    assert stages_of(given("two"), nothing) == whole
    assert stages_of(given("two"), nothing, replace(home, as_of=date(2031, 1, 1))) == whole
    assert stages_of(given("two"), nothing) == whole
    happens(home)
    assert stages_of(given("two"), nothing) == whole
    assert stages_of(given("two"), nothing) == 1


def test_a_decision_taken_while_a_run_is_at_work_is_taken_in_by_the_next(home: Settings) -> None:
    def do(name: str, run_id: str) -> Counts:
        if name == "track":
            _decide(home)
        return looking(home, Counts("crawl"))(name, run_id)

    assert len(run_stages(home, given(), do)) == len(STAGES)
    assert len(run_stages(home, given(), looking(home, Counts("crawl")))) == len(STAGES)
    assert len(run_stages(home, given(), looking(home, Counts("crawl")))) == 1


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the rules and data that versions are made of, to be changed."""
    for part in ("nlp", "ledger"):
        ignored = shutil.ignore_patterns("__pycache__", "training", "regions")
        shutil.copytree(versions.ROOT / part, tmp_path / "code" / part, ignore=ignored)
    monkeypatch.setattr(versions, "ROOT", tmp_path / "code")
    return tmp_path / "code"


def worked(home: Settings, sources: Sources) -> set[str]:
    """The stages that read anything in a run of now."""
    versions.reader.cache_clear()
    run_id = new_run(home)
    todo = (stages.extract, stages.flag, stages.group, stages.track)
    return {stage.__name__ for stage in todo if stage(home, sources, run_id).read}


def test_a_comment_works_nothing_through_again_and_a_rule_what_depends_on_it(
    home: Settings, rules: Path
) -> None:
    sources = filled(
        home, [f"Council leader Ann Carr said: {SCHOOL}"], (leader("o1", "Ann Carr", "Westby Council"),)
    )
    assert worked(home, sources) == {"extract", "flag", "group", "track"}
    for module in rules.rglob("*.py"):
        with module.open("a", encoding="utf-8") as file:
            file.write("\n# a word on it\n")
    assert worked(home, sources) == set()
    with (rules / "nlp" / "evidence" / "data" / "signs.yaml").open("a", encoding="utf-8") as file:
        file.write("more: 1\n")
    assert worked(home, sources) == {"track"}
    with (rules / "nlp" / "pledges" / "data" / "grouping.yaml").open("a", encoding="utf-8") as file:
        file.write("more: 1\n")
    assert worked(home, sources) == {"group", "track"}
    with (rules / "nlp" / "statements" / "data" / "cues.yaml").open("a", encoding="utf-8") as file:
        file.write("more: [proclaimed]\n")
    assert worked(home, sources) == {"extract", "flag", "group", "track"}


OPENED = (
    "The new secondary school at Harrow Lane opened on Monday, a year late. "
    "Builders had finished the secondary school at Harrow Lane in August."
)


def told(home: Settings) -> tuple[list[object], set[str], set[tuple[str, str]]]:
    """What later articles tell of the pledges, and the index by which articles find them."""
    with published.reading(home) as connection:
        query = """SELECT pledge_id, article_id, words, stance FROM w.evidence
            UNION ALL SELECT pledge_id, article_id, words, stance FROM w.leads ORDER BY ALL"""
        found = connection.execute(query).fetchall()
        begun = connection.execute("SELECT pledge_id FROM w.pledge_begun").fetchall()
        words = connection.execute("SELECT pledge_id, word FROM w.pledge_words").fetchall()
    return found, {one for (one,) in begun}, set(words)


@pytest.mark.parametrize("kind", ["reject", "merge"])
def test_what_was_undone_leaves_a_pledge_with_all_that_is_told_of_it(home: Settings, kind: str) -> None:
    sources = filled(
        home,
        [f"Council leader Ann Carr said: {SCHOOL}", f"Council leader Ann Carr said: {TAX}", OPENED],
        (leader("o1", "Ann Carr", "Westby Council"),),
    )
    work(home, sources)
    before = told(home)
    with published.reading(home) as connection:
        query = "SELECT commitment_id FROM w.pledge_commitments pc JOIN w.pledges p ON p.id = pc.pledge_id"
        school, tax = connection.execute(f"{query} ORDER BY contains(title, 'school') DESC").fetchall()
    assert {row[0] for row in before[0]} == {school[0]}, "the school is told of"
    value = {"with": tax[0]} if kind == "merge" else {}
    row = journal.record(home, Decision(kind, school[0], value, "Desk", "seen"))  # type: ignore[arg-type]  # of the parameters
    work(home, sources)
    assert len(told(home)[1]) == 1, "one is none now"
    journal.record(home, Decision("undo", school[0], {"row": row}, "Desk"))
    work(home, sources)
    assert told(home) == before
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_articles(
            connection, [replace(article(4, OPENED.replace("Monday", "Tuesday")), id="a4")], "r"
        )
    work(home, sources)
    assert "a4" in {row[1] for row in told(home)[0]}, "a later article finds it"
