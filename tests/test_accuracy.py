"""The quality report: what is counted, what it says, and that page, table and JSON tell the same."""

from __future__ import annotations

import copy
import json
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from flows.cli.app import main
from flows.site import pages
from ledger.outputs.quality import accuracy
from nlp.evaluation.answers import Answers
from nlp.evaluation.measures import MEASURES, by_facet, figures, intervals, means, wilson
from nlp.evaluation.report import Read, curve, report_of, unresolved
from nlp.evaluation.tally import AnswerTally, tallied
from nlp.models import regions
from nlp.models.learned import weights_hash
from nlp.models.regions import Region

TEXT = "“We will build a bridge by May,” said Ann Lee, the mayor. “It is late,” said Bob Roy, the baker."
BRIDGE, LATE = TEXT.index("We will"), TEXT.index("It is late")
PLEDGE = {"pledge_id": "P1", "owner": "Ann Lee", "body": "Hythe", "first_due": "2026-05-31"}


def label(where: int, words: str, speaker: str, role: str, body: str | None) -> dict[str, Any]:
    content = [[where, where + len(words)]]
    return {"kind": "direct", "content": content, "speaker": speaker, "role": role, "body": body}


def region(name: str = "hythe", many: int = 4) -> Region:
    """Articles of one text: an official's promise, a baker's remark; every other tells that it was done."""
    labels = {}
    for n in range(many):
        clause = {"span": [BRIDGE, BRIDGE + 29], "type": "firm", "deadline": "2026-05-31", "pledge_id": "P1"}
        said = label(BRIDGE, "We will build a bridge by May", "Ann Lee", "mayor", "Hythe")
        remark = label(LATE, "It is late", "Bob Roy", "non_official", None)
        rows = [said | {"commitments": [clause]}, remark | {"commitments": []}]
        told = {"pledge_id": "P1", "evidence": [[LATE, LATE + 10]], "stance": "delayed", "claimed": False}
        evidence = [told] if n % 2 else []
        labels[f"a{n}"] = {
            "id": f"a{n}",
            "text": TEXT,
            "published": "2026-03-04",
            "tags": ["minutes"] if n else [],
            "statements": rows,
            "delivery": evidence,
        }
    followed = PLEDGE | {"due": "2026-05-31", "final_status": "stalled", "as_of": "2026-06-30"}
    articles = [{key: row[key] for key in ("id", "text", "published")} for row in labels.values()]
    return Region(name, articles, labels, {"P1": followed}, Path())


def perfect(of: Region) -> Answers:
    """Answers that are the labels."""
    lines: dict[str, Any] = copy.deepcopy(dict(of.labels))
    for row in lines.values():
        row["evidence"] = [r | {"content": r["evidence"], "confidence": 0.9} for r in row["delivery"]]
        for said in row["statements"]:
            said |= {"confidence": 0.95, "why": "named"}
            said["commitments"] = [c | {"confidence": 0.9, "minor": False} for c in said["commitments"]]
    return Answers(lines, {"P1": PLEDGE | {"due": "2026-05-31", "status": "stalled", "to_check": []}})


def counted(of: Region, given: Answers) -> AnswerTally:
    return tallied(of.labels, given.lines, of.pledges, given.pledges)


def report(*changed: tuple[Region, Answers]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(report_of({"own": [Read(*one) for one in changed]})))
    return found


def test_what_is_the_labels_own_is_perfect() -> None:
    of = region()
    found = figures(counted(of, perfect(of)))
    asked = {name for name, measure in MEASURES.items() if not measure.falls}
    # delays alone: nothing was claimed
    assert {name for name in asked if found[name] != 1.0} == {"evidence claimed"}
    assert {name for name in MEASURES.keys() - asked if found[name]} == set()


def test_one_wrong_name_is_one_of_four_and_is_told() -> None:
    of, given = region(), perfect(region())
    given.lines["a2"]["statements"][0]["speaker"] = "Bob Roy"
    found = figures(counted(of, given))
    assert (found["speaker right"], found["speaker wrong"], found["shown name right"]) == (0.875, 0.125, 0.75)
    said = accuracy.accuracy(report((of, given))).lead[0]
    assert said.startswith(
        "Of 100 statements shown with an official's name, 75 have the right one; 25 have another"
    )


@pytest.mark.parametrize(
    ("measure", "seeded", "value"),
    [
        ("statements: recall", lambda row: row["statements"].pop(1), 7 / 8),
        ("statements: precision", lambda row: row["statements"].append(ELSE), 8 / 9),
        ("speaker right", lambda row: row["statements"][0].update(speaker=None), 7 / 8),
        ("body wrong", lambda row: row["statements"][0].update(body="Dover"), 1 / 4),
        ("role same", lambda row: row["statements"][0].update(role="mp"), 7 / 8),
        ("commitments: recall", lambda row: row["statements"][0]["commitments"].pop(), 3 / 4),
        ("tracked: precision", lambda row: row["statements"][1]["commitments"].append(CLAUSE), 4 / 5),
        (
            "commitment type",
            lambda row: row["statements"][0]["commitments"][0].update(type="intention"),
            3 / 4,
        ),
        (
            "deadline to the day",
            lambda row: row["statements"][0]["commitments"][0].update(deadline=None),
            3 / 4,
        ),
        ("pledges pair-F1", lambda row: row["statements"][0]["commitments"][0].update(pledge_id="P2"), 2 / 3),
        ("evidence taken: recall", lambda row: row["evidence"].clear(), 1 / 2),
        ("evidence stance", lambda row: row["evidence"][0].update(stance="progress"), 1 / 2),
        (
            "evidence for and against swapped",
            lambda row: row["evidence"][0].update(stance="delivered"),
            1 / 2,
        ),
    ],
)
def test_a_seeded_fault_is_found(measure: str, seeded: Any, value: float) -> None:
    of, given = region(), perfect(region())
    seeded(given.lines["a1"])
    assert figures(counted(of, given))[measure] == pytest.approx(value)


ELSE = label(0, TEXT[:20], "Ann Lee", "mayor", "Hythe") | {"commitments": [], "confidence": 0.9, "why": ""}
ELSE["content"] = [[TEXT.index("the mayor"), TEXT.index("the mayor") + 9]]
CLAUSE = {"span": [LATE, LATE + 10], "type": "firm", "deadline": None, "minor": False, "confidence": 0.5}


def test_a_status_that_is_called_kept_is_counted() -> None:
    of, given = region(), perfect(region())
    kept = Answers(given.lines, {"P1": given.pledges["P1"] | {"status": "delivered"}})
    found = figures(counted(of, kept))
    assert (found["called kept that is not"], found["status right"], found["outcome right"]) == (1, 0, 0)
    assert "1 of 1 were called kept that were not" in accuracy.accuracy(report((of, kept))).lead[-1]


def test_facets_part_the_articles_and_the_people() -> None:
    of, given = region(), perfect(region())
    given.lines["a0"]["statements"][1]["speaker"] = None
    tally = counted(of, given)
    by_form = by_facet([tally], "form", ["speaker right"])
    assert (by_form["news"]["speaker right"][0], by_form["minutes"]["speaker right"][0]) == (0.5, 1.0)
    by_role = by_facet([tally], "role", ["speaker right"])
    assert by_role["non_official"]["speaker right"][::3] == (0.75, 4)
    assert by_role["mayor"]["speaker right"][0] == 1.0 and by_role["mayor"]["speaker right"][1] < 1.0
    assert set(by_facet([tally], "sex", ["speaker right"])) == {"women"}


def test_an_interval_holds_its_figure_and_is_drawn_alike_each_time() -> None:
    of, given = region(many=40), perfect(region(many=40))
    for n in range(0, 40, 4):
        given.lines[f"a{n}"]["statements"][0]["speaker"] = "Bob Roy"
    tally = counted(of, given)
    found, around = figures(tally), intervals(tally)
    assert around == intervals(tally)
    assert all(low - 1e-9 <= found[name] <= high + 1e-9 for name, (low, high) in around.items())
    low, high = around["shown name right"]
    assert 0.55 < low < 0.75 < high < 0.9
    assert around.keys() == MEASURES.keys() - {"pledges pair-F1", "pledges pure"}
    assert np.allclose(wilson(8, 10), (0.4901, 0.9433), atol=1e-3)  # scipy's binomtest(8, 10), Wilson
    assert means([tally, tally])["shown name right"][0] == pytest.approx(0.75)


def test_the_worst_region_is_the_lowest_and_of_faults_the_highest() -> None:
    good, bad = region("good"), region("bad")
    given = perfect(bad)
    given.lines["a1"]["statements"][0]["speaker"] = "Bob Roy"
    worst = report((good, perfect(good)), (bad, given))["sets"]["own"]["worst"]
    assert worst["speaker right"] == [0.875, "bad"] and worst["speaker wrong"] == [0.125, "bad"]


def test_a_curve_tells_what_was_said_and_what_was_right() -> None:
    rows = [(0.95, True)] * 3 + [(0.95, False), (1.0, True), (0.2, False)]
    found = [(row["said"], row["right"][0], row["given"]) for row in curve(rows)]
    assert found == [(0.2, 0.0, 1), (0.95, 0.75, 4), (1.0, 1.0, 1)]


def test_answers_are_kept_as_long_as_what_they_hang_on_stays(tmp_path: Path) -> None:
    from nlp.evaluation.__main__ import Work, state

    phrases, judge = tmp_path / "nlp" / "signs.yaml", tmp_path / "nlp" / "evaluation" / "report.py"
    judge.parent.mkdir(parents=True)
    phrases.write_text("will", "utf-8")
    judge.write_text("1", "utf-8")
    before = state(tmp_path)
    judge.write_text("2", "utf-8")
    assert state(tmp_path) == before
    phrases.write_text("shall", "utf-8")
    assert state(tmp_path) != before
    of = region()
    work = Work(tmp_path / "kept")
    assert work.made(of, "own", lambda: perfect(of)) == work.made(of, "own", pytest.fail) == perfect(of)
    assert not work.has(of, "own")


def test_reasons_are_told_by_kind() -> None:
    counts = Counter(
        {("“the firm” is not named", False): 2, ("“a lad” is not named", True): 1, ("odd", True): 1}
    )
    assert [tuple(row.values()) for row in unresolved(counts)] == [
        ("somebody speaks who is not named", 3, 1),
        ("another reason", 1, 1),
    ]


class Cells(HTMLParser):
    """The cells of a page's tables, its text and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.text, self.tags, self.inside = "", Counter[str](), False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags[tag] += 1
        self.inside = self.inside or tag in ("td", "th")
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.inside:
            self.cells[-1] += data


def page_of(told: accuracy.Accuracy) -> str:
    return "".join(pages.accuracy_page(date(2026, 6, 30), told))


def test_page_and_json_tell_the_same() -> None:
    held = accuracy.shipped()
    told = accuracy.here(weights_hash())
    page = Cells(page_of(told))
    shown = [
        [cell for row in (one.columns, *one.rows) for cell in row] for s in told.sections for one in s.figures
    ]
    assert page.cells == [cell for table in shown for cell in table]
    for one in held["sets"].values():
        for row in one["regions"]:
            assert row["name"] in page.cells
            value, low, high = row["figures"]["speaker right"]
            assert f"{100 * value:.1f} ({100 * low:.0f}–{100 * high:.0f})" in page.cells
    assert all(sentence in page.text for sentence in told.lead)


def test_the_page_escapes_what_a_region_is_called() -> None:
    name = "<script>alert(1)</script>&amp;<b>"
    page = page_of(accuracy.accuracy(report((region(name), perfect(region(name))))))
    found = Cells(page)
    assert found.tags["script"] == found.tags["b"] == 0
    assert name in found.cells and name in found.text


def test_what_ships_was_measured_with_the_weights_that_ship() -> None:
    held = accuracy.shipped()
    assert held["weights"] == weights_hash(), "the weights are new: `make eval` measures them"
    assert [row["name"] for row in held["sets"]["fresh"]["regions"]] == regions.names(regions.FRESH)
    assert accuracy.here(weights_hash()).doubt == ""
    assert accuracy.FILE.stat().st_size < 300_000
    assert accuracy.FILE.read_text("utf-8") == accuracy.written(held)
    assert {MEASURES.keys() == row["figures"].keys() for row in held["sets"]["fresh"]["regions"]} == {True}


def test_other_weights_are_told_on_page_and_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "other weights than those installed here" in page_of(accuracy.here("0" * 64))
    monkeypatch.setattr("flows.cli.evaluate.weights_hash", lambda: "0" * 64)
    assert ran("evaluate") == 0
    assert "other weights than those installed here" in capsys.readouterr().out.splitlines()[0]
    assert ran("evaluate", "--json") == 0
    assert "other weights" in json.loads(capsys.readouterr().out)["doubt"]


def test_another_version_is_told() -> None:
    held = {**accuracy.shipped(), "version": "0.0.1"}
    assert "version 0.0.1; version 9 is installed" in accuracy.doubt(held, held["weights"], "9")


def ran(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return int(stop.value.code or 0)


def test_the_command_prints_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran("evaluate", "--json") == 0
    assert json.loads(capsys.readouterr().out) == accuracy.shipped()
    assert ran("evaluate") == 0
    printed = capsys.readouterr().out
    told = accuracy.here(weights_hash())
    assert all(sentence in printed for sentence in told.lead)
    assert all(section.heading.upper() in printed for section in told.sections)


def write(folder: Path, of: Region, officials: bool = True) -> Path:
    folder.mkdir()
    rows = {"gold": of.labels.values(), "articles": of.articles, "pledges": of.pledges.values()}
    held = {"name": "Ann Lee", "role": "mayor", "body": "Hythe", "aliases": [], "office": "Mayor of Hythe"}
    if officials:
        rows["officials"] = [held | {"from": "2020-01-01", "to": None}]
    for name, some in rows.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in some)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.mark.slow
def test_a_readers_own_region_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "hythe", region(many=2))
    assert ran("--home", str(tmp_path), "evaluate", "--input", str(folder), "--json") == 0
    out = capsys.readouterr()
    assert "reading hythe, 2 articles" in out.err and "2 of 2 articles read" in out.err
    (row,) = json.loads(out.out)["sets"]["own"]["regions"]
    assert (row["name"], row["statements"], row["promises"], row["pledges"]) == ("hythe", 4, 2, 1)
    assert row["figures"]["speaker right"][0] == row["figures"]["statements: recall"][0] == 1.0
    assert ran("--home", str(tmp_path), "evaluate", "--input", str(folder / "gold.jsonl")) == 0
    assert "Measured on 1 region that you labelled (gold)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda row: row.pop("text"), "gold.jsonl:2: a label needs 'text' as text"),
        (
            lambda row: row["statements"][0].update(kind="loud"),
            "kind is one of direct, indirect, mixed, not 'loud'",
        ),
        (lambda row: row["statements"][0].update(content=[[0, 999]]), "[0, 999] does not lie in the text"),
        (lambda row: row["statements"][0].update(role="king"), "no role is called 'king'"),
        (lambda row: row["statements"][0]["commitments"][0].pop("span"), "a label needs 'span' as a list"),
        (lambda row: row["delivery"][0].update(stance="odd"), "no stance is called 'odd'"),
        (lambda row: row.update(statements=[7]), "an object is needed, not 7"),
    ],
)
def test_a_label_that_cannot_be_read_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Any, told: str
) -> None:
    of = region(many=2)
    change(of.labels["a1"])
    assert ran("evaluate", "--input", str(write(tmp_path / "hythe", of))) == 2
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1


def test_options_that_do_not_go_together_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "hythe", region(), officials=False)
    assert ran("evaluate", "--fresh", "--input", str(folder)) == 2
    assert ran("evaluate", "--officials", str(folder / "gold.jsonl")) == 2
    assert capsys.readouterr().err.count("--fresh goes alone") == 2
