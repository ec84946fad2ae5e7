"""What people give by hand: files of the home folder, questions, decisions, rows of the journal, names.

Each is taken, or refused in one line that says what is wrong. What was taken then goes through exports, site,
feeds, calendar and letters, out of which neither markup nor a formula of its own may come.
"""

from __future__ import annotations

import csv
import json
import random
import shutil
import sqlite3
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, get_args

import numpy as np
from click.testing import CliRunner
from lxml import html

from benchmarks.faults.report import Measured, TrialOutcome
from benchmarks.fuzz.attempt import LIMIT, attempt, say, where
from benchmarks.fuzz.hostile import FORMS, hostile_files, hostile_text, wild, write
from benchmarks.fuzz.texts import DATA, ROWS, written
from crawlers.outlets import load_outlets
from flows.cli.app import said
from flows.delivery.subscriptions import load_subscriptions, mailbox
from flows.digest.make import make_digest
from flows.digest.render.registry import FORMATS
from flows.export import export, export_calendar
from flows.schedule.printed import KINDS, printed
from flows.site.build import export_site
from ledger.decisions import journal
from ledger.outputs.feed_rows import FeedAddresses, list_feed
from ledger.outputs.pledge_json import text as pledge_text
from ledger.outputs.story import story
from ledger.presentation import tabular
from ledger.presentation.atom import atom_text
from ledger.queries import official_page, pledge_list, pledge_page, review_lists, statement_card
from ledger.questions import answer, pledge_search
from ledger.questions.search_feed import search_feed
from ledger.search import statement_search
from ledger.settings import Settings, load
from ledger.types import Decision, DecisionKind
from nlp.officials.register import Register
from tests.gold_home import make_home
from tests.parsed import calendar_events, feed_entries

_SHARE = 8  # one of each kind for so many inputs asked for
_READ = 20  # decisions between two readings
_READING = 60.0  # seconds of a processor for all readers, one after the other
_ALL_READ = ("decisions: read", "rows of the journal")
_FORMULA = "=+-@|%＝＋－＠"
_FIELDS = ("", "", '"', *"speaker: role: outlet: area: after: added: commitment: official: -".split())
_NARROWING = ("owner", "role", "area", "status", "flag", "due", "outlet", "topic", "text", "outcome", "came")
_ADDRESSES = FeedAddresses("http://desk.example/{}".format, "http://desk.example/", "http://desk.example/f")
SOUND: dict[DecisionKind, dict[str, object]] = {  # what every page may hold by decisions of good faith
    "set_status": {"status": "not_delivered", "reason": "missed", "link": "https://a.example/"},
    "verdict": {"text": "Words", "links": ["https://a.example/"]},
    "note": {"text": "Words"},
    "reply": {"text": "Words"},
    "headline": {"headline": True},
}
InputTrials = Iterator[TrialOutcome | Measured]


def inputs(number_of: int, number: int) -> InputTrials:
    """All of them. ``number``: the seed of all chance."""
    chance, many = random.Random(number), max(10, number_of // _SHARE)
    with tempfile.TemporaryDirectory(prefix="said-fuzz-") as folder:
        home = make_home(Path(folder) / "home")
        statement_search.update(home)
        yield from _files(Path(folder) / "written", chance, many)
        yield from _names(Path(folder) / "named", chance, many // 4)
        yield from _questions(home, chance, many)
        for kind, value in SOUND.items():
            for row in pledge_list.pledges(home)[:3]:
                journal.record(home, Decision(kind, row.id, value, "Ann", "Words"))
        before = _tags(_outputs(home, Path(folder) / "before"))
        yield from _decisions(home, chance, many)
        yield from _rows(home, Path(folder) / "rows")
        yield from _come_out(home, Path(folder) / "after", before)


def _outcome(group: str, point: str, call: Callable[[], object]) -> TrialOutcome:
    refused, wrong = attempt(call, _READING if group in _ALL_READ else LIMIT)
    return TrialOutcome(group, point, refused, [f"{one}; given {point}" for one in wrong])


def _files(home: Path, chance: random.Random, many: int) -> InputTrials:
    """Files of a home folder, each read as the commands read it."""
    home.mkdir()
    for one in hostile_files():
        for n in range(many + len(FORMS)):
            body = FORMS[n] if n < len(FORMS) else one.made(chance)
            write(home, one.name, body)
            yield _outcome(f"files: {one.name}", repr(body[:120]), partial(_used, home, one.name))
        (home / one.name).unlink()
        say(f"{one.name}: read")


def _used(home: Path, name: str) -> None:
    """Read the file, and use what it holds: a value that only fails later was not refused in its line."""
    if name == "outlets.yaml":
        for outlet in load_outlets(home / name):
            json.dumps(outlet.rights)
            f"{outlet}".encode()
    elif name.startswith("officials"):
        register = Register.load(home / name)
        rows = [list(row.values()) for row in register.rows()]
        "".join(str(tabular.cell(value)) for row in rows for value in row).encode()
        for official in register.officials:
            assert register.named(official.name) is not None and official.posts_on(None) is not None
        assert register.gazetteer
    elif name == "subscriptions.yaml":
        settings = load(home)
        for one in load_subscriptions(settings):
            assert "\n" not in one.channel.target
            one.id.encode()
        mailbox(settings, "somebody@desk.example")
    else:
        settings = load(home)
        for kind in KINDS:
            assert printed(settings, kind)
        assert settings.today


def _names(home: Path, chance: random.Random, many: int) -> InputTrials:
    """Names of editors: the line that is printed for settings.toml is one that can be read there."""
    home.mkdir()
    for _ in range(many):
        name = hostile_text(chance, 2).lstrip("-") or "A"

        def printed_line(name: str = name) -> None:
            done = CliRunner().invoke(said, ["--home", str(home), "editors", "token", "--", name])
            if done.exception and not isinstance(done.exception, SystemExit):
                raise done.exception
            told = done.output.partition("[tokens]")[2]
            assert not done.exit_code and list(tomllib.loads(f"[tokens]{told}")["tokens"]) == [name], told

        yield _outcome("names of editors", ascii(name)[:120], printed_line)


def _encode(texts: Any) -> Any:
    made = np.array(
        [np.bincount(list(text.encode("utf-8", "replace")), minlength=384)[:384] for text in texts],
        np.float32,
    )
    return (made + 1e-3) / np.linalg.norm(made + 1e-3, axis=1, keepdims=True)


def _questions(home: Settings, chance: random.Random, many: int) -> InputTrials:
    """Questions and the words that narrow lists, asked of every reader that takes them."""
    for _ in range(many):
        text = chance.choice(_FIELDS) + sent(hostile_text(chance))
        for name, call in _asked(home, text, chance.choice(_NARROWING)).items():
            yield _outcome(f"questions: {name}", ascii(text)[:120], call)


def sent(text: str) -> str:
    """As it comes in by a browser or over HTTP: whole characters alone."""
    return text.encode("utf-8", "replace").decode()


def _asked(home: Settings, text: str, narrowing: str) -> dict[str, Callable[[], object]]:
    page = "http://desk.example/{}".format
    given: Any = {narrowing: text}
    return {
        "answer": lambda: answer.answer(home, text, _encode),
        "by meaning": lambda: answer.answer(home, text, _encode, by_meaning=True),
        "search": lambda: statement_search.search(home, text, offset=10**9 if narrowing == "due" else 0),
        "pledges": lambda: pledge_search.pledges(home, pledge_list.Filter(**given)),
        "feed": lambda: feed_entries(atom_text(search_feed(home, text, page, page("")))),
        "list": lambda: list_feed(home, "new", _ADDRESSES, {"q": text}, pledge_search.pledges),
        "by id": lambda: (
            pledge_page.pledge(home, text),
            statement_card.card(home, text),
            official_page.official(home, text),
        ),
    }


def _decisions(home: Settings, chance: random.Random, many: int) -> InputTrials:
    """Decisions with values of any kind, and after some of them every reader."""
    ids, sound = [row.id for row in pledge_list.pledges(home)], DATA["sound"]["decision"]

    def value(name: str) -> object:
        if not sound[name] or chance.random() < 0.5:
            return wild(chance)
        held = chance.choice(sound[name])
        return chance.choice(ids) if held == "{id}" else held

    for n in range(many):
        held = {name: value(name) for name in chance.sample(list(sound), chance.randint(1, 8))}
        kind: Any = chance.choice((*get_args(DecisionKind), hostile_text(chance, 1)))
        subject, who, why = (sent(hostile_text(chance, 2)) for _ in range(3))
        subject = chance.choice(ids) if chance.random() < 0.8 else subject
        made = Decision(
            kind, subject, json.loads(sent(json.dumps(held, ensure_ascii=False, default=str))), who, why
        )
        yield _outcome("decisions", ascii(made)[:300], partial(journal.record, home, made))
        if n % _READ == _READ - 1:
            yield _outcome("decisions: read", f"after {n + 1}", partial(_read, home, chance.sample(ids, 5)))


def _read(home: Settings, ids: Sequence[str]) -> None:
    """What pages, letters and searches ask; pages of these pledges."""
    assert pledge_list.pledges(home)
    for one in ids:
        if found := pledge_page.pledge(home, one):
            json.loads(pledge_text(story(found, home.today)))
    review_lists.queue(home)
    review_lists.people(home)
    statement_search.search(home, "council")
    journal.entries(home, home.today)
    digest = make_digest(home)
    for render in FORMATS.values():
        render(digest).encode()


def _rows(home: Settings, folder: Path) -> InputTrials:
    """Rows in the journal that no command of ours wrote."""
    shutil.copytree(home.home, folder)
    own = load(folder)
    pledge = pledge_list.pledges(home)[0].id
    for row in ROWS:
        for left in folder.glob("decisions.sqlite*"):
            left.unlink()
        journal.record(own, Decision("note", pledge, {"text": "Words"}, "Ann"))
        filled = [written(one).replace("{id}", pledge) if isinstance(one, str | list) else one for one in row]
        with closing(sqlite3.connect(own.decisions)) as held, held:
            held.execute(
                "INSERT INTO decisions (at, who, kind, subject, value, why) VALUES (?, ?, ?, ?, ?, ?)", filled
            )
        yield _outcome("rows of the journal", ascii(row)[:160], partial(_read, own, [pledge]))


def _outputs(home: Settings, folder: Path) -> Path:
    export(home, folder)
    export_calendar(home, folder)
    export_site(home, folder)
    return folder


def _tags(folder: Path) -> set[str]:
    """The elements, attributes and schemes of addresses in all pages."""
    found = set()
    for file in folder.rglob("*.html"):
        for element in html.fromstring(file.read_bytes()).iter():
            if isinstance(element.tag, str):
                found |= {element.tag, *(f"{element.tag} {name}" for name in element.attrib)}
                links = (value for name, value in element.attrib.items() if name in ("href", "src", "action"))
                found |= {
                    f"{element.tag} to {link.partition(':')[0].lower()}:"
                    for link in links
                    if ":" in link.split("/")[0]
                }
    return found


def _come_out(home: Settings, folder: Path, before: set[str]) -> InputTrials:
    """Files that others open: no element, attribute or scheme that is new, no cell to reckon."""
    wrong: list[str] = []
    try:
        more = _tags(_outputs(home, folder)) - before - _OURS
        wrong += [f"in the site there is now: {', '.join(sorted(more))[:500]}"] if more else []
        for file in folder.glob("*.csv"):
            with file.open(encoding="utf-8-sig", newline="") as opened:
                cells = [cell for row in csv.reader(opened) for cell in row]
            bad = [
                c
                for c in cells
                if c.lstrip()[:1] in _FORMULA and c.strip() and not c.lstrip("-").replace(".", "").isdigit()
            ]
            wrong += [f"{file.name}: {ascii(bad[0])[:200]}"] if bad else []
        calendar_events((folder / "deadlines.ics").read_text(encoding="utf-8"))
        feed_entries(atom_text(list_feed(home, "new", _ADDRESSES, {}, pledge_search.pledges)))
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told
        wrong.append(where(error))
    yield TrialOutcome("what comes out", "site, tables, calendar, feed", False, wrong)


_OURS = {"a to https:", "a to http:", "blockquote", "q", "blockquote cite"}  # what decisions of any kind add
