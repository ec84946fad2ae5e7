"""People's merges and splits: the later wins, each shows at once, a run changes nothing of what is seen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from flows.pipeline import ingest, stages
from flows.pipeline.runner import new_run
from flows.pipeline.sources import Sources
from ledger import settings
from ledger.decisions import journal, published, reader_merges
from ledger.decisions.merges import MergeOrSplit, regroup
from ledger.queries import pledge_list
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision
from tests.test_stages import filled, leader, work

pytestmark = pytest.mark.slow

NAMES = "abcdefgh"
names = st.sampled_from(NAMES)
link = st.builds(MergeOrSplit, st.sampled_from(["merge", "split"]), names, names)
links = st.lists(link, max_size=6)
Groups = set[frozenset[str]]


@st.composite
def machines(draw: st.DrawFn) -> dict[str, str]:
    """A grouping of NAMES, oldest first, in which each pledge is named by one of its own."""
    made: dict[str, str] = {}
    for name in NAMES:
        made[name] = draw(st.sampled_from([name, *sorted(set(made.values()))]))
    order = draw(st.permutations(NAMES))
    return {name: made[name] for name in order}


def groups(now: dict[str, str]) -> Groups:
    return {frozenset(c for c, there in now.items() if there == pledge) for pledge in now.values()}


@given(machines(), links, link)
def test_each_decision_shows_and_changes_nothing_else(
    machine: dict[str, str], before: list[MergeOrSplit], last: MergeOrSplit
) -> None:
    was, now = regroup(machine, before), regroup(machine, [*before, last])
    assert all(now[pledge] == pledge for pledge in now.values())
    sides = {frozenset(c for c in was if was[c] == was[one]) for one in (last.one, last.other)}
    if last.kind == "merge":
        assert groups(now) == groups(was) - sides | {frozenset().union(*sides)}
    elif len(sides) == 2 or last.one == last.other:
        assert now == was
    else:
        (whole,) = sides
        leaving = last.other if was[last.one] == last.one else last.one
        assert groups(now) == groups(was) - sides | {frozenset({leaving}), whole - {leaving}}
        assert {c: p for c, p in now.items() if c != leaving} == {
            c: p for c, p in was.items() if c != leaving
        }


@given(machines(), links)
def test_the_pledges_that_are_spoken_of_suffice(machine: dict[str, str], made: list[MergeOrSplit]) -> None:
    spoken = {machine[one] for each in made for one in (each.one, each.other)}
    part = {c: pledge for c, pledge in machine.items() if pledge in spoken}
    assert regroup(machine, made) == machine | regroup(part, made)


def published_with(machine: dict[str, str], now: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """The tables that a reader's are filled from, as a run leaves them that took in what ``now`` shows."""
    connection = duckdb.connect()
    connection.execute("ATTACH ':memory:' AS w; USE w")
    connection.execute(warehouse.sql("schema.sql"))
    connection.execute("INSERT INTO articles (id, published) VALUES ('one', '2026-01-01')")
    for n, (commitment, pledge) in enumerate(machine.items()):
        there = now[commitment]
        for table, row in (
            ("statements (id, article_id, seq)", [commitment, "one", n]),
            ("commitments (id, statement_id)", [commitment, commitment]),
            (
                "pledge_commitments (commitment_id, pledge_id, by_machine)",
                [commitment, there, pledge if pledge != there else None],
            ),
        ):
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    connection.execute("USE memory; CREATE TABLE regrouped (c VARCHAR, p VARCHAR)")
    connection.execute("CREATE TABLE gone (p VARCHAR, q VARCHAR)")
    connection.execute("CREATE TABLE decision (n INTEGER, kind VARCHAR, subject VARCHAR, value JSON)")
    return connection


@trying(max_examples=25, deadline=None)
@given(machines(), links, st.lists(links, min_size=1, max_size=3))
def test_readers_see_what_holds_now_whatever_was_published(
    machine: dict[str, str], then: list[MergeOrSplit], later: list[list[MergeOrSplit]]
) -> None:
    stored = regroup(machine, then)
    with published_with(machine, stored) as connection:
        for made in later:  # also without what held then: it was undone
            connection.execute("DELETE FROM decision")
            for n, each in enumerate(made):
                row = [n, each.kind, each.one, json.dumps({"with": each.other})]
                connection.execute("INSERT INTO decision VALUES (?, ?, ?, ?)", row)
            reader_merges.fill(connection)
            moved = dict(connection.execute("SELECT c, p FROM regrouped").fetchall())
            gone = dict(connection.execute("SELECT p, q FROM gone").fetchall())
            now = regroup(machine, made)
            assert stored | moved == now
            assert moved == {c: p for c, p in now.items() if stored[c] != p}
            assert gone == {p: now[p] for p in stored.values() if p not in now.values()}


SCHOOL = "We will build a new secondary school at Harrow Lane by September {}."
ROADS = "We will resurface {} miles of potholed roads by the spring."
BATHS = "We will open the new swimming baths in Aldbury by June {}."


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Sources]:
    """A home with a few pledges of two owners, several of them stated more than once."""
    folder = tmp_path_factory.mktemp("linked")
    (folder / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")
    home = settings.load(folder)
    officials = (leader("o1", "Ann Carr", "Westby Council"), leader("o2", "Lee Moss", "Eastby Council"))
    said = [
        (SCHOOL, 2027),
        (ROADS, 40),
        (SCHOOL, 2028),
        (BATHS, 2027),
        (ROADS, 50),
        (SCHOOL, 2029),
        (BATHS, 2028),
    ]
    texts = [f"Council leader Ann Carr said: “{words.format(n)}”" for words, n in said]
    texts += [f"Council leader Lee Moss said: “{words.format(n)}”" for words, n in said[:2]]
    sources = filled(home, texts, officials)
    work(home, sources)
    assert sorted(map(len, groups(seen(home)))) == [1, 1, 2, 2, 3]
    return home, sources


def seen(home: Settings) -> dict[str, str]:
    """Commitment to pledge for readers; every pledge is one that they find in the list."""
    with published.reading(home) as connection:
        found = connection.execute("SELECT commitment_id, pledge_id FROM place_view ORDER BY 1").fetchall()
    now: dict[str, str] = dict(found)
    assert {row.id for row in pledge_list.pledges(home)} == set(now.values())
    return now


def run(home: Settings, sources: Sources, track: bool = False) -> None:
    """Group, and what follows (later coverage where ``track``, which reads every text again); nothing is left
    then for readers to arrange themselves."""
    run_id = new_run(home)
    for stage in (stages.group, *[stages.track] * track, ingest.publish):
        stage(home, sources, run_id)
    with published.reading(home) as connection:
        assert connection.execute("FROM regrouped").fetchall() == []


steps = st.lists(
    st.tuples(st.sampled_from(["merge", "split", "undo", "run"]), st.integers(0, 8), st.integers(0, 8)),
    min_size=1,
    max_size=6,
)


def decide(home: Settings, made: Sequence[str], step: tuple[str, int, int]) -> None:
    kind, one, other = step
    if kind == "undo":
        rows = [row for row in journal.in_force(home) if row.kind in ("merge", "split")]
        for row in rows[one : one + 1]:
            journal.record(home, Decision("undo", row.subject, {"row": row.row}, "Ann"))
    elif kind == "merge" or kind == "split":
        journal.record(home, Decision(kind, made[one], {"with": made[other]}, "Ann"))


@pytest.fixture
def home(stage: tuple[Settings, Sources], tmp_path: Path) -> Settings:
    shutil.copytree(stage[0].home, tmp_path, dirs_exist_ok=True)
    return settings.load(tmp_path)


def test_a_pledge_is_named_by_one_of_its_own_when_the_first_is_gone(
    stage: tuple[Settings, Sources], home: Settings
) -> None:
    now = seen(home)
    whole = max(now.values(), key=list(now.values()).count)
    with warehouse.run(home) as connection:
        connection.execute(
            "DELETE FROM statements WHERE id = (SELECT statement_id FROM commitments WHERE id = ?)", [whole]
        )
    run(home, stage[1], track=True)
    left = seen(home)
    assert groups(left) == {group - {whole} for group in groups(now)}
    assert all(left[pledge] == pledge for pledge in left.values())
    one, other = sorted(set(left.values()))[:2]
    journal.record(home, Decision("merge", one, {"with": other}, "Ann"))
    assert len(groups(seen(home))) == len(groups(left)) - 1


@trying(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
@example([("merge", 0, 1), ("merge", 1, 2), ("run", 0, 0), ("undo", 0, 0), ("undo", 0, 0)])
@example([(kind, one, one + 1) for kind in ("merge", "split") for one in range(7)])
def test_a_run_changes_nothing_of_what_readers_saw(
    stage: tuple[Settings, Sources], tmp_path: Path, taken: list[tuple[str, int, int]]
) -> None:
    first, sources = stage
    shutil.rmtree(tmp_path)
    shutil.copytree(first.home, tmp_path)
    home = settings.load(tmp_path)
    made = sorted(seen(home))
    assert len(made) == 9
    for step in taken:
        if step[0] == "run":
            run(home, sources)
        else:
            decide(home, made, step)
    before = seen(home)
    run(home, sources, track=True)
    assert seen(home) == before
    with warehouse.run(home) as connection:  # as after a change of rules: everything is placed anew
        connection.execute("DELETE FROM done WHERE stage = 'group'")
    run(home, sources)
    assert seen(home) == before
    with warehouse.run(home) as connection:  # as in a rebuild
        connection.execute("DELETE FROM done; DELETE FROM pledges; DELETE FROM pledge_commitments")
    run(home, sources)
    assert seen(home) == before
