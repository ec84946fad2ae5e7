"""The digest: what it tells, what it does not tell twice, and hostile text in it."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from flows.delivery.email import Email, EmailEntry
from flows.delivery.publish import publish
from flows.digest.archive import letter_of
from flows.digest.compose import Digest, choose
from flows.digest.events import Happened, events
from flows.digest.items import DigestItem
from flows.digest.look import Fresh
from flows.digest.make import Edition, Wish, make_digest
from flows.digest.render.registry import FORMATS
from flows.digest.wording import clean
from ledger.decisions import journal, published
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision, DecisionKind

DAY = date(2026, 6, 30)
NEXT = date(2026, 7, 1)
HOSTILE = '<script>alert(1)</script> =HYPERLINK("x") \u202eevil\u202c \x00\x1b[31m `$x$` :material/delete:'


@pytest.fixture(scope="module")
def home(gold_home: Settings) -> Settings:
    """Marlshire as labelled, no digest written. Tests that write take `copy`."""
    return gold_home


@pytest.fixture
def copy(home: Settings, tmp_path: Path) -> Settings:
    """A home of its own with the same warehouse."""
    (tmp_path / "warehouse.duckdb").write_bytes(home.warehouse.read_bytes())
    return replace(home, home=tmp_path)


@contextmanager
def changing(settings: Settings) -> Iterator[warehouse.Connection]:
    with warehouse.run(settings) as connection:
        yield connection
    warehouse.publish(settings)


def everything(settings: Settings, day: date = DAY) -> Digest:
    """All that is on record on a day, as it is told to who has had a letter before."""
    edition = Edition(settings, Fresh(day, None, frozenset(), closed=day < settings.today), date(2025, 1, 1))
    (digest,) = edition.digests([Wish()])
    return digest


def section(digest: Digest, name: str) -> tuple[DigestItem, ...]:
    return next((s.items for s in digest.sections if s.name == name), ())


def pledge(settings: Settings, title: str) -> str:
    with published.reading(settings) as connection:
        row = connection.execute("SELECT id FROM pledge_view WHERE title = ?", [title]).fetchone()
    assert row
    return str(row[0])


def test_the_first_letter_greets_and_tells_the_ten_things_that_matter_now(home: Settings) -> None:
    digest = make_digest(home)
    assert digest.day == DAY
    assert digest.since is None
    assert digest.pledges == 65
    assert digest.subject == "Welcome to Said & Done, 30 June 2026: 10 things that matter now"
    (now,) = digest.sections
    assert len({item.pledge_id for item in now.items}) == 10
    assert [item.brief for item in now.items] == [False] * 3 + [True] * 7
    assert max(Counter(item.owner for item in now.items).values()) <= 4
    assert all(item.page == f"http://127.0.0.1:8501/pledge?id={item.pledge_id}" for item in now.items)
    assert len(digest.told) > 65
    assert "This is the first of your letters" in FORMATS["txt"](digest)


def test_what_is_told_has_its_reason_the_words_and_both_links(home: Settings) -> None:
    digest = everything(home)
    assert [(s.name, s.total) for s in digest.news] == [("missed", 22), ("new", 43)]
    assert digest.subject == "Said & Done, 30 June 2026: 22 dates missed, 43 new pledges"
    items = [item for n in range(22) for item in section(digest, "missed")[n : n + 1]]
    assert all(item.page.endswith(item.pledge_id) and item.said.link for item in items)
    item = next(i for i in items if i.title.startswith("All 14 Tarrant"))
    assert item.owner == "Marlshire Police"
    assert item.what == "Was due 10 April 2026, 81 days ago (said: “within twelve months”)"
    assert item.said.who == "Alastair Bream, Chief Constable, Marlshire Police"
    assert (item.said.outlet, item.said.day) == ("Marlshire Post", date(2025, 4, 10))
    assert item.said.link.startswith("https://www.marlshirepost.example/news/she-rang-for-help")
    assert "All%20of%20the%20recommendations" in item.said.link.partition("#:~:text=")[2]
    assert item.shown is not None
    assert (item.shown.words, item.shown.note) == ("Eleven of them are coloured in.", "Progress reported")


def test_reported_speech_is_not_given_as_a_quotation_without_a_word(home: Settings) -> None:
    digest = everything(home)
    said = {item.title: item.said for item in section(digest, "missed")}
    assert said["Repair a tenant's ceiling"].note == "In the reporter's words"
    own = next(item.said for item in section(digest, "new") if not item.brief and not item.said.note)
    letter = " ".join(FORMATS["txt"](digest).split())
    assert f"“{own.words}”" in letter
    assert "“" + said["Repair a tenant's ceiling"].words not in letter


def test_what_was_told_is_not_told_again_and_a_day_left_out_loses_nothing(copy: Settings) -> None:
    publish(copy)
    digest = make_digest(copy, NEXT)
    assert (digest.news, digest.since) == ((), DAY)
    assert digest.empty
    assert digest.subject == "Said & Done, 1 July 2026: nothing new"
    for form in ("txt", "html"):
        assert "Nothing new since the letter of 30 June 2026." in FORMATS[form](digest)
    due = make_digest(copy, date(2026, 9, 1))  # two months later, nobody having written one meanwhile
    assert [i.what.partition(",")[0] for i in section(due, "missed")] == ["Was due 31 August 2026"] * 3
    assert "This letter tells of 63 days" in FORMATS["txt"](due)
    assert due.trouble == ("no run has finished since 30 June 2026: what came out after it is not in here",)


def test_the_same_day_written_again_gives_the_same_bytes(copy: Settings) -> None:
    page, _ = publish(copy)
    files = sorted(copy.digests.iterdir())
    letter = ["2026-06-30.html", "2026-06-30.json", "2026-06-30.txt"]
    assert [file.name for file in files] == [*letter, "deadlines.ics", "feed.atom"]
    before = [file.read_bytes() for file in files]
    assert publish(copy)[0] == page
    assert [file.read_bytes() for file in files] == before


def test_a_look_back_tells_again_and_leaves_no_record(copy: Settings) -> None:
    publish(copy)
    page, _ = publish(copy, since=date(2026, 5, 31))
    assert page.name == "2026-06-30-since-2026-05-31.html"
    digest = make_digest(copy, since=date(2026, 5, 31))
    assert digest.news
    for item in section(digest, "new"):
        assert item.said.day
        assert item.said.day > date(2026, 5, 31)
    assert next(s.total for s in digest.sections if s.name == "missed") == 4
    assert make_digest(copy, NEXT).news == ()
    with pytest.raises(WrongUse, match="earlier day"):
        make_digest(copy, since=DAY)


def test_deadlines_ahead_are_a_calendar_and_no_news(copy: Settings) -> None:
    first = replace(copy, as_of=date(2026, 8, 20))
    publish(first)
    digest = make_digest(first, date(2026, 8, 21))
    assert digest.news == ()
    assert [(i.title, i.what) for i in section(digest, "ahead")] == [
        ("Decide whether to copy the charter elsewhere",
         "Due 31 August 2026, in 10 days (said: “in the summer”)"),
        ("Passenger flights from Pellbridge Airport by summer 2026",
         "Due 31 August 2026, in 10 days (said: “by summer 2026”)"),
        ("Open a replacement library in two rooms of the Miners' Welfare",
         "Due 1 September 2026, in 11 days (said: “by the first of September”)"),
    ]  # fmt: skip
    assert "Nothing new" in FORMATS["txt"](digest)
    assert "DUE IN THE NEXT 14 DAYS (3)" in FORMATS["txt"](digest)
    assert len(section(make_digest(first, date(2026, 8, 11)), "ahead")) == 0


def test_a_pledge_under_another_id_is_not_told_again(copy: Settings) -> None:
    publish(copy, DAY)
    listed = {item.pledge_id for item in section(make_digest(copy), "now")}
    with changing(copy) as connection:
        for table, key in (("pledges", "id"), ("pledges", "first"), ("pledge_commitments", "pledge_id"),
                           ("pledge_commitments", "commitment_id"), ("commitments", "id")):  # fmt: skip
            connection.execute(f"UPDATE {table} SET {key} = 'x' || {key}")
        connection.execute("INSERT INTO succeeded SELECT substr(id, 2), id FROM commitments")
    after = make_digest(copy, NEXT)
    assert listed and not section(after, "new") and not section(after, "missed")


def test_a_changed_suggestion_is_told_once_with_its_reason(copy: Settings) -> None:
    publish(copy)
    changed = pledge(copy, "300 more neighbourhood officers by March 2026")
    with changing(copy) as connection:
        rows = [
            ("not_yet_rated", "in_progress", "a progress report", DAY, "r1"),
            ("in_progress", "delivered", "two outlets say so", NEXT, "r2"),
        ]
        for was, now, why, day, run in rows:
            connection.execute(
                "INSERT INTO suggestions VALUES (?, ?, ?, ?, ?, now(), ?)", [changed, now, was, why, day, run]
            )
    later = replace(copy, as_of=NEXT)
    (item,) = section(make_digest(later), "changed")
    assert item.what == "Not yet rated → delivered, suggested by the machine"
    assert item.why == "two outlets say so"
    publish(later)
    assert section(make_digest(later), "changed") == (item,)
    assert make_digest(later, date(2026, 7, 2)).news == ()


def test_a_suggestion_that_went_and_came_back_is_no_change() -> None:
    rows = [
        {"pledge_id": "p", "was": "stalled", "status": "delivered", "why": "", "day": DAY, "run_id": "1"},
        {"pledge_id": "p", "was": "delivered", "status": "stalled", "why": "", "day": DAY, "run_id": "2"},
    ]
    assert events(Happened(suggestions=rows), Fresh(DAY, None, frozenset())) == []
    once = Happened(suggestions=rows[:1])
    (event,) = events(once, Fresh(DAY, None, frozenset()))
    assert event.keys == ("change:p:1",)
    assert events(once, Fresh(DAY, None, {"change:p:1"})) == []


def test_a_status_set_by_a_person_is_told_with_name_and_reason_and_ends_overdue(copy: Settings) -> None:
    publish(copy)
    ceiling = pledge(copy, "repair a tenant's ceiling")
    value: dict[str, object] = {"status": "delivered", "evidence": ["e"], "reason": "tenant confirmed"}
    at = datetime(2026, 7, 1, 9, tzinfo=UTC)
    journal.record(copy, Decision("set_status", ceiling, value, "Ada <b>Desk</b>", "", at))
    later = replace(copy, as_of=NEXT)
    digest = make_digest(later)
    (item,) = section(digest, "decided")
    assert item.what == "Delivered, set by Ada <b>Desk</b> (the machine suggests: not yet rated)"
    assert (item.status, item.why) == ("delivered", "tenant confirmed")
    assert digest.overdue == 21
    assert "<b>Desk" not in FORMATS["html"](digest)


def test_what_was_set_on_either_half_is_told_of_what_they_were_merged_to(copy: Settings) -> None:
    publish(copy)
    with published.reading(copy) as connection:
        first, second = (
            row[0]
            for row in connection.execute(
                "SELECT id FROM pledge_view ORDER BY first_stated LIMIT 2"
            ).fetchall()
        )
    decisions: list[tuple[DecisionKind, str, dict[str, object]]] = [
        ("set_status", first, {"status": "stalled"}),
        ("set_status", second, {"status": "not_delivered"}),
        ("merge", second, {"with": first}),
    ]
    for hour, (kind, subject, value) in enumerate(decisions, 9):
        at = datetime(2026, 7, 1, hour, tzinfo=UTC)
        journal.record(copy, Decision(kind, subject, value, "Ada", "seen", at))
    (item,) = section(make_digest(replace(copy, as_of=NEXT)), "decided")
    assert [told.partition(",")[0] for told in (item.what, *item.also)][:2] == ["Not delivered", "Stalled"]
    assert item.status == "not delivered"


def test_a_past_day_does_not_tell_what_came_later(home: Settings) -> None:
    digest = everything(home, date(2025, 12, 31))
    assert section(digest, "new")
    assert all(i.said.day and i.said.day <= date(2025, 12, 31) for i in section(digest, "new"))


PLAIN_TAGS = {
    *("html", "head", "meta", "title", "style", "body"),
    *("div", "h1", "h2", "h3", "p", "strong", "span", "bdi", "br", "a"),
}


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.text = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert not any(name.startswith("on") or name == "src" for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_hostile_names_titles_and_words_show_as_text(copy: Settings) -> None:
    with changing(copy) as connection:
        connection.execute(
            "UPDATE articles SET title = ?, outlet = ?, url = 'javascript:alert(1)'", [HOSTILE] * 2
        )
        connection.execute("UPDATE statements SET speaker = ?, words = ?", [HOSTILE, HOSTILE + "x" * 10_000])
        connection.execute("UPDATE pledges SET title = ?, owner = ?, why = ?", [HOSTILE] * 3)
        connection.execute("UPDATE evidence SET words = ?, source = ?", [HOSTILE] * 2)
    digest = everything(copy)
    page, mailed, text = Tags(), Tags(), FORMATS["txt"](digest)
    page.feed(FORMATS["html"](digest))
    entry = EmailEntry(to=["desk@example.org"], sender="digest@example.org", server="smtp.example.org")
    letter = Email("desk@example.org", entry, SecretStr(""), None).message(letter_of(digest, "2026-06-30"))
    mailed.feed(body.get_content() if (body := letter.get_body(("html",))) else "")
    assert mailed.seen == page.seen - {"style"}
    assert page.seen <= PLAIN_TAGS
    assert all(link.startswith("http://127.0.0.1:8501/") for link in page.links + mailed.links)
    for shown in (page.text, mailed.text, text):
        assert "<script>alert(1)</script>" in shown
        assert '=HYPERLINK("x") evil [31m' in shown
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", shown)
    assert len(text) < 200_000
    assert json.loads(FORMATS["json"](digest))["day"] == "2026-06-30"


def test_reserved_articles_give_no_words_of_the_reporter(copy: Settings) -> None:
    with changing(copy) as connection:
        connection.execute("UPDATE articles SET rights = '{\"tdm_reserved\": true}'")
    shown = [i.shown for i in section(everything(copy), "missed") if i.shown]
    assert any(quote.words for quote in shown)  # somebody's quoted words stay
    assert any(not quote.words for quote in shown)
    assert all(quote.link for quote in shown)


@pytest.mark.parametrize(
    "broken", ["", "[]", "{}", '{"day": "x", "told": []}', '{"day": "2026-06-29", "told": 3}', "\x00"]
)
def test_a_broken_record_is_named(copy: Settings, broken: str) -> None:
    copy.digests.mkdir(parents=True)
    (copy.digests / "2026-06-29.json").write_text(broken, encoding="utf-8")
    with pytest.raises(WrongUse, match=r"2026-06-29\.json is no record of a digest"):
        publish(copy)


def test_a_folder_that_cannot_be_written_is_named(copy: Settings) -> None:
    copy.data.mkdir(exist_ok=True)
    copy.digests.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(WrongUse, match="digests"):
        publish(copy)


@given(st.text(), st.integers(10, 50))
def test_clean_text_is_one_short_printable_line(text: str, most: int) -> None:
    line = clean(text, most)
    assert len(line) <= most + len(" […]")
    assert "\n" not in line
    assert clean(line, most + len(" […]")) == line
    line.encode("utf-8")


def test_an_editors_verdict_is_told_with_its_paragraph_before_the_status(copy: Settings) -> None:
    publish(copy)
    ceiling = pledge(copy, "repair a tenant's ceiling")
    at = datetime(2026, 7, 1, 9, tzinfo=UTC)
    value: dict[str, object] = {"status": "delivered", "evidence": [], "reason": "tenant confirmed"}
    journal.record(copy, Decision("set_status", ceiling, value, "Ada Desk", "seen", at))
    text = "The ceiling was mended eight days late, and the tenant says so."
    journal.record(
        copy,
        Decision("verdict", ceiling, {"text": text, "links": ["https://x.example/"]}, "Ada Desk", "", at),
    )
    digest = make_digest(replace(copy, as_of=NEXT))
    (item,) = section(digest, "decided")
    assert (item.what, item.verdict) == ("Verdict, by Ada Desk", text)
    assert item.also[0].startswith("Delivered, set by Ada Desk")
    for form in ("txt", "html"):
        assert text in " ".join(FORMATS[form](digest).split())


def row(key: str, **given: object) -> dict[str, object]:
    """A pledge as `digest_rows.pledge_rows` gives it: an aspiration of a body, overdue since May."""
    plain: dict[str, object] = {
        "id": key, "came": date(2025, 1, 1), "last_stated": None, "first_due": date(2026, 5, 1),
        "deadline": date(2026, 5, 1), "flags": ["overdue"], "status": "stalled", "awaited": True,
        "type": "aspiration", "owner": "Exby Council", "owner_id": None, "person": None, "person_id": None,
        "body": "Exby Council", "area": "", "region": "", "title": key, "words": "", "independent": 0,
        "outlets": ["A"], "statements": [],
    }  # fmt: skip
    return plain | given


def test_firm_promises_of_named_officials_weigh_most_and_headline_ones_above_all() -> None:
    pledges = [
        row("a"),
        row("b", type="firm"),
        row("c", type="firm", owner_id="1"),
        row("d", type="firm", owner_id="1", first_due=date(2026, 6, 25), deadline=date(2026, 6, 25)),
        row("e"),
    ]
    told = frozenset(f"new:{key}" for key in "abcde")
    found = events(Happened(pledges, headline={"e"}), Fresh(DAY, None, told))
    assert [event.pledge_id for event in found] == ["e", "d", "c", "b", "a"]
    (missed,) = [one for one in choose(found, asked=False) if one.name == "missed"]
    assert [pick.brief for pick in missed.picks] == [False, False, True, True, True]


def test_the_same_words_in_copies_and_other_outlets_are_told_once() -> None:
    said = {
        "official_id": "1",
        "body": "",
        "area": "",
        "region": "",
        "kind": "direct",
        "pledges": None,
        "came": DAY,
    }
    rows = [
        {**said, "id": "3", "outlet": "C", "day": DAY, "words": "We will open it."},
        {**said, "id": "2", "outlet": "B", "day": DAY, "words": "“We will open it”"},
        {**said, "id": "1", "outlet": "A", "day": date(2026, 6, 29), "words": "We WILL open it"},
    ]
    (event,) = events(Happened(said=rows), Fresh(DAY, None, frozenset()))
    assert (event.subject, event.what) == ("1", "in 3 outlets")
    assert set(event.keys) == {"said:1", "said:2", "said:3"}


def test_a_run_that_did_not_finish_stands_on_top(copy: Settings) -> None:
    publish(copy)
    copy.work.parent.mkdir(exist_ok=True)
    copy.work.touch()
    assert make_digest(copy, NEXT).empty  # a run may be at work
    os.utime(copy.work, (0, 0))
    digest = make_digest(copy, NEXT)
    assert not digest.empty and "did not finish" in digest.subject
    text = FORMATS["txt"](digest)
    assert text.index("! A run was begun") < text.index("Nothing new")


def test_a_promise_that_an_editor_marked_stands_first(copy: Settings) -> None:
    publish(copy)
    ceiling = pledge(copy, "repair a tenant's ceiling")
    journal.record(copy, Decision("headline", ceiling, {"headline": True}, "Ada", "matters", None))
    assert section(everything(copy), "missed")[0].pledge_id == ceiling
    journal.record(copy, Decision("headline", ceiling, {"headline": False}, "Ada", "no more", None))
    assert section(everything(copy), "missed")[0].pledge_id != ceiling
