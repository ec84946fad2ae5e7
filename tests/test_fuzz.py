"""The harness of `make fuzz`: the same for a seed; a fault in the product, or in an answer, is found."""

from __future__ import annotations

import http.client
from contextlib import closing

import pytest

from benchmarks.fuzz.attempt import attempt, is_line
from benchmarks.fuzz.inputs import SOUND
from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.planted import FAULTS, flat
from benchmarks.fuzz.properties import PROPERTIES
from benchmarks.fuzz.pure import tried
from benchmarks.fuzz.server import FuzzAnswer, lying
from ledger.decisions import journal
from ledger.errors import WrongUse
from ledger.types import Decision
from nlp.text.boilerplate import PlainText


def fails(error: BaseException) -> None:
    raise error


def test_an_input_is_the_same_for_a_seed_and_another_for_the_next() -> None:
    body = b"<html><body><p>Words</p></body></html>" * 9
    assert [mutated(body, n) for n in range(20)] == [mutated(body, n) for n in range(20)]
    assert len({mutated(body, n) for n in range(20)} - {body}) > 15


def test_what_is_refused_in_a_line_is_right_and_all_else_is_not() -> None:
    assert attempt(lambda: None) == (False, [])
    assert attempt(lambda: fails(WrongUse("give another"))) == (True, [])
    assert attempt(lambda: fails(WrongUse("two\nlines \x1b[31m"))) == (True, [])
    assert "no line" in attempt(lambda: fails(WrongUse("")))[1][0]
    assert attempt(lambda: fails(KeyError("a")))[1][0].startswith("KeyError: 'a'")
    assert attempt(lambda: fails(BaseException("panicked")))[1][0].startswith("BaseException: panicked")
    assert "TookTooLong" in attempt(lambda: all(iter(lambda: True, False)), 0.05)[1][0]
    assert not is_line("") and not is_line("\x1b[31m")


def test_the_decisions_of_good_faith_are_taken() -> None:
    for kind, value in SOUND.items():
        journal.check(Decision(kind, "c1", value, "Ann", "Words"))


def test_memory_that_grows_is_told() -> None:
    level = [300_000_000 + n % 7 * 1_000_000 for n in range(90)]
    assert not flat(level)[0]
    assert flat([held + n * 3_000_000 for n, held in enumerate(level)])[0]


def test_an_offset_that_is_one_too_far_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    unseen = next(one for one in PROPERTIES if one.name == "text: unseen characters")
    assert not [one for one in tried(unseen, 5, 1) if one.wrong]
    monkeypatch.setattr(PlainText, "_back", PlainText._back)  # what the fault changes is put back
    FAULTS["off-by-one"][1]()
    assert [one.wrong for one in tried(unseen, 5, 1)][-1]


def test_the_server_lies_as_it_is_told_to() -> None:
    with lying(["127.0.0.1"]) as server:
        for n, manner in enumerate(("whole", "too short", "status 500", "reset", "no gzip")):
            server.answers["127.0.0.1", f"/{n}"] = FuzzAnswer(b"words", manner=manner)

        def asked(n: int) -> tuple[int, str | None, bytes]:
            with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
                connection.request("GET", f"/{n}?a")
                with connection.getresponse() as answer:
                    return answer.status, answer.headers["Content-Encoding"], answer.read()

        assert asked(0) == (200, None, b"words")
        with pytest.raises(http.client.IncompleteRead):
            asked(1)
        assert asked(2)[0] == 500
        with pytest.raises(ConnectionError):
            asked(3)
        assert (asked(4), asked(5)[0]) == ((200, "gzip", b"words"), 404)
    assert server.errors == []
