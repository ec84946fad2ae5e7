"""Homes for the tests of the reading side: a copy of the labelled one, and one full of hostile text."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from ledger import settings
from ledger.decisions import effects, places, reader_merges, reckoning
from ledger.decisions.merges import regroup
from ledger.pledges.leads import Lead
from ledger.search import statement_search
from ledger.storage import records, warehouse
from ledger.types import Article, Commitment, Evidence, Official, Outlet, Pledge, Post, Statement, content_id

HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "**bold** _em_ `code` # head $\\frac{1}{2}$ $$x$$ ~~gone~~",
    ":material/delete: :red[danger] :tada: :streamlit: :blue-badge[new]",
    "[link](javascript:alert(3)) ![pic](http://127.0.0.1:9/x.png) www.example.test a@b.test",
    "abc\u202ecba\u202c \u2066x\u2069 \u200fright\u200e &lt;b&gt; \x00\x07 \"quoted\" 'single'",
    '=HYPERLINK("http://127.0.0.1:9") | table | cell |\n- list\n> quote\n1. one',
    "W" * 10_000,
]


def copy_home(home: settings.Settings, folder: Path) -> settings.Settings:
    """A home that a test may decide in, with a search index."""
    shutil.copytree(home.home, folder, dirs_exist_ok=True)
    copied = settings.load(folder)
    statement_search.update(copied)
    return copied


def few_home(home: settings.Settings, folder: Path) -> settings.Settings:
    """A copy of the labelled home with 13 of its 65 pledges: those with most evidence, and five said once."""
    copied = copy_home(home, folder)
    with warehouse.run(copied) as connection:
        connection.execute(
            """DELETE FROM pledges WHERE id NOT IN (
                (SELECT id FROM pledges ORDER BY evidence DESC, id LIMIT 8)
                UNION (SELECT id FROM pledges WHERE restatements = 1 ORDER BY id LIMIT 5));
            DELETE FROM pledge_commitments WHERE pledge_id NOT IN (SELECT id FROM pledges);
            DELETE FROM commitments WHERE id NOT IN (SELECT commitment_id FROM pledge_commitments);
            DELETE FROM evidence WHERE pledge_id NOT IN (SELECT id FROM pledges)"""
        )
    warehouse.publish(copied)
    statement_search.update(copied)
    return copied


def reckoned_home(home: settings.Settings, folder: Path) -> settings.Settings:
    """A copy of the labelled home in which every pledge is as the rules, not the labels, have it."""
    copied = copy_home(home, folder)
    publish_reckoned(copied)
    return copied


def publish_reckoned(home: settings.Settings) -> None:
    """Publish what stands in the side file as a run does, with every pledge as the rules have it."""
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        effects.take_in(connection, home)
        _regroup(connection)
        reckoning.keep(connection, home.today, "kept")
    warehouse.publish(home)


def _regroup(connection: warehouse.Connection) -> None:
    """Take in what people merged and split, over the grouping that is stored, with the evidence on it."""
    known = places.linked(connection, places.tracked(connection))
    machine = {str(row["id"]): str(row["machine_id"]) for row in known}
    now = regroup(machine, reader_merges.links(connection))
    connection.executemany(
        """UPDATE pledge_commitments SET by_machine = nullif(coalesce(by_machine, pledge_id), $pledge),
        pledge_id = $pledge WHERE commitment_id = $one""",
        [{"one": one, "pledge": pledge} for one, pledge in now.items()],
    )
    connection.execute(
        """UPDATE evidence SET pledge_id = pc.pledge_id FROM pledge_commitments pc
        WHERE pc.commitment_id = evidence.pledge_id"""
    )


def hostile_home(folder: Path) -> settings.Settings:
    """A home in which every name, title and text is one of HOSTILE, with two pledges of each owner."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")
    home = settings.load(folder)
    day = datetime(2026, 6, 1, 12, tzinfo=UTC)
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_outlets(connection, [Outlet(bad, "http://127.0.0.1/", bad) for bad in HOSTILE])
        for n, bad in enumerate(HOSTILE):
            before = f"Before {bad} it: "
            text = before + bad + " after.\n\nSecond " + bad
            starts = (len(before), len(text) - len(bad))
            contents = [((start, start + len(bad)),) for start in starts]
            url = f"javascript:alert({n})" if n % 2 else f'https://outlet.test/{n}?a=<b>&c="d"'
            article = Article(f"bad{n}", bad, url, bad, text, bad, published=day, first_seen=day, section=bad)
            records.put_articles(connection, [article], "bad")
            official = Official(content_id("official", bad), bad, (), (Post(bad, "mayor", bad, bad),))
            records.put_officials(connection, [official])
            known = official.id if n % 3 else None
            statements = [
                Statement(
                    Statement.make_id(article.id, (bad,), nth), article.id, "direct", spans,
                    source_name=bad, speaker=bad if n % 3 else None, official_id=known,
                    role="mayor", body=bad, why=bad,
                )
                for nth, spans in enumerate(contents)
            ]  # fmt: skip
            records.put_statements(connection, [(article, statements, [])], "bad")
            for statement in statements:
                promised = Commitment(
                    Commitment.make_id(statement.id), statement.id, "firm", bad, condition=bad, why=bad
                )
                records.put_commitments(connection, [promised], "bad")
                made = Pledge(
                    promised.id, bad, bad, (promised.id,), official.id, bad, titled=promised.id, why=bad,
                    role="mayor", area=bad, first_stated=day, last_stated=day, came=day.date(),
                    outlets=(bad,), evidence=1, independent=1, last_evidence=day.date(),
                )  # fmt: skip
                records.put_pledges(connection, [made], "bad")
                link = {"commitment_id": promised.id, "pledge_id": promised.id, "position": 0, "changed": bad}
                records.insert(connection, "pledge_commitments", [link])
                evidence = Evidence(
                    Evidence.make_id(article.id, bad + promised.id), promised.id, article.id, contents[0][0],
                    "progress", day.date(), False, bad, 1.0, bad,
                )  # fmt: skip
                records.put_evidence(connection, [(evidence, bad)], "bad")
                lead = Lead(
                    Lead.make_id(promised.id, article.id, bad), promised.id, article.id, contents[1][0], 0.5,
                    "broken", day.date(), True, bad, bad, contents[1],
                )  # fmt: skip
                records.put_leads(connection, [(lead, bad)], "bad")
    warehouse.publish(home)
    statement_search.update(home)
    return home
