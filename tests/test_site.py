"""The exported site: whole, valid, hostile text as text only, rights kept, put in place in one step."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cli import main
from flows.site import build
from flows.site import pages as site_pages
from flows.site.build import export_site
from ledger import days, vocabulary
from ledger.decisions import journal, published
from ledger.errors import Locked, WrongUse
from ledger.outputs import site_rows
from ledger.presentation import labels
from ledger.queries import overview_page, pledge_list, pledge_page
from ledger.queries.pledge_list import Filter
from ledger.settings import Settings, load
from ledger.storage import warehouse
from ledger.types import Decision, DecisionKind, Span
from tests.reading_home import HOSTILE, copy_home, few_home, hostile_home, reckoned_home

pytestmark = pytest.mark.slow

VOID = {"meta", "link", "br", "wbr"}
TAGS = set(
    """html head meta title link body a header nav ul ol li main footer p b s span h1 h2 h3 dl dt dd div
    section details summary blockquote bdi mark strong time br wbr table caption thead tbody tr th
     td figure figcaption svg line path text rect""".split()
)
ATTRIBUTES = set(
    """lang charset http-equiv content name rel href class id aria-label aria-labelledby aria-current tabindex
    datetime role scope colspan data-label type xmlns width height font-family x y x1 x2 y1 y2 dx d fill
    stroke stroke-width stroke-dasharray overflow text-anchor font-size aria-hidden viewbox
    preserveaspectratio title""".split()
)


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, tag: str) -> Iterator[Element]:
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.all(tag)


class Page(HTMLParser):
    """A page as a tree; a tag that is not closed in order, or stands on no list, is an error."""

    def __init__(self, file: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]
        self.ids: list[str] = []
        self.headings: list[int] = []
        written = file.read_text(encoding="utf-8")
        assert written.startswith("<!DOCTYPE html>\n")
        self.feed(written)
        self.close()
        assert self.open == [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert tag in TAGS and set(given) <= ATTRIBUTES and len(given) == len(attrs), (tag, attrs)
        element = Element(tag, given)
        self.open[-1].children.append(element)
        if "id" in given:
            self.ids.append(given["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "br":
            self.handle_data("\n")
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    @property
    def links(self) -> list[str]:
        return [a.attributes["href"] for a in (*self.root.all("a"), *self.root.all("link"))]


def pages_of(folder: Path) -> dict[Path, Page]:
    return {file: Page(file) for file in sorted(folder.rglob("*.html"))}


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def texts_of(file: Path) -> list[str]:
    """All texts of a JSON file but headlines and how a source is named, which a page gives too."""
    found: list[str] = []

    def look(value: object, name: str = "") -> None:
        if isinstance(value, dict):
            for key, one in value.items():
                look(one, key)
        elif isinstance(value, list):
            for one in value:
                look(one, name)
        elif isinstance(value, str) and name not in ("headline", "source_name", "source", "whose"):
            found.append(value)

    look(json.loads(file.read_text(encoding="utf-8")))
    return found


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def few(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home of 13 pledges, for what holds of any number."""
    return few_home(gold_home, tmp_path_factory.mktemp("few"))


@pytest.fixture(scope="module")
def few_site(few: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_site(few, tmp_path_factory.mktemp("out"))[0].parent


@pytest.fixture(scope="module")
def gold_site(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With every list on one page."""
    return export_site(gold_home, tmp_path_factory.mktemp("out"), 200)[0].parent


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    home = hostile_home(tmp_path_factory.mktemp("hostile"))
    return home, export_site(home, tmp_path_factory.mktemp("out"), 200)[0].parent


def test_every_pledge_has_a_page_and_stands_in_every_list(gold_home: Settings, gold_site: Path) -> None:
    pledges = {row.id: row for row in pledge_list.pledges(gold_home)}
    assert {file.stem for file in (gold_site / "pledge").iterdir()} == set(pledges)
    index = Page(gold_site / "pledges.html")
    rows = [row for row in index.root.all("tr") if next(row.all("a"), None)]
    assert {next(row.all("a")).attributes["href"][7:-5] for row in rows} == set(pledges)
    assert len(rows) == len(pledges) == 65
    for row in rows:
        link = next(row.all("a"))
        pledge = pledges[link.attributes["href"][7:-5]]
        cells = {cell.attributes["data-label"]: words(cell.text) for cell in row.all("td")}
        assert link.text == labels.capital(pledge.title)
        assert cells["Who"].startswith(pledge.owner)
        due = labels.when_due(pledge.deadline, gold_home.today, pledge.first_due, pledge.flags)
        assert cells["Deadline"] == labels.capital(due)
        names = [labels.flag_name(flag) for flag in pledge.flags]
        assert cells["Status"] == " ".join([labels.status_name(pledge.status), "suggested", *names])
        assert cells["Times said"] == str(pledge.restatements)
        assert cells["Reports"].split(" ")[0] == str(pledge.evidence)
    held = json.loads((gold_site / "pledges.json").read_text(encoding="utf-8"))
    assert [row["link"] for row in held] == [next(row.all("a")).attributes["href"] for row in rows]
    assert {(row["id"], row["title"], row["status"], row["suggested"]) for row in held} == {
        (p.id, p.title, p.status, p.suggested) for p in pledges.values()
    }


def test_the_list_goes_by_deadline_and_counts_by_status(gold_home: Settings, gold_site: Path) -> None:
    pledges = {row.id: row for row in pledge_list.pledges(gold_home)}
    index = Page(gold_site / "pledges.html")
    days = {}
    for body in index.root.all("tbody"):
        rows = [pledges[a.attributes["href"][7:-5]] for a in body.all("a")]
        days[body.attributes["id"]] = [row.deadline for row in rows]
        assert next(body.all("span")).text == str(len(rows))
        assert all(("overdue" in row.flags) == (body.attributes["id"] == "overdue") for row in rows)
    assert list(days) == list(site_rows.PARTS)
    assert set(days["undated"]) == {None}
    dated = {part: [day for day in found if day] for part, found in days.items()}
    assert dated["overdue"] == sorted(dated["overdue"]) and dated["ahead"] == sorted(dated["ahead"])
    assert dated["passed"] == sorted(dated["passed"], reverse=True)
    assert max(dated["passed"] + dated["overdue"]) < gold_home.today <= min(dated["ahead"])
    first = Page(gold_site / "index.html")
    counted = next(ul for ul in first.root.all("ul") if ul.attributes.get("class") == "outcomes")
    links = {a.attributes["href"]: words(a.text) for a in counted.all("a")}
    for status in {row.status for row in pledges.values()}:
        some = {row.id for row in pledges.values() if row.status == status}
        assert links.pop(f"status-{status}.html") == f"{labels.status_name(status)} {len(some)}"
        page = Page(gold_site / f"status-{status}.html")
        assert {
            a.attributes["href"][7:-5] for a in page.root.all("a") if "pledge/" in a.attributes["href"]
        } == some
    assert not links
    for page in pages_of(gold_site).values():
        assert words(page.root.text).count("As of 30 June 2026") == 1


def test_every_list_has_its_json_and_the_first_page_names_them(few: Settings, tmp_path: Path) -> None:
    home = reckoned_home(few, tmp_path / "home")
    (home.home / "settings.toml").write_text(
        'as_of = 2026-06-30\nheadline_rule = "What <most> people would feel."\n'
    )
    home = load(home.home)
    marked = {row.id for row in pledge_list.pledges(home, Filter(flag="drifted"))}
    assert marked
    for key in marked:
        journal.record(home, Decision("headline", key, {"headline": True}, "Ann"))
    folder = export_site(home, tmp_path, 5)[0].parent
    first = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    overview = overview_page.overview(home)
    assert (first["pledges"], first["set_by_people"], first["as_of"]) == (overview.total, 0, "2026-06-30")
    assert sum(row["pledges"] for row in first["by_status"]) == overview.total
    files = {file.name for file in folder.iterdir()}
    assert {one["json"] for one in first["lists"]} == {name for name in files if name.endswith("json")} - {
        "index.json",
        "accuracy.json",
    }
    held = {
        one["page"]: json.loads((folder / one["json"]).read_text(encoding="utf-8")) for one in first["lists"]
    }
    for one in first["lists"]:
        ids, file = [], one["page"]
        while file:
            page = Page(folder / file)
            tables = list(page.root.all("table"))
            ids += [a.attributes["href"][7:-5] for table in tables for a in table.all("a")]
            file = next(
                (a.attributes["href"] for a in page.root.all("a") if a.attributes.get("rel") == "next"), ""
            )
        assert ids == [row["id"] for row in held[one["page"]]] and len(ids) == one["pledges"] > 0
    assert {row["id"] for row in held["headline.html"]} == marked
    assert {row["id"] for row in held["pledges.html"] if row["headline"]} == marked
    sizes = {one["name"]: one["pledges"] for one in first["lists"]}
    for tally in overview.by_owner:
        assert sizes[f"Pledges of {labels.owner_name(tally.words)}"] == tally.pledges
    for tally in overview_page.by_topic(home):
        assert sizes[tally.key] == tally.pledges
    for name in ("index.html", "headline.html", "about.html"):
        assert "What <most> people would feel." in Page(folder / name).root.text


def test_files_are_named_after_what_they_list_and_no_two_alike() -> None:
    names = {"1": "Ann O’Shea", "2": "Ann O'Shea", "b": "Ħ 中", "c": "../../etc/passwd", "d": "Zoë " * 40}
    found = site_rows.slugs(names)
    assert len(set(found.values())) == len(names)
    assert found["1"].startswith("ann-o") and found["c"] == "etc-passwd"
    assert all(re.fullmatch("[a-z0-9-]{1,80}", slug) for slug in found.values())


def test_every_link_leads_somewhere(gold_site: Path, hostile: tuple[Settings, Path]) -> None:
    for folder in (gold_site, hostile[1]):
        pages = pages_of(folder)
        for file, page in pages.items():
            outside = [link for link in page.links if re.match("https?://", link)]
            assert "pledge" in str(file.relative_to(folder)) or not outside
            for link in set(page.links) - set(outside):
                path, _, fragment = link.partition("#")
                assert not re.match("/|[a-z]+:", path)
                target = (file.parent / path).resolve() if path else file
                assert target.is_file() and target.is_relative_to(folder)
                assert not fragment or fragment in pages[target].ids


def test_pages_are_whole_and_can_be_read_by_all(gold_site: Path, hostile: tuple[Settings, Path]) -> None:
    for file, page in (pages_of(gold_site) | pages_of(hostile[1])).items():
        (html,) = page.root.children
        assert html.attributes == {"lang": "en-GB"}
        assert page.headings[0] == 1 and page.headings.count(1) == 1
        assert all(
            later <= before + 1 for before, later in zip(page.headings, page.headings[1:], strict=False)
        )
        assert len(page.ids) == len(set(page.ids))
        assert next(html.all("a")).attributes == {"class": "skip", "href": "#main"}
        meta = {
            m.attributes.get("name") or m.attributes.get("http-equiv"): m.attributes for m in html.all("meta")
        }
        assert meta["viewport"]["content"] == "width=device-width, initial-scale=1"
        policy = meta["Content-Security-Policy"]["content"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'none'")
        assert next(html.all("title")).text.endswith(" – Said & Done")
        assert all(th.attributes["scope"] in ("col", "row", "rowgroup") for th in html.all("th"))
        beside = {link.attributes["rel"]: link.attributes["href"] for link in html.all("link")}
        assert (file.parent / beside["stylesheet"]).is_file()
        assert file.parent.name != "pledge" or beside["alternate"] == f"../pledges/{file.stem}.json"
    assert not re.search(r"url\(|@import|javascript", (gold_site / "style.css").read_text(encoding="utf-8"))
    assert "overflow-wrap: anywhere" in (gold_site / "style.css").read_text(encoding="utf-8")


def test_a_pledges_page_tells_what_the_ledger_holds(gold_home: Settings, gold_site: Path) -> None:
    row = max(pledge_list.pledges(gold_home), key=lambda pledge: pledge.evidence)
    page = pledge_page.pledge(gold_home, row.id)
    assert page is not None and row.independent > 1
    shown = Page(gold_site / "pledge" / f"{row.id}.html")
    text = words(shown.root.text)
    headings = [words(h.text).partition(" (")[0] for h in shown.root.all("h2")]
    whole = ["Outcome", "Timeline", "What came of it", "Worth a look", "What others said of it"]
    whole += ["Every time it was said", "History"]
    assert headings == [one for one in whole if one in headings] and len(headings) >= 5
    assert f"{row.evidence} reports, {row.independent} independent sources." in text
    assert "Nobody has rated it yet." in text and row.why in text
    for flag in row.flags:
        assert f"{labels.flag_name(flag)} {vocabulary.flags()[flag].meaning}" in text
    quoted = [words(quotation.text) for quotation in shown.root.all("blockquote")]
    for time in page.stated:
        assert words(time.context.text) in quoted
        assert time.link in shown.links and ":~:text=" in time.link
        assert days.day(time.published) in text
    marks = {words(mark.text) for mark in shown.root.all("mark")}
    for report in page.shown:
        address, _, place = report.link.partition(":~:")
        assert [link for link in shown.links if link.startswith(address + ":~:") and place in link]
        assert words(report.words) in marks
        assert labels.stance_name(report.stance) in text


def test_hostile_text_is_text_and_reads_back_letter_by_letter(hostile: tuple[Settings, Path]) -> None:
    home, folder = hostile
    titles = {row.id: row.title for row in pledge_list.pledges(home)}
    assert len(titles) == 2 * len(HOSTILE)  # two pledges of each owner
    listed = {a.attributes["href"]: a.text for a in Page(folder / "pledges.html").root.all("a")}
    for key, bad in titles.items():
        shown = Page(folder / "pledge" / f"{key}.html")  # which knows no tag and attribute but its own
        title = labels.plain(labels.cut(labels.capital(bad), 300))
        assert next(shown.root.all("h1")).text == title == listed[f"pledge/{key}.html"]
        assert next(shown.root.all("blockquote")).text == labels.plain(bad)
        assert [mark.text for mark in shown.root.all("mark")] == [labels.plain(bad)] * 3
        page = pledge_page.pledge(home, key)
        assert page is not None
        outside = [link for link in shown.links if ":" in link]
        assert outside == [
            link
            for link in (page.stated[0].link, page.shown[0].link, page.to_check[0].link, page.stated[0].link)
            if link
        ]
        assert shown.root.text.count(labels.plain(labels.cut(bad, 300))) >= 8
    for file in folder.rglob("*.html"):
        page_text = file.read_text(encoding="utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", page_text)
        body = re.sub('href="[^"]*"', "", page_text.partition("</title>")[2])
        assert not re.search("W{200}", body)  # a line may break after each hundred letters
    held = json.loads((folder / "pledges.json").read_text(encoding="utf-8"))
    assert {row["id"]: row["title"] for row in held} == titles


def test_peoples_words_are_shown_beside_the_rules(few: Settings, tmp_path: Path) -> None:
    home = copy_home(few, tmp_path / "home")
    row = max(pledge_list.pledges(home), key=lambda pledge: pledge.evidence)
    page = pledge_page.pledge(home, row.id)
    assert page is not None
    bad, piece = HOSTILE[0], next(report for report in page.shown if report.stance != "restated")

    def decide(kind: DecisionKind, subject: str, value: dict[str, object], why: str = "") -> int:
        return journal.record(home, Decision(kind, subject, value, "Ann " + bad, why))

    taken_back = decide("set_status", row.id, {"status": "delivered", "reason": ""}, "too hasty")
    decide("undo", row.id, {"row": taken_back})
    decide("set_status", row.id, {"status": "not_delivered", "reason": "dropped"}, "both " + bad)
    hasty = decide("reply", row.id, {"text": "No comment."})
    decide("undo", row.id, {"row": hasty})
    decide("reply", row.id, {"text": "We did it. " * 1000 + bad})
    decide("note", row.id, {"text": "asked " + bad})
    decide("reject", piece.id, {}, "another airport")
    folder = export_site(home, tmp_path / "out", 200)[0].parent
    shown = Page(folder / "pledge" / f"{row.id}.html")
    boxes = {next(box.all("h3")).text: words(box.text) for box in shown.root.all("section")}
    noted = boxes["Editor’s note"]
    assert boxes["Set by people"].startswith(f"Set by people Not delivered (dropped) by Ann {bad} on ")
    assert "both " + bad in boxes["Set by people"] and "asked " + bad in noted
    suggested = {pledge.id: pledge.suggested for pledge in pledge_list.pledges(home)}[row.id]
    assert boxes["Suggested by rules"].startswith("Suggested by rules " + labels.status_name(suggested))
    assert boxes["Reply by the owner"].startswith("Reply by the owner We did it. We did it.")
    assert "We did it. " * 1000 + bad in boxes["Reply by the owner"]
    headings = [h.text for h in shown.root.all("h3")]
    assert headings[:2] == ["Set by people", "Suggested by rules"]
    assert headings[-2:] == ["Reply by the owner", "Editor’s note"]
    history = next(ul for ul in shown.root.all("ul") if ul.attributes.get("class") == "history")
    lines = [words(line.text) for line in history.all("li")]
    assert lines[0].endswith("rejected it (a report). Why: another airport")
    assert lines[1].endswith("added a note, which stands above")
    assert lines[2].endswith("added a reply, which stands above")
    assert lines[4].endswith("added a reply: No comment. (undone)")
    assert "set the status to Not delivered (dropped)" in lines[5] and "(undone)" not in lines[5]
    assert "set the status to Delivered" in lines[7] and lines[7].endswith("too hasty (undone)")
    assert f"{row.evidence - 1} reports" in words(shown.root.text)
    index = Page(folder / "pledges.html")
    line = next(tr for tr in index.root.all("tr") if row.id in str([a.attributes for a in tr.all("a")]))
    assert f"Not delivered (dropped) set by {labels.cut('Ann ' + bad, 60)}" in words(line.text)
    marked = [span.attributes["class"] for span in line.all("span")]
    assert "chip s-not_delivered" in marked and not any("suggested" in one for one in marked)
    assert "1 of these 13 statuses was set by people." in words(index.root.text)


@pytest.mark.parametrize("link", ["https://council.example/minutes?item=7&page=2", "javascript:alert(1)", ""])
def test_a_set_status_shows_what_it_rests_on(few: Settings, tmp_path: Path, link: str) -> None:
    home = copy_home(few, tmp_path / "home")
    row = max(pledge_list.pledges(home), key=lambda pledge: pledge.evidence)
    page = pledge_page.pledge(home, row.id)
    assert page is not None
    ticked, one = page.shown[::3], page.shown[1]
    value: dict[str, object] = {"status": "unclear", "evidence": [e.id for e in ticked], "link": link}
    undone: dict[str, object] = {"status": "stalled", "evidence": [one.id], "link": "https://no.example/"}
    journal.record(home, Decision("set_status", row.id, value | {"evidence": ["gone"]}, "Ann"))
    journal.record(home, Decision("set_status", row.id, value | {"evidence": [e.id for e in ticked]}, "Ann"))
    number = journal.record(home, Decision("set_status", row.id, undone, "Ben"))
    journal.record(home, Decision("undo", row.id, {"row": number}, "Ben"))
    shown = Page(export_site(home, tmp_path / "out")[0].parent / "pledge" / f"{row.id}.html")
    box = next(box for box in shown.root.all("section") if "Set by people" in box.text)
    lines = [words(line.text) for line in box.all("li")]
    articles = {report.article_id: report for report in ticked}
    assert len(lines) == len(articles) + link.startswith("https:")
    for report in articles.values():
        assert f"{days.day(report.day)} · {report.headline} · {report.outlet}" in lines
    links = [a.attributes["href"] for a in box.all("a")]
    for report in ticked:
        assert any(to.startswith(report.url) and report.link.partition(":~:")[2] in to for to in links)
    assert (link in links) == link.startswith("https:")
    history = next(ul for ul in shown.root.all("ul") if ul.attributes.get("class") == "history")
    to_link = [a.attributes["href"] for a in history.all("a") if a.attributes["href"] == link]
    assert len(to_link) == (2 if link.startswith("https:") else 0)


@pytest.mark.parametrize("length", [1, 5, 12, 13])
def test_long_lists_come_in_pages_that_lead_to_one_another(
    few: Settings, few_site: Path, tmp_path: Path, length: int
) -> None:
    folder = export_site(few, tmp_path, length)[0].parent
    assert len(pledge_list.pledges(few)) == 13

    def ids(page: Page) -> list[str]:
        return [a.attributes["href"][7:-5] for table in page.root.all("table") for a in table.all("a")]

    for name in (
        "pledges",
        *(f"status-{status}" for status in {row.status for row in pledge_list.pledges(few)}),
    ):
        whole, found, file = ids(Page(few_site / f"{name}.html")), [], f"{name}.html"
        before, number = "", 0
        while file:
            page, number = Page(folder / file), number + 1
            found += ids(page)
            assert len(ids(page)) == min(length, len(whole) - (number - 1) * length)
            turns = [a.attributes for a in page.root.all("a") if a.attributes.get("rel") in ("prev", "next")]
            ahead = {turn["rel"]: turn["href"] for turn in turns}
            assert ahead.get("prev", "") == before
            assert len(whole) <= length or f"Page {number} of {-(-len(whole) // length)}" in page.root.text
            before, file = file, ahead.get("next", "")
        assert found == whole
        assert len(list(folder.glob(f"{name}*.html"))) == number
    for listed in folder.glob("*.html"):  # a part is led to where it begins
        for link in Page(listed).links:
            file, _, part = link.partition("#")
            if file and part:
                heading = next(b for b in Page(folder / file).root.all("tbody") if b.attributes["id"] == part)
                assert "continued" not in heading.text
    assert (folder / "pledges.json").read_bytes() == (few_site / "pledges.json").read_bytes()


def test_reserved_articles_give_quotations_and_nothing_else(
    gold_home: Settings, gold_site: Path, tmp_path: Path
) -> None:
    home = copy_home(gold_home, tmp_path / "home")
    free = pages_of(gold_site / "pledge")
    with warehouse.run(home) as connection:
        connection.execute("UPDATE articles SET paywalled = true")
    warehouse.publish(home)
    kept = pages_of(export_site(home, tmp_path / "kept")[0].parent / "pledge")
    with published.reading(home) as connection:
        own = connection.execute(
            """SELECT a.text, list([list_min([p[1] for p in s.content]), list_max([p[2] for p in s.content])])
            FROM w.articles a LEFT JOIN w.statements s ON s.article_id = a.id GROUP BY a.id, a.text"""
        ).fetchall()
    reporters: set[str] = set()  # pieces of words that nobody is quoted with
    quoted: set[str] = set()
    for text, quotations in own:
        letters = list(text)
        for begin, end in (pair for pair in quotations if pair[0] is not None):
            letters[begin:end] = "\n" * (end - begin)
            quoted |= {text[n : n + 40] for n in range(begin, end - 39)}
        for line in "".join(letters).split("\n"):
            reporters |= {line[n : n + 40] for n in range(0, len(line) - 39, 10)}

    def told(pages: dict[Path, Page]) -> set[str]:
        inside = [q.text for page in pages.values() for q in page.root.all("blockquote")]
        return {q[n : n + 40] for q in inside for n in range(len(q) - 39)} & (reporters - quoted)

    assert len(told(free)) > 100
    assert told(kept) == set()
    written = [text for file in (tmp_path / "kept").rglob("pledges/*.json") for text in texts_of(file)]
    assert len(written) > 1000
    pieces = {text[n : n + 40] for text in written for n in range(len(text) - 39)}
    assert pieces & (reporters - quoted) == set()
    for page in kept.values():
        for quotation in page.root.all("blockquote"):
            if "class" in quotation.attributes:  # the pledge's own words, and what others said
                continue
            assert quotation.text == " […] ".join(mark.text for mark in quotation.all("mark")) != ""
    told_so = "The outlet reserves its rights: read it there."
    assert any(told_so in page.root.text for page in kept.values())
    assert not any("reserves its rights" in page.root.text for page in free.values())


def test_the_same_warehouse_gives_the_same_bytes(
    few: Settings, few_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_rows, "_BATCH", 3)  # nor does it matter in what batches it is read
    first = bytes_of(export_site(few, tmp_path)[0].parent)
    assert first == bytes_of(few_site)
    assert bytes_of(export_site(few, tmp_path)[0].parent) == first
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_pages_asked_for_together_are_those_asked_for_alone(gold_home: Settings) -> None:
    with site_rows.reading(gold_home) as reader:
        together = list(reader.pages())
    assert len(together) == 65
    most = sorted(together, key=lambda page: len(page.stated) + len(page.shown))[-5:]
    some = [*together[::6], *most]
    assert some == [pledge_page.pledge(gold_home, page.pledge.id) for page in some]


def test_a_pledge_that_an_editor_rejects_is_gone(few: Settings, tmp_path: Path) -> None:
    home = reckoned_home(few, tmp_path / "home")
    rows = pledge_list.pledges(home)
    owners = Counter(row.owner for row in rows)  # an owner's last pledge would take the owner's list along
    single = next(row for row in rows if row.restatements == 1 and owners[row.owner] > 1)
    folder = export_site(home, tmp_path)[0].parent
    before = bytes_of(folder)
    assert any(single.id.encode() in content for content in before.values())
    number = journal.record(home, Decision("reject", single.id, {}, "Ann"))
    assert export_site(home, tmp_path)[1] == 12
    after = bytes_of(folder)
    gone = {f"pledge/{single.id}.html", f"pledges/{single.id}.json"}
    assert set(before) - set(after) == gone
    calendar = after.pop("deadlines.ics")  # which cancels the date, and tells nothing of it
    assert not any(single.id.encode() in content for content in after.values())
    assert single.title.encode() not in calendar
    journal.record(home, Decision("undo", single.id, {"row": number}, "Ann"))
    export_site(home, tmp_path)
    assert set(bytes_of(folder)) == set(before)


@pytest.fixture
def old_site(few_site: Path, tmp_path: Path) -> Path:
    """A site in ``tmp_path`` that differs from what a new export of the few pledges would write."""
    folder = tmp_path / "site"
    shutil.copytree(few_site, folder)
    for file in folder.rglob("*.html"):
        file.write_text(file.read_text(encoding="utf-8").replace("30 June", "29 June"), encoding="utf-8")
    return folder


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_an_export_that_fails_leaves_the_site_as_it_was(
    few: Settings, old_site: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    before = bytes_of(old_site)

    def fail(*_: object) -> Iterator[str]:
        yield "<!DOCTYPE html>"
        raise error

    with monkeypatch.context() as patched, pytest.raises(error):
        patched.setattr(site_pages, "pledge_page", fail)
        export_site(few, old_site.parent)
    assert bytes_of(old_site) == before
    assert [path.name for path in old_site.parent.iterdir()] == ["site"]


@pytest.mark.parametrize("where", ["flows.site.pages.pledge_page", "flows.site.build._put"])
def test_an_export_that_is_killed_leaves_the_site_as_it_was(
    few: Settings, few_site: Path, old_site: Path, where: str
) -> None:
    before = bytes_of(old_site)
    module, _, name = where.rpartition(".")
    code = f"""import os, sys
from pathlib import Path
import {module}
from flows.site.build import export_site
from ledger.settings import load
{module}.{name} = lambda *_: os._exit(9)
export_site(load(sys.argv[1]), Path(sys.argv[2]))"""
    arguments = [sys.executable, "-c", code, str(few.home), str(old_site.parent)]
    assert subprocess.run(arguments, check=False, timeout=120).returncode == 9
    assert bytes_of(old_site) == before
    assert sorted(path.name for path in old_site.parent.iterdir()) == [".site.half", "site"]
    export_site(few, old_site.parent)
    assert bytes_of(old_site) == bytes_of(few_site) != before
    assert [path.name for path in old_site.parent.iterdir()] == ["site"]


def test_where_folders_cannot_change_places_two_renames_do(
    few: Settings, few_site: Path, old_site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_exchange", lambda one, other: False)
    before = bytes_of(old_site)
    export_site(few, old_site.parent)
    assert bytes_of(old_site) == bytes_of(few_site) != before
    assert [path.name for path in old_site.parent.iterdir()] == ["site"]
    # killed between the two: what was set aside comes back, even where the new export fails
    old_site.rename(old_site.with_name(".site.old"))
    with pytest.raises(WrongUse, match="no warehouse"):
        export_site(Settings(home=old_site.parent / "empty"), old_site.parent)
    assert bytes_of(old_site) == bytes_of(few_site)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets two folders change places")
def test_folders_change_places_in_one_step(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert build._exchange(tmp_path / "one", tmp_path / "other")
    assert (tmp_path / "one" / "other").exists() and (tmp_path / "other" / "one").exists()
    with pytest.raises(FileNotFoundError):
        build._exchange(tmp_path / "one", tmp_path / "none")


def test_what_is_not_a_site_of_ours_is_not_replaced(few: Settings, tmp_path: Path) -> None:
    mine = tmp_path / "site"
    mine.mkdir()
    assert export_site(few, tmp_path)[1] == 13  # an empty folder is nobody's
    for file in (tmp_path / "a" / "site" / "index.html", tmp_path / "b" / "site"):
        file.parent.mkdir(parents=True)
        file.write_text("<title>my own</title>", encoding="utf-8")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "site").symlink_to(mine)
    for name in "abc":
        before = bytes_of(tmp_path)
        with pytest.raises(WrongUse, match=r"was not written by `said export --site`.*move it away"):
            export_site(few, tmp_path / name)
        assert bytes_of(tmp_path) == before
    with pytest.raises(WrongUse, match="cannot write to"):
        export_site(few, tmp_path / "b" / "site")


def test_one_export_at_a_time(few: Settings, old_site: Path) -> None:
    before = bytes_of(old_site)
    handle = os.open(old_site.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(Locked, match="another export"):
            export_site(few, old_site.parent)
    finally:
        os.close(handle)
    assert bytes_of(old_site) == before
    export_site(few, old_site.parent)


def test_a_warehouse_without_pledges_gives_a_site_that_says_so(few: Settings, tmp_path: Path) -> None:
    home = copy_home(few, tmp_path / "home")
    with warehouse.run(home) as connection:
        connection.execute("DELETE FROM pledges")
    warehouse.publish(home)
    page, number = export_site(home, tmp_path)
    assert number == 0 and "No pledge has been found yet." in Page(page).root.text
    assert json.loads((page.parent / "pledges.json").read_text(encoding="utf-8")) == []
    assert "No pledge has been found yet." in Page(page.parent / "pledges.html").root.text
    names = [
        "_headers",
        "about.html",
        "accuracy.html",
        "accuracy.json",
        "deadlines.ics",
        "feeds.html",
        "index.html",
        "index.json",
    ]
    names += ["pledges.html", "pledges.json", "style.css"]
    assert sorted(name for name in bytes_of(page.parent) if not name.startswith("feeds/")) == names


def test_the_command_writes_the_site_when_asked(
    few: Settings, few_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--home", str(few.home), "export", str(tmp_path)]
    for arguments in (given, [*given, "--site"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert not ended.value.code
        assert (tmp_path / "site").exists() == ("--site" in arguments)
        assert (tmp_path / "pledges.csv").exists()
    assert f"{tmp_path / 'site' / 'index.html'}: 13 pledges" in capsys.readouterr().out
    assert bytes_of(tmp_path / "site") == bytes_of(few_site)


def test_every_kind_of_decision_can_be_told() -> None:
    for kind in get_args(DecisionKind):
        assert labels.decided(Decision(kind, "x", {}, "Ann"))


@given(st.text(), st.lists(st.tuples(st.integers(-2, 40), st.integers(-2, 40))))
def test_text_in_layers_and_pieces_is_the_text(text: str, spans: list[Span]) -> None:
    pieces = labels.layered(text, spans)
    assert "".join(piece for piece, _ in pieces) == text
    inside = [marked for piece, (marked,) in pieces for _ in piece]
    assert inside == [any(start <= n < end for start, end in spans) for n in range(len(text))]
    assert "".join(labels.breakable(text * 90)) == labels.plain(text * 90)
    assert max(map(len, re.findall(r"\S+", " ".join(labels.breakable("x" * 999 + text)))), default=0) <= 200
