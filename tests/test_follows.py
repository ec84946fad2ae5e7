"""Following: what a letter holds of it, how it begins and ends by links, that nothing is told twice."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.letters import ROUTES
from flows.delivery.following import follow
from flows.delivery.publish import publish, tell_at_once
from flows.delivery.subscriptions import load_subscriptions
from flows.digest.compose import Digest
from flows.digest.look import Fresh
from flows.digest.make import Edition, Wish
from flows.digest.wanted import Index
from ledger.decisions import journal, published
from ledger.errors import SaidError, WrongUse
from ledger.follows import followers, links
from ledger.follows.follow import Follow, FollowKind, Interest, Rhythm
from ledger.names.known import KnownNames
from ledger.queries.topics import patterns
from ledger.questions.followed import Known
from ledger.search.word_index import update
from ledger.settings import Settings
from ledger.types import Decision
from tests.servers import MailServer, running
from tests.visits import opened

DAY = date(2026, 6, 30)
BUSES = patterns()["Buses, trains and trams"]
MAYOR = Follow("official", "Helena Rudkin")


@pytest.fixture
def home(gold_home: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "warehouse.duckdb").write_bytes(gold_home.warehouse.read_bytes())
    (tmp_path / "settings.toml").write_text(
        'as_of = 2026-06-30\npublic_address = "https://said.example/here/"\n', encoding="utf-8"
    )
    return replace(gold_home, home=tmp_path, public_address="https://said.example/here/")


@pytest.fixture
def server() -> Iterator[MailServer]:
    post = MailServer()
    with running(post):
        yield post


@pytest.fixture
def web(home: Settings, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("SAID_HOME", str(home.home))
    return TestClient(Starlette(routes=ROUTES))


def subscribe(home: Settings, port: int, *entries: dict[str, object]) -> None:
    common = {"channel": "email", "sender": "said@example.org", "server": "127.0.0.1", "port": port}
    written = [{**common, "security": "none", **entry} for entry in entries]
    (home.home / "subscriptions.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")


def told(home: Settings, *interests: Interest, last: date | None = date(2025, 1, 1)) -> Digest:
    """All on record that is wanted, as told to who had a letter before."""
    edition = Edition(home, Fresh(DAY, None, frozenset()), last, interests)
    (digest,) = edition.digests([Wish(interests)])
    return digest


def pledges_of(digest: Digest) -> set[str]:
    return {item.pledge_id for section in digest.sections for item in section.items}


@pytest.mark.parametrize(
    ("wanted", "clause"),
    [
        (MAYOR, "person = 'Helena Rudkin'"),
        (Follow("official", "mayor of Marlshire"), "person = 'Helena Rudkin'"),
        (Follow("body", "marlshire police"), "owner = 'Marlshire Police' OR body = 'Marlshire Police'"),
        (Follow("area", "Marlshire"), "true"),
        (Follow("topic", "buses"), f"regexp_matches(lower(title || ' ' || words), '{BUSES}')"),
        (Follow("search", '"neighbourhood teams"'), "title LIKE '%neighbourhood officers%'"),
    ],
)
def test_a_letter_holds_what_its_reader_follows_and_says_by_what(
    gold_home: Settings, wanted: Follow, clause: str
) -> None:
    nobody = Follow("pledge", "0" * 16)
    digest = told(gold_home, Interest((wanted, nobody)))
    with published.reading(gold_home) as connection:
        fitting = {
            row[0] for row in connection.execute(f"SELECT id FROM pledge_view WHERE {clause}").fetchall()
        }
    listed = [item for section in digest.sections for item in section.items if item.pledge_id]
    assert listed and {item.pledge_id for item in listed} <= fitting
    assert all(item.because for item in listed)
    if wanted.kind != "search":
        assert digest.pledges == len(fitting)


def test_what_is_left_out_is_in_no_letter_and_one_pledge_can_be_followed(gold_home: Settings) -> None:
    police, topic = Follow("body", "Marlshire Police"), Follow("topic", "crime")
    whole, without = told(gold_home, Interest((police,))), told(gold_home, Interest((police,), (topic,)))
    assert 0 < without.pledges < whole.pledges
    one = next(iter(pledges_of(whole)))
    only = told(gold_home, Interest((Follow("pledge", one),)))
    assert (pledges_of(only), only.pledges) == ({one}, 1)
    assert told(gold_home, Interest((), (police,))).pledges == 65 - whole.pledges


def test_words_are_told_to_who_follows_the_official_and_to_nobody_else(gold_home: Settings) -> None:
    recent = replace(gold_home, as_of=date(2026, 6, 20))
    speaker = Follow("official", "Fiona Larkin")
    for interest, some in ((Interest((speaker,)), True), (Interest(), False)):
        edition = Edition(recent, Fresh(date(2026, 6, 20), None, frozenset()), date(2026, 6, 1), [interest])
        (digest,) = edition.digests([Wish((interest,))])
        spoken = [item for s in digest.sections if s.name == "said" for item in s.items]
        assert bool(spoken) == some
        assert all(item.title == "Fiona Larkin" and item.page.partition("id=")[2] for item in spoken)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (
            Follow("official", "Helena Rudkn"),
            "No official is known as “Helena Rudkn”. Did you mean Helena Rudkin?",
        ),
        (Follow("topic", "Bussing and Housing"), "No topic is known as"),
        (Follow("pledge", "feed"), "No pledge has the id feed."),
        (Follow("search", "after:yesterday"), "The search “after:yesterday” cannot be read"),
    ],
)
def test_a_name_that_is_not_known_is_said_to_be_so(
    gold_home: Settings, home: Settings, server: MailServer, wanted: Follow, said: str
) -> None:
    assert said in " ".join(told(gold_home, Interest((wanted,))).unknown)
    entry: dict[str, object] = {
        "to": "a@example.org",
        "follow": [{wanted.kind: wanted.value}, {"official": "Helena Rudkin"}],
    }
    if wanted.kind == "search":
        (home.data / "index").parent.mkdir(exist_ok=True)
        update(home)
    subscribe(home, server.port, entry)
    (skipped,) = publish(home)[1].skipped
    assert said in skipped
    assert said in " ".join(server.taken[0][2].get_body(("plain",)).get_content().split())  # type: ignore[union-attr]


KINDS: list[FollowKind] = ["official", "body", "topic"]
follows = st.builds(Follow, st.sampled_from(KINDS), st.sampled_from("abc"))
things = st.lists(st.frozensets(st.tuples(st.sampled_from(KINDS), st.sampled_from("abc"))), max_size=12)
interests = st.builds(
    Interest, st.lists(follows, max_size=3).map(tuple), st.lists(follows, max_size=2).map(tuple)
)


@given(things, st.lists(interests, max_size=3))
def test_what_is_wanted_is_what_each_thing_says_of_itself(
    given_things: list[frozenset[tuple[str, str]]], wanted: list[Interest]
) -> None:
    names = KnownNames(people={name: name for name in "abc"}, bodies=dict.fromkeys("abc", frozenset()))
    known = Known(names, {}, {})
    fits = {one: known.facets(one) for interest in wanted for one in (*interest.follow, *interest.but)}

    def wants(interest: Interest, thing: frozenset[tuple[str, str]]) -> bool:
        some = not interest.follow or any(fits[one] & thing for one in interest.follow)
        return some and not any(fits[one] & thing for one in interest.but)

    expected = [n for n, one in enumerate(given_things) if any(wants(interest, one) for interest in wanted)]
    assert Index(given_things, known).wanted(wanted) == expected


def test_following_begins_by_the_link_in_a_letter_and_ends_with_one_click(
    home: Settings, server: MailServer, web: TestClient
) -> None:
    subscribe(home, server.port, {"to": "followers"})
    assert "on its way" in follow(home, "kit@example.org", "day", [MAYOR])
    assert follow(home, "kit@example.org", "day", [MAYOR])  # pressed twice: one letter
    (asking,) = server.taken
    assert publish(home)[1].written == 0  # nothing goes out before it is confirmed
    body = asking[2].get_body(("plain",))
    assert body
    (address,) = re.findall(r"https://said\.example/here(/letters/confirm\?t=\S+)", body.get_content())
    assert "kit" not in address
    assert "Helena Rudkin" in web.get(address).text  # opening it confirms nothing
    assert load_subscriptions(home) == []
    assert [web.post(address).status_code for _ in range(2)] == [200, 200]
    (one,) = load_subscriptions(home)
    assert (one.interests, one.every) == ((Interest((MAYOR,)),), "day")
    assert publish(home)[1].written == 1
    letter = server.taken[-1][2]
    assert letter["To"] == "kit@example.org"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.fullmatch(r"<https://said\.example/here(/letters/stop\?t=[\w.-]+)>", letter["List-Unsubscribe"])
    assert stop and "kit" not in stop[1]
    text = letter.get_body(("plain",))
    assert text and f"https://said.example/here{stop[1]}" in text.get_content()
    assert "Stop all letters" in web.get(stop[1]).text
    assert len(load_subscriptions(home)) == 1
    done = web.post(stop[1], data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert load_subscriptions(home) == []
    assert publish(replace(home, as_of=date(2026, 7, 1)))[1].read == 0


def test_a_page_asks_for_an_address_and_sends_the_letter(
    home: Settings, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(home, server.port, {"to": "followers"})
    with published.reading(home) as connection:
        (mayor,) = connection.execute(
            "SELECT id FROM w.officials WHERE name = 'Helena Rudkin'"
        ).fetchone() or ("",)
    app = opened(monkeypatch, home.home, "officials", {"id": mayor})
    next(box for box in app.text_input if box.label == "Your e-mail address").set_value("kit@example.org")
    next(button for button in app.button if button.label == "Follow").click().run()
    assert not app.exception
    assert [str(one.value) for one in app.error] == []
    assert "on its way" in app.success[0].value
    ((_, to, letter, _),) = server.taken
    assert to == ["kit@example.org"]
    assert "Helena Rudkin" in str(letter.get_body(("plain",)))


def test_one_thing_can_be_left_and_one_who_is_named_in_the_file_can_end_it_too(
    home: Settings, server: MailServer, web: TestClient
) -> None:
    topic = Follow("topic", "Housing and planning")
    wish = followers.ask(home, "kit@example.org", "week", [MAYOR, topic])
    assert followers.confirm(home, wish.n)
    subscribe(home, server.port, {"to": "followers"}, {"to": "desk@example.org"})
    desk, kit = (links.code_of(home, "email", name) for name in ("desk@example.org", "kit@example.org"))
    page = f"/letters/stop?t={links.token(home, 'stop', kit)}"
    assert "Housing and planning" in web.post(f"{page}&follow=0").text
    by_page, _ = load_subscriptions(home)
    assert (by_page.interests, by_page.every) == ((Interest((topic,)),), "week")
    web.post(f"/letters/stop?t={links.token(home, 'stop', desk)}")
    assert load_subscriptions(home) == [by_page]
    again = followers.ask(home, "desk@example.org", "day", [MAYOR])
    followers.confirm(home, again.n)
    assert Interest() in load_subscriptions(home)[-1].interests


def test_a_link_is_good_for_one_thing_in_one_home_and_for_a_week(
    home: Settings, web: TestClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    token = links.token(home, "confirm", "1")
    other = replace(home, home=tmp_path_factory.mktemp("other"))
    assert links.value_of(home, "confirm", token) == "1"
    assert links.value_of(home, "stop", token) == links.value_of(other, "confirm", token) == ""
    for forged in ("", "1", token[:-1], f"{token}x", token.replace("1.", "2."), "é" * 30, "1." + "A" * 22):
        assert links.value_of(home, "confirm", forged) == ""
        assert web.post("/letters/confirm", params={"t": forged}).status_code == 404
    assert home.link_secret.stat().st_mode & 0o777 == 0o600
    wish = followers.ask(home, "kit@example.org", "day", [MAYOR])
    assert home.followers.stat().st_mode & 0o777 == 0o600
    old = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    with sqlite3.connect(home.followers) as record:
        record.execute(
            "INSERT INTO followers (at, what, code, address, every, follow)"
            " SELECT ?, what, code, address, every, follow FROM followers WHERE n = ?", (old, wish.n),
        )  # fmt: skip
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            record.execute("DELETE FROM followers")
    assert web.post(f"/letters/confirm?t={links.token(home, 'confirm', str(wish.n + 1))}").status_code == 404
    home.link_secret.chmod(0o644)
    with pytest.raises(WrongUse, match="chmod 600"):
        links.token(home, "stop", "a")


def test_a_form_cannot_be_used_to_send_letters_to_strangers(home: Settings, server: MailServer) -> None:
    with pytest.raises(WrongUse, match="`to: followers`"):
        follow(home, "kit@example.org", "day", [MAYOR])
    subscribe(home, server.port, {"to": "followers"})
    for bad in ("nobody", "a@b.c\nBcc: x@y.z", "a@b c", "<a@b.c>"):
        with pytest.raises(WrongUse, match="no e-mail address"):
            follow(home, bad, "day", [MAYOR])
    for n in range(60):
        followers.ask(home, f"n{n}@example.org", "day", [MAYOR])
    with pytest.raises(WrongUse, match="try again later"):
        follow(home, "kit@example.org", "day", [MAYOR])
    assert server.taken == []


def test_a_letter_that_could_not_be_sent_can_be_asked_for_again(home: Settings) -> None:
    gone = MailServer()
    gone.server_close()
    subscribe(home, gone.port, {"to": "followers"})
    with pytest.raises(SaidError, match="could not be sent"):
        follow(home, "kit@example.org", "day", [MAYOR])
    post = MailServer()
    with running(post):
        subscribe(home, post.port, {"to": "followers"})
        follow(home, "kit@example.org", "day", [MAYOR])
    assert len(post.taken) == 1


def set_status(home: Settings, title: str, at: datetime) -> None:
    with published.reading(home) as connection:
        (pledge,) = connection.execute("SELECT id FROM pledge_view WHERE title = ?", [title]).fetchone() or (
            "",
        )
    journal.record(home, Decision("set_status", pledge, {"status": "stalled"}, "Ada", "seen", at))


def test_nothing_is_told_twice_to_a_reader_whatever_the_rhythm(home: Settings, server: MailServer) -> None:
    police: list[dict[str, str]] = [{"body": "Marlshire Police"}]

    def entry(every: Rhythm, follow: list[dict[str, str]]) -> dict[str, object]:
        return {"to": "kit@example.org", "every": every, "follow": follow}

    subscribe(
        home, server.port, entry("at once", police), entry("day", [*police, {"official": "Helena Rudkin"}])
    )
    publish(home)
    (welcome,) = server.taken  # one greeting for both
    assert welcome[2]["Subject"].startswith("Welcome")
    set_status(home, "300 more neighbourhood officers by March 2026", datetime(2026, 6, 30, 15, tzinfo=UTC))
    set_status(
        home,
        "Tram extension to Addlestow, work starting by summer 2026",
        datetime(2026, 6, 30, 16, tzinfo=UTC),
    )
    assert tell_at_once(home).written == 1
    assert tell_at_once(home).written == 0
    publish(replace(home, as_of=date(2026, 7, 1)))
    letters = [message.get_body(("plain",)).get_content() for _, _, message, _ in server.taken[1:]]  # type: ignore[union-attr]
    assert len(letters) == 2
    at_once, daily = letters
    assert "neighbourhood officers" in at_once and "Tram extension" not in at_once
    assert "Tram extension" in daily and "neighbourhood officers" not in daily


def test_what_came_before_another_rhythm_began_is_not_lost(home: Settings, server: MailServer) -> None:
    daily: dict[str, object] = {"to": "kit@example.org"}
    subscribe(home, server.port, daily)
    publish(home)
    set_status(home, "300 more neighbourhood officers by March 2026", datetime(2026, 6, 30, 15, tzinfo=UTC))
    subscribe(
        home, server.port, daily, daily | {"every": "at once", "follow": [{"body": "Marlshire Police"}]}
    )
    assert tell_at_once(home).written == 0
    assert publish(replace(home, as_of=date(2026, 7, 1)))[1].written == 1
    assert "neighbourhood officers" in str(server.taken[-1][2].get_body(("plain",)))


def test_a_weekly_letter_comes_once_in_a_week_and_holds_all_of_it(home: Settings, server: MailServer) -> None:
    subscribe(home, server.port, {"to": "kit@example.org", "every": "week"})
    assert publish(home)[1].written == 1  # a Tuesday
    set_status(home, "300 more neighbourhood officers by March 2026", datetime(2026, 7, 1, 9, tzinfo=UTC))
    sent = []
    for n in range(1, 8):
        sent.append(publish(replace(home, as_of=DAY + timedelta(days=n)))[1].written)
    assert sent == [0, 0, 0, 0, 0, 1, 0]  # on Monday
    last = server.taken[-1][2]
    assert "1 status set" in last["Subject"]
    assert "The week to 6 July 2026" in last.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_one_line_on_a_day_without_news_for_who_asked_for_it(home: Settings, server: MailServer) -> None:
    subscribe(home, server.port, {"to": "kit@example.org"}, {"to": "ann@example.org", "when_empty": "line"})
    publish(home)
    assert publish(replace(home, as_of=date(2026, 7, 1)))[1].written == 1
    assert server.taken[-1][2]["To"] == "ann@example.org"
    assert "nothing new" in server.taken[-1][2]["Subject"]


def test_the_record_of_an_edition_holds_no_address(home: Settings, server: MailServer) -> None:
    subscribe(home, server.port, {"to": "kit@example.org", "every": "at once"})
    publish(home)
    (record,) = home.digests.glob("????-??-??T??????.json")
    assert set(json.loads(record.read_text(encoding="utf-8"))) == {"day", "told"}
