"""The register in its formats, and the lexicon's finders: bodies, names, offices."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from ledger.errors import WrongUse
from ledger.types import Official, Post
from nlp.names.find import find_names
from nlp.officials.offices import Office, find_offices, masked
from nlp.officials.organizations import find_bodies, find_stands, stood_for
from nlp.officials.register import Register, name_key, official_id, post_for

ROW = {
    "name": "Ada Winship",
    "aliases": ["Coun Winship"],
    "role": "councillor",
    "office": "Cabinet member for roads, Fenby Council",
    "body": "Fenby Council",
    "from": "2022-05-05",
    "to": "2024-05-01",
}
LATER = ROW | {
    "role": "council_leader",
    "office": "Leader of Fenby Council",
    "from": "2024-05-02",
    "to": None,
}
CSV = (
    "name,aliases,role,office,body,from,to\n"
    'Ada Winship,Coun Winship;Mrs Winship,councillor,"Cabinet member for roads, Fenby Council",'
    "Fenby Council,2022-05-05,2024-05-01\n"
    "Ada Winship,,council_leader,Leader of Fenby Council,Fenby Council,2024-05-02,\n"
)
YAML = """
officials:
- name: Ada Winship
  aliases: [Coun Winship]
  posts:
  - {role: councillor, office: For roads, body: Fenby Council, from: 2022-05-05, to: 2024-05-01}
  - {role: council_leader, office: Leader of Fenby Council, body: Fenby Council, from: 2024-05-02}
"""
MYSOCIETY = {
    "persons": [
        {
            "id": "uk.org.publicwhip/person/1",
            "other_names": [
                {"given_name": "Ada", "family_name": "Winship", "note": "Main"},
                {"name": "Ada M Winship", "note": "Alternate"},
            ],
        }
    ],
    "organizations": [
        {"id": "house-of-commons", "name": "House of Commons", "classification": "chamber"},
        {"id": "blue", "name": "Blue Party", "classification": "party"},
    ],
    "posts": [
        {
            "id": "p1",
            "label": "MP for Fenby",
            "role": "Member of Parliament",
            "organization_id": "house-of-commons",
            "area": {"name": "Fenby"},
        }
    ],
    "memberships": [
        {
            "person_id": "uk.org.publicwhip/person/1",
            "post_id": "p1",
            "start_date": "2019-12",
            "end_date": "2024-05-30",
        },
        {"person_id": "uk.org.publicwhip/person/1", "organization_id": "blue"},
    ],
}
EVERYPOLITICIAN = {
    "persons": [{"id": "x", "name": "Ada Winship", "gender": "female"}],
    "organizations": [{"id": "c", "name": "House of Commons", "classification": "legislature"}],
    "areas": [{"id": "a", "name": "Fenby"}],
    "events": [
        {"id": "term/58", "classification": "legislative period", "start_date": "2019", "end_date": "2024"}
    ],
    "memberships": [
        {
            "person_id": "x",
            "organization_id": "c",
            "area_id": "a",
            "role": "member",
            "legislative_period_id": "term/58",
        }
    ],
}


def load(tmp_path: Path, name: str, text: str) -> Register:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return Register.load(file)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.jsonl", f"{json.dumps(ROW)}\n\n{json.dumps(LATER)}\n"),
        ("r.json", f"{json.dumps(ROW)}\n{json.dumps(LATER)}\n"),
        ("r.txt", f"{json.dumps(ROW)}\n{json.dumps(LATER)}\n"),
        ("r.json", json.dumps([ROW, LATER])),
        ("r.csv", CSV),
        ("r.csv", "\ufeff" + CSV.replace("\n", "\r\n")),
        ("r.yaml", YAML),
        ("r.yml", YAML.replace("officials:\n", "")),
    ],
)
def test_one_person_with_two_posts_in_every_format(tmp_path: Path, name: str, text: str) -> None:
    (official,) = load(tmp_path, name, text).officials
    assert official.name == "Ada Winship"
    assert official.id == official_id("Ada Winship", "Fenby Council")
    assert "Coun Winship" in official.aliases
    assert [p.role for p in official.posts_on(date(2024, 5, 1))] == ["councillor"]
    assert [p.role for p in official.posts_on(date(2024, 5, 2))] == ["council_leader"]


@pytest.mark.parametrize(
    ("data", "start", "end"),
    [
        (MYSOCIETY, date(2019, 12, 1), date(2024, 5, 30)),
        (EVERYPOLITICIAN, date(2019, 1, 1), date(2024, 12, 31)),
    ],
)
def test_popolo(tmp_path: Path, data: dict[str, object], start: date, end: date) -> None:
    (official,) = load(tmp_path, "popolo.json", json.dumps(data)).officials
    assert official.name == "Ada Winship"
    assert official.posts == (Post("MP for Fenby", "mp", "UK Parliament", "Fenby", start, end),)


def test_what_is_written_out_reads_back(tmp_path: Path) -> None:
    import yaml

    register = load(tmp_path, "r.csv", CSV)
    again = load(tmp_path, "again.yaml", yaml.safe_dump(register.rows(), sort_keys=False))
    assert again.officials == register.officials


@pytest.mark.parametrize("name", ["r.jsonl", "r.csv", "r.yaml", "r.json"])
def test_an_empty_file_is_an_empty_register(tmp_path: Path, name: str) -> None:
    assert load(tmp_path, name, " \n").officials == ()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("r.jsonl", '{"name": "A B"}\n{nonsense\n', "line 2: not JSON"),
        ("r.jsonl", '{"role": "mp"}\n', "line 1: has no name; give every official one"),
        ("r.jsonl", json.dumps(ROW | {"role": "king"}), "role must be one of mp, mayor,"),
        (
            "r.jsonl",
            json.dumps(ROW | {"from": "last May"}),
            "from must be a date, written YYYY-MM-DD, or nothing, not 'last May'",
        ),
        ("r.jsonl", json.dumps(ROW | {"from": "2022-13-01"}), "from must be a date"),
        ("r.jsonl", "[1]\n", "line 1: must be named values, not [1]"),
        ("r.csv", "who,what\nA,B\n", "line 1: no column 'name'"),
        ("r.csv", 'name,role\n"A" B",mp\n', "not CSV"),
        ("r.yaml", "- name: A B\n- name: [\n", "not YAML"),
        ("r.yaml", "- name: A B\n- role: mp\n", "line 2: has no name"),
        ("r.yaml", "just words\n", "a list of officials is wanted"),
        ("r.json", '{"persons": [{"id": "x"}]}', "person x: has no name"),
        ("r.json", '{"persons": [], "posts": {}}', "posts must be a list"),
        (
            "r.json",
            json.dumps({"persons": [{"id": "x", "name": "A"}], "memberships": [3]}),
            "memberships must be",
        ),
        ("r.jsonl", json.dumps({"name": "A B", "office": "Mayor"}), "has no role; give it one of mp"),
        ("r.json", "{\n", "line 2: not JSON"),
    ],
)
def test_a_bad_file_is_told_with_its_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(WrongUse, match=re.escape(told)) as error:
        load(tmp_path, name, text)
    assert name in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_or_unreadable_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no such file"):
        Register.load(tmp_path / "none.csv")
    (tmp_path / "r.csv").write_bytes(b"name\n\xff\xfe\n")
    with pytest.raises(WrongUse, match="UTF-8"):
        Register.load(tmp_path / "r.csv")


def test_names_are_looked_up_whole_and_aliases_as_written(tmp_path: Path) -> None:
    register = load(tmp_path, "r.jsonl", json.dumps(ROW))
    assert len(register.named("Mrs Ada Winship")) == 1
    assert register.named("Winship") == ()
    assert len(register.called("coun  winship")) == 1
    assert register.called("Winship") == ()


def test_namesakes_in_popolo_stay_two_people(tmp_path: Path) -> None:
    people = {"persons": [{"id": "1", "name": "Ada Winship"}, {"id": "2", "name": "Ada Winship"}]}
    one, two = load(tmp_path, "p.json", json.dumps(people)).officials
    assert one.id != two.id


def test_merging_keeps_the_newer_of_one_id() -> None:
    old = Official("1", "A B", posts=(Post("x", "mp", "P"),))
    new = Official("1", "A B", posts=(Post("y", "mp", "P"),))
    other = Official("2", "C D")
    assert Register((old, other)).merged(Register((new,))).officials == (new, other)


def test_the_post_of_a_day_and_shortly_after() -> None:
    first = Post("Chief Constable", "police", "Fenby Police", end=date(2025, 10, 5))
    official = Official("1", "A B", posts=(first,))
    assert post_for(official, date(2025, 10, 5)) == first
    assert post_for(official, date(2025, 10, 7)) == first
    assert post_for(official, date(2026, 10, 7)) is None


@pytest.mark.parametrize(
    "written", ["Dr Hannah Weir", "Hannah Weir’s", "HANNAH WEIR", "Assistant Chief Constable Hannah Weir"]
)
def test_name_keys_fold_titles_case_and_possessives(written: str) -> None:
    assert name_key(written) == "hannah weir"


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("But Wrexley Metropolitan Borough Council said", "Wrexley Metropolitan Borough Council", "council"),
        ("said Redcar and Cleveland Borough Council", "Redcar and Cleveland Borough Council", "council"),
        ("A Northmoor Police spokesman", "Northmoor Police", "force"),
        ("the Fenshire Constabulary", "Fenshire Constabulary", "force"),
        ("South Fen Mayoral Combined Authority", "South Fen Mayoral Combined Authority", "authority"),
        ("Fenshire Fire and Rescue Service crews", "Fenshire Fire and Rescue Service", "fire"),
        ("the Fen Valley Hospitals NHS Trust", "Fen Valley Hospitals NHS Trust", "nhs"),
        (
            "the Department for Culture, Media and Sport",
            "Department for Culture, Media and Sport",
            "department",
        ),
        ("The Environment Agency", "Environment Agency", "agency"),
        ("SKELBROUGH Council", "Skelbrough Council", "council"),
        ("the Police Federation", "Police Federation", "union"),
    ],
)
def test_bodies(text: str, name: str, kind: str) -> None:
    (body,) = find_bodies(text)
    assert (body.name, body.kind) == (name, kind)


def test_a_short_form_and_words_stand_for_the_body() -> None:
    text = "Fenshire Police (FP) said so. FP said no more. The force would not say. The council did."
    bodies = find_bodies(text)
    assert [b.name for b in bodies] == ["Fenshire Police", "Fenshire Police", "Fenshire Police"]
    force, council = find_stands(text, bodies)
    meant = stood_for(force, bodies)
    assert meant is not None and meant.name == "Fenshire Police"
    assert stood_for(council, bodies) is None


@pytest.mark.parametrize(
    ("text", "words", "titles"),
    [
        ("said Cllr Amanda Thistlewood today", ("Amanda", "Thistlewood"), ("cllr",)),
        ("Det Ch Insp Priya Nair said", ("Priya", "Nair"), ("det ch insp",)),
        ("Rotherby MP Sarah Champney said", ("Sarah", "Champney"), ()),
        ("Greengrocer Pam Ollerton wept", ("Pam", "Ollerton"), ()),
        ("MAUREEN Tibbs’s reign", ("Maureen", "Tibbs"), ()),
        ("Cllr Winifred Hall spoke", ("Winifred", "Hall"), ("cllr",)),
        ("Bill Owen spoke", ("Bill", "Owen"), ()),
        ("the Rev Jo Shaw prayed", ("Jo", "Shaw"), ("rev",)),
        ("Sir Gerald sighed", ("Gerald",), ("sir",)),
        ("Simon O'Hara left", ("Simon", "O'Hara"), ()),
        ("Maria van der Berg left", ("Maria", "van", "der", "Berg"), ()),
    ],
)
def test_names(text: str, words: tuple[str, ...], titles: tuple[str, ...]) -> None:
    (name,) = find_names(text, (), (), frozenset())
    assert (name.words, name.titles) == (words, titles)
    assert text[slice(*name.span)].lower() == " ".join(words).lower()


@pytest.mark.parametrize(
    "text",
    [
        "Victoria Park was shut",
        "The Bill went through",
        "Then We’ll see",
        "St Oswin’s Lane",
        "Low Row",
        "The Sunday Mail told",
        "On Friday Harle lost",
    ],
)
def test_no_names(text: str) -> None:
    assert find_names(text, (), (), frozenset()) == []


def offices(text: str) -> list[Office]:
    bodies = find_bodies(text)
    names = find_names(text, (), [b.span for b in bodies], frozenset())
    blotted = masked(text, [(n.start, n.span[1]) for n in names])
    return find_offices(blotted, bodies, find_stands(text, bodies))


@pytest.mark.parametrize(
    ("text", "role", "body", "area"),
    [
        ("the Rotherby MP", "mp", "", "Rotherby"),
        ("MP for Fenby and East Marsh", "mp", "", "Fenby and East Marsh"),
        ("the shadow health secretary", "mp", "", ""),
        ("the Home Secretary", "minister", "", ""),
        ("the rail minister", "minister", "", ""),
        ("Secretary of State for Transport", "minister", "", ""),
        ("South Fenland’s mayor", "mayor", "", "South Fenland"),
        ("the Lord Mayor of Fenby", "councillor", "", "Fenby"),
        ("leader of Fenby Council", "council_leader", "Fenby Council", ""),
        ("Fenby Council leader", "council_leader", "Fenby Council", ""),
        ("deputy leader of Fenby Council", "councillor", "Fenby Council", ""),
        ("leader of the opposition", "councillor", "", ""),
        ("Fenby Council’s cabinet member for culture and libraries", "councillor", "Fenby Council", ""),
        ("police and crime commissioner", "pcc", "", ""),
        ("deputy mayor for policing and crime", "pcc", "", ""),
        ("the chief constable", "police", "", ""),
        ("head of Fenshire Police", "police", "Fenshire Police", ""),
        ("chief executive of Fenby Council", "other_official", "Fenby Council", ""),
        ("the senior coroner for Fenshire", "other_official", "", "Fenshire"),
    ],
)
def test_offices(text: str, role: str, body: str, area: str) -> None:
    (office,) = offices(f"It was {text} who came.")
    assert (office.role, office.body, office.area, office.when) == (role, body, area, "")


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("the former leader", "former"),
        ("ex-mayor", "former"),
        ("then leader", "former"),
        ("mayor-elect", "future"),
    ],
)
def test_offices_of_another_time(text: str, when: str) -> None:
    (office,) = offices(f"It was {text} who came.")
    assert office.when == when


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.jsonl", '{"a":' * 20_000, "line 1: not JSON"),
        ("a.json", '{"name": 1' + "0" * 6_000 + "}", "not JSON"),
        ("a.yaml", "[" * 2_000, "line 1: not YAML"),
        ("a.csv", 'name,role\n"' + "x" * 200_000 + '",mayor', "not CSV"),
        ("b.csv", "x" * 200_000 + ",name\n", "not CSV"),
    ],
)
def test_a_register_without_end_is_told_in_a_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(WrongUse, match=told):
        Register.load(tmp_path / name)
