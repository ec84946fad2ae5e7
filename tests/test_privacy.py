"""People of no office: no key, hit, file or feed is made of their names; and what is forgotten is gone.

One home, made by a whole run over a paper of our own; the tests of this module take it further, in order.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers.archive.lines import runs
from flows import backup as backups
from ledger import forgotten, settings
from ledger.decisions import journal, published
from ledger.errors import WrongUse
from ledger.queries import pledge_page
from ledger.queries.pledge_list import Filter, pledges
from ledger.questions import pledge_search
from ledger.search import statement_search
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision
from tests.private_paper import COURT, FLOOD, LEADER, PRIVATE, STORIES, VICTIM, paper, run
from tests.sites import Answer, SiteServer

pytestmark = pytest.mark.slow
BEGUN = "/news/a-new-story-on-the-flood-wall-today"
# Where the words of an article, or an official's own, may stand: nothing is looked up by these.
_WORDS = {
    "articles.text", "articles.url", "revisions.text", "statements.words",
    "quotation_edits.before", "quotation_edits.after", "evidence.words", "leads.words", "commitments.clause",
    "articles.title", "commitment_said.title", "commitment_said.url", "commitment_said.words",
    "commitment_said.clause",
}  # fmt: skip


def elsewhere(home: Settings) -> Path:
    """Where somebody keeps a copy of a backup."""
    return home.home.with_name("elsewhere")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, SiteServer]]:
    with paper(tmp_path_factory.mktemp("desk")) as (home, site):
        run(home, "run")
        (wall,) = [row for row in pledges(home) if row.title.startswith("Build the flood wall")]
        note = Decision("note", wall.id, {"text": f"{VICTIM}’s family was told."}, "Ann Lee", "by telephone")
        journal.record(home, note)
        run(home, "export", str(home.home / "out"), "--site")
        run(home, "backup")
        backups.backup(home, elsewhere(home))
        yield home, site


def holding(folder: Path, *names: str) -> list[str]:
    """The files under a folder in which one of these names stands, in any writing, packed or not."""
    found = []
    sought = [
        re.compile(rb"[^a-z]{1,6}".join(map(re.escape, name.lower().encode().split()))) for name in names
    ]
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        if any(one.search(content.lower()) for one in sought):
            found.append(str(file.relative_to(folder)))
    return found


def columns_naming(home: Settings, *names: str) -> set[str]:
    """The columns of the warehouse, as table.column, in which one of these names stands."""
    found = set()
    with published.reading(home) as connection:
        listed = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'w'"
        ).fetchall()
        for table, column in listed:
            query = f"""SELECT count(*) FROM w."{table}" t, (SELECT unnest($1::VARCHAR[]) AS name) sought
                WHERE contains(lower(t."{column}"::VARCHAR), sought.name)"""
            if connection.execute(query, [[name.lower() for name in names]]).fetchone() != (0,):
                found.add(f"{table}.{column}")
    return found


def test_no_key_and_no_column_but_of_words_holds_a_private_persons_name(
    desk: tuple[Settings, SiteServer],
) -> None:
    home, _ = desk
    with published.reading(home) as connection:
        said = connection.execute("SELECT speaker, source_name FROM w.statements").fetchall()
        officials = {name for (name,) in connection.execute("SELECT name FROM w.officials").fetchall()}
    assert len(said) >= 4 and officials == {LEADER, "Orla Banniman"}
    surnames = [name.split()[1] for name in PRIVATE]
    assert not [row for row in said if any(one in str(row) for one in surnames)]
    assert columns_naming(home, *PRIVATE, *surnames) - _WORDS == set()
    assert not {
        name for name in home.home.rglob("*") if any(one.lower() in name.name.lower() for one in surnames)
    }


@pytest.mark.parametrize("name", [*PRIVATE, *(name.split()[1] for name in PRIVATE)])
def test_a_private_persons_name_finds_nothing(desk: tuple[Settings, SiteServer], name: str) -> None:
    """Neither statement nor pledge, by words; nor is the name offered for a slip of it."""
    home, _ = desk
    assert statement_search.search(home, name).total == 0
    assert pledge_search.pledges(home, Filter(text=name)) == []
    told = run(home, "pledges", f"{name[:-1]}x") + run(home, "pledges", "--owner", name[:-1])
    assert name not in told.replace(name[:-1] + "x", "")


def test_what_an_official_said_of_them_is_found_by_its_other_words(desk: tuple[Settings, SiteServer]) -> None:
    home, _ = desk
    (hit,) = statement_search.search(home, "flood wall Otter Lane").hits
    assert VICTIM in hit.context.text, "a quotation stays as it was said"
    rows = pledge_search.pledges(home, Filter(text="flood wall"))
    assert rows and not any(VICTIM.split()[1] in row.title for row in rows)


def test_pages_exports_feeds_letters_and_logs_are_made_of_officials_alone(
    desk: tuple[Settings, SiteServer],
) -> None:
    """Of the private people only the victim is named, in an official's own words and an editor's note."""
    home, _ = desk
    others = [name for name in PRIVATE if name != VICTIM]
    out = home.home / "out"
    # A link must lead where it leads, and a headline beside it is the outlet's: it stands as printed.
    slug = COURT.rpartition("/")[2].replace("-", "[^a-z]").encode()
    for file in (path for path in out.rglob("*") if path.is_file() and path.suffix != ".parquet"):
        told = re.sub(slug, b"", file.read_bytes().lower())
        assert not [one for one in others if one.lower().encode() in told], file
    assert not {"officials.csv", "posts.csv"} & set(holding(out, *PRIVATE))
    assert STORIES[COURT][0] in (out / "statements.csv").read_text("utf-8-sig")
    for file in [*(out / "site").rglob("*.atom"), *(out / "site").rglob("*.ics"), *out.glob("*.ics")]:
        titles = re.findall(r"<title[^>]*>[^<]*|<name>[^<]*|SUMMARY:[^\r\n]*", file.read_text("utf-8"))
        assert not [one for one in titles if any(name in one for name in PRIVATE)]
    for file in home.digests.iterdir():
        told = re.sub(slug, b"", file.read_bytes().lower())
        assert not [one for one in others if one.lower().encode() in told], file
    assert [file for file in holding(home.data, *PRIVATE) if file.endswith(".log")] == []
    assert holding(home.data / "index", *PRIVATE, *(name.split()[1] for name in PRIVATE)) == []


def test_a_person_is_forgotten_everywhere_and_does_not_come_back(desk: tuple[Settings, SiteServer]) -> None:
    home, site = desk
    assert holding(home.home, VICTIM), "it stands in many places before"
    before = pledges(home)
    told = run(home, "forget", "--person", VICTIM)
    assert "still stands" not in told
    assert holding(home.home, VICTIM) == [] and columns_naming(home, VICTIM) == set()
    after = pledges(home)
    lost = {row.title for row in before} - {row.title for row in after}
    assert all("for [somebody]" in title for title in lost), "what was promised for the victim alone"
    assert "5 of 5 articles are what their archived page gives" in run(home, "verify")
    with published.reading(home) as connection:
        (text,) = connection.execute(
            "SELECT text FROM w.articles WHERE url LIKE ?", [f"%{FLOOD}"]
        ).fetchone() or ("",)
    assert "______ ______, 41, of Otter Lane" in text and "Ms ______ was the best" in text
    (wall,) = [row.id for row in after if row.title.startswith("Build the flood wall")]
    page = pledge_page.pledge(home, wall)
    (kept,) = [one.decision for one in page.journal] if page else []
    assert kept.value["text"] == "______ ______’s family was told." and kept.who == "Ann Lee"
    with pytest.raises(Exception, match="append-only"), journal._open(home) as opened:
        opened.execute("DELETE FROM decisions")
    line = forgotten.load(home.home)
    assert line.people_in(f"the late {VICTIM.upper()}") and not line.people_in(LEADER)

    before_it = str(site.answers[FLOOD].body)
    site.answers[FLOOD] = Answer(before_it.replace("storm in which", "great storm in which"))
    site.answers[BEGUN] = Answer(
        "<html><head><title>Wall begun</title></head><body><article><h1>Wall begun</h1>"
        f"<p>The wall for <b>Tamsin</b> Orr&#101;ll is begun, said {LEADER}, leader of Hexley Council."
        " “We will finish it by May.”</p></article></body></html>"
    )
    feed = site.answers["/rss"].body
    assert callable(feed)
    item = f"<item><title>Wall for {VICTIM} begun</title><link>{site.origin}{BEGUN}</link></item>"
    more = feed(site.origin).replace("</channel>", f"{item}</channel>")
    site.answers["/rss"] = Answer(more, "application/rss+xml")
    again = run(home, "run")
    assert "2 written" in next(line for line in again.splitlines() if line.startswith("crawl"))
    assert holding(home.home, VICTIM) == [], "a changed page and a new one come without the name"

    paper_of = home.home.with_name("minutes.txt")
    paper_of.write_text(f"Minutes\n\nThe council remembered {VICTIM}.\n", encoding="utf-8")
    refused = run(home, "add", str(paper_of), "--publisher", "Hexley Council", "--date", "2026-01-01")
    assert "taken out on request" in refused and holding(home.home, VICTIM) == []


def test_going_back_to_a_backup_brings_no_name_back(desk: tuple[Settings, SiteServer]) -> None:
    """A backup that somebody kept elsewhere, of before: what was forgotten is blanked again."""
    home, _ = desk
    (kept,) = elsewhere(home).glob("*.tar.gz")
    run(home, "restore", str(kept))
    assert [one.who for one in journal.history(home)] == ["Ann Lee"]
    assert holding(home.home, VICTIM) == []
    assert forgotten.load(home.home).people_in(VICTIM)


def test_who_is_named_in_an_address_goes_with_the_article(desk: tuple[Settings, SiteServer]) -> None:
    home, site = desk
    told = run(home, "forget", "--person", "Kieran Vosper")
    assert "still stands" not in told and "1 article removed" in told
    site.asked.clear()
    run(home, "run")
    assert holding(home.home, "Kieran Vosper", COURT.rpartition("/")[2]) == []
    assert COURT not in site.paths, "its address is barred"


def test_an_article_is_forgotten_with_its_exports(desk: tuple[Settings, SiteServer]) -> None:
    home, site = desk
    slug = "pool-to-stay-open-says-council-leader"
    feed = home.digests / "feed.atom"
    held = feed.read_text("utf-8")
    assert slug in held
    told = run(home, "forget", f"{site.origin}/news/{slug}")
    assert "still stands" not in told and holding(home.home, slug) == []
    feed.write_text(held, "utf-8")  # as where it was killed before it made the feed anew
    assert "still stands" not in run(home, "forget", f"{site.origin}/news/{slug}")
    assert holding(home.home, slug) == []
    run(home, "run")
    assert holding(home.home, slug) == [], "nor does a later crawl note its address"
    assert run(home, "forget", "--old").startswith("everything is kept")


def test_what_is_old_goes_where_nothing_rests_on_it(desk: tuple[Settings, SiteServer]) -> None:
    home, _ = desk
    with published.reading(home) as connection:
        count = "SELECT count(*) FROM w.articles"
        (before,) = connection.execute(count).fetchone() or (0,)
    (home.home / "settings.toml").write_text("keep_days = 1\nas_of = 2040-01-01\n", encoding="utf-8")
    aged = settings.load(home.home)
    digests = sorted(home.digests.glob("*.html"))
    assert digests
    run(aged, "forget", "--old")
    with published.reading(aged) as connection:
        promising = """SELECT count(DISTINCT s.article_id) FROM w.statements s
            JOIN w.commitments c ON c.statement_id = s.id"""
        (kept,) = connection.execute(promising).fetchone() or (0,)
        (now,) = connection.execute(count).fetchone() or (0,)
    assert 0 < kept == now < before
    assert all("taken out" in file.read_text("utf-8") for file in digests)
    told = [json.loads(file.read_text("utf-8"))["told"] for file in home.digests.glob("????-??-??.json")]
    assert any(told), "what was told is not told again"
    (home.home / "settings.toml").unlink()


def test_an_outlet_is_forgotten_with_all_that_came_from_it(desk: tuple[Settings, SiteServer]) -> None:
    home, site = desk
    told = run(home, "forget", "--outlet", "Hexley Post")
    assert [line for line in told.splitlines() if "still stands" in line] == [
        "said: it still stands in outlets.yaml: take it out there"
    ]
    site.asked.clear()
    run(home, "run")
    assert site.asked == [], "it is not asked any more"
    assert pledges(home) == [] and statement_search.search(home, "flood wall").total == 0
    host = site.origin.removeprefix("http://")
    assert set(holding(home.home, host)) <= {"outlets.yaml"} | {
        f"data/backups/{one.name}" for one in _backups(home)
    }
    assert not any(
        line for path in runs(home.data / "crawl") for line in path.read_text().splitlines() if host in line
    )


def _backups(home: Settings) -> list[Path]:
    return list((home.data / "backups").glob("*.tar.gz"))


def test_what_is_asked_for_must_be_there(tmp_path: Path) -> None:
    home = settings.load(tmp_path)
    with warehouse.run(home):
        pass
    wrong = (["http://127.0.0.1/x"], ["--outlet", "Nobody’s Gazette"], [], ["--person", "A", "--old"])
    for asked in (*wrong, ["--person", "12"]):
        with pytest.raises(WrongUse):
            run(home, "forget", *asked)
    assert not (tmp_path / forgotten.FILE).exists()
