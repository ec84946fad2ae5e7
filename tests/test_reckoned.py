"""Readers, between runs, give of every pledge what the next run will keep, whatever people decide."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.pipeline import ingest, stages
from flows.pipeline.runner import new_run
from flows.pipeline.sources import Sources
from ledger import vocabulary
from ledger.decisions import effects, journal, published, reckoning
from ledger.pledges.leads import Lead
from ledger.queries import pledge_list, review_lists
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision, DecisionKind
from nlp.officials.register import Register
from tests.reading_home import copy_home, publish_reckoned, reckoned_home

KINDS: tuple[DecisionKind, ...] = (
    "set_status",
    "reject",
    "confirm",
    "link_speaker",
    "merge",
    "split",
    "take",
    "strike",
    "undo",
)


def decide(home: Settings, chance: random.Random, number: int) -> None:
    """So many decisions on what the home holds, each of a kind and a subject by chance."""
    with published.reading(home) as connection:

        def ids(query: str) -> list[str]:
            return [row[0] for row in connection.execute(query).fetchall()]

        commitments = ids("SELECT commitment_id FROM w.pledge_commitments ORDER BY 1")
        statements = ids("SELECT statement_id FROM w.commitments ORDER BY 1")
        evidence = ids("SELECT id FROM w.evidence ORDER BY 1")
        people = connection.execute(
            """SELECT DISTINCT o.id, name FROM w.officials o
            JOIN w.commitment_said ON official_id = o.id ORDER BY 1"""
        ).fetchall()
        pledges = ids("SELECT id FROM w.pledges ORDER BY 1")
        passages = connection.execute(
            "SELECT article_id, content[1], words FROM w.statements WHERE len(content) = 1 ORDER BY id"
        ).fetchall()
    for _ in range(number):
        kind, subject = chance.choice(KINDS), chance.choice(commitments)
        value: dict[str, object] = {}
        if kind == "undo":
            taken = journal.in_force(home)
            if not taken:
                continue
            undone = chance.choice(taken)
            subject, value = undone.subject, {"row": undone.row}
        elif kind == "set_status":
            subject, value = chance.choice(pledges), {"status": chance.choice(list(vocabulary.statuses()))}
        elif kind in ("confirm", "reject"):
            subject = chance.choice(chance.choice((commitments, evidence, [key for key, _ in people])))
        elif kind == "link_speaker":
            official, name = chance.choice(people)
            subject, value = chance.choice(statements), {"speaker": name, "official": official}
        elif kind in ("take", "strike"):
            pledge, (article, span, words) = chance.choice(pledges), chance.choice(passages)
            subject = Lead.make_id(pledge, article, words)
            value = {"pledge": pledge, "article": article, "span": list(span)}
            value |= {"stance": chance.choice(list(vocabulary.stances())), "by_owner": chance.random() < 0.3}
        else:
            value = {"with": chance.choice(commitments)}
        journal.record(home, Decision(kind, subject, value, "Ann", "by chance"))


def seen(home: Settings) -> dict[str, tuple[object, ...]]:
    """Every pledge as readers see it, with when its suggestion changed and whether it waits for a person."""
    waiting = review_lists.queue(home, 1000)
    lists = [{row.id for row in some} for some in (waiting.statuses, waiting.silent)]
    assert list(map(len, lists)) == [waiting.totals[name] for name in ("statuses", "silent")]
    return {row.id: (row, *(row.id in some for some in lists)) for row in pledge_list.pledges(home)}


def flags(home: Settings, day: date) -> dict[str, tuple[str, ...]]:
    return {row.id: row.flags for row in pledge_list.pledges(replace(home, as_of=day))}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1))
def test_what_is_kept_and_what_is_reckoned_anew_agree(gold_home: Settings, tmp_path: Path, seed: int) -> None:
    home, chance = reckoned_home(gold_home, tmp_path / "home"), random.Random(seed)
    for number in (5, 60, 150):
        decide(home, chance, number)
        little = seen(home)
        published.let_go(home)
        assert seen(home) == little, "what is taken in bit by bit and at once"
        with published.reading(home) as connection:
            places = connection.execute("FROM place_view ORDER BY 1").fetchall()
            everything = connection.execute("SELECT id FROM w.pledges UNION SELECT pledge_id FROM place_view")
            reckoning.see_anew(connection, [row[0] for row in everything.fetchall()])
            assert connection.execute("FROM place_view ORDER BY 1").fetchall() == places
        assert seen(home) == little, "what the run kept, and the same reckoned by readers"
        published.let_go(home)
        again = reckoned_home(home, tmp_path / str(number))
        assert seen(again) == little, "and kept by the next run"
        day = home.today + timedelta(days=chance.randrange(1, 400))
        publish_reckoned(replace(again, as_of=day))
        assert flags(home, day) == flags(again, day), "a reader on a later day, and a run on that day"


def test_a_run_that_ends_before_the_rename_leaves_the_next_one_nothing_else_to_tell(
    gold_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = reckoned_home(gold_home, tmp_path / "home")
    decide(home, random.Random(7), 60)
    other, sources = copy_home(home, tmp_path / "other"), Sources((), Register(()), "one")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(warehouse, "publish", killed)
        ingest.publish(home, sources, new_run(home))
    assert home.work.exists()
    for one in (home, other):
        ingest.publish(one, sources, new_run(one))
    assert seen(home) == seen(other) and suggestions(home) == suggestions(other)


def killed(home: Settings) -> bool:
    raise KeyboardInterrupt


def suggestions(home: Settings) -> list[tuple[object, ...]]:
    with published.reading(home) as connection:
        query = "SELECT pledge_id, suggested, was, why, as_of FROM w.suggestions ORDER BY pledge_id, noted"
        found = connection.execute(query).fetchall()
    assert any(was for _, _, was, *_ in found), "what people decided has changed some"
    return found


@pytest.fixture(scope="module")
def worked(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The labelled home after the machine has grouped its commitments and found evidence."""
    home = copy_home(gold_home, tmp_path_factory.mktemp("worked"))
    run(home)
    return home


def run(home: Settings) -> None:
    sources = Sources((), Register(()), "one")
    run_id = new_run(home)
    for stage in (stages.group, stages.track, ingest.publish):
        stage(home, sources, run_id)


def reports(home: Settings) -> dict[str, list[tuple[object, ...]]]:
    """By pledge, what is taken as evidence on it."""
    with published.reading(home) as connection:
        rows = connection.execute("""SELECT pledge_id, id, stance, day, by_owner, source, confidence
            FROM evidence_view ORDER BY 1, 2""").fetchall()
    found: dict[str, list[tuple[object, ...]]] = {}
    for pledge_id, *more in rows:
        found.setdefault(pledge_id, []).append(tuple(more))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_run_changes_only_that_on_which_it_finds_other_evidence(
    worked: Settings, tmp_path: Path, seed: int
) -> None:
    home, chance = copy_home(worked, tmp_path), random.Random(seed)
    for number in (8, 40):
        decide(home, chance, number)
        before, rested_on = seen(home), reports(home)
        run(home)
        after, rests_on = seen(home), reports(home)
        same = {key for key in before if rested_on.get(key) == rests_on.get(key)}
        assert before.keys() == after.keys() and len(same) > len(before) / 2
        assert {key: before[key] for key in same} == {key: after[key] for key in same}


def kept(home: Settings, run_id: str, *, afresh: bool) -> dict[str, tuple[object, ...]]:
    """What a run keeps of every pledge; ``afresh``: where nothing is known of how it was reckoned before."""
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        effects.take_in(connection, home)
        if afresh:
            connection.execute("DELETE FROM reckoned")
        reckoning.keep(connection, home.today, run_id)
        found = connection.execute("SELECT id, run_id, * EXCLUDE (id, run_id) FROM pledges ORDER BY id")
        return {row[0]: row[1:] for row in found.fetchall()}


@pytest.mark.parametrize("days", (0, 200, -200))
def test_what_a_run_leaves_as_it_was_is_what_it_would_reckon(
    gold_home: Settings, tmp_path: Path, days: int
) -> None:
    home = reckoned_home(gold_home, tmp_path / "home")
    day = home.today + timedelta(days=days)
    later = replace(home, as_of=day)
    some = kept(later, "later", afresh=False)
    every = kept(later, "later", afresh=True)
    assert {key: row[1:] for key, row in some.items()} == {key: row[1:] for key, row in every.items()}
    anew = [row[0] for row in some.values()].count("later")
    if days == 0:
        assert anew == 0, "nothing bears on any of them"
    assert anew < len(some) or days < 0, "no day has come for all of them"
    assert len(every) == [row[0] for row in every.values()].count("later")


def test_a_pledge_is_reckoned_anew_for_what_is_decided_and_by_other_rules(
    gold_home: Settings, tmp_path: Path
) -> None:
    home = reckoned_home(gold_home, tmp_path / "home")
    with published.reading(home) as connection:
        ((one, pledge),) = connection.execute(
            "SELECT commitment_id, pledge_id FROM w.pledge_commitments ORDER BY 1 LIMIT 1"
        ).fetchall()
    journal.record(home, Decision("reject", one, {}, "Ann", "no promise"))
    again = {key: row[0] for key, row in kept(home, "again", afresh=False).items()}
    assert {key for key, run in again.items() if run == "again"} == {pledge} & again.keys()
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        effects.take_in(connection, home)
        reckoning.keep(connection, home.today, "others", "other rules")
        runs = set(connection.execute("SELECT run_id FROM pledges").fetchall())
    assert runs == {("others",)}
