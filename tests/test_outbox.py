"""Each letter once: servers that fail in every way, and the program killed at any point of a delivery."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import format_datetime
from pathlib import Path
from typing import Self

import pytest
import yaml

from flows.delivery import email, webhook
from flows.delivery.outbox import opened_outbox
from flows.delivery.publish import publish, try_again
from flows.delivery.subscriptions import load_subscriptions
from flows.digest.archive import Letter
from ledger.counts import Counts
from ledger.errors import WrongUse
from ledger.settings import Settings, load
from ledger.storage.deliveries import Delivery, Recipient, opened_deliveries, outstanding
from tests.servers import HookServer, MailServer, make_certificate, running

NEXT = date(2026, 7, 1)


@pytest.fixture
def home(gold_home: Settings, tmp_path: Path) -> Settings:
    for file in (gold_home.warehouse, gold_home.home / "settings.toml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return load(tmp_path)


def subscribe(home: Settings, *entries: dict[str, object]) -> None:
    (home.home / "subscriptions.yaml").write_text(yaml.safe_dump(list(entries)), encoding="utf-8")


def by_mail(server: MailServer, to: str = "desk@example.org", **more: object) -> dict[str, object]:
    return {
        "channel": "email", "to": to, "sender": "digest@example.org", "server": "127.0.0.1",
        "port": server.port, "security": "none", **more,
    }  # fmt: skip


def deliveries(home: Settings) -> list[Delivery]:
    with opened_deliveries(home) as journal:
        return [one for each in load_subscriptions(home) for one in journal.of_reader(each.id)]


def steps(home: Settings) -> list[str]:
    return [one.step for one in deliveries(home)]


class Tomorrow(datetime):
    """A clock that is a day ahead."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + timedelta(days=1)


def test_a_greylisted_letter_goes_out_later_and_once(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    server = MailServer()
    server.greylist = True
    with running(server):
        subscribe(home, by_mail(server))
        (problem,) = publish(home)[1].problems
        assert (problem.reason, problem.detail) == ("refused by the server", "451")
        (waiting,) = outstanding(home)
        assert (waiting.step, waiting.tries, waiting.shown) == ("failed", 1, "d…@example.org")
        assert waiting.not_before
        assert timedelta(minutes=14) < waiting.not_before - datetime.now(UTC) < timedelta(minutes=16)
        assert try_again(home).read == 0  # it is left alone until then
        monkeypatch.setattr("flows.delivery.outbox.datetime", Tomorrow)
        assert try_again(home).written == 1
        assert publish(home)[1].skipped == {"sent before": 1}
    assert len(server.taken) == 1
    assert outstanding(home) == []


class _Killed(BaseException):
    pass


def _kill(*_: object) -> None:
    raise _Killed


def test_a_letter_at_once_of_which_a_killed_round_had_begun_is_sent_by_the_next_digest(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer()
    with running(server):
        subscribe(home, by_mail(server, every="at once"))
        with monkeypatch.context() as within, pytest.raises(_Killed):
            within.setattr(email.Email, "send", _kill)
            publish(home)
        assert steps(home) == ["trying"]
        assert publish(home)[1].written == 1
        assert publish(home)[1].read == 0
    assert len(server.taken) == 1


def test_a_letter_at_once_that_failed_waits_for_its_time(home: Settings) -> None:
    server = MailServer()
    server.greylist = True
    with running(server):
        subscribe(home, by_mail(server, every="at once"))
        assert len(publish(home)[1].problems) == 1
        assert publish(home)[1].read == 0
    assert steps(home) == ["failed"]


def test_pauses_grow_and_a_letter_that_nobody_takes_is_given_up(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer()
    server.server_close()
    subscribe(home, by_mail(server))
    (reader,) = load_subscriptions(home)
    letter = Letter(f"2026-06-30.{reader.id}", "News", {"txt": "News", "html": "<p>News</p>"})

    def attempt() -> Delivery:
        with opened_outbox(home) as outbox:
            outbox.deliver("2026-06-30", reader, letter, Counts("digest"))
        (one,) = outstanding(home)
        return one

    tries = [attempt() for _ in range(8)]
    pauses = [round((one.not_before - one.at).total_seconds() / 60) for one in tries if one.not_before]
    assert pauses == [15, 30, 60, 120, 240, 480, 720, 720]
    monkeypatch.setattr(
        "flows.delivery.outbox._rules", lambda: {"first_minutes": 0, "longest_hours": 0, "days": 0}
    )
    one = attempt()
    assert (one.step, one.problem) == ("given_up", "no connection")
    assert attempt().tries == one.tries


def test_a_letter_cut_before_its_end_is_sent_again_under_the_same_name(home: Settings) -> None:
    server = MailServer()
    server.cut = "in data"
    with running(server):
        subscribe(home, by_mail(server))
        assert [p.reason for p in publish(home)[1].problems] == ["no connection"]
        assert server.taken == []
        server.cut = ""
        server.answer = "452 disk full"
        (problem,) = publish(home)[1].problems
        assert problem.detail == "452 disk full"
        server.answer = "250 kept"
        assert publish(home)[1].written == 1
    ((_, _, message, _),) = server.taken
    (one,) = deliveries(home)
    assert message["Message-ID"] == f"<{one.id}@example.org>"


def test_an_answer_that_nobody_saw_brings_no_second_letter_but_the_next_one_tells_it(home: Settings) -> None:
    server = MailServer()
    server.cut = "after data"
    with running(server):
        subscribe(home, by_mail(server))
        (problem,) = publish(home)[1].problems
        assert problem.reason == "no answer to the whole letter"
        server.cut = ""
        assert publish(home)[1].skipped == {"unknown": 1}
        assert len(server.taken) == 1
        assert steps(home) == ["unknown"]
        assert publish(replace(home, as_of=NEXT))[1].written == 1
    first, second = (message for _, _, message, _ in server.taken)
    assert second["Message-ID"] != first["Message-ID"]
    line = "The letter of 30 June 2026 may have reached you already"
    for kind in ("plain", "html"):
        told = [one.get_body((kind,)).get_content() for one in (first, second)]
        assert [line in text for text in told] == [False, True]
    assert steps(home) == ["covered", "sent"]
    assert outstanding(home) == []


def test_a_reader_who_is_no_more_is_not_asked_for_again_that_day(home: Settings) -> None:
    server = MailServer(refuse="desk@")
    with running(server):
        subscribe(home, by_mail(server))
        publish(home)
        assert publish(home)[1].skipped == {"refused": 1}
        assert [one.step for one in outstanding(home)] == ["refused"]


def test_a_wrong_password_is_for_a_person_to_mend_and_stands_nowhere(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = make_certificate(tmp_path / "server.pem")
    monkeypatch.setenv("MAIL_PASSWORD", "wr0ng-pass")
    server = MailServer(certificate, password="right")
    login = {
        "security": "starttls",
        "user": "digest",
        "password_env": "MAIL_PASSWORD",
        "ca_file": "server.pem",
    }
    with running(server):
        subscribe(home, by_mail(server, **login))
        (problem,) = publish(home)[1].problems
        assert problem.detail == "535 wrong password"
        written = b"".join(f.read_bytes() for f in home.home.rglob("*") if f.is_file())
        assert b"wr0ng-pass" not in written
        assert "wr0ng-pass" not in caplog.text + repr(load_subscriptions(home)) + repr(problem)
        monkeypatch.setenv("MAIL_PASSWORD", "right")
        assert publish(home)[1].written == 1


def test_a_secret_that_others_can_read_is_refused(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = {"channel": "webhook", "url": "http://127.0.0.1:1/"}
    key = home.home / "key"
    key.write_text("s3cret\n", encoding="utf-8")
    for mode in (0o640, 0o604, 0o660):
        key.chmod(mode)
        subscribe(home, {**hook, "secret_file": "key"})
        with pytest.raises(
            WrongUse, match=rf"secret_file key can be read by others \(mode {mode:04o}\): chmod 600"
        ):
            load_subscriptions(home)
    key.chmod(0o600)
    assert "s3cret" not in repr(load_subscriptions(home))
    monkeypatch.setenv("HOOK", "https://hooks.example/T0/s3cret")
    subscribe(home, {"channel": "webhook", "url_env": "HOOK"})
    (one,) = load_subscriptions(home)
    assert (one.channel.target, one.channel.shown) == ("https://hooks.example/T0/s3cret", "hooks.example")
    assert "s3cret" not in repr(one)
    for entry, told in (
        ({**hook, "secret_file": "key", "secret_env": "HOOK"}, "two ways for one thing"),
        ({**hook, "secret_env": "NO_SUCH_NAME"}, "secret_env NO_SUCH_NAME is empty"),
        ({**hook, "url_env": "HOOK"}, "only one of them"),
        ({"channel": "webhook", "url_file": "key"}, "must be an http or https address"),
    ):
        subscribe(home, entry)
        with pytest.raises(WrongUse, match=told) as caught:
            load_subscriptions(home)
        assert "s3cret" not in str(caught.value)


def test_a_hook_that_hangs_is_let_go_and_asked_again_under_the_same_id(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT", 0.3)
    server = HookServer()
    server.seconds = 20
    with running(server):
        subscribe(home, {"channel": "webhook", "url": server.url})
        (problem,) = publish(home)[1].problems
        assert (problem.reason, problem.detail[:11]) == ("no connection", "ReadTimeout")
        server.seconds = 0
        server.leave.set()
        assert publish(home)[1].written == 1
    assert len({headers["webhook-id"] for _, headers, _ in server.taken}) == 1
    assert len({body for _, _, body in server.taken}) == 1


def test_a_mail_server_that_hangs_after_the_letter_is_let_go(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "_ANSWER_TIMEOUT", 0.3)
    server = MailServer()
    server.cut = "hang after data"
    with running(server):
        subscribe(home, by_mail(server))
        (problem,) = publish(home)[1].problems
        server.leave.set()
    assert problem.reason == "no answer to the whole letter"
    assert steps(home) == ["unknown"]


@pytest.mark.parametrize("as_date", [False, True])
def test_a_hook_that_asks_to_be_left_alone_is(home: Settings, as_date: bool) -> None:
    server = HookServer(429)
    server.after = (
        format_datetime(datetime.now(UTC) + timedelta(hours=5), usegmt=True) if as_date else "18000"
    )
    with running(server):
        subscribe(home, {"channel": "webhook", "url": server.url})
        publish(home)
        (one,) = outstanding(home)
        assert one.not_before
        assert abs(one.not_before - datetime.now(UTC) - timedelta(hours=5)) < timedelta(minutes=1)
        server.status = 410
        publish(home)
        assert steps(home) == ["refused"]


def test_slack_is_told_in_its_own_form_and_never_twice(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT", 0.3)
    server = HookServer()
    server.seconds = 20
    with running(server):
        subscribe(home, {"channel": "webhook", "url": server.url, "form": "slack"})
        (problem,) = publish(home)[1].problems
        assert problem.reason == "no answer to the whole letter"
        server.seconds = 0
        server.leave.set()
        assert publish(home)[1].skipped == {"unknown": 1}
    ((_, _, body),) = server.taken
    sent = json.loads(body)
    assert "Said &amp; Done, 30 June 2026" in sent["text"]
    assert sent["blocks"][0]["type"] == "header"
    pieces = [block["text"]["text"] for block in sent["blocks"][1:]]
    assert 10 < len(pieces) <= 49
    assert all(0 < len(piece) <= 3000 for piece in pieces)
    assert re.match(r"\*<http://127\.0\.0\.1:8501/pledge\?id=\w{16}\|[^<>]+>\*\n", pieces[2])


def test_what_was_sent_long_ago_costs_nothing(home: Settings, tmp_path: Path) -> None:
    """The steps of SQLite's machine that a round takes are as many after 400 editions as after 10."""

    def steps_after(editions: int) -> int:
        here = replace(home, home=tmp_path / str(editions))
        subscribed = {"channel": "webhook", "url": "http://127.0.0.1:1/"}
        here.home.mkdir()
        subscribe(here, subscribed)
        (one,) = load_subscriptions(here)
        names = [f"{NEXT + timedelta(days=n)}" for n in range(editions)]
        with opened_deliveries(here) as journal, journal.together():
            for name in names:
                journal.note_sent(journal.queue(name, Recipient("webhook", one.id, "")).id, ())
            journal.note(journal.queue("2030-01-01", Recipient("webhook", one.id, "")).id, "unknown")
        taken = Counter[str]()
        with opened_outbox(here) as outbox:
            machine = outbox._journal._journal
            machine.set_progress_handler(lambda: taken.update(("step",)), 1)
            assert outbox.last_had([one], frozenset(names)) == {one.id: names[-1]}
            assert outbox.span_had(one) == (names[0], names[-1])
            assert outbox.doubtful(one, "2030-01-02") == ["2030-01-01"]
            assert outbox.due() == set()
            machine.set_progress_handler(None, 1)
        return taken["step"]

    few, many = steps_after(10), steps_after(400)
    assert 0 < many < few * 1.1


def test_a_journal_without_the_index_gets_it(home: Settings) -> None:
    with opened_deliveries(home) as journal:
        journal.note_sent(journal.queue("2026-06-30", Recipient("email", "r", "")).id, ())
        journal.queue("2026-07-01", Recipient("email", "r", ""))
    with closing(sqlite3.connect(home.deliveries)) as old:
        old.executescript("DROP TRIGGER steps_stand; DROP TABLE standing; PRAGMA user_version = 0")
    with opened_deliveries(home) as journal:
        assert list(journal.had("r")) == ["2026-06-30"]
        assert [one.edition for one in journal.outstanding()] == ["2026-07-01"]


def test_two_processes_send_one_letter(home: Settings) -> None:
    server = MailServer()
    command = [sys.executable, "-c", "from flows.cli import main; main()", "--home", str(home.home), "digest"]
    with running(server):
        subscribe(home, by_mail(server))
        both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
        assert [one.wait(120) for one in both] == [0, 0]
    assert len(server.taken) == 1


def test_killed_at_many_points_each_letter_arrives_once(tmp_path: Path) -> None:
    """By mail and by hook, at lines spread over the whole delivery and at all around a message's end."""
    mail, hook = MailServer(), HookServer()
    with (
        running(mail),
        running(hook),
        subprocess.Popen(
            [sys.executable, "-m", "tests.killed_delivery"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as deliverer,
    ):  # fmt: skip

        def deliver(at: int, point: int) -> list[object] | None:
            assert deliverer.stdin and deliverer.stdout
            deliverer.stdin.write(json.dumps([str(tmp_path / str(point)), at]) + "\n")
            deliverer.stdin.flush()
            told: list[object] | None = json.loads(deliverer.stdout.readline())
            return told

        def begin(point: int) -> Settings:
            home = load(tmp_path / str(point))
            home.home.mkdir()
            slack = {"channel": "webhook", "url": f"{hook.url}/slack/{point}", "form": "slack"}
            json_ = {"channel": "webhook", "url": f"{hook.url}/json/{point}"}
            subscribe(home, by_mail(mail, f"{point}@example.org"), json_, slack)
            return home

        begin(0)
        whole = deliver(0, 0)
        assert whole
        lines, ends = whole
        assert isinstance(lines, int) and isinstance(ends, list)
        points = sorted({*ends, *(lines * n // 8 + 1 for n in range(8))})
        assert len(points) > 12
        found = Counter[str]()
        for n, at in enumerate(points, 1):
            home = begin(n)
            assert deliver(at, n) is None, f"not killed at line {at}"
            assert deliver(0, n)
            letters = sum(to == [f"{n}@example.org"] for _, to, _, _ in mail.taken)
            posts = Counter(
                path.rpartition("/")[0][-5:] for path, _, _ in hook.taken if path.endswith(f"/{n}")
            )
            ids = {headers["webhook-id"] for path, headers, _ in hook.taken if path.endswith(f"/json/{n}")}
            by_channel = {one.reader: one.step for one in deliveries(home)}
            email_step, json_step, slack_step = (by_channel[each.id] for each in load_subscriptions(home))
            assert json_step == "sent" and len(ids) == 1, at
            for step, number in ((email_step, letters), (slack_step, posts["slack"])):
                assert (step, number) in {("sent", 1), ("unknown", 1), ("unknown", 0)}, at
                found[f"{step} {number}"] += 1
        deliverer.stdin and deliverer.stdin.close()
    assert found["unknown 1"] and found["unknown 0"] and found["sent 1"] > len(points), found
