"""What people decided, as labels to learn from: every kind, in force only, and nobody private by name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flows.cli.app import said
from ledger import settings
from ledger.decisions import journal
from ledger.errors import WrongUse
from ledger.queries import pledge_page
from ledger.settings import Settings
from ledger.types import Decision, Evidence
from nlp.training.promises.decided import decided
from tests.test_leads import (
    BEFORE,
    LATER,
    OTHER,
    PASSAGE,
    PLEDGE,
    PROMISE,
    REPORT,
    TRAM_PLEDGE,
    run,
)

TRAM = "We will mend the tram by June"


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    (tmp_path / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")
    home = settings.load(tmp_path)
    run(home)
    return home


def decide(home: Settings, decision: Decision) -> int:
    return journal.record(home, decision)


def written(home: Settings) -> list[dict[str, Any]]:
    file = home.home / "labels.jsonl"
    result = CliRunner().invoke(said, ["--home", str(home.home), "export", "--labels", str(file)])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_commitments_and_pairs_are_labelled(home: Settings) -> None:
    assert written(home) == []
    decide(home, Decision("reject", PLEDGE, {}, "Desk"))
    decide(home, Decision("confirm", TRAM_PLEDGE, {}, "Desk"))
    decide(home, Decision("merge", PLEDGE, {"with": TRAM_PLEDGE}, "Desk"))
    number = decide(home, Decision("split", TRAM_PLEDGE, {"with": PLEDGE}, "Desk"))
    gone = {"text": PROMISE, "before": "", "machine": "firm", "day": "2026-05-01"}
    kept = {"text": TRAM, "before": "", "machine": "firm", "day": "2026-05-02"}
    apart = {"text": TRAM, "before": "", "other": PROMISE, "day": "2026-05-02", "said": "2026-05-01"}
    assert written(home) == [
        {"kind": "commitment", "label": "not_a_promise", **gone},
        {"kind": "commitment", "label": "promise", **kept},
        {"kind": "same", "label": "other", **apart},  # the last word on the two
    ]
    decide(home, Decision("undo", TRAM_PLEDGE, {"row": number}, "Desk"))
    assert [line["label"] for line in written(home)] == ["not_a_promise", "promise", "same"]
    decide(home, Decision("reject", PLEDGE, {"as": "minor"}, "Desk"))
    assert [line["label"] for line in written(home)] == ["minor", "promise", "same"]


def test_passages_are_labelled_by_what_people_took_struck_and_rejected(home: Settings) -> None:
    page = pledge_page.pledge(home, PLEDGE)
    assert page is not None
    best, second = page.to_check
    wrong = Evidence(
        Evidence.make_id(LATER, PASSAGE), PLEDGE, LATER, best.span, "broken", date(2026, 5, 9), confidence=0.9
    )
    run(home, found=[wrong])
    against = {"pledge": PROMISE, "said": "2026-05-01", "day": "2026-05-09", "kind": "evidence"}
    decide(home, Decision("reject", wrong.id, {}, "Desk"))
    passage = {"text": PASSAGE, "before": BEFORE, "machine": "broken", **against}
    assert written(home) == [{"label": "none", **passage}]
    decide(home, best.taken("delivered", "Desk"))  # the sign was wrong
    decide(home, second.struck("Desk"))
    builder = {"text": OTHER, "before": "", "machine": "delivered", **against}
    assert written(home) == [{"label": "delivered", **passage}, {"label": "none", **builder}]


def test_nobody_private_is_named(home: Settings) -> None:
    told = "Mr Poole cheered beside Carr."
    text = f"{REPORT}\n\nMr Jim Poole, 61, a plumber, met mayor Ann Carr. {told}"
    run(home, text)
    at = text.index(told)
    one = Evidence(
        Evidence.make_id(LATER, told), PLEDGE, LATER, (at, at + len(told)), "progress", confidence=0.9
    )
    run(home, text, found=[one])
    decide(home, Decision("reject", one.id, {}, "Desk"))
    (line,) = written(home)
    assert line["text"] == "Mr [name] cheered beside Carr."


def test_what_may_not_be_passed_on_is_left_out(home: Settings) -> None:
    run(home, paid=True)
    page = pledge_page.pledge(home, PLEDGE)
    assert page is not None
    decide(home, page.to_check[0].struck("Desk"))
    assert written(home) == []


def test_neither_folder_nor_file_is_wrong_use(home: Settings) -> None:
    for more in ([], ["--site"]):
        result = CliRunner().invoke(said, ["--home", str(home.home), "export", *more])
        assert isinstance(result.exception, WrongUse)


def test_training_reads_what_is_written(home: Settings, tmp_path: Path) -> None:
    decide(home, Decision("reject", PLEDGE, {}, "Desk"))
    decide(home, Decision("confirm", TRAM_PLEDGE, {}, "Desk"))
    decide(home, Decision("merge", PLEDGE, {"with": TRAM_PLEDGE}, "Desk"))
    written(home)
    learnt = decided([home.home / "labels.jsonl"])
    assert [(one.text, one.type) for one in learnt.words] == [(PROMISE, ""), (TRAM, "firm")]
    ((pair,),) = learnt.groups
    assert pair.stance == "restated" and {TRAM, PROMISE} == {
        pair.pledge.removeprefix(": "),
        pair.alone.rpartition(": ")[2],
    }
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"kind": "commitment", "text": "x"}\n', encoding="utf-8")
    with pytest.raises(WrongUse, match="line 1"):
        decided([broken])
    with pytest.raises(WrongUse, match="none"):
        decided([tmp_path / "none"])
