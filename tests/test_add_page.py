"""Bringing a file by the dashboard: what it is taken for, what is changed of that, that it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crawlers.archive.lines import read_lines, runs
from ledger import settings
from ledger.queries import pledge_list
from tests.file_makers import lines, pdf

APP = str(Path(__file__).parents[1] / "dashboard" / "app.py")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("SAID_HOME", str(tmp_path))
    app = AppTest.from_file(APP, default_timeout=300)
    app.run().switch_page("views/add.py")
    app.run()
    return app


def bring(app: AppTest, name: str, data: bytes) -> AppTest:
    app.file_uploader[0].set_value((name, data, "application/octet-stream"))
    app.run()
    assert not app.exception
    return app


@pytest.mark.slow
def test_a_file_is_looked_at_changed_and_added(page: AppTest, tmp_path: Path) -> None:
    next(box for box in page.text_input if box.label == "Your name").set_value("Kit")
    page.run()
    plan = pdf([lines(["Manifesto of the Hexley Residents", "", "1. Reopen Castle Street library."])])
    bring(page, "plan.pdf", plan)
    kind = next(box for box in page.selectbox if box.label == "What it is")
    assert kind.value == "manifesto"
    whose = next(box for box in page.text_input if box.label == "Whose words it holds")
    assert whose.value == "Hexley Residents"
    whose.set_value("Ann Lee")
    page.button[0].click().run()
    assert not page.exception
    assert [message.value for message in page.success] == ["Manifesto of the Hexley Residents is added."]
    (crawl,) = runs(tmp_path / "data" / "crawl")
    (line,) = [line for _, line in read_lines(crawl) if line and line["what"] == "page"]
    assert line["file"] == {"name": "plan.pdf", "kind": "manifesto", "speaker": "Ann Lee"}
    assert [row.owner for row in pledge_list.pledges(settings.load(tmp_path))] == ["Ann Lee"]


@pytest.mark.slow
def test_what_cannot_be_read_is_refused_in_one_line(page: AppTest, tmp_path: Path) -> None:
    next(box for box in page.text_input if box.label == "Your name").set_value("Kit")
    page.run()
    bring(page, "torn.pdf", b"%PDF-1.7 torn")
    assert [error.value for error in page.error] == ["torn.pdf: it is no whole PDF"]
    assert not page.selectbox and not runs(tmp_path / "data" / "crawl")


@pytest.mark.slow
def test_a_file_that_does_not_say_whose_it_is_can_be_told(page: AppTest) -> None:
    next(box for box in page.text_input if box.label == "Your name").set_value("Kit")
    page.run()
    bring(page, "note.txt", b"The baths at Lime Grove were busy on Sunday.")
    assert "it does not say whose it is" in page.error[0].value
    (whose,) = (box for box in page.text_input if box.label == "Whose file it is")
    assert whose.value == ""
