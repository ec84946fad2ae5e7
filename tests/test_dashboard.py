"""The logic of each page, by AppTest, and that text from outside is shown as text."""

from __future__ import annotations

import copy
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from dashboard.launch import arguments
from dashboard.ui import parts
from ledger.decisions import journal
from ledger.outputs import site_rows
from ledger.outputs.citations import citations
from ledger.outputs.quality import accuracy
from ledger.pledges.leads import Lead
from ledger.queries import (
    coverage_page,
    official_page,
    overview_page,
    pledge_list,
    pledge_page,
    review_lists,
    statement_card,
)
from ledger.queries.pledge_list import Filter
from ledger.search import statement_search
from ledger.settings import Settings, load
from ledger.storage import records, warehouse
from ledger.types import Decision, DecisionKind
from tests.reading_home import HOSTILE, copy_home, hostile_home, publish_reckoned
from tests.visits import opened

pytestmark = pytest.mark.slow

PAGES = ["overview", "pledges", "pledge", "search", "quotation", "officials", "review", "coverage"]


@pytest.fixture(scope="module")
def indexed(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return copy_home(gold_home, tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return hostile_home(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Any:
    def open_page(home: Settings, name: str, /, **parameters: str) -> AppTest:
        return well(opened(monkeypatch, home.home, name, parameters))

    return open_page


OURS = {
    "strong",
    "p",
    "div",
    "span",
    "b",
    "bdi",
    "a",
    "h1",
    "h2",
    "h3",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "br",
    "img",
    "section",
} | {
    "mark",
    "wbr",
    "code",
    "blockquote",
    "style",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


def well(app: AppTest) -> AppTest:
    assert [error.value for error in app.exception] == []
    return app


def text_of(app: AppTest) -> str:
    """All text of a page's HTML as a reader sees it."""
    reader = Reader()
    for block in app.html:
        reader.feed(block.value)
    return " ".join(reader.texts)


class Reader(HTMLParser):
    """Collects tags, attributes and text of a page's HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.broken = False  # within a word in which a line may break

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.broken = tag == "wbr"
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self.broken:
            self.texts[-1] += data
        else:
            self.texts.append(data)
        self.broken = False


def links(app: AppTest) -> list[tuple[str, str, str]]:
    """(page, query string, label) of every link within the dashboard."""
    return [(link.proto.page, link.proto.query_string, link.proto.label) for link in app.get("page_link")]


def widget_labels(app: AppTest) -> list[str]:
    """What widgets show as Markdown: labels and helps, and the words of messages."""
    kinds = ("selectbox", "text_input", "text_area", "checkbox", "button", "download_button", "button_group")
    found = [element.proto for kind in kinds for element in app.get(kind)]
    words = [getattr(proto, name, "") for proto in found for name in ("label", "help")]
    return [
        *words,
        *(alert.value for kind in ("error", "warning", "success", "info") for alert in app.get(kind)),
    ]


def test_each_number_of_the_overview_leads_to_its_list(indexed: Settings, visit: Any) -> None:
    app = visit(indexed, "overview")
    overview = overview_page.overview(indexed)
    assert "65 pledges" in text_of(app)
    found = links(app)
    for name, short in overview.lists.items():
        if name not in ("headline", "due"):
            assert any(f"**{short.total:,}**" in label and query for _, query, label in found), name
    assert any(query == "flag=overdue" for _, query, _ in found)
    for status, _, number, _ in overview.by_status:
        assert any(query == f"status={status}" and label.endswith(f" {number}") for _, query, label in found)


def test_the_list_follows_the_address_and_the_address_the_choices(indexed: Settings, visit: Any) -> None:
    wanted = pledge_list.pledges(indexed, Filter(owner="Helena Rudkin", status="not_yet_rated"))
    app = visit(indexed, "pledges", owner="Helena Rudkin", status="not_yet_rated")
    shown = [query for page, query, _ in links(app) if query.startswith("id=")]
    assert shown == [f"id={row.id}" for row in wanted]
    box = next(box for box in app.selectbox if box.label == "Status")
    well(box.select("stalled").run())
    assert app.query_params == {"owner": "Helena Rudkin", "status": "stalled"}
    app.text_input[0].set_value("bus")
    well(app.run())
    assert app.query_params == {"owner": "Helena Rudkin", "status": "stalled", "q": "bus"}
    well(next(button for button in app.button if button.label.startswith("Clear")).click().run())
    assert app.query_params == {}
    assert f"{overview_page.overview(indexed).total} pledges" in text_of(app)


def test_an_address_with_values_nobody_knows_shows_everything(indexed: Settings, visit: Any) -> None:
    app = visit(
        indexed, "pledges", status="<b>", due="-1", page="999999999", changed="x", came="soon", sort="'"
    )
    assert f"{overview_page.overview(indexed).total} pledges" in text_of(app)


def test_a_long_list_has_pages_that_are_links(indexed: Settings, visit: Any) -> None:
    first = visit(indexed, "pledges")
    following = [query for _, query, label in links(first) if "Page" in label]
    assert following == ["page=2"]
    second = visit(indexed, "pledges", page="2")
    everything = pledge_list.pledges(indexed)
    assert [q for _, q, _ in links(second) if q.startswith("id=")] == [
        f"id={row.id}" for row in everything[25:50]
    ]


def test_nothing_that_fits_is_said_and_what_to_do(indexed: Settings, visit: Any) -> None:
    assert "No pledge fits" in text_of(visit(indexed, "pledges", q="xyzzy"))
    assert "Nothing was found" in text_of(visit(indexed, "search", q="xyzzy"))
    assert "write it as 2026-03-31" in text_of(visit(indexed, "search", q="after:soon"))


def test_a_pledge_shows_words_context_evidence_and_both_statuses(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    home = copy_home(gold_home, tmp_path)
    row = max(pledge_list.pledges(home), key=lambda pledge: pledge.evidence)
    value: dict[str, object] = {"status": "unclear", "reason": ""}
    journal.record(home, Decision("set_status", row.id, value, "Ann Editor", "two reports disagree"))
    text = text_of(visit(home, "pledge", id=row.id))
    assert row.words in text
    assert f"Every time it was said ({row.restatements})" in text
    assert "Set by people" in text and "two reports disagree" in text and "Ann Editor" in text
    assert "Suggested by rules" in text
    assert f"{row.independent} independent source" in text


def test_only_the_owner_says_so_is_marked(gold_home: Settings, tmp_path: Path, visit: Any) -> None:
    home = copy_home(gold_home, tmp_path)
    with warehouse.run(home) as connection:
        found = connection.execute(
            """UPDATE evidence SET by_owner = true WHERE stance = 'delivered' AND pledge_id =
                (SELECT min(pledge_id) FROM evidence WHERE stance = 'delivered' AND NOT by_owner)
            RETURNING pledge_id"""
        ).fetchall()
    pledge = found[0][0]
    assert pledge not in {row.id for row in pledge_list.pledges(home, Filter(flag="claimed_only"))}
    publish_reckoned(home)
    assert pledge in {row.id for row in pledge_list.pledges(home, Filter(flag="claimed_only"))}
    assert "Only the owner says so" in text_of(visit(home, "pledge", id=pledge))


def test_an_unresolved_speaker_is_shown_as_written_with_the_reason(indexed: Settings, visit: Any) -> None:
    hit = next(
        h for h in statement_search.search(indexed, "speaker:unresolved", limit=100).hits if h.source_name
    )
    text = text_of(visit(indexed, "search", q="speaker:unresolved", order="date"))
    assert "unresolved" in text and f"as written: “{hit.source_name}”" in text and hit.why in text


def test_a_search_hit_opens_the_article_at_the_words(indexed: Settings, visit: Any) -> None:
    reader = Reader()
    for block in visit(indexed, "search", q='"end of March 2026"').html:
        reader.feed(block.value)
    out = [value for name, value in reader.attributes if name == "href" and value.startswith("http")]
    assert out and all(":~:text=" in value for value in out)
    assert "mark" in reader.tags and ("class", "sd-term") in reader.attributes


def test_the_evidence_card_gives_all_that_stands_behind_the_words(indexed: Settings, visit: Any) -> None:
    hit = statement_search.search(indexed, '"end of March 2026"').hits[0]
    reader = Reader()
    for block in visit(indexed, "search", q='"end of March 2026"').html:
        reader.feed(block.value)
    assert ("href", f"quotation?id={hit.id}") in reader.attributes
    app = visit(indexed, "quotation", id=hit.id)
    found = statement_card.card(indexed, hit.id)
    assert found is not None and found.verified
    text = text_of(app)
    for told in (hit.words, str(hit.speaker), found.office, found.sha256, "letter by letter", hit.outlet):
        assert told in text, told
    assert [block.value for block in app.code] == list(citations(found).values())


def test_a_card_whose_text_was_tampered_with_says_so(gold_home: Settings, tmp_path: Path, visit: Any) -> None:
    home = copy_home(gold_home, tmp_path)
    hit = statement_search.search(home, '"end of March 2026"').hits[0]
    with warehouse.run(home) as connection:
        connection.execute(
            "UPDATE articles SET text = replace(text, 'March', 'April') WHERE id = ?", [hit.article_id]
        )
    warehouse.publish(home)
    assert "do not stand in the stored text" in text_of(visit(home, "quotation", id=hit.id))


def named(app: AppTest, who: str, tool: str = "") -> AppTest:
    """The page with the editor's name written; on a pledge's page in the tool, which is opened."""
    if tool:
        app = press(app, tool)
    next(box for box in app.text_input if box.label == "Your name").set_value(who)
    return well(app.run())


def press(app: AppTest, label: str) -> AppTest:
    return well(next(button for button in app.button if button.label == label).click().run())


def test_a_status_is_set_on_the_pledge_and_undone_in_review(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    home = copy_home(gold_home, tmp_path)
    row = pledge_list.pledges(home, Filter(due="overdue"))[0]
    app = press(visit(home, "pledge", id=row.id), "Set the status")
    next(box for box in app.button_group if box.label == "Status").set_value("delivered")
    app = press(app, "Set status")
    assert "A status needs a reason" in app.error[0].value and journal.history(home) == []
    next(box for box in app.text_input if box.label == "Why").set_value("I saw it <b>open</b>")
    app = press(app, "Set status")
    assert journal.history(home) == []  # the name is asked for first
    next(box for box in app.text_input if box.label.startswith("Your name, as it")).set_value("Ann Editor")
    app = press(app, "Record it")
    assert next(box for box in app.text_input if box.label == "Your name").value == "Ann Editor"
    taken = journal.in_force(home)
    assert [(d.kind, d.subject, d.who, d.why) for d in taken] == [
        ("set_status", row.id, "Ann Editor", "I saw it <b>open</b>")
    ]
    assert "I saw it <b>open</b>" in text_of(app) and app.success
    press(app, "Undo")
    assert journal.in_force(home) == [] and "is undone" in app.success[0].value
    next(box for box in app.text_input if box.label == "Why").set_value("I saw it again")
    app = press(app, "Set status")
    assert row.id not in {pledge.id for pledge in pledge_list.pledges(home, Filter(due="overdue"))}
    app = named(visit(home, "review", list="journal"), "Ben Editor")
    assert "Ann Editor" in text_of(app)
    press(app, "Undo decision 3")
    assert journal.in_force(home) == [] and len(journal.history(home)) == 4
    assert row.id in {pledge.id for pledge in pledge_list.pledges(home, Filter(due="overdue"))}


def test_a_list_without_a_provider_lets_nobody_decide(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    home = copy_home(gold_home, tmp_path)
    row = pledge_list.pledges(home)[0]
    before = press(visit(home, "pledge", id=row.id), "Set the status")
    assert any(box.label == "Your name" for box in before.text_input)
    (home.home / "settings.toml").write_text('[editors]\n"ann@desk.example" = "Ann Lee"', encoding="utf-8")
    app = next(button for button in before.button if button.label == "Set status").click().run()
    assert not app.exception and journal.history(home) == []
    app = visit(home, "pledge", id=row.id)
    assert not any(box.label == "Your name" for box in app.text_input)
    assert not any(button.label == "Set the status" for button in app.button)


def test_a_decision_names_the_evidence_it_rests_on(gold_home: Settings, tmp_path: Path, visit: Any) -> None:
    home = copy_home(gold_home, tmp_path)
    row = max(pledge_list.pledges(home), key=lambda pledge: pledge.evidence)
    page = pledge_page.pledge(home, row.id)
    assert page is not None
    app = named(visit(home, "pledge", id=row.id), "Ann", "Set the status")
    app.checkbox[0].check()
    (older,) = (box for box in app.multiselect if box.label.startswith("Evidence from before"))
    older.set_value([page.shown[0].id])
    link = next(box for box in app.text_input if box.label == "Link to other evidence")
    link.set_value("javascript:alert(1)")
    app = press(app, "Set status")
    assert "whole web address" in app.warning[0].value and journal.history(home) == []
    next(box for box in app.text_input if box.label == link.label).set_value("https://example.test/minutes")
    app = press(app, "Set status")
    value = journal.in_force(home)[0].value
    assert value["evidence"] == [page.shown[-1].id, page.shown[0].id]
    assert value["link"] == "https://example.test/minutes"
    assert "It rests on:" in text_of(app) and text_of(app).count(page.shown[0].headline) > 1
    assert ", on 2 reports" in text_of(app) and "https://example.test/minutes" in text_of(app)


def test_a_name_and_a_subject_lead_to_what_was_promised(indexed: Settings, visit: Any) -> None:
    app = visit(indexed, "search", q="Mayor Rudkin buses")
    linked = {(page, query): told for page, query, told in links(app)}
    assert (
        "Helena Rudkin" in linked["search", "q=buses"]
        and "about: buses" in linked["search", "q=Mayor+Rudkin"]
    )
    assert ("search", "q=Mayor+Rudkin+buses&plain=yes") in linked
    assert ("pledges", "q=Mayor+Rudkin+buses") in linked
    shown = {query.removeprefix("id=") for page, query, _ in links(app) if page == "pledge"}
    people = {row.person for row in pledge_list.pledges(indexed) if row.id in shown}
    assert shown and people == {"Helena Rudkin"}
    listed = visit(indexed, "pledges", q="Mayor Rudkin buses")
    assert "understood as Helena Rudkin · about: buses" in text_of(listed)
    assert shown <= {query.removeprefix("id=") for page, query, _ in links(listed) if page == "pledge"}
    plain = visit(indexed, "search", q="Mayor Rudkin buses", plain="yes")
    assert any("about: Mayor Rudkin buses" in told for _, _, told in links(plain))
    assert "Nothing was found" in text_of(plain)


def test_evidence_that_does_not_belong_is_rejected(gold_home: Settings, tmp_path: Path, visit: Any) -> None:
    home = copy_home(gold_home, tmp_path)
    row = max(pledge_list.pledges(home), key=lambda pledge: pledge.evidence)
    app = named(visit(home, "pledge", id=row.id), "Ann", "Check a piece")
    box = next(box for box in app.selectbox if box.label.startswith("Evidence or statement"))
    page = pledge_page.pledge(home, row.id)
    assert page is not None
    box.select(page.shown[0].id)
    press(app, "Reject it")
    assert [(d.kind, d.subject) for d in journal.in_force(home)] == [("reject", page.shown[0].id)]


def test_a_passage_worth_a_look_is_taken_with_its_sign_and_another_struck(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    home = copy_home(gold_home, tmp_path)
    row = next(one for one in pledge_list.pledges(home) if not one.evidence)
    with warehouse.run(home) as connection:
        (key, text, day), *_ = connection.execute(
            "SELECT id, text, published::DATE FROM articles ORDER BY published DESC, id LIMIT 1"
        ).fetchall()
        first, second = (
            Lead(
                Lead.make_id(row.id, key, text[start : start + 60]), row.id, key, (start, start + 60), likely,
                "progress", day, why="the same street", marked=((start, start + 9),),
            )
            for start, likely in ((0, 0.8), (80, 0.6))
        )  # fmt: skip
        records.put_leads(connection, [(one, text[slice(*one.span)]) for one in (first, second)], "r")
    warehouse.publish(home)
    app = visit(home, "pledge", id=row.id)
    assert "Worth a look (2)" in text_of(app) and "the same street" in text_of(app)
    assert "Worth a look (2)" in text_of(visit(home, "pledge", id=row.id, on=home.today.isoformat()))
    app = named(app, "Ann", "Set the status")
    keys = {button.key: button.proto.shortcut for button in app.button}
    assert (keys[f"take_{first.id}_delivered"], keys[f"strike_{first.id}"]) == ("2", "x")
    well(app.toggle(key="single_keys").set_value(False).run())
    assert not any(button.proto.shortcut for button in app.button)
    assert any("said_single_keys=off" in block.value for block in app.html)  # kept in the browser
    well(app.toggle(key="single_keys").set_value(True).run())
    assert {button.key: button.proto.shortcut for button in app.button} == keys
    well(next(button for button in app.button if button.key == f"take_{first.id}_delivered").click().run())
    assert [(d.kind, d.subject, d.value["stance"]) for d in journal.in_force(home)] == [
        ("take", first.id, "delivered")
    ]
    text = text_of(app)
    assert (
        "Worth a look (1)" in text and "For (1)" in text and "took a passage as evidence: Delivered" in text
    )
    well(next(button for button in app.button if button.key == f"strike_{second.id}").click().run())
    assert [d.kind for d in journal.in_force(home)] == ["take", "strike"]
    assert "Worth a look" not in text_of(app)
    app = visit(home, "pledge", id=row.id, on=day.isoformat())  # as it was known that day nothing was decided
    assert "Worth a look (2)" in text_of(app) and not [b for b in app.button if b.label == "Strike"]


def test_the_form_to_follow_says_beforehand_where_no_letters_are_sent(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    home = copy_home(gold_home, tmp_path)
    row = pledge_list.pledges(home)[0]
    app = visit(home, "pledge", id=row.id)
    assert "No letters are sent from here" in text_of(app)
    assert "Your e-mail address" not in [box.label for box in app.text_input]
    (feed,) = (one.proto.url for one in app.get("link_button") if "Feed of" in one.proto.label)
    assert "/feed.atom?list=changed&owner=" in feed
    entry = {"channel": "email", "to": "followers", "sender": "a@example.org", "server": "127.0.0.1"}
    (home.home / "subscriptions.yaml").write_text(yaml.safe_dump([entry]), encoding="utf-8")
    app = visit(home, "pledge", id=row.id)
    assert "No letters" not in text_of(app)
    assert "Your e-mail address" in [box.label for box in app.text_input]


def test_replies_and_notes_stand_in_full_beside_the_status(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    home = copy_home(gold_home, tmp_path)
    row = pledge_list.pledges(home, Filter(due="overdue"))[0]
    reply, note, gone = ("word " * 390 + end for end in ("reply’s end", "note’s end", "gone’s end"))
    given: list[tuple[DecisionKind, str]] = [("reply", reply), ("note", note), ("reply", gone)]
    for kind, text in given:
        journal.record(
            home, Decision(kind, row.id, {"text": text}, "Ann", at=datetime(2026, 6, 1, tzinfo=UTC))
        )
    journal.record(home, Decision("undo", row.id, {"row": 3}, "Ben", at=datetime(2026, 6, 9, tzinfo=UTC)))
    why = "because " * 200 + "so it ends"
    journal.record(home, Decision("set_status", row.id, {"status": "stalled"}, "Cat", why))
    text = text_of(visit(home, "pledge", id=row.id))
    assert "so it ends" in text[text.index("Outcome") : text.index("Timeline")]
    beside = text[text.index("What came of it") : text.index("Every time it was said")]
    assert "Reply by the owner" in beside and "reply’s end" in beside and "note’s end" in beside
    assert "1 June 2026" in beside and "gone’s end" not in beside
    assert text[text.index("History") :].count("so it ends") == 1
    for on, told in (("2026-06-05", True), ("2026-05-31", False)):
        past = text_of(visit(home, "pledge", id=row.id, on=on))
        beside = past[past.index("What came of it") : past.index("Every time it was said")]
        assert ("reply’s end" in beside, "gone’s end" in beside, "Undo" in past) == (told, told, False)


def test_a_verdict_needs_a_source_and_is_filled_in_for_the_next(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    home = copy_home(gold_home, tmp_path)
    row = max(pledge_list.pledges(home), key=lambda pledge: pledge.evidence)
    app = named(visit(home, "pledge", id=row.id), "Ann", "Write the verdict")
    app.text_area[0].set_value("It came <b>late</b>.")
    app = press(app, "Publish the verdict")
    assert "A verdict needs a source" in app.error[0].value and journal.history(home) == []
    app.checkbox[0].check()
    app = press(app, "Publish the verdict")
    (taken,) = journal.in_force(home)
    assert taken.kind == "verdict" and taken.value["text"] == "It came <b>late</b>."
    text = text_of(app)
    after = text[text.index("Verdict") : text.index("Decide")]
    assert "It came <b>late</b>." in after and "It rests on:" in after
    again = press(visit(home, "pledge", id=row.id), "Write the verdict")
    assert again.text_area[0].value == "It came <b>late</b>." and again.checkbox[0].value


def test_a_headline_pledge_is_marked_among_the_tools_of_its_page(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    home = copy_home(gold_home, tmp_path)
    row = pledge_list.pledges(home)[0]
    app = press(named(visit(home, "pledge", id=row.id), "Ann", "Headline"), "Mark it as a headline pledge")
    assert [one.id for one in pledge_list.pledges(home, Filter(headline=True))] == [row.id]
    assert re.search(r"Ann\s+marked it as a headline pledge", text_of(app))
    press(app, "Take it off the headline pledges")
    assert pledge_list.count(home, Filter(headline=True)) == (0, 0)


@pytest.mark.parametrize(("tool", "button"), [("Not a pledge", "It is not"), ("Minor", "It is too minor")])
def test_a_pledge_is_set_aside_whole_and_comes_back_whole(
    gold_home: Settings, tmp_path: Path, visit: Any, tool: str, button: str
) -> None:
    home = copy_home(gold_home, tmp_path)
    row = next(row for row in pledge_list.pledges(home) if row.restatements > 1)
    app = named(visit(home, "pledge", id=row.id), "Ann", tool)
    app = press(app, next(one.label for one in app.button if one.label.startswith(button)))
    assert "No pledge has this address" in text_of(app)
    assert {d.value.get("as") for d in journal.in_force(home)} == {"minor" if tool == "Minor" else None}
    assert len(journal.in_force(home)) == row.restatements
    press(app, "Undo")
    assert journal.in_force(home) == [] and pledge_page.pledge(home, row.id) is not None


def test_a_reason_goes_with_what_was_not_kept_alone(gold_home: Settings, tmp_path: Path, visit: Any) -> None:
    home = copy_home(gold_home, tmp_path)
    row = max(pledge_list.pledges(home), key=lambda pledge: pledge.evidence)
    app = named(visit(home, "pledge", id=row.id), "Ann", "Set the status")
    next(box for box in app.text_input if box.label == "Why").set_value("I went there")
    for status, reason in (("stalled", ""), ("partly_delivered", "dropped"), ("not_delivered", "dropped")):
        next(box for box in app.button_group if box.label == "Status").set_value(status)
        next(box for box in app.button_group if "because" in box.label).set_value("dropped")
        app = press(app, "Set status")
        assert journal.in_force(home)[-1].value["reason"] == reason
    assert "set the status to Not delivered (dropped)" in text_of(app)
    assert text_of(app).count("Not delivered (dropped)") >= 3
    assert "Not delivered (dropped)" in text_of(visit(home, "pledges", status="not_delivered"))


def test_a_status_is_set_in_review_on_evidence(gold_home: Settings, tmp_path: Path, visit: Any) -> None:
    home = copy_home(gold_home, tmp_path)
    row = review_lists.queue(home).statuses[0]
    page = pledge_page.pledge(home, row.id)
    assert page is not None and page.shown
    app = named(visit(home, "review"), "Ann")
    app.checkbox[0].check()
    press(app, "Set status")
    assert journal.in_force(home)[0].subject == row.id
    assert journal.in_force(home)[0].value["evidence"] == [page.shown[-1].id]


def test_every_decision_can_be_undone_from_the_journal(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    home = copy_home(gold_home, tmp_path)
    row = next(row for row in pledge_list.pledges(home) if row.restatements == 1)
    page = pledge_page.pledge(home, row.id)
    person = next(o for o in official_page.officials(home) if o.pledges)
    assert page is not None
    journal.record(home, Decision("reject", person.id, {}, "Ann"))
    for stated in page.stated:
        journal.record(home, Decision("reject", stated.id, {}, "Ann"))
    for n in range(60):
        journal.record(home, Decision("note", row.id, {"text": f"note {n}"}, "Ben"))
    assert "No pledge has this address" in text_of(visit(home, "pledge", id=row.id))
    app = named(visit(home, "review", list="journal", page="3"), "Cat")
    text = text_of(app)
    assert person.name in text and page.stated[0].words[:100] in text and "rejected it" in text
    reader = Reader()
    for block in app.html:
        reader.feed(block.value)
    assert {f"officials?id={person.id}", f"quotation?id={page.stated[0].statement_id}"} <= {
        value for name, value in reader.attributes if name == "href"
    }
    for n in (2, 1):
        app = press(app, f"Undo decision {n}")
    assert {d.kind for d in journal.in_force(home)} == {"note"}
    assert not any(button.label == "Undo decision 1" for button in app.button)
    assert pledge_page.pledge(home, row.id) is not None


def test_a_merge_and_a_split_stand_in_the_history_of_both_sides(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    row = next(row for row in pledge_list.pledges(home) if row.restatements > 1)
    page = pledge_page.pledge(home, row.id)
    assert page is not None
    leaving = page.stated[-1].id
    journal.record(home, Decision("split", leaving, {"with": row.id}, "Ann"))
    journal.record(home, Decision("undo", leaving, {"row": 1}, "Ben"))
    journal.record(home, Decision("split", leaving, {"with": row.id}, "Ann"))
    for key in (row.id, leaving):
        side = pledge_page.pledge(home, key)
        assert side is not None and side.pledge.id == key
        assert [entry.decision.row for entry in side.journal] == [3, 2, 1]


def test_a_suggestion_that_changes_after_a_decision_of_the_day_waits(
    gold_home: Settings, tmp_path: Path
) -> None:
    home = copy_home(gold_home, tmp_path)
    early, late = review_lists.queue(home).statuses[:2]
    noon = datetime(2026, 7, 2, 12, tzinfo=UTC)
    for row, noted in ((early, noon - timedelta(minutes=15)), (late, noon + timedelta(minutes=15))):
        journal.record(home, Decision("set_status", row.id, {"status": "unclear"}, "Ann", "seen", at=noon))
        with warehouse.run(home) as connection:
            connection.execute("DELETE FROM suggestions WHERE pledge_id = ?", [row.id])
            connection.execute(
                "INSERT INTO suggestions VALUES (?, ?, 'unclear', 'why', DATE '2026-06-30', ?, 'r')",
                [row.id, row.suggested, noted],
            )
    warehouse.publish(home)
    waiting = {row.id for row in review_lists.queue(home).statuses}
    assert late.suggested != "unclear" and late.id in waiting and early.id not in waiting


def test_any_pledge_can_be_found_to_join_with(gold_home: Settings, tmp_path: Path, visit: Any) -> None:
    home = copy_home(gold_home, tmp_path)
    everything = pledge_list.pledges(home)
    one = next(row for row in everything if row.body and row.person_id)
    stranger = next(row for row in everything if row.body not in (one.body, None) and row.owner != one.owner)
    app = named(visit(home, "pledge", id=one.id), "Ann", "Join with another")

    def offered(app: Any) -> list[str]:
        return list(next(b for b in app.selectbox if b.label.startswith("Another pledge")).options)

    colleagues = [row for row in everything if one.body in (row.body, row.owner) and row.id != one.id]
    assert {parts.plain(f"{row.title} – {row.owner}") for row in colleagues} <= set(offered(app))
    assert re.search(r"Offered:\s+\d+ pledges? of", text_of(app))
    line = next(box for box in app.text_input if box.label.startswith("Find the same pledge"))
    wanted = parts.plain(f"{stranger.title} – {stranger.owner}")
    assert wanted not in offered(app)
    for given in (f"{stranger.owner} {stranger.title}", f"http://127.0.0.1:8501/pledge?id={stranger.id}"):
        line.set_value(given)
        app = well(app.run())
        assert wanted in offered(app), given
    next(b for b in app.selectbox if b.label.startswith("Another pledge")).select(stranger.id)
    press(app, "Join them")
    assert [(d.subject, d.value) for d in journal.in_force(home)] == [(one.id, {"with": stranger.id})]


def test_a_speaker_is_linked_from_the_queue(gold_home: Settings, tmp_path: Path, visit: Any) -> None:
    home = copy_home(gold_home, tmp_path)
    before = review_lists.queue(home)
    person = review_lists.people(home)[0]
    app = named(visit(home, "review", list="speakers"), "Ann")
    next(box for box in app.selectbox if box.label == "Who said it").select(person.id)
    press(app, "Link speaker")
    taken = journal.in_force(home)[0]
    assert (taken.kind, taken.subject) == ("link_speaker", before.speakers[0].statement_id)
    assert taken.value == {"speaker": person.name, "official": person.id}
    assert review_lists.queue(home).totals["speakers"] == before.totals["speakers"] - 1


def test_the_queue_empties_as_people_decide(gold_home: Settings, tmp_path: Path, visit: Any) -> None:
    home = copy_home(gold_home, tmp_path)
    first = review_lists.queue(home).statuses[0]
    app = named(visit(home, "review"), "Ann")
    next(box for box in app.text_input if box.label == "Why").set_value("I agree with the report")
    press(app, "Set status")
    after = review_lists.queue(home)
    assert first.id not in {row.id for row in after.statuses}
    assert journal.in_force(home)[0].value["status"] == first.suggested


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("pledges", {}),
        ("search", {"q": "bus"}),
        ("officials", {}),
        ("coverage", {}),
        ("review", {}),
        ("review", {"list": "silent"}),
        ("review", {"list": "speakers"}),
    ],
)
def test_every_list_can_be_taken_along(
    indexed: Settings, visit: Any, name: str, asked: dict[str, str]
) -> None:
    buttons = [button.proto.label for button in visit(indexed, name, **asked).get("download_button")]
    assert buttons == ["Download as CSV", "Download as JSON", "Download as Parquet"]


def test_doubts_are_settled_in_review_and_pledges_joined_and_parted_on_their_page(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    home = copy_home(gold_home, tmp_path)
    owners = [row.owner for row in pledge_list.pledges(home)]
    one, other = pledge_list.pledges(home, Filter(owner=max(owners, key=owners.count)))[:2]
    with warehouse.run(home) as connection:
        connection.execute("INSERT INTO doubts VALUES ('merge', ?, ?, 0.48, 'r')", [one.id, other.id])
    warehouse.publish(home)
    app = named(visit(home, "review", list="merges"), "Ann")
    assert "Likeness 0.48" in text_of(app) and one.words[:60] in text_of(app)
    press(app, "Join them")
    assert [(d.kind, d.subject, d.value) for d in journal.in_force(home)] == [
        ("merge", one.id, {"with": other.id})
    ]
    kept = pledge_page.pledge(home, other.id)
    assert kept is not None and len(pledge_list.pledges(home)) == len(owners) - 1
    app = named(visit(home, "pledge", id=kept.pledge.id), "Ben", "Split off")
    box = next(box for box in app.selectbox if box.label.startswith("A statement of another"))
    leaving = next(s.id for s in kept.stated if s.id in (one.id, other.id) and s.id != kept.pledge.id)
    box.select(leaving)
    press(app, "Part it")
    assert journal.in_force(home)[-1].kind == "split"
    app = press(visit(home, "pledge", id=kept.pledge.id), "Check a piece")
    box = next(box for box in named(app, "Ben").selectbox if box.label.startswith("Evidence or statement"))
    box.select(kept.pledge.id)
    press(app, "It is right")
    assert journal.in_force(home)[-1].kind == "confirm"
    assert re.search(r"checked by\s+Ben", text_of(visit(home, "pledge", id=kept.pledge.id)))


def test_officials_show_posts_and_counts_with_their_denominators(indexed: Settings, visit: Any) -> None:
    row = next(o for o in official_page.officials(indexed) if o.judged)
    text = text_of(visit(indexed, "officials"))
    assert row.name in text and f"{row.delivered} of {row.judged}" in text
    narrowed = text_of(visit(indexed, "officials", role="mp"))
    assert "MP for" in narrowed and "Chief Constable" not in narrowed
    text = text_of(visit(indexed, "officials", id=row.id))
    assert f"Pledges ({row.pledges})" in text and str(row.office) in text
    found = official_page.official(indexed, row.id)
    assert found is not None and len(found.latest) == min(5, row.statements)
    newest = statement_search.search(indexed, f'speaker:"{row.name}"', order="date", limit=1).hits[0]
    assert found.latest[0].published == newest.published and f"Statements ({row.statements})" in text
    app = visit(indexed, "officials", id=row.id)
    reader = Reader()
    for block in app.html:
        reader.feed(block.value)
    shown = {value for name, value in reader.attributes if name == "href"}
    assert {f"quotation?id={one.id}" for one in found.latest} <= shown
    assert {one.link for one in found.latest} <= shown and found.latest[0].link.startswith("http")
    assert any(f"q=official%3A{row.id}" in query for _, query, _ in links(app))
    assert "No official has this address" in text_of(visit(indexed, "officials", id="nobody"))
    with site_rows.reading(indexed) as reading:
        anothers, speaker = next(
            (page.pledge.id, stated.official_id)
            for page in reading.pages()
            for stated in page.stated
            if stated.official_id not in (None, page.pledge.person_id)
        )
    app = visit(indexed, "officials", id=speaker)
    assert "gave their word for too" in text_of(app)
    assert f"id={anothers}" in [query for _, query, _ in links(app)]


def test_coverage_tells_what_was_read_and_who_is_silent(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    closed = copy_home(gold_home, tmp_path)
    (tmp_path / "settings.toml").write_text("", encoding="utf-8")
    (tmp_path / "data" / "as_of").unlink(missing_ok=True)
    home = load(tmp_path)
    assert closed.closed and not home.closed
    with warehouse.run(home) as connection:
        connection.execute(
            "UPDATE outlets SET expected_weekly = 5, listings = ['http://h/rss'] "
            "WHERE name = 'Hexley Courier'"
        )
        connection.execute(
            "INSERT INTO problems VALUES ('gold', 'crawl', 'http://x/', 'not_html', 'a <b>', now())"
        )
        connection.execute("INSERT INTO skipped VALUES ('gold', 'load', 'unchanged', 7)")
        connection.execute("INSERT INTO outlets BY NAME SELECT 'Paper ' || n AS name FROM range(30) t(n)")
        asked = '{"asked": [{"url": "http://h/rss", "links": 0, "reason": ""}]}'
        connection.execute(
            "INSERT INTO visits VALUES ('c', 'Hexley Courier', ?, 0, 0, '{\"http_503\": 4}', ?)",
            [home.today, asked],
        )
    warehouse.publish(home)
    found = coverage_page.coverage(home)
    assert [outlet.name for outlet in found.outlets if outlet.silent] == ["Hexley Courier"]
    assert sum(outlet.articles for outlet in found.outlets) == overview_page.overview(home).articles
    app = visit(home, "coverage")
    text = text_of(app)
    assert len(app.get("download_button")) == 3 * len(("outlets", "listings", "left out", "problems"))
    assert "http 503 4" in text and "http://h/rss: no links" in text
    assert "an empty list" in text and "said outlets find" in text, "what is wrong, and what to try"
    assert "silent" in text and "no page" in text and "a <b>" in text and "unchanged" in text


def test_a_closed_collection_counts_from_its_own_day_on_every_page(
    gold_home: Settings, tmp_path: Path, visit: Any
) -> None:
    home = copy_home(gold_home, tmp_path)
    late = "TIMESTAMPTZ '2031-05-05 12:00:00Z'"  # when the machine read it, long after the collection's day
    with warehouse.run(home) as connection:
        execute = connection.execute
        execute(f"UPDATE articles SET first_seen = {late}")
        execute("UPDATE outlets SET expected_weekly = 5, listings = ['http://h/rss']")
        execute(f"UPDATE runs SET started = {late}, finished = {late}")
        execute(f"INSERT INTO problems VALUES ('gold', 'crawl', 'http://x/', 'not_html', 'x', {late})")
        execute(f"INSERT INTO visits VALUES ('c', 'Hexley Courier', {late}, 0, 0, '{{}}', '{{}}')")
        edited = "SELECT 'e', id, 'was', '', {}, NULL, NULL, NULL, NULL FROM articles LIMIT 1"
        names = "id, article_id, before, after, fetched, speaker, source_name, role, body"
        execute(f"INSERT INTO quotation_edits ({names}) {edited.format(late)}")
    warehouse.publish(home)
    statement = statement_search.search(home, "", limit=1).hits[0].id
    for page in PAGES:
        ids = {"quotation": statement, "pledge": pledge_list.pledges(home)[0].id}
        app = visit(home, page, id=ids.get(page, ""))
        text = text_of(app) + " ".join(label for _, _, label in links(app))
        assert "2031" not in text and "silent" not in text, page
        assert text.count("s of 30 June 2026") == 1, page
    assert not any(outlet.silent for outlet in coverage_page.coverage(home).outlets)


@pytest.mark.parametrize("page", PAGES)
def test_a_home_without_a_warehouse_says_what_to_do(tmp_path: Path, visit: Any, page: str) -> None:
    text = text_of(visit(Settings(home=tmp_path), page, id="x", q="bus"))
    assert "said run" in text


def test_how_accurate_it_is_needs_no_warehouse_and_shows_names_as_text(
    tmp_path: Path, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = copy.deepcopy(dict(accuracy.shipped())) | {"version": "0.0.1"}
    held["sets"] = {"fresh": dict(held["sets"]["fresh"])}
    held["sets"]["fresh"]["regions"] = [
        row | {"name": f"<script>{n}</script>"} for n, row in enumerate(3 * held["sets"]["fresh"]["regions"])
    ]
    monkeypatch.setattr(accuracy, "shipped", lambda: held)
    app = visit(Settings(home=tmp_path), "accuracy")
    text, reader = text_of(app), Reader()
    for block in app.html:
        reader.feed(block.value)
    told = accuracy.here()
    assert "version 0.0.1; version" in text and all(sentence in text for sentence in told.lead)
    assert all(section.heading in text for section in told.sections)
    assert "<script>8</script>" in text
    assert reader.tags - OURS == {"details", "summary"}


def test_a_broken_warehouse_says_what_to_do(tmp_path: Path, visit: Any) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"not a database" * 1000)
    assert "said rebuild" in text_of(visit(Settings(home=tmp_path), "overview"))


@pytest.mark.parametrize("page", [*PAGES, "review speakers", "review journal", "official"])
def test_hostile_text_is_text_on_every_page(hostile: Settings, visit: Any, page: str) -> None:
    name, _, kind = page.partition(" ")
    name = "officials" if name == "official" else name
    every = {  # of two that are of the same text, one
        "pledge": {row.owner: row.id for row in pledge_list.pledges(hostile)},
        "official": {row.name: row.id for row in official_page.officials(hostile)},
        "quotation": {hit.article_id: hit.id for hit in statement_search.search(hostile, "").hits},
    }
    seen = ""
    for key in every.get(page, {"": ""}).values():
        app = visit(hostile, name, id=key, list=kind, q="after:2020" if page == "search" else "")
        reader = Reader()
        for block in app.html:
            reader.feed(block.value)
        assert reader.tags <= OURS
        assert not [name for name, _ in reader.attributes if name.startswith("on")]
        pictures = [value for name, value in reader.attributes if name == "src"]
        assert all(re.fullmatch("data:image/svg[+]xml,[-_.~%/A-Za-z0-9]+", value) for value in pictures)
        for value in (value for name, value in reader.attributes if name == "href"):
            assert re.match(r"https?://|#[a-z]+|pledge\.json\?|[a-z]+(\?|$)", value), value
        seen += " ".join(reader.texts)
        for label in (*(label for _, _, label in links(app)), *widget_labels(app)):
            assert not re.search(r"(?<!\\)[<>\[\]$`]", label), label
    if page in ("pledge", "search", "quotation", "review speakers"):
        for n, bad in enumerate(HOSTILE):
            if page != "review speakers" or n % 3 == 0:
                for line in parts.plain(bad).split("\n"):
                    assert line in seen


@pytest.mark.parametrize("bad", HOSTILE)
def test_escaped_text_reads_back_letter_by_letter(bad: str) -> None:
    reader = Reader()
    reader.feed(parts.tag("p", bad, title=bad))
    assert "".join(reader.texts) == parts.plain(bad)
    assert reader.tags <= {"p", "wbr"} and reader.attributes == [("title", parts.plain(bad))]
    assert parts.esc(parts.esc(bad)) == parts.esc(bad)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("2 April 2026, Broken: “We said 300.”", "2 April 2026, Broken: “We said 300.”"),
        ("2. one", "2\\. one"),
        ("- one", "\\- one"),
        ("a -- b -> c", "a \\-\\- b \\-\\> c"),
        ("[x](y)", "\\[x\\]\\(y)"),
        ("![x]", "\\!\\[x\\]"),
        (":red[x]", "\\:\u2060red\\[x\\]"),
    ],
)
def test_a_label_is_escaped_only_where_markdown_would_read_it(text: str, line: str) -> None:
    assert parts.label(text) == line


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//x", "\x01http://x"]
)
def test_no_link_but_to_the_web(url: str) -> None:
    assert "href" not in parts.link("words", url)


def test_marks_may_overlap_anyhow() -> None:
    made = parts.marked("a<b> cd", [(0, 4), (2, 7)], [(1, 2), (6, 99)])
    reader = Reader()
    reader.feed(made)
    assert "".join(reader.texts) == "a<b> cd"
    assert reader.tags == {"mark", "b"}


def test_the_dashboard_listens_to_this_machine_only(tmp_path: Path) -> None:
    given = arguments(Settings(home=tmp_path), 8765)
    assert given[0] == "run" and Path(given[1]).is_file()
    assert {"--server.address=127.0.0.1", "--server.port=8765", "--browser.gatherUsageStats=false"} <= set(
        given
    )
