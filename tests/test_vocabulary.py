"""The tables of the vocabulary: a new row is all that a new word takes, beside its examples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
import yaml
from streamlit.testing.v1 import AppTest

from dashboard.ui import parts
from flows.cli import main
from flows.digest.make import make_digest
from flows.export import export
from flows.pipeline.report import summary_text
from flows.pipeline.versions import CALLS, reader, version
from flows.site.build import export_site
from ledger import settings, vocabulary
from ledger.decisions import effects, journal, published, reckoning
from ledger.errors import WrongUse
from ledger.pledges import status
from ledger.queries import official_page, pledge_list, pledge_page, review_lists
from ledger.search import statement_search
from ledger.settings import Settings
from ledger.storage import records, warehouse
from ledger.types import (
    Article,
    Commitment,
    Decision,
    Evidence,
    Official,
    Outlet,
    Post,
    Statement,
    content_id,
)
from nlp.commitments.figures import table
from nlp.commitments.parse import Said
from nlp.commitments.proposals import proposals
from nlp.evidence.reasons import TOLD_BY
from nlp.models.learned import tagger
from nlp.models.promises import packed, unpacked
from nlp.models.tagger import TYPES
from nlp.models.votes import FigureRows
from nlp.officials import importers, lexicon
from nlp.pledges.pair_features import owners_of
from nlp.training.trees import fitted_kinds

NEW: dict[str, dict[str, object]] = {
    "types": {"name": "deferral", "label": "Promise to wait", "firmness": 1, "told": "A promise to wait"},
    "statuses": {"name": "mothballed", "label": "Mothballed", "colour": "#123456", "outcome": "not_kept",
                 "closed": True, "awaited": False, "meaning": "Taken back before its date."},
    "roles": {"name": "regulator", "label": "Regulator", "own_voice": True, "weight": 9},
    "stances": {"name": "doubted", "label": "Doubted", "sign": "against", "told": "Doubt reported"},
    "kinds": {"name": "leaflet", "label": "Leaflet", "own_word": True},
    "flags": {"name": "renamed", "label": "Renamed", "tone": "doubt", "meaning": "It has another name now."},
}  # fmt: skip
WORDS = "We will put off the decision on the pool until next spring."
SAID, PLEDGE = content_id("said"), content_id("pledge")


@pytest.fixture
def tried(tmp_path: Path) -> Iterator[vocabulary.Vocabulary]:
    """The shipped tables with a new row in each, in use."""
    tables = yaml.safe_load(vocabulary.FILE.read_text(encoding="utf-8"))
    for kind, row in NEW.items():
        tables[kind].append(row)
    file = tmp_path / "tried.yaml"
    file.write_text(yaml.safe_dump(tables, sort_keys=False), encoding="utf-8")
    with vocabulary.using(file) as used:
        yield used


@pytest.fixture
def told(tried: vocabulary.Vocabulary, tmp_path: Path) -> Settings:
    """A home with one pledge, in which every new word stands."""
    (tmp_path / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")
    home = settings.load(tmp_path)
    day = datetime(2026, 6, 1, 12, tzinfo=UTC)
    text = f"{WORDS}\n\nCritics doubt it."
    article = Article("a", "Herald", "https://herald.test/a", "Pool", text, published=day, first_seen=day)
    official = Official("o", "Ann Example", (), (Post("", "regulator", "Ofbath"),))
    statement = Statement(
        SAID,
        "a",
        "direct",
        ((0, len(WORDS)),),
        speaker="Ann Example",
        official_id="o",
        role="regulator",
        body="Ofbath",
    )
    commitment = Commitment(PLEDGE, SAID, "deferral", "put off the decision")
    doubt = Evidence(
        content_id("e"),
        PLEDGE,
        "a",
        (len(WORDS) + 2, len(text)),
        "doubted",
        date(2026, 6, 2),
        source="Herald",
    )
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_outlets(connection, [Outlet("Herald", "https://herald.test/", "Bath")])
        records.put_articles(connection, [article], "t")
        records.put_officials(connection, [official])
        records.put_statements(connection, [(article, [statement], [])], "t")
        records.put_commitments(connection, [commitment], "t")
        link = {"commitment_id": PLEDGE, "pledge_id": PLEDGE, "position": 0, "changed": ""}
        records.insert(connection, "pledge_commitments", [link])
        records.put_evidence(connection, [(doubt, "Critics doubt it.")], "t")
        effects.take_in(connection, home)
        reckoning.keep(connection, home.today, "t")
        connection.execute(
            "UPDATE pledges SET suggested = 'mothballed', marks = [row('renamed', NULL, NULL, '')]"
        )
    warehouse.publish(home)
    statement_search.update(home)
    return home


def figures_of(text: str) -> tuple[list[str], FigureRows]:
    """The figures of a sentence's clauses, as the votes weigh them."""
    content = ((0, len(text)),)
    (seen,) = tagger().read([(text, content, ())])
    read = unpacked(packed(seen, content))
    if read is None:
        return [], np.zeros((0, 0), np.float32)
    said = Said("s", text, content, read)
    return table(said, read, proposals(text, content, read)[:1])


def test_a_new_type_is_learned_from_its_examples() -> None:
    things = ("the vote on the budget", "the sale of the depot", "any new charge", "the rise in fares")
    firm = ("We will publish the plan in April.", "We will open the pool by May.", "We will build 40 homes.")
    rows = [(f"We will put off {thing} until next year.", "deferral") for thing in things]
    rows += [(text, "firm") for text in firm] + [("We will not sell the depot.", "negative")]
    figures = [(*figures_of(text), kind) for text, kind in rows * 12]
    names = next(names for names, _, _ in figures if names)
    found = np.concatenate([row for _, row, _ in figures if len(row)])
    vote = fitted_kinds(names, found, [kind for _, row, kind in figures for _ in row])
    asked = ("We will put off the closures until next year.", firm[0])
    assert [vote.kinds(names, figures_of(text)[1])[0] for text in asked] == ["deferral", "firm"]


def test_new_words_come_back_from_the_warehouse(told: Settings) -> None:
    with published.reading(told) as connection:
        (row,) = pledge_list.rows(connection, pledge_list.PledgeRow, "SELECT * FROM pledge_view")
    assert (row.status, row.role, row.flags) == ("mothballed", "regulator", ("renamed",))
    page = pledge_page.pledge(told, PLEDGE)
    assert page is not None
    assert [stated.type for stated in page.stated] == ["deferral"]
    assert [shown.stance for shown in page.shown] == ["doubted"]


def test_new_words_are_shown_searched_and_exported(told: Settings, tmp_path: Path) -> None:
    index, _ = export_site(told, tmp_path)
    site = index.parent
    shown = (site / "pledge" / f"{PLEDGE}.html").read_text(encoding="utf-8")
    for words in ("Mothballed", "Promise to wait", "Regulator", "Doubted", "Against (1)", "Renamed"):
        assert words in shown
    assert 'class="flag doubt"' in shown and 's-mothballed"' in shown
    assert ".s-mothballed { --mark: #123456; }" in (site / "style.css").read_text(encoding="utf-8")
    about = (site / "about.html").read_text(encoding="utf-8")
    assert "Taken back before its date." in about and "It has another name now." in about
    assert (site / "status-mothballed.html").is_file()

    assert [hit.id for hit in statement_search.search(told, "role:regulator").hits] == [SAID]
    export(told, tmp_path, formats=["json"])
    (pledge,) = json.loads((tmp_path / "pledges.json").read_text(encoding="utf-8"))
    assert (pledge["status"], pledge["type"], pledge["role"]) == ("mothballed", "deferral", "regulator")


def opened(name: str, query: dict[str, str]) -> AppTest:
    """A page of the dashboard."""
    app = AppTest.from_file(str(Path(parts.__file__).parents[1] / "app.py"), default_timeout=60)
    if name != "overview":
        app.run().switch_page(f"views/{name}.py")
    app.query_params = dict(query)
    app.run()
    assert [error.value for error in app.exception] == []
    return app


def seen(name: str, query: dict[str, str]) -> str:
    """What a page of the dashboard shows."""
    app = opened(name, query)
    links = (link.proto.label for link in app.get("page_link"))
    return " ".join([*(block.value for block in app.html), *links])


def test_new_words_on_the_pages(told: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAID_HOME", str(told.home))
    for name, query, wanted in (
        ("overview", {}, ["Taken back before its date.", ".sd-mothballed{--mark:#123456}"]),
        (
            "pledge",
            {"id": PLEDGE},
            ["suggested: mothballed", "Promise to wait", "Doubted", "sd-doubt", "It has another name now."],
        ),
        (
            "pledges",
            {"role": "regulator", "status": "mothballed", "flag": "renamed"},
            ["Put off the decision"],
        ),
        ("officials", {"role": "regulator"}, ["Ann Example"]),
        ("search", {"q": "role:regulator"}, ["Promise to wait"]),
    ):
        written = seen(name, query)
        for words in wanted:
            assert words in written, (name, words)


def test_a_new_status_is_counted_suggested_and_set(told: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "  Mothballed        1\n" in summary_text(told, None) + "\n"
    (person,) = official_page.officials(told)
    assert (person.role, person.pledges, person.judged, person.delivered) == ("regulator", 1, 1, 0)
    assert [row.status for row in review_lists.queue(told).statuses] == ["mothballed"]

    monkeypatch.setenv("SAID_HOME", str(told.home))
    app = opened("pledge", {"id": PLEDGE})
    next(button for button in app.button if button.label == "Set the status").click().run()
    next(box for box in app.text_input if box.label == "Your name").set_value("Ed")
    status, reason = (
        next(box for box in app.run().button_group if word in box.label) for word in ("Status", "because")
    )
    assert status.value == "mothballed"  # as suggested
    reason.set_value("dropped")
    next(box for box in app.text_input if box.label == "Why").set_value("The notice on the gate")
    next(button for button in app.button if button.label == "Set status").click().run()
    assert [error.value for error in app.exception] == []
    value = journal.in_force(told)[-1].value
    assert (value["status"], value["reason"]) == ("mothballed", "dropped")
    assert review_lists.queue(told).statuses == ()


def test_new_words_in_a_letter(told: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["digest", "--dry-run", "--since", "2026-05-01", "--home", str(told.home)])
    written = capsys.readouterr().out
    assert "A promise to wait" in written and "mothballed" in written and "Regulator, Ofbath" in written


def test_words_that_left_the_tables_stay_readable(
    told: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAID_HOME", str(told.home))
    with vocabulary.using(vocabulary.FILE):  # as shipped: every word that the home holds is retired
        site = export_site(told, tmp_path)[0].parent
        for file, words in (
            (f"pledge/{PLEDGE}.html", ("mothballed", "deferral", "regulator", "doubted", "renamed")),
            ("pledges.html", ('s-mothballed">mothballed',)),
        ):
            shown = (site / file).read_text(encoding="utf-8")
            assert [word for word in words if word not in shown] == []
        for name, query, words in (
            ("overview", {}, ("mothballed 1",)),
            ("pledge", {"id": PLEDGE}, ("suggested: mothballed", "deferral", "doubted", ">renamed<")),
            ("officials", {"id": "o"}, ("mothballed 1",)),
        ):
            shown = seen(name, query)
            assert [word for word in words if word not in shown] == []
        with pytest.raises(SystemExit, match="0"):
            main(["digest", "--dry-run", "--since", "2026-05-01", "--home", str(told.home)])
        letter = capsys.readouterr().out
        assert "Deferral" in letter and "mothballed" in letter and "regulator, Ofbath" in letter

        journal.record(told, Decision("confirm", PLEDGE, {}, "Ed"))
        with warehouse.run(told) as connection, warehouse.transaction(connection):
            effects.take_in(connection, told)
            reckoning.keep(connection, told.today, "t", "other tables")
            (suggested,) = connection.execute("SELECT suggested FROM pledges").fetchone() or ("",)
    assert suggested == "not_yet_rated"  # a report whose stance is no longer known tells nothing


@contextmanager
def valued(file: Path, kind: str, column: str, values: dict[str, object]) -> Iterator[None]:
    """The shipped tables, with these values in a column of one, in use."""
    tables = yaml.safe_load(vocabulary.FILE.read_text(encoding="utf-8"))
    for row in tables[kind]:
        row[column] = values.get(row["name"], row[column])
    file.write_text(yaml.safe_dump(tables, sort_keys=False), encoding="utf-8")
    with vocabulary.using(file):
        yield


def test_the_firmest_undertakings_wait_first(gold_home: Settings, tmp_path: Path) -> None:
    assert review_lists.queue(gold_home).speakers[0].type == "firm"
    values: dict[str, object] = dict.fromkeys(vocabulary.types(), 1) | {"conditional": 2, "firm": 0}
    with valued(tmp_path / "tables.yaml", "types", "firmness", values):
        waiting = [one.type for one in review_lists.queue(gold_home).speakers]
    assert (waiting[0], waiting[-1]) == ("conditional", "firm")


def test_a_letter_gives_no_report_of_neither_sign(gold_home: Settings, tmp_path: Path) -> None:
    def told() -> int:
        return sum(item.shown is not None for part in make_digest(gold_home).sections for item in part.items)

    some, neither = told(), dict.fromkeys(vocabulary.stances(), "neither")
    with valued(tmp_path / "tables.yaml", "stances", "sign", {**neither}):
        assert some > told() == 0


def test_new_words_come_in_by_every_door(told: Settings, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text("name,role,office,body\nAnn Example,regulator,Head,Ofbath\n", encoding="utf-8")
    (entry,) = importers.read_entries(register)
    assert entry.post is not None and entry.post.role == "regulator"
    assert owners_of("o", "Ann Example", "Ofbath", "regulator") == {"o"}  # in their own voice
    journal.record(told, Decision("set_status", PLEDGE, {"status": "mothballed"}, "Ed", "seen"))
    with published.reading(told) as connection:
        (row,) = pledge_list.rows(connection, pledge_list.PledgeRow, "SELECT * FROM pledge_view")
    assert row.set_status == "mothballed"


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        (
            "statuses",
            {"outcome": "lost"},
            "statuses 9: outcome must be 'kept', 'open' or 'not_kept', not 'lost'",
        ),
        ("statuses", {"color": "#fff"}, "statuses 9: unknown line 'color'"),
        (
            "statuses",
            {"colour": "red}body{display:none"},
            'statuses 9: colour must be written "#rrggbb", not .*',
        ),
        ("statuses", {"closed": "no"}, "statuses 9: closed must be true or false, not 'no'"),
        ("roles", {"name": "mp"}, "roles has mp twice; leave one out"),
        ("types", {"name": "a b"}, "types 7: name must be small letters, parts joined by _, not 'a b'"),
        ("types", {"firmness": "2"}, "types 7: firmness must be a whole number, not '2'"),
    ],
)
def test_a_row_that_cannot_be_used_is_told(
    tmp_path: Path, kind: str, change: dict[str, object], said: str
) -> None:
    tables = yaml.safe_load(vocabulary.FILE.read_text(encoding="utf-8"))
    tables[kind].append(NEW[kind] | change)
    file = tmp_path / "wrong.yaml"
    file.write_text(yaml.safe_dump(tables), encoding="utf-8")
    with pytest.raises(WrongUse, match=f"wrong.yaml: {said}$"):
        vocabulary.load(file)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (None, "must be named values, not None"),
        ({"flags": None}, 'has no flags; add a line "flags: …"'),
        ({"flags": "disputed"}, "flags must be a list, not 'disputed'"),
        ({"flags": ["disputed"]}, "flags must be named values, not 'disputed'"),
        ({"moods": ["calm"]}, "unknown line 'moods'; known are .*"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    tmp_path: Path, tables: dict[str, object] | None, said: str
) -> None:
    whole = yaml.safe_load(vocabulary.FILE.read_text(encoding="utf-8"))
    given = {k: v for k, v in (whole | tables).items() if v} if tables else tables
    file = tmp_path / "wrong.yaml"
    file.write_text(yaml.safe_dump(given), encoding="utf-8")
    with pytest.raises(WrongUse, match=f"wrong.yaml: {said}$"):
        vocabulary.load(file)


def test_each_block_takes_off_its_own_file(tmp_path: Path) -> None:
    shipped, others = vocabulary.FILE.read_text(encoding="utf-8"), []
    for name in ("first", "second"):
        file = tmp_path / f"{name}.yaml"
        file.write_text(shipped.replace("label: Stalled", f"label: {name}"), encoding="utf-8")
        others.append(vocabulary.using(file))
    for block in others:
        block.__enter__()
    others[0].__exit__(None, None, None)  # as another thread may, which began first
    assert vocabulary.statuses()["stalled"].label == "second"
    others[1].__exit__(None, None, None)
    assert vocabulary.statuses()["stalled"].label == "Stalled"


def test_what_no_table_has_is_refused(told: Settings) -> None:
    with pytest.raises(WrongUse, match="unknown status: 'gone'"):
        journal.record(told, Decision("set_status", PLEDGE, {"status": "gone"}, "Ed", "seen"))
    with (
        warehouse.run(told) as connection,
        pytest.raises(ValueError, match=r"not in vocabulary\.yaml: vague"),
    ):
        records.put_commitments(connection, [Commitment("c", "s", "vague", "act")], "t")
    with pytest.raises(WrongUse, match=r"role:king is not known: one of mp, .*regulator"):
        statement_search.search(told, "role:king")


def test_rules_give_only_what_the_tables_have() -> None:
    lexed = lexicon.lexicon()
    given = {office.role for office, _ in lexed.offices} | {body.role for body, _ in lexed.bodies}
    assert given <= set(vocabulary.roles())
    assert TOLD_BY.keys() <= vocabulary.stances().keys()
    assert {row["status"] for row in status.rules()["table"]} <= set(vocabulary.statuses())
    assert set(vocabulary.types()) >= set(TYPES)


@pytest.mark.parametrize(
    ("kind", "row", "again", "not_again"),
    [
        ("roles", {"name": "mp", "label": "Member", "told": "a member"}, set(), set(CALLS)),
        ("roles", {"name": "mp", "own_voice": False}, {"extract", "group"}, set()),
        ("types", NEW["types"], {"group"}, {"extract", "flag"}),  # the weights know their own types
        ("statuses", NEW["statuses"], set(), {"extract", "flag", "group"}),
    ],
)
def test_stages_work_through_again_what_a_table_decides(
    tmp_path: Path, kind: str, row: dict[str, object], again: set[str], not_again: set[str]
) -> None:
    tables = yaml.safe_load(vocabulary.FILE.read_text(encoding="utf-8"))
    known = {entry["name"]: entry for entry in tables[kind]}
    known[row["name"]] = known.get(row["name"], {}) | row
    tables[kind] = list(known.values())
    file = tmp_path / "changed.yaml"
    file.write_text(yaml.safe_dump(tables, sort_keys=False), encoding="utf-8")
    before = {stage: version(stage) for stage in CALLS}
    reader.cache_clear()
    with vocabulary.using(file):
        after = {stage: version(stage) for stage in CALLS}
    reader.cache_clear()
    changed = {stage for stage in CALLS if before[stage] != after[stage]}
    assert changed >= again and not changed & not_again
