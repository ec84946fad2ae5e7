"""Statements by meaning: what is nearest, in step with the warehouse whatever happens to an update."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from flows.cli.app import main
from ledger.decisions import published
from ledger.search import query_syntax, statement_search, vectors, word_index
from ledger.settings import Settings
from ledger.storage import warehouse
from nlp.text.embeddings import Embedder
from tests.reading_home import copy_home


@pytest.fixture(scope="module")
def near(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = copy_home(gold_home, tmp_path_factory.mktemp("near"))
    vectors.update(home, Embedder().encode)
    return home


def words(home: Settings) -> dict[str, str]:
    with published.reading(home) as connection:
        return dict(connection.execute("SELECT id, words FROM statement_view").fetchall())


def nearest(home: Settings, asked: Any, most: int, among: Any = None) -> list[tuple[str, float]]:
    return [(word_index.id_of(key), cosine) for key, cosine in vectors.nearest(home, asked, most, among)]


def vector(text: str) -> Any:
    return Embedder().encode([text])[0]


def test_a_statement_is_nearest_to_its_own_words_and_the_cosines_are_right(near: Settings) -> None:
    said = words(near)
    key, text = sorted(said.items())[7]
    found = nearest(near, vector(text), len(said))
    assert {one for one, _ in found} == set(said)
    assert said[found[0][0]] == text and found[0][1] == pytest.approx(1, abs=0.02)
    other = found[40]
    assert other[1] == pytest.approx(float(vector(text) @ vector(said[other[0]])), abs=0.02)
    assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
    assert key in dict(found)


def test_signs_alone_lead_to_the_nearest(near: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = vector("Trams will run to the edge of the county again.")
    exact = [key for key, _ in nearest(near, asked, 10)]
    monkeypatch.setattr(vectors, "CANDIDATES", 120)
    assert [key for key, _ in nearest(near, asked, 10)][:5] == exact[:5]


def test_words_of_another_form_are_found_and_fields_narrow(near: Settings) -> None:
    asked = "constables will be hired"
    found = statement_search.similar(near, vector(asked), asked, limit=10)
    assert any("police officers" in hit.words and "hired" not in hit.words for hit in found.hits)
    narrow = statement_search.similar(near, vector(asked), f"{asked} role:police -neighbourhood", limit=50)
    assert 0 < narrow.total < found.total
    assert all(hit.role == "police" and "neighbourhood" not in hit.words.lower() for hit in narrow.hits)
    second = statement_search.similar(near, vector(asked), asked, limit=5, offset=5)
    assert [hit.id for hit in second.hits] == [hit.id for hit in found.hits[5:10]]


def test_of_few_statements_all_are_compared(near: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = vector("Trams will run to the edge of the county again.")
    exact = dict(nearest(near, asked, 10_000))
    far = np.array([int(key, 16) for key in [*exact][-7:]] + [12345], dtype=np.uint64)
    monkeypatch.setattr(vectors, "CANDIDATES", 3)
    assert nearest(near, asked, 100, far) == [*exact.items()][-7:]
    assert nearest(near, asked, 100, np.array([], dtype=np.uint64)) == []


@pytest.mark.parametrize("few", [1, 20_000])
def test_a_field_does_not_hide_what_is_not_among_the_nearest(
    near: Settings, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    asked = "buses"
    mine = statement_search.search(near, "speaker:bream", limit=1000).hits
    monkeypatch.setattr(statement_search, "MOST_ALIKE", 5)
    monkeypatch.setattr(statement_search, "FEW", few)
    everybody, one = (query_syntax.parse(f"{asked}{whose}") for whose in ("", " speaker:bream"))
    found = statement_search.alike(near, vector(asked), one, limit=100, least=-1)
    wanted = [hit.id for key, _ in nearest(near, vector(asked), 10_000) for hit in mine if hit.id == key]
    nearer = statement_search.alike(near, vector(asked), everybody, least=-1).hits
    assert len(nearer) == 5 and not {hit.id for hit in mine} & {hit.id for hit in nearer}
    assert [hit.id for hit in found.hits] == wanted[:5] != []


def test_an_update_embeds_only_what_is_new_and_drops_what_is_gone(
    gold_home: Settings, tmp_path: Path
) -> None:
    home = copy_home(gold_home, tmp_path)
    asked: list[str] = []

    def encode(texts: Any) -> Any:
        asked.extend(texts)
        return Embedder().encode(texts)

    assert vectors.update(home, encode).written == len(words(home)) == len(asked)
    asked.clear()
    assert vectors.update(home, encode).written == 0 and not asked
    gone = sorted(words(home))[:3]
    with warehouse.run(home) as connection:
        connection.execute("DELETE FROM statements WHERE id IN (SELECT unnest(?))", [gone])
    warehouse.publish(home)
    counts = vectors.update(home, encode)
    assert counts.skipped["removed"] == 3 and not asked
    assert {key for key, _ in nearest(home, vector("anything"), 10_000)} == set(words(home))


@pytest.mark.parametrize("cut", [("ids", 5), ("vectors", 1000), ("signs", 7)])
def test_a_killed_update_is_finished_by_the_next(
    gold_home: Settings, tmp_path: Path, cut: tuple[str, int]
) -> None:
    home = copy_home(gold_home, tmp_path)
    vectors.update(home, Embedder().encode)
    whole = nearest(home, vector("a new school"), 50)
    part = home.data / "index" / "meaning" / cut[0]
    with part.open("r+b") as file:
        file.truncate(part.stat().st_size - cut[1])
    assert vectors.update(home, Embedder().encode).written >= 1
    assert nearest(home, vector("a new school"), 50) == whole


def test_a_changed_byte_is_found_whatever_is_read_at_a_time(
    near: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = copy_home(near, tmp_path)
    monkeypatch.setattr(vectors, "_PIECE", 5)
    assert vectors.damaged(home) == 0
    file = home.data / "index" / "meaning" / "vectors"
    held = bytearray(file.read_bytes())
    held[7 * vectors.WIDTH + 3] ^= 1
    file.write_bytes(held)
    assert vectors.damaged(home) == 1
    assert vectors.update(home, Embedder().encode).written == 1
    assert vectors.damaged(home) == 0


def test_the_command_finds_by_meaning(near: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["search", "--semantic", "constables will be hired", "--home", str(near.home), "--limit", "3"])
    told, said = capsys.readouterr().out.split("\n", 1)
    assert not stop.value.code and told == "Understood as about: constables hired."
    assert re.search(r"\n3 of \d+ statements", said) and "constables" not in said and "officers" in said


def test_nothing_is_near_before_the_first_run(tmp_path: Path) -> None:
    assert nearest(Settings(home=tmp_path), vector("bus"), 5) == []
