"""What is worth a look: shown, taken as evidence or struck by a person, whatever later runs find."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli.app import said
from flows.digest.make import make_digest
from flows.digest.render.registry import FORMATS
from flows.site.pages import pledge_page as site_page
from ledger import settings
from ledger.decisions import journal, published
from ledger.errors import WrongUse
from ledger.outputs import export_rows
from ledger.outputs.story import story
from ledger.pledges.leads import Lead
from ledger.queries import journal_page, pledge_list, pledge_page
from ledger.queries.pledge_list import PledgeRow
from ledger.queries.reading_list import ToCheck
from ledger.settings import Settings
from ledger.storage import pending, records, warehouse
from ledger.types import (
    Article,
    Commitment,
    Decision,
    DecisionKind,
    Evidence,
    Official,
    Outlet,
    Post,
    Span,
    Statement,
)
from tests.reading_home import publish_reckoned

PROMISE = "We will open the baths by May"
BEFORE = "A crowd had gathered by nine."
PASSAGE = "The ribbon was cut at the baths on Monday."
OTHER = "Nobody has seen a builder there."
REPORT = f"{BEFORE} {PASSAGE}\n\n{OTHER}"
BATHS, LATER = "baths", "later"
SPEECH = f"Mayor Ann Carr said: “{PROMISE}.”"
TRAM = "Mayor Ann Carr said: “We will mend the tram by June.”"


def article(key: str, text: str, day: int, paid: bool = False) -> Article:
    at = datetime(2026, 5, day, 9, tzinfo=UTC)
    return Article(
        key,
        "Gazette",
        f"http://127.0.0.1/{key}",
        f"News of {key}",
        text,
        published=at,
        first_seen=at,
        paywalled=paid,
    )


def promised(key: str, words: str) -> tuple[Statement, Commitment]:
    text = {BATHS: SPEECH, "tram": TRAM}[key]
    at = text.index(words)
    statement = Statement(
        Statement.make_id(key, (words,), 0), key, "direct", ((at, at + len(words)),),
        speaker="Ann Carr", official_id="o1", role="mayor", body="Westby Council",
    )  # fmt: skip
    return statement, Commitment(Commitment.make_id(statement.id), statement.id, "firm", words)


STATED = {BATHS: promised(BATHS, PROMISE), "tram": promised("tram", "We will mend the tram by June")}
PLEDGE, TRAM_PLEDGE = STATED[BATHS][1].id, STATED["tram"][1].id


def lead(words: str, likely: float, text: str = REPORT, pledge_id: str = PLEDGE) -> Lead:
    at = text.index(words)
    ribbon = text.find("ribbon was cut")
    return Lead(
        Lead.make_id(pledge_id, LATER, words), pledge_id, LATER, (at, at + len(words)), likely, "delivered",
        date(2026, 5, 9), source="Gazette", why="the baths; after the date",
        marked=((ribbon, ribbon + 14),) if words == PASSAGE else (),
    )  # fmt: skip


def run(home: Settings, text: str = REPORT, found: list[Evidence] | None = None, paid: bool = False) -> None:
    """What a run leaves: two promises, a later report, what is worth a look in it, what it took itself."""
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_outlets(connection, [Outlet("Gazette", "http://127.0.0.1/", "Westshire")])
        records.put_officials(
            connection, [Official("o1", "Ann Carr", (), (Post("Mayor", "mayor", "Westby Council"),))]
        )
        said_in = {BATHS: article(BATHS, SPEECH, 1), "tram": article("tram", TRAM, 2)}
        report = article(LATER, text, 9, paid)
        records.put_articles(connection, [*said_in.values(), report], "r")
        for key, (statement, commitment) in STATED.items():
            records.put_statements(connection, [(said_in[key], [statement], [])], "r")
            records.put_commitments(connection, [commitment], "r")
            place = {"commitment_id": commitment.id, "pledge_id": commitment.id}
            records.insert(connection, "pledge_commitments", [place])
        spans: list[Span] = [(text.index(w), text.index(w) + len(w)) for w in (BEFORE, PASSAGE, OTHER)]
        records.put_statements(connection, [(report, [], spans)], "r")
        pending.clear_evidence_in(connection, [LATER])
        records.put_evidence(connection, [(one, text[slice(*one.span)]) for one in found or []], "r")
        some = [lead(PASSAGE, 0.9, text), lead(OTHER, 0.4, text)]
        records.put_leads(connection, [(one, text[slice(*one.span)]) for one in some], "r")
    publish_reckoned(home)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("made")
    (folder / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")
    home = settings.load(folder)
    run(home)
    return home


@pytest.fixture
def home(made: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(made.home, tmp_path, dirs_exist_ok=True)
    return settings.load(tmp_path)


@pytest.fixture
def decide(home: Settings) -> Callable[[Decision], int]:
    return lambda decision: journal.record(home, decision)


def listed(home: Settings, pledge_id: str = PLEDGE) -> list[ToCheck]:
    page = pledge_page.pledge(home, pledge_id)
    assert page is not None
    return list(page.to_check)


def row(home: Settings, pledge_id: str = PLEDGE) -> PledgeRow:
    return next(one for one in pledge_list.pledges(home) if one.id == pledge_id)


def stances(home: Settings, pledge_id: str = PLEDGE) -> list[tuple[str, str, str]]:
    page = pledge_page.pledge(home, pledge_id)
    assert page is not None
    return [(one.stance, one.words, one.why) for one in page.shown if not one.is_rejected]


def test_a_reading_list_shows_each_passage_in_its_place(home: Settings) -> None:
    best, second = listed(home)
    assert (best.words, best.before, second.words, second.before) == (PASSAGE, BEFORE, OTHER, "")
    assert best.context.text == f"{BEFORE} {PASSAGE}"
    assert [best.context.text[s:e] for s, e in best.context.marks] == [PASSAGE]
    assert [best.context.text[s:e] for s, e in best.context.focus] == ["ribbon was cut"]
    assert (best.outlet, best.headline, best.day) == ("Gazette", "News of later", date(2026, 5, 9))
    assert (
        best.link.startswith("http://127.0.0.1/later#:~:text=The") and best.why == "the baths; after the date"
    )
    assert row(home).evidence == 0 and listed(home, TRAM_PLEDGE) == []


def test_a_list_is_cut_at_twenty(home: Settings) -> None:
    text = " ".join(f"Sentence number {n} stands here." for n in range(40))
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_articles(connection, [article(LATER, text, 9)], "r")
        some = [lead(f"Sentence number {n} stands here.", n / 40, text) for n in range(40)]
        for _ in range(2):  # again leaves the same
            pending.clear_evidence_in(connection, [LATER])
            records.put_leads(connection, [(one, text[slice(*one.span)]) for one in some], "r")
    warehouse.publish(home)
    assert [one.likely for one in listed(home)] == [n / 40 for n in range(39, 19, -1)]


def test_what_is_taken_counts_at_once_and_after_the_next_run(
    home: Settings, decide: Callable[[Decision], int]
) -> None:
    (best, second) = listed(home)
    number = decide(best.taken("delivered", "Desk"))
    at_once = row(home)
    assert at_once.evidence == 1 and at_once.suggested in ("delivered", "delivered_late")
    assert stances(home) == [("delivered", PASSAGE, "taken by Desk")] and listed(home) == [second]
    run(home)
    assert row(home) == at_once and listed(home) == [second]
    decide(Decision("undo", best.id, {"row": number}, "Desk"))
    assert row(home).evidence == 0 and [one.id for one in listed(home)] == [best.id, second.id]
    run(home)
    assert row(home).evidence == 0


def test_what_is_struck_does_not_come_back(home: Settings, decide: Callable[[Decision], int]) -> None:
    (best, second) = listed(home)
    number = decide(best.struck("Desk"))
    assert listed(home) == [second] and row(home).evidence == 0
    run(home)
    assert listed(home) == [second]
    decide(Decision("undo", best.id, {"row": number}, "Desk"))
    assert [one.id for one in listed(home)] == [best.id, second.id]


def test_a_person_overrules_what_the_machine_took(home: Settings, decide: Callable[[Decision], int]) -> None:
    best = listed(home)[0]
    found = Evidence(
        Evidence.make_id(LATER, PASSAGE), PLEDGE, LATER, best.span, "broken", date(2026, 5, 9), confidence=0.9
    )
    run(home, found=[found])
    assert [stance for stance, _, _ in stances(home)] == ["broken"]
    number = decide(best.taken("delivered", "Desk"))
    assert [stance for stance, _, _ in stances(home)] == ["delivered"] and row(home).evidence == 1
    decide(Decision("undo", best.id, {"row": number}, "Desk"))
    assert [stance for stance, _, _ in stances(home)] == ["broken"]
    decide(best.struck("Desk"))
    assert stances(home) == [] and row(home).evidence == 0
    before = row(home)
    run(home, found=[found])
    assert row(home) == before


def test_taken_evidence_goes_with_its_pledge_and_its_words(
    home: Settings, decide: Callable[[Decision], int]
) -> None:
    best, second = listed(home)
    decide(best.taken("progress", "Desk"))
    decide(second.struck("Desk"))
    decide(Decision("merge", TRAM_PLEDGE, {"with": PLEDGE}, "Desk"))
    joined = pledge_list.pledges(home)
    assert len(joined) == 1 and stances(home, joined[0].id) == [("progress", PASSAGE, "taken by Desk")]
    moved = f"Corrected on Tuesday.\n\n{REPORT}"
    run(home, moved)
    page = pledge_page.pledge(home, PLEDGE)
    assert page is not None and page.to_check == ()
    (shown,) = page.shown
    assert shown.words == PASSAGE and shown.context.text == f"{BEFORE} {PASSAGE}"


def test_a_renamed_pledge_keeps_what_people_took(home: Settings, decide: Callable[[Decision], int]) -> None:
    best = listed(home)[0]
    decide(best.taken("progress", "Desk"))
    statement = STATED[BATHS][0]
    again = Commitment(Commitment.make_id(statement.id, PROMISE), statement.id, "firm", PROMISE)
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_successors(connection, {PLEDGE: again.id})
        connection.execute("DELETE FROM commitments WHERE id = ?", [PLEDGE])
        records.put_commitments(connection, [again], "r")
        pending.drop_orphans(connection)
        records.insert(connection, "pledge_commitments", [{"commitment_id": again.id, "pledge_id": again.id}])
    publish_reckoned(home)
    assert stances(home, again.id) == [("progress", PASSAGE, "taken by Desk")]
    assert row(home, again.id).evidence == 1


def test_leads_go_with_their_article_and_their_pledge(
    home: Settings, decide: Callable[[Decision], int]
) -> None:
    decide(listed(home)[0].taken("progress", "Desk"))
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        connection.execute("DELETE FROM pledge_commitments WHERE pledge_id = ?", [TRAM_PLEDGE])
        pending.drop_orphans(connection)
        assert warehouse.column(connection, "SELECT count(*) FROM leads") == [2]
        pending.forget(connection, LATER)
        assert warehouse.column(connection, "SELECT count(*) FROM leads") == [0]
    publish_reckoned(home)
    assert listed(home) == [] and stances(home) == [] and row(home).evidence == 0
    run(home)
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        connection.execute("DELETE FROM pledge_commitments WHERE pledge_id = ?", [PLEDGE])
        pending.drop_orphans(connection)
        assert warehouse.column(connection, "SELECT count(*) FROM leads") == [0]


def test_a_reserved_article_lets_no_passage_pass(home: Settings, decide: Callable[[Decision], int]) -> None:
    run(home, paid=True)
    best = listed(home)[0]
    assert (best.words, best.before, best.context.text, best.context.reserved) == ("", "", "", True)
    assert best.link.startswith("http://127.0.0.1/later")
    decide(best.taken("delivered", "Desk"))
    assert stances(home) == [("delivered", "", "taken by Desk")] and row(home).evidence == 1


def test_the_journal_tells_what_was_judged(home: Settings, decide: Callable[[Decision], int]) -> None:
    best, second = listed(home)
    decide(best.taken("delivered", "Desk", "I was there"))
    number = decide(second.struck("Desk"))
    decide(Decision("undo", second.id, {"row": number}, "Desk"))
    page = pledge_page.pledge(home, PLEDGE)
    assert page is not None
    kinds = [(entry.decision.kind, entry.undone) for entry in page.journal]
    assert kinds == [("undo", False), ("strike", True), ("take", False)]
    about = journal_page.subjects(home, page.journal)
    assert about[best.id].words == PASSAGE and about[best.id].pledge_id == PLEDGE
    told = journal_page.written(home)
    assert told[-1].decided == "took a passage as evidence: Delivered" and PASSAGE in told[-1].about


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("take", {}),
        ("strike", {"pledge": "p", "article": "a"}),
        ("take", {"pledge": "p", "article": "a", "span": [1, 2], "stance": "perhaps"}),
        ("take", {"pledge": "p", "article": "a", "span": ["1", 2], "stance": "delivered"}),
    ],
)
def test_half_a_judgement_is_refused(home: Settings, kind: DecisionKind, value: dict[str, object]) -> None:
    with pytest.raises(WrongUse):
        journal.record(home, Decision(kind, "lead", value, "Desk"))


def test_the_site_lists_what_nobody_has_judged(home: Settings) -> None:
    page = pledge_page.pledge(home, PLEDGE)
    assert page is not None
    html = "".join(site_page(story(page, home.today))).replace("<wbr>", "")
    assert "<h2>Worth a look</h2>" in html and "<summary>2 passages that may bear on it</summary>" in html
    assert "<strong>ribbon was cut</strong>" in html


def test_the_digest_has_one_line_with_links(home: Settings, decide: Callable[[Decision], int]) -> None:
    digest = make_digest(home)
    assert digest.look.line == "2 passages may bear on pledges that you follow"
    for form, render in FORMATS.items():
        text = render(digest)
        assert "http://127.0.0.1/later#:~:text=The" in text, form
    assert json.loads(FORMATS["json"](digest))["look"]["total"] == 2
    decide(listed(home)[0].struck("Desk"))
    digest = make_digest(home)
    assert digest.look.line == "1 passage may bear on a pledge that you follow"
    told = {f"lead:{listed(home)[0].id}"}
    assert told <= set(digest.told)


def test_leads_are_exported_beside_the_evidence(home: Settings, decide: Callable[[Decision], int]) -> None:
    best, _ = listed(home)
    decide(best.taken("delivered", "Desk"))
    with published.reading(home) as connection:
        tables = {
            name: [one for batch in export_rows.batches(home, connection, name) for one in batch.to_pylist()]
            for name in ("leads", "evidence")
        }
    assert [(one["words"], one["likely"]) for one in tables["leads"]] == [(OTHER, 0.4)]
    assert [(one["words"], one["stance"], one["why"]) for one in tables["evidence"]] == [
        (PASSAGE, "delivered", "taken by Desk")
    ]


def test_a_terminal_shows_takes_and_strikes(home: Settings) -> None:
    def call(*more: str, keys: str = "") -> str:
        result = CliRunner().invoke(said, ["--home", str(home.home), "pledges", *more], input=keys)
        assert result.exit_code == 0, result.output
        return result.output

    shown = call("--id", PLEDGE)
    assert "Worth a look: 2 passages" in shown and "The *ribbon was cut* at the baths" in shown
    went = call("--look", "--who", "Desk", keys="ed")
    assert "1 of 2" in went and "Recorded as decision 2" in went
    assert [one.kind for one in journal.in_force(home)] == ["take", "take"]
    assert {stance for stance, _, _ in stances(home)} == {"delayed", "delivered"}
    assert "Nothing is worth a look." in call("--look", "--who", "Desk")


def test_a_terminal_refuses_who_may_not_decide(home: Settings) -> None:
    best = listed(home)[0]
    for named in ([], ["--who", "Eve"]):
        (home.home / "settings.toml").write_text(
            'as_of = 2026-06-30\n[editors]\n"ann@westby.test" = "Ann Editor"\n', encoding="utf-8"
        )
        arguments = ["--home", str(home.home), "pledges", "--take", best.id, "delivered", *named]
        assert isinstance(CliRunner().invoke(said, arguments).exception, WrongUse)
    assert journal.history(home) == []
    arguments[-1:] = ["Ann Editor"]
    assert CliRunner().invoke(said, arguments).exit_code == 0
    strike = ["--home", str(home.home), "pledges", "--strike", best.id, "--who", "Ann Editor"]
    assert isinstance(CliRunner().invoke(said, strike).exception, WrongUse)  # it waits no more
    assert [one.who for one in journal.history(home)] == ["Ann Editor"]
