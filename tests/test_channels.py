"""The digest's ways out, against a real mail server and a real HTTP server on loopback ports."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import ClassVar, Self

import pytest
import yaml

from flows.delivery.channel import Receipt
from flows.delivery.publish import publish
from flows.delivery.registry import CHANNELS
from flows.delivery.subscriptions import load_subscriptions
from flows.digest.archive import Letter
from flows.digest.render.registry import FORMATS
from ledger.decisions import journal, published
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.types import Decision
from tests.servers import HookServer, MailServer, NonsenseServer, make_certificate, running

NEXT = date(2026, 7, 1)
AFTERNOON = datetime(2026, 6, 30, 14, tzinfo=UTC)


@pytest.fixture
def home(gold_home: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "warehouse.duckdb").write_bytes(gold_home.warehouse.read_bytes())
    return replace(gold_home, home=tmp_path)


def subscribe(home: Settings, *entries: dict[str, object]) -> None:
    (home.home / "subscriptions.yaml").write_text(yaml.safe_dump(list(entries)), encoding="utf-8")


def keep_secret(home: Settings, name: str, words: str) -> None:
    (home.home / name).write_text(words, encoding="utf-8")
    (home.home / name).chmod(0o600)


def email(port: int, **more: object) -> dict[str, object]:
    return {
        "channel": "email", "to": ["desk@example.org"], "sender": "digest@example.org",
        "server": "127.0.0.1", "port": port, "security": "none", **more,
    }  # fmt: skip


def plain(page: str) -> list[str]:
    """The words of a page."""
    return unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)).split()


@dataclass(frozen=True)
class Pigeon:
    """A channel that is known only here: it leaves a letter in a loft, which is a folder of the home."""

    key: ClassVar[str] = "pigeon"
    target: str
    shown: str

    @classmethod
    def load(cls, settings: Settings, where: str, entry: Mapping[str, object]) -> list[Self]:
        lofts = entry.get("lofts")
        if not isinstance(lofts, list):
            raise WrongUse(f"{where}: a pigeon needs lofts")
        return [cls(str(settings.home / loft), loft) for loft in lofts]

    @property
    def noted(self) -> str:
        return self.shown

    def send(self, letter: Letter, commit: Callable[[], None]) -> Receipt:
        try:
            commit()
            with (Path(self.target) / letter.name).open("x") as file:  # fails when it comes a second time
                file.write(letter.part("loud"))
        except OSError as error:
            return Receipt("no loft", str(error.strerror), "failed")
        return Receipt()


def test_a_channel_and_a_format_are_a_class_and_a_line_each(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, "loud", lambda digest: digest.subject.upper())
    monkeypatch.setitem(CHANNELS, Pigeon.key, Pigeon)
    east, west = home.home / "east", home.home / "west"
    east.mkdir()
    subscribe(home, {"channel": "pigeon"})
    with pytest.raises(WrongUse, match=r"subscriptions\.yaml, entry 1: a pigeon needs lofts"):
        publish(home)
    subscribe(home, {"channel": "pigeon", "lofts": ["east", "west"]})
    page, counts = publish(home, channels=["pigeon"])
    assert counts.written == 1
    (problem,) = counts.problems
    assert (problem.item, problem.reason) == ("2026-06-30 to west", "no loft")
    subject = "WELCOME TO SAID & DONE, 30 JUNE 2026: 10 THINGS THAT MATTER NOW"
    (letter,) = east.iterdir()
    assert letter.name.startswith("2026-06-30.")
    assert page.with_suffix(".loud").read_text() == letter.read_text() == subject
    west.mkdir()
    counts = publish(replace(home, as_of=NEXT))[1]  # nothing new: only who missed the first gets a letter
    assert (counts.read, counts.written, counts.problems) == (1, 1, [])
    assert publish(replace(home, as_of=NEXT))[1].skipped == {"sent before": 2}
    assert len(list(east.iterdir())) == 1
    (late,) = west.iterdir()
    assert late.name.startswith("2026-07-01.")
    assert late.read_text() == subject.replace("30 JUNE", "1 JULY")


def test_without_subscriptions_the_file_is_written(home: Settings) -> None:
    page, counts = publish(home)
    assert page == home.digests / "2026-06-30.html"
    assert (counts.read, counts.written, counts.problems) == (0, 0, [])


def test_each_reader_gets_one_message_with_text_and_html(home: Settings) -> None:
    server = MailServer()
    with running(server):
        subscribe(home, email(server.port, to=["desk@example.org", "ada@example.org"]))
        page, counts = publish(home)
        assert (counts.read, counts.written, counts.problems) == (2, 2, [])
        again = publish(home)[1]
    assert (again.written, again.skipped) == (0, {"sent before": 2})
    assert [(sender, to) for sender, to, _, _ in server.taken] == [
        ("digest@example.org", ["desk@example.org"]),
        ("digest@example.org", ["ada@example.org"]),
    ]
    message = server.taken[0][2]
    assert message["Subject"] == "Welcome to Said & Done, 30 June 2026: 10 things that matter now"
    assert message["To"] == "desk@example.org"
    assert message["Message-ID"] != server.taken[1][2]["Message-ID"]
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html
    assert text
    written, mailed = page.read_text(encoding="utf-8"), html.get_content()
    ending = "To stop these letters, answer this one and say so."
    assert plain(mailed) == [*plain(written), *ending.split()]
    assert "<style" not in mailed  # many mail readers drop it
    assert re.search('<h1 style="[^"]*font-size: ?28px', mailed)
    kept = page.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert text.get_content().splitlines() == [*kept, ending]


def test_password_goes_over_an_encrypted_line_to_a_server_that_proves_itself(
    home: Settings, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path / "server.pem")
    keep_secret(home, "smtp-password", "pass word\n")
    login = {"security": "starttls", "user": "digest", "password_file": "smtp-password"}
    server = MailServer(certificate, password="pass word")
    with running(server):
        subscribe(home, email(server.port, **login))
        (problem,) = publish(home)[1].problems
        assert problem.reason == "no connection"
        assert "certificate verify failed" in problem.detail
        assert server.taken == []
        subscribe(home, email(server.port, **login, ca_file="server.pem"))
        assert publish(home)[1].written == 1
    assert [encrypted for _, _, _, encrypted in server.taken] == [True]


def test_a_refused_reader_is_a_problem_and_the_others_get_theirs(home: Settings) -> None:
    server = MailServer(refuse="gone@")
    with running(server):
        subscribe(home, email(server.port, to=["gone@example.org", "ada@example.org"]))
        _, counts = publish(home)
    assert counts.written == 1
    (problem,) = counts.problems
    assert (problem.stage, problem.item) == ("digest", "2026-06-30 to gone@example.org")
    assert (problem.reason, problem.detail) == ("refused by the server", "550")


def test_what_failed_goes_out_with_the_next_days_digest(home: Settings) -> None:
    server = MailServer()
    subscribe(home, email(server.port))
    server.server_close()  # nobody listens there now
    _, counts = publish(home)
    assert [p.reason for p in counts.problems] == ["no connection"]
    server = MailServer()
    with running(server):
        subscribe(home, email(server.port))
        _, counts = publish(replace(home, as_of=NEXT))
    assert (counts.written, counts.problems) == (1, [])
    subjects = [message["Subject"] for _, _, message, _ in server.taken]
    assert subjects == ["Welcome to Said & Done, 1 July 2026: 10 things that matter now"]


def test_a_digest_that_was_only_written_goes_out_with_the_next(home: Settings) -> None:
    server = MailServer()
    with running(server):
        subscribe(home, email(server.port))
        publish(home, channels=["file"])  # as a run does that is stopped before it sends
        assert publish(replace(home, as_of=NEXT))[1].written == 1
    assert "10 things that matter now" in server.taken[0][2]["Subject"]


def test_what_comes_up_after_the_letter_is_told_by_the_next(home: Settings) -> None:
    server = MailServer()
    with running(server):
        subscribe(home, email(server.port))
        publish(home)
        with published.reading(home) as connection:
            (pledge,) = connection.execute("SELECT id FROM w.pledges ORDER BY id LIMIT 1").fetchone() or ("",)
        decision = Decision("set_status", pledge, {"status": "delivered"}, "Desk", "seen", AFTERNOON)
        journal.record(home, decision)
        assert publish(home)[1].skipped == {"sent before": 1}
        publish(replace(home, as_of=NEXT))
    subjects = [message["Subject"] for _, _, message, _ in server.taken]
    assert len(subjects) == 2 and "1 status set" in subjects[1]


def test_a_hook_gets_signed_json_once(home: Settings) -> None:
    keep_secret(home, "hook-secret", "s3cret")
    server = HookServer()
    with running(server):
        subscribe(home, {"channel": "webhook", "url": server.url, "secret_file": "hook-secret"})
        assert publish(home)[1].written == 1
        assert publish(home)[1].skipped == {"sent before": 1}
    ((path, headers, body),) = server.taken
    assert path == "/hook/secret-token"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["idempotency-key"] == headers["webhook-id"]
    assert headers["webhook-id"].startswith("2026-06-30.")
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(b"s3cret", signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    sent = json.loads(body)
    assert sent["subject"].startswith("Welcome to Said & Done, 30 June 2026")
    (now,) = sent["sections"]
    assert now["items"][0]["said"]["link"].startswith("https://")


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_hook_that_does_not_take_it_is_a_problem_without_its_secret(home: Settings, status: int) -> None:
    server = HookServer(status)
    with running(server):
        subscribe(home, {"channel": "webhook", "url": server.url})
        (problem,) = publish(home)[1].problems
        assert (problem.reason, problem.detail) == ("refused by the server", f"status {status}")
        assert "secret-token" not in problem.item
        server.status = 200
        assert publish(home)[1].written == 1
    assert [path for path, _, _ in server.taken] == ["/hook/secret-token"] * 2  # a redirect is not followed


def test_a_hook_must_prove_itself_by_a_certificate_that_this_machine_trusts(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path / "server.pem")
    server = HookServer(certificate=certificate)
    with running(server):
        subscribe(home, {"channel": "webhook", "url": server.url})
        (problem,) = publish(home)[1].problems
        assert problem.reason == "no connection"
        assert "certificate verify failed" in problem.detail.lower()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert publish(home)[1].written == 1
    assert len(server.taken) == 1


def test_a_hook_that_talks_nonsense_or_is_not_there_is_a_problem(home: Settings) -> None:
    server = NonsenseServer()
    url = f"http://127.0.0.1:{server.server_address[1]}/hook/secret-token"
    subscribe(home, {"channel": "webhook", "url": url})
    with running(server):
        nonsense = publish(home)[1].problems
    nobody = publish(home)[1].problems
    assert [p.reason for p in nonsense + nobody] == ["server not understood", "no connection"]
    assert not any("secret-token" in p.item + p.detail for p in nonsense + nobody)


def test_only_the_channels_asked_for_are_used(home: Settings) -> None:
    server = HookServer()
    with running(server):
        subscribe(home, {"channel": "webhook", "url": server.url})
        publish(home, channels=["file"])
        publish(home, channels=["email"])
        assert server.taken == []
        publish(home, channels=["webhook"])
        assert len(server.taken) == 1
    with pytest.raises(WrongUse, match="unknown channel 'pigeon'"):
        publish(home, channels=["pigeon"])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{a: 1}", "must be a list"),
        ("- 3", "must be a list"),
        ("- [", "not readable as YAML"),
        ("- {channel: pigeon}", "entry 1: channel must be email or webhook, not 'pigeon'"),
        ("- {channel: email, to: [], sender: a@b.c, server: s}", "at least one address"),
        (
            '- {channel: email, to: ["a@b.c\\nBcc: x@y.z"], sender: a@b.c, server: s}',
            "to must be an e-mail address, not 'a@b.c",
        ),
        (
            "- {channel: email, to: a@b.c, sender: nobody, server: s}",
            "sender must be an e-mail address, not 'nobody'",
        ),
        ("- {channel: email, to: a@b.c, sender: a@b.c}", "has no server; add a line"),
        (
            "- {channel: email, to: a@b.c, sender: a@b.c, server: s, port: 0}",
            "port must be a number from 1 to 65535, not 0",
        ),
        ("- {channel: email, to: a@b.c, sender: a@b.c, server: s, security: ssl}", "security must be"),
        (
            "- {channel: email, to: a@b.c, sender: a@b.c, server: s, colour: red}",
            "unknown line 'colour'; known are",
        ),
        ("- {channel: email, to: a@b.c, sender: a@b.c, server: s, user: u}", "belong together"),
        (
            "- {channel: email, to: a@b.c, sender: a@b.c, server: s, security: none, user: u,"
            " password_file: p}",
            "without encryption",
        ),
        ("- {channel: webhook, follow: [{offical: A}]}", "cannot be by 'offical'.*did you mean official"),
        ("- {channel: webhook, except: [A]}", "must be a list of lines such as - official: Ann Example"),
        ("- {channel: webhook, every: hour}", "every must be 'day', 'week' or 'at once'"),
        ("- {channel: webhook}", "has no url; add a line"),
        ("- {channel: webhook, url: 'file:///etc/passwd'}", "url must be"),
        ("- {channel: webhook, url: 'https://u:p@h.example/'}", "url must be"),
        (
            "- {channel: webhook, url: 'https://h.example/', secret_file: none}",
            "secret_file none cannot be read",
        ),
    ],
)
def test_a_subscription_that_cannot_work_is_named(home: Settings, text: str, named: str) -> None:
    (home.home / "subscriptions.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongUse, match=named) as caught:
        load_subscriptions(home)
    assert "subscriptions.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_an_earlier_version_sent_is_not_sent_again(home: Settings) -> None:
    server = HookServer()
    with running(server):
        subscribe(home, {"channel": "webhook", "url": server.url})
        (subscription,) = load_subscriptions(home)
        note = home.digests / "2026-06-30.sent.json"
        note.parent.mkdir(parents=True)
        note.write_text("[", encoding="utf-8")
        with pytest.raises(WrongUse, match=r"2026-06-30\.sent\.json"):
            publish(home)
        note.write_text(json.dumps({subscription.id: "sent"}), encoding="utf-8")
        publish(home)
    assert server.taken == []
