"""Plain questions, on a register of names of many origins and on the labelled home."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import yaml

from flows.cli.app import main
from ledger import settings
from ledger.decisions import journal
from ledger.names.known import known_names
from ledger.names.match import WHO, find_names
from ledger.queries import pledge_list
from ledger.queries.pledge_list import Filter
from ledger.questions import pledge_search
from ledger.questions.answer import QuestionAnswer, answer, read_question
from ledger.search import statement_search, vectors
from ledger.settings import Settings
from ledger.storage import records, warehouse
from ledger.types import (
    Article,
    Commitment,
    Decision,
    Official,
    Outlet,
    Pledge,
    Post,
    Statement,
    content_id,
)
from nlp.text.embeddings import Embedder
from tests.reading_home import copy_home

REGISTER = yaml.safe_load(Path(__file__).with_name("question_register.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A county of its own: each official promises one thing."""
    folder = tmp_path_factory.mktemp("other")
    (folder / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")
    home = settings.load(folder)
    day = datetime(2026, 1, 5, 9, tzinfo=UTC)
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_outlets(connection, [Outlet("Ormsay Echo", "https://echo.test/", "Tregarron")])
        for n, row in enumerate(REGISTER):
            name, role, body, words = (row[part] for part in ("name", "role", "body", "promised"))
            key = content_id("official", name)
            records.put_officials(connection, [Official(key, name, (), (Post(row["office"], role, body),))])
            url = f"https://echo.test/{n}"
            article = Article(f"a{n}", "Ormsay Echo", url, name, words, published=day, first_seen=day)
            records.put_articles(connection, [article], "one")
            said = Statement(
                Statement.make_id(article.id, (words,), 0), article.id, "direct", ((0, len(words)),),
                source_name=name, speaker=name, official_id=key, role=role, body=body,
            )  # fmt: skip
            records.put_statements(connection, [(article, [said], [])], "one")
            promise = Commitment(Commitment.make_id(said.id), said.id, "firm", words)
            records.put_commitments(connection, [promise], "one")
            pledge = Pledge(
                promise.id, body, words, (promise.id,), body=body, person=name, person_id=key,
                titled=promise.id, role=role, first_stated=day, last_stated=day,
                came=day.date(), outlets=("Ormsay Echo",),
            )  # fmt: skip
            records.put_pledges(connection, [pledge], "one")
            link = {"commitment_id": promise.id, "pledge_id": promise.id, "position": 0, "changed": ""}
            records.insert(connection, "pledge_commitments", [link])
    warehouse.publish(home)
    statement_search.update(home)
    return home


def unmeant(texts: Sequence[str]) -> np.ndarray:  # type: ignore[type-arg]
    return np.zeros((len(texts), vectors.WIDTH), dtype=np.float32)


def asked(home: Settings, text: str, **given: object) -> QuestionAnswer:
    return answer(home, text, unmeant, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("siân ó briain", "Siân Ó Briain"),
        ("sian briain", "Siân Ó Briain"),
        ("Mayor Ó Briain", "Siân Ó Briain"),
        ("mayor of tregarron", "Mayor of Tregarron (Siân Ó Briain)"),
        ("Tregarron’s mayor", "Mayor of Tregarron (Siân Ó Briain)"),
        ("hanh nguyen", "Nguyễn Thị Hạnh"),
        ("Müller", "Zoë Müller-Okafor"),
        ("okafor", "Zoë Müller-Okafor"),
        ("mulleer okafor", "Zoë Müller-Okafor"),
        ("oneill", "Aoife O'Neill"),
        ("O’Neil", "Aoife O'Neill"),
        ("garcia", "María García Márquez"),
        ("Cllr Marquez", "María García Márquez"),
        ("bin rashid", "Khalid bin Rashid"),
        ("rashed", "Khalid bin Rashid"),
        ("wojcik", "Tomasz Wójcik or Łucja Wójcik"),
        ("lucja wojcik", "Łucja Wójcik"),
        ("chief constable", "Chief Constable (Khalid bin Rashid)"),
        ("ormsay council leader", "Leader of Ormsay City Council (Nguyễn Thị Hạnh)"),
        ("ormsay mp", "MP for Ormsay East (Zoë Müller-Okafor)"),
        ("occ", "Ormsay City Council"),
        ("ormsey council", "Ormsay City Council"),
        ("water board", "Glen Water Board"),
        ("councillors", "Councillor"),
    ],
)
def test_a_name_is_meant_by_its_parts_its_office_and_with_slips(
    other: Settings, typed: str, meant: str
) -> None:
    found = find_names(known_names(other), typed, WHO)
    assert [one.label for one in found.meant] == [meant]


def test_a_name_that_nobody_has_is_told_with_what_is_near(other: Settings) -> None:
    known = known_names(other)
    assert find_names(known, "Quentin Zblatt", WHO) == find_names(known, "zz", WHO)
    assert "Siân Ó Briain" in find_names(known, "Shawn O Brian", WHO).near


@pytest.mark.parametrize(
    ("text", "told", "whose"),
    [
        ("mayor trams", "Mayor · about: trams", {"Siân Ó Briain"}),
        ("What did Tregarron’s mayor promise?", "Mayor of Tregarron (Siân Ó Briain)", {"Siân Ó Briain"}),
        ("hanh potholes", "Nguyễn Thị Hạnh · about: potholes", {"Nguyễn Thị Hạnh"}),
        ("police 999", "Police · about: 999", {"Khalid bin Rashid"}),
        ("garcía márquez bin", "María García Márquez · about: bin", {"María García Márquez"}),
        ("ormsay bins", "place: Ormsay · about: bins", {"María García Márquez"}),
        ("tram", "about: tram", {"Siân Ó Briain", "Zoë Müller-Okafor"}),
        ("council tax", "about: council tax", {"Tomasz Wójcik"}),
        ("salt marsh", "about: salt marsh", {"Łucja Wójcik"}),
        ("Isla Marsh", "Isla Marsh", {"Isla Marsh"}),
        ("marsh tree", "Isla Marsh · about: tree", {"Isla Marsh"}),
        ("okafr tram", "Zoë Müller-Okafor · about: tram", {"Zoë Müller-Okafor"}),
        ("resrvoir", "about: reservoir", {"Aoife O'Neill"}),
        ("speaker:hanh", "speaker: Nguyễn Thị Hạnh", {"Nguyễn Thị Hạnh"}),
        ("outlet:echo tram mp", "MP · about: tram · outlet: Ormsay Echo", {"Zoë Müller-Okafor"}),
        ("-fares tram", "about: tram · without: fares", {"Siân Ó Briain"}),
    ],
)  # fmt: skip
def test_a_question_is_understood_and_finds_who_said_it(
    other: Settings, text: str, told: str, whose: set[str]
) -> None:
    found = asked(other, text)
    assert found.question.told == told
    assert {str(hit.speaker) for hit in found.statements.hits} == whose
    assert {str(row.person) for row in found.pledges} == whose


def test_each_part_can_be_taken_back(other: Settings) -> None:
    parts = read_question(other, 'mayor of Tregarron trams by March "we will"').parts
    without = {part.label: part.without for part in parts}
    assert without == {
        "Mayor of Tregarron (Siân Ó Briain)": 'trams by March "we will"',
        "trams": 'mayor of Tregarron by March "we will"',
        "by March": 'mayor of Tregarron trams "we will"',
        "“we will”": "mayor of Tregarron trams by March",
    }


def test_words_can_be_taken_as_they_are(other: Settings) -> None:
    plain = asked(other, "mayor trams", plainly=True)
    assert plain.question.told == "about: mayor trams" and plain.statements.total == 0


def test_a_name_that_may_be_a_word_gives_way_where_nothing_fits(other: Settings) -> None:
    found = asked(other, "marsh debate")
    assert {hit.speaker for hit in found.statements.hits} == {"Łucja Wójcik"}
    assert found.notes == ("No statement of Isla Marsh has these words; they are sought whoever speaks.",)


def test_a_date_promised_narrows_the_pledges_or_is_said_not_to(other: Settings) -> None:
    with warehouse.run(other) as connection:
        connection.execute(
            "UPDATE pledges SET deadline = DATE '2027-03-31' WHERE title LIKE '%trams by March%'"
        )
    warehouse.publish(other)
    due = asked(other, "trams by March 2027")
    assert [row.person for row in due.pledges] == ["Siân Ó Briain"]
    late = asked(other, "trams by May")
    assert late.pledges and "date" in late.notes[-1]


def test_a_pledge_is_found_by_its_own_title_whatever_its_words_may_mean(
    gold_home: Settings, tmp_path: Path
) -> None:
    home = copy_home(gold_home, tmp_path)
    everything = pledge_list.pledges(home)
    renamed = everything[0].id
    title = {"title": "Hexley’s mayor, 3,500 Bäume & a “green wall” by May 2031"}
    journal.record(home, Decision("set_title", renamed, title, "Ann"))
    for row in pledge_list.pledges(home)[::3]:
        found = pledge_search.pledges(home, Filter(text=f"{row.owner} {row.title}"))
        assert row.id in {one.id for one in found}, row.title
    assert renamed in {row.id for row in asked(home, title["title"]).pledges}
    found = pledge_search.pledges(home, Filter(text=f"{title['title']} -green"))
    assert renamed not in {one.id for one in found}


def test_other_words_for_the_matter_find_it_and_are_named(other: Settings) -> None:
    found = asked(other, "road repairs")
    assert [row.person for row in found.pledges] == ["Nguyễn Thị Hạnh"]
    assert "sought instead: pothole" in found.notes[0]


def test_whom_a_person_names_is_known_by_name(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    hit = statement_search.search(home, "speaker:unresolved", limit=1).hits[0]
    value: dict[str, object] = {"speaker": "Zebedee Quill", "official": None}
    journal.record(home, Decision("link_speaker", hit.id, value, "Ann"))
    assert [one.id for one in asked(home, "quilll").statements.hits] == [hit.id]
    assert [one.id for one in asked(home, "speaker:Zebedee").statements.hits] == [hit.id]


def test_an_open_quotation_mark_is_told(other: Settings) -> None:
    found = asked(other, 'tram "on tram fares')
    assert found.notes == ("A quotation mark is left open: “on tram fares” is sought word for word.",)
    assert found.statements.total == 1


@pytest.fixture(scope="module")
def near(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = copy_home(gold_home, tmp_path_factory.mktemp("near"))
    vectors.update(home, Embedder().encode)
    return home


def test_words_that_find_nothing_fall_back_to_meaning_and_say_so(near: Settings) -> None:
    found = answer(near, "cardiology ward chaos", Embedder().encode)
    assert found.by_meaning and found.statements.total
    assert found.notes == ("No statement has these words; these are nearest in meaning.",)
    nothing = answer(near, "qwertyuiop", unmeant)
    assert nothing.statements.total == 0 and nothing.advice


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["search", "rudkn buses"], "Understood as Helena Rudkin · about: buses."),
        (["search", "rudkn buses"], "“rudkn” was read as “rudkin”."),
        (["search", "buses", "--outlet", "Hexly Courier"], "outlet: Hexley Courier"),
        (["search", "buses", "--speaker", "Rudkinson Smythe"], "Nothing was found. Did you mean"),
        (["pledges", "--owner", "Helana Rudkin"], "“helana” was read as “helena”."),
        (["pledges", "--owner", "Rudkinson-Smythe"], "Did you mean Helena Rudkin"),
        (["pledges", "--owner", "Zaphod Quux"], "Nothing fits: try"),
        (["pledges", "mayor buses"], "Understood as Mayor · about: buses."),
        (["pledges", "--status", "stalld"], "did you mean stalled?"),
    ],
)
def test_the_command_line_says_what_it_understood(
    near: Settings, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    with pytest.raises(SystemExit):
        main([*arguments, "--home", str(near.home)])
    printed = capsys.readouterr()
    assert told in printed.out + printed.err


def test_an_answer_for_a_machine_has_all_of_it(near: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["search", "mayor buses", "--json", "--home", str(near.home)])
    found = json.loads(capsys.readouterr().out)
    assert found["understood"] == [{"name": "who", "label": "Mayor"}, {"name": "about", "label": "buses"}]
    assert found["total"] == len(found["statements"]) > 0
    listed = {row.id for row in pledge_search.pledges(near, Filter(text="mayor buses"))}
    assert {row["id"] for row in found["pledges"]} <= listed


@pytest.mark.parametrize("columns", [60, 100, 160])
def test_a_table_is_no_wider_than_the_terminal(
    near: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    with pytest.raises(SystemExit):
        main(["pledges", "--overdue", "--home", str(near.home)])
    lines = capsys.readouterr().out.splitlines()
    wanted = pledge_search.pledges(near, Filter(due="overdue"))
    assert max(map(len, lines)) <= columns
    assert {row.id for row in wanted} == {line.split()[0] for line in lines[1:-1] if not line.startswith(" ")}
