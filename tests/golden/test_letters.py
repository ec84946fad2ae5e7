"""Letters, feeds and calendars of three days of the county are as kept in ``letters``, and parse."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.golden.letters.made import FEEDS, FOLDER, FOLLOWED, FORMATS, letters
from tests.parsed import calendar_events, feed_entries

DAYS = ("rich", "empty", "outage")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return letters(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize("name", [f"{day}.{form}" for day in DAYS for form in (*FORMATS, *FOLLOWED)])
def test_a_letter_is_as_it_was_read(made: dict[str, str], name: str) -> None:
    kept: Path = FOLDER / name
    assert kept.is_file(), f"make it by `python -m tests.golden.letters`, and read {kept}"
    assert made[name] == kept.read_bytes().decode(), "made anew by `python -m tests.golden.letters`"


class Nested(HTMLParser):
    """Fails on a tag that is not closed, or not in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("day", DAYS)
def test_a_letter_is_whole_html_short_lines_and_json(made: dict[str, str], day: str) -> None:
    page = Nested()
    page.feed(made[f"{day}.html"])
    page.close()
    assert page.open == []
    assert all(re.match(r"https?://[^/\s]+/", link) for link in page.links)
    lines = made[f"{day}.txt"].splitlines()
    assert [line for line in lines if len(line) > 72 and not re.match(r" *(> )?https?://\S+$", line)] == []
    assert all(line == line.rstrip() for line in lines)
    sent = json.loads(made[f"{day}.json"])
    assert {"subject", "day", "sections", "trouble"} <= sent.keys()
    for section in sent["sections"]:
        assert all(item["what"] or section["name"] == "said" for item in section["items"])


def test_what_happened_is_in_the_letter_of_its_day(made: dict[str, str]) -> None:
    rich, empty, outage = (json.loads(made[f"{day}.json"]) for day in DAYS)
    told = {section["name"] for section in rich["sections"] if section["items"]}
    assert told >= {"decided", "missed", "moved", "report", "new", "edited"}
    assert empty["subject"].endswith("nothing new")
    assert outage["trouble"]
    assert "This letter tells of" in made["outage.txt"]


@pytest.mark.parametrize("day", DAYS)
def test_feeds_and_calendar_are_read_by_other_programs(made: dict[str, str], day: str) -> None:
    for name in FEEDS:
        assert feed_entries(made[f"{day}.{name}"]), name
    events = calendar_events(made[f"{day}.ics"])
    assert all(str(event["URL"]).startswith("https://desk.example/pledge?id=") for event in events.values())
    assert all(len(line.encode()) <= 75 for line in made[f"{day}.ics"].split("\r\n"))


def test_what_happened_is_in_the_feeds_and_the_calendar_of_its_day(made: dict[str, str]) -> None:
    def ids(name: str) -> dict[str, set[str]]:
        return {day: {one.id for one in feed_entries(made[f"{day}.{name}"])} for day in DAYS}

    changed, overdue = ids("changed.atom"), ids("overdue.atom")
    assert changed["rich"] == changed["empty"] and len(changed["outage"] - changed["rich"]) == 1
    assert overdue["rich"] == overdue["empty"] > overdue["outage"]  # one of them was delivered meanwhile
    rich, empty, outage = (calendar_events(made[f"{day}.ics"]) for day in DAYS)
    assert rich == empty and rich.keys() > outage.keys()  # some are a year old by then
    (done,) = (key for key, event in outage.items() if event != rich[key])
    assert (rich[done].status, outage[done].status) == ("CONFIRMED", "CANCELLED")
    assert outage[done].sequence > rich[done].sequence
