"""What hostile answers, files, archives, queries and words cannot do: grow, lead out, run, or add lines."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tarfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import brotli
import pytest
from icalendar import Calendar
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.archive.warc import BadArchive, read_record
from crawlers.discovery.listing_parsers import read_feed, read_sitemap
from crawlers.documents.adding import REFUSED, FactsTold, look
from crawlers.fetch.crawl import crawl
from flows import backup as backups
from flows.delivery.email import Email
from flows.delivery.slack import slack_message
from flows.digest.archive import Letter
from ledger import settings
from ledger.errors import SaidError, WrongUse
from ledger.outputs.feed_rows import FeedAddresses, list_feed
from ledger.presentation.atom import AtomEntry, AtomFeed, atom_text
from ledger.presentation.calendar_text import DueDate, calendar_text
from ledger.presentation.tabular import as_bytes, cell
from ledger.queries import official_page, pledge_list, pledge_page, statement_card
from ledger.questions import pledge_search
from ledger.search import statement_search
from ledger.settings import Settings
from ledger.types import Outlet
from tests.parsed import calendar_events, feed_entries
from tests.reading_home import copy_home
from tests.servers import MailServer, running
from tests.sites import Answer, serving

HOME = "https://news.example/"
BOMB = b"<html><body>" + b"\n" * 40_000_000
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, 1),
    "br": lambda body: brotli.compress(body, quality=1),
    "deflate": lambda body: zlib.compress(body, 1),
    "gzip, gzip": lambda body: gzip.compress(gzip.compress(body, 1), 1),
}
LINES = "A\r\nBcc: everybody@elsewhere.example\r\n\r\nB"


@pytest.mark.slow
def test_an_answer_that_unpacks_without_end_is_refused_in_every_encoding(tmp_path: Path) -> None:
    paths = {name: f"/news/a-bench-in-the-rain-{n}" for n, name in enumerate(PACKED)}
    answers = {
        path: Answer(PACKED[name](BOMB), headers={"Content-Encoding": name}) for name, path in paths.items()
    }
    items = "".join(f"<item><link>{{origin}}{path}</link></item>" for path in paths.values())
    rss = f"<rss version='2.0'><channel><title>A</title>{items}</channel></rss>"
    answers["/rss"] = Answer(lambda origin: rss.replace("{origin}", origin), "application/rss+xml")
    answers["/robots.txt"] = Answer("User-agent: *\nDisallow:\n", "text/plain")
    with serving(answers) as site:
        outlet = Outlet("A", f"{site.origin}/", feeds=(f"{site.origin}/rss",), local=True, crawl_delay=0)
        counts = crawl(tmp_path, [outlet])
    assert {
        problem.item.removeprefix(site.origin): problem.reason for problem in counts.problems
    } == dict.fromkeys(paths.values(), "too_large")
    assert counts.written == 0


LAUGHS = (
    '<?xml version="1.0" encoding="{}"?><!DOCTYPE x [<!ENTITY a "ha{}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file://{}">]>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("entity", ["c", "f"])
def test_no_entity_is_expanded_whatever_the_encoding(tmp_path: Path, encoding: str, entity: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://news.example/the-secret-of-the-house")
    head = LAUGHS.format(encoding, "x" * 1000, secret)
    item = f"<item><title>&{entity};</title><link>{HOME}a-b-c-d</link></item>"
    feed = f"{head}<rss version='2.0'><channel>{item}</channel></rss>"
    sitemap = f"{head}<urlset><url><loc>{HOME}&{entity};</loc></url></urlset>"
    for held in (read_feed(feed.encode(encoding), HOME), read_sitemap(sitemap.encode(encoding), HOME)):
        told = repr(held)
        assert "secret-of" not in told and len(told) < 2_000


def test_a_sitemap_that_unpacks_without_end_is_refused() -> None:
    assert read_sitemap(gzip.compress(b"<urlset>" + b" " * 60_000_000, 1), HOME).reason == "too_large"


@pytest.mark.parametrize(
    "name", ["../out.sqlite", "/tmp/out.sqlite", "a/b.yaml", "..", "outlets.yaml/../../x.yaml"]
)
def test_no_name_in_a_backup_leads_out_of_the_home(tmp_path: Path, name: str) -> None:
    home = settings.load(tmp_path / "home")
    home.home.mkdir()
    for kind in (tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE):
        file = tmp_path / "backup.tar.gz"
        with tarfile.open(file, "w:gz") as archive:
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.size = (
                kind,
                "/etc/passwd",
                1 if kind == tarfile.REGTYPE else 0,
            )
            archive.addfile(member, io.BytesIO(b"x"))
        with pytest.raises(WrongUse, match=r"no backup of this version|no whole backup"):
            backups.restore(home, file)
    link = tarfile.TarInfo("settings.toml")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(file, "w:gz") as archive:
        archive.addfile(link)
    with pytest.raises(WrongUse):
        backups.restore(home, file)
    assert {path.name for path in home.home.rglob("*")} == {"data", "run.lock", "format"}


def test_a_backup_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    with tarfile.open(file, "w:gz", compresslevel=1) as archive:
        member = tarfile.TarInfo("settings.toml")
        member.size = 150_000_000
        archive.addfile(member, io.BytesIO(bytes(member.size)))
    with pytest.raises(WrongUse, match="more than it can hold"):
        backups.restore(settings.load(tmp_path), file)


@pytest.mark.parametrize(
    "reference", ["../../etc/passwd.warc.gz:0", "/etc/x.warc.gz:0", "a/b.warc.gz:0", "..:0"]
)
def test_no_reference_leads_out_of_the_archive(tmp_path: Path, reference: str) -> None:
    with pytest.raises(BadArchive, match="no archive reference"):
        read_record(tmp_path, reference)


def test_a_file_that_is_brought_opens_no_other(tmp_path: Path) -> None:
    """A WARC whose pages claim to be files of this machine."""
    file = tmp_path / "../x\n=1.warc.gz".replace("../", "")
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for url in ("file:///etc/passwd", "urn:sha256:0", "javascript:alert(1)"):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            page = b"<html><body><p>Words</p></body></html>"
            record = writer.create_warc_record(
                url, "response", io.BytesIO(page), length=len(page), http_headers=headers
            )
            writer.write_record(record)
    (refused,) = look(tmp_path, file, FactsTold())
    assert (refused.state, refused.why) == (REFUSED, "it holds no page of the web")


INJECTIONS = (
    "'; DROP TABLE w.statements; --", "' OR '1'='1", "\" OR 1=1 --", "%' UNION SELECT * FROM w.officials --",
    "$$; ATTACH '/etc/passwd' AS x; $$", "?1", "\\", "'", "\x00", "speaker:\"'; SELECT 1\"",
    "role:mayor') --",
    "after:2026-01-01'; --", "(" * 400, "a" * 5_000, "-" * 900, '"' * 900, "* OR *:*", "exact:[* TO *]",
    "/.*/", "read_csv('/etc/passwd')", "../../../etc/passwd", "\u202e", "𝕏" * 300, "speaker:", "a:b:c^9~",
    "AND OR NOT",
)  # fmt: skip


@pytest.fixture(scope="module")
def asked(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return copy_home(gold_home, tmp_path_factory.mktemp("asked"))


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_is_typed_is_a_value_and_never_a_part_of_a_query(asked: Settings, text: str) -> None:
    before = asked.warehouse.read_bytes()
    narrowed = pledge_list.Filter(
        text=text, owner=text, role=text, area=text, status=text, flag=text, outlet=text, topic=text
    )
    addresses = FeedAddresses(str, "http://desk.example/", "http://desk.example/")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: statement_search.search(asked, text),
        lambda: pledge_search.pledges(asked, pledge_list.Filter(text=text)),
        lambda: pledge_search.pledges(asked, narrowed),
        lambda: pledge_page.pledge(asked, text),
        lambda: statement_card.card(asked, text),
        lambda: official_page.official(asked, text),
        lambda: list_feed(asked, "new", addresses, {"owner": text}, pledge_search.pledges),
        lambda: list_feed(asked, text, addresses, {}, pledge_search.pledges),
    )
    for attempt in attempts:
        try:
            attempt()
        except SaidError as error:
            assert "\n" not in str(error)
    assert pledge_page.pledge(asked, text) is None and statement_card.card(asked, text) is None
    assert asked.warehouse.read_bytes() == before
    assert statement_search.search(asked, "buses").total > 0


@dataclass
class Row:
    words: str


@pytest.mark.parametrize(
    "start",
    [*"=+-@|%", *"＝＋－＠", *"﹦﹢﹣﹫", "\t=", "\r=", "\n=", " =", "\ufeff=", "\u2060=", "'=", '"='],
)
def test_no_cell_is_taken_for_a_formula_by_any_spreadsheet(start: str) -> None:
    words = f'{start}HYPERLINK("http://elsewhere.example";"x")'
    assert cell(words).startswith("'")
    assert cell([words, "b"]).startswith("'")
    held = as_bytes([Row(f"harmless;{words}"), Row(f'harmless";{words}')], "csv").decode("utf-8-sig")
    for line in csv.reader(io.StringIO(held), delimiter=";"):  # as spreadsheets of other countries read it
        assert not [
            one
            for one in line
            if one.lstrip(" \t\r\n\ufeff\u2060'\"")[:1] in "=+-@＝＋－＠﹦﹢﹣﹫|%" and one
        ], line


def test_words_from_outside_add_no_line_to_a_calendar_or_a_feed() -> None:
    evil = "Title\r\nATTACH:http://elsewhere.example/x\r\nEND:VEVENT\r\nBEGIN:VALARM<script>]]></title>\u2028\x0b"
    when = datetime(2026, 1, 1, tzinfo=UTC)
    due = DueDate(
        "abc",
        evil,
        evil,
        "stalled",
        None,
        date(2026, 12, 1),
        None,
        False,
        False,
        evil,
        evil,
        HOME,
        when,
        None,
    )
    text = calendar_text([due], "https://desk.example/{}".format)
    (event,) = calendar_events(text).values()
    assert "ATTACH" not in event and "END:VEVENT" in event["SUMMARY"]
    assert Calendar.from_ical(text).walk("VALARM") == []
    assert len(re.findall(r"(?m)^(?:BEGIN|END):", text)) == 4
    entry = AtomEntry("id", evil, "https://desk.example/", when, "<p>words</p>", evil)
    feed = atom_text(AtomFeed("f", evil, "https://desk.example/", [entry]))
    (told,) = feed_entries(feed)
    assert "ATTACH" in told["title"] and "<script" not in feed


def test_a_subject_adds_no_line_to_a_mail_and_pings_nobody_in_slack(tmp_path: Path) -> None:
    """Over a real mail server."""
    parts = {"txt": LINES, "html": f"<p>{LINES}</p>", "json": json.dumps({"what": "x"})}
    letter = Letter("x", f"<!channel> & {LINES}", parts)
    with running(server := MailServer()):
        entry = {
            "to": ["desk@desk.example"], "sender": "digest@desk.example", "server": "127.0.0.1",
            "port": server.port, "security": "none",
        }  # fmt: skip
        (mail,) = Email.load(settings.load(tmp_path), "e", entry)
        assert mail.send(letter, lambda: None).outcome == "sent"
    ((_, to, message, _),) = server.taken
    assert to == ["desk@desk.example"] and message["Bcc"] is None
    assert message["Subject"] == "<!channel> & A Bcc: everybody@elsewhere.example B"
    told = json.loads(slack_message(letter))
    assert told["text"].startswith("&lt;!channel&gt; &amp; A")
    assert "<!" not in json.dumps(told["blocks"][1:])
    for address in (
        "a@b.example\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "a b@c.example",
        "<a@b.example>",
    ):
        with pytest.raises(WrongUse, match="e-mail address"):
            Email.load(settings.load(tmp_path), "e", entry | {"to": [address]})


def test_a_backup_holds_no_password_of_others(tmp_path: Path) -> None:
    """It holds lists, settings, journals and the home's own link key; files of secrets stay out."""
    secret = "correct-horse-battery-staple"
    files = {
        "subscriptions.yaml": "- channel: webhook\n  url_file: hook-url\n  secret_file: hook-secret\n",
        "settings.toml": '[proxy]\nheader = "X-User"\nsecret_file = "proxy-secret"\n',
        "link-secret": "a key of the home's own",
        **dict.fromkeys(
            ("hook-url", "hook-secret", "proxy-secret", ".streamlit/secrets.toml", "smtp.txt"), secret
        ),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    made = backups.backup(settings.load(tmp_path))
    assert set(made.contents) == {"subscriptions.yaml", "settings.toml", "link-secret"}
    assert made.path.stat().st_mode & 0o077 == 0
    with tarfile.open(made.path) as archive:
        pieces = [archive.extractfile(one) for one in archive.getmembers()]
        assert not [piece for piece in pieces if piece and secret.encode() in piece.read()]
