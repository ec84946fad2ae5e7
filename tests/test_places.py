"""Which stored commitments a run loads to group new ones: as holding each against each would have it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from flows.pipeline import pledge_writing, stages
from flows.pipeline.sources import Sources
from ledger import settings
from ledger.decisions import effects, journal, places
from ledger.settings import Settings
from ledger.storage import records, warehouse
from ledger.storage.warehouse import Connection
from ledger.types import Article, Commitment, Decision, Role, Statement, text_hash
from nlp.officials.register import Register
from nlp.pledges.pair_features import owner_of, owners_of

ARTICLES = 40
VOICES: list[tuple[str | None, str | None, str | None, Role | None]] = [
    ("ann", "Ann Lee", "Westby Council", "council_leader"),
    ("bob", "Bob Pike", "Westby Council", "councillor"),
    ("cy", "Cy Ode", "Kelder Police", "police"),
    (None, None, "Kelder Police", "police"),
    ("dee", "Dee Fox", None, "mp"),
    ("eve", "Eve Orr", "Marlow Trust", "other_official"),
    (None, None, None, None),
    (None, None, None, None),
]


def stored(connection: Connection, chance: random.Random) -> list[dict[str, str | None]]:
    """A side file of articles with two statements each, most of them in pledges of a few: named by one of
    their own, or by one that is gone. Some are minor."""
    said = [f"a{n}s{seq}" for n in range(ARTICLES) for seq in range(2)]
    namers = chance.sample(said, 20)
    rows: list[dict[str, str | None]] = []
    for one in said:
        pledge = f"{one if one in namers else chance.choice([*namers, 'gone', 'gone too'])}c"
        row = {
            "id": f"{one}c",
            "said": one,
            "article": one.partition("s")[0],
            **dict(zip(("official", "speaker", "body", "role"), chance.choice(VOICES), strict=True)),
            "pledge": pledge if one in namers or chance.random() < 0.9 else None,
            "machine": f"{chance.choice(namers)}c" if chance.random() < 0.1 and one not in namers else None,
            "minor": "yes" if chance.random() < 0.1 and one not in namers else None,
        }
        rows.append(row)
    for n in range(ARTICLES):
        connection.execute("INSERT INTO articles (id, title, text) VALUES (?, '', '')", [f"a{n}"])
    for row in rows:
        connection.execute(
            "INSERT INTO statements (id, article_id, official_id, speaker, body, role)"
            " VALUES ($said, $article, $official, $speaker, $body, $role)",
            {key: row[key] for key in ("said", "article", "official", "speaker", "body", "role")},
        )
        connection.execute(
            "INSERT INTO commitments (id, statement_id, span, clause, minor)"
            " VALUES ($id, $said, [0, 0], '', $minor IS NOT NULL)",
            {key: row[key] for key in ("id", "said", "minor")},
        )
        if row["pledge"] and not row["minor"]:
            connection.execute(
                "INSERT INTO pledge_commitments (commitment_id, pledge_id, by_machine)"
                " VALUES ($id, $pledge, $machine)",
                {key: row[key] for key in ("id", "pledge", "machine")},
            )
    return rows


def blocks_of(row: dict[str, str | None], rows: list[dict[str, str | None]]) -> set[str]:
    """Whose a commitment may be, by the rule of `nlp.pledges.pair_features.owners`."""
    if row["speaker"] or row["body"]:
        owner = owner_of(row["speaker"], row["body"], "")
        return set(owners_of(row["official"], owner, row["body"], row["role"]))
    beside = [one for one in rows if one["article"] == row["article"] and (one["speaker"] or one["body"])]
    return {f"nobody {row['said']}"}.union(*(blocks_of(one, rows) for one in beside))


@pytest.mark.parametrize("seed", range(6))
def test_whole_pledges_that_share_an_owner_are_found(tmp_path: Path, seed: int) -> None:
    chance, home = random.Random(seed), settings.load(tmp_path)
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        rows = stored(connection, chance)
        effects.take_in(connection, home)
        given = {str(row["id"]) for row in chance.sample(rows, 2)} | {"no such commitment"}
        blocks = pledge_writing.blocks(connection)
        found = {str(row["id"]) for row in pledge_writing.beside(connection, given, blocks)}
        some = set(sorted(found)[::2])
        rest = {str(row["id"]) for row in pledge_writing.beside(connection, given, blocks, but=some)}
        homeless = set(places.not_placed(connection))
        assert pledge_writing.beside(connection, [], blocks) == []
    tracked = [row for row in rows if not row["minor"]]
    its = {str(row["id"]): {row["pledge"], row["machine"]} - {None} for row in tracked if row["pledge"]}
    wanted = set[str]().union(*(blocks_of(row, rows) for row in tracked if row["id"] in given))
    near = set[str | None]().union(
        *(its[str(row["id"])] for row in tracked if row["pledge"] and wanted & blocks_of(row, rows))
    )
    asked = {str(row["id"]) for row in tracked if row["id"] in given}
    assert found == {one for one, pledges in its.items() if pledges & near} | asked
    assert rest == found - some
    assert len(found) < len(tracked), "the others' promises are left alone"
    placed = {str(row["id"]): row["machine"] or row["pledge"] for row in tracked if row["pledge"]}
    named = {pledge for one, pledge in placed.items() if one == pledge}
    assert homeless == {str(row["id"]) for row in tracked} - {one for one, p in placed.items() if p in named}
    assert 0 < len(homeless) < len(tracked)


def test_an_owner_that_a_person_named_counts_beside_the_one_that_was_found(tmp_path: Path) -> None:
    home = settings.load(tmp_path)
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        for key, speaker in (("x", "Ann Lee"), ("q", "Bob Pike"), ("z", "Cy Ode")):
            connection.execute("INSERT INTO articles (id, title, text) VALUES (?, '', '')", [f"a{key}"])
            connection.execute(
                "INSERT INTO statements (id, article_id, speaker, role) VALUES (?, ?, ?, 'mp')",
                [f"s{key}", f"a{key}", speaker],
            )
            connection.execute(
                "INSERT INTO commitments (id, statement_id, span, clause, minor)"
                " VALUES (?, ?, [0, 0], '', false)",
                [key, f"s{key}"],
            )
            connection.execute(
                "INSERT INTO pledge_commitments (commitment_id, pledge_id) VALUES ($1, $1)", [key]
            )

    def beside(given: str) -> set[str]:
        with warehouse.run(home) as connection, warehouse.transaction(connection):
            effects.take_in(connection, home)
            blocks = pledge_writing.blocks(connection)
            return {str(row["id"]) for row in pledge_writing.beside(connection, [given], blocks)}

    assert beside("q") == {"q"}
    journal.record(home, Decision("link_speaker", "sx", {"speaker": "Bob Pike"}, "Desk", "seen"))
    assert beside("q") == {"q", "x"}
    assert beside("x") == {"q", "x"}


THINGS = ("the Westby tram", "forty new homes", "the Aldbury baths", "a clinic in Marlow", "the harbour wall")
Voice = tuple[str | None, str | None, str | None, Role | None]
Vector = NDArray[np.float64]


def say(connection: Connection, key: str, day: int, words: str, voice: Voice, near: Vector) -> None:
    """An article of a day in which somebody says so, with vectors that are all the same."""
    published = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day)
    article = Article(
        f"a{key}", "Gazette", f"http://127.0.0.1/{key}", "News", f"Intro. {words}", published=published
    )
    span, (official, speaker, body, role) = (7, len(article.text)), voice
    statement = Statement(
        f"s{key}", article.id, "direct", (span,), speaker=speaker, official_id=official, role=role, body=body
    )
    records.put_articles(connection, [article], "r")
    records.put_statements(connection, [(article, [statement], [(0, 6), span])], "r")
    commitment = Commitment(key, statement.id, "firm", words[:30], confidence=0.9, span=span)
    records.put_commitments(connection, [commitment], "r", {key: words})
    keys = (key, f"context:{article.id}:{text_hash(article.text)}", f"{key}:pledge", f"{key}:passage")
    vector = (near / np.linalg.norm(near)).astype(np.float32).tolist()
    records.insert(connection, "vectors", [{"id": one, "vector": vector} for one in keys])


def grouped(home: Settings) -> list[list[tuple[object, ...]]]:
    """The places and the doubts as a run that groups leaves them."""
    stages.group(home, Sources((), Register(()), "one"), "r")
    with warehouse.run(home) as connection:
        asked = (
            "SELECT commitment_id, pledge_id, core, round(central, 4) FROM pledge_commitments ORDER BY 1",
            "SELECT kind, one, other, likeness FROM doubts ORDER BY ALL",
        )
        return [connection.execute(query).fetchall() for query in asked]


def test_grouping_by_days_and_all_at_once_gives_the_same_places(tmp_path: Path) -> None:
    told, numbers = [], np.random.default_rng(0)
    middles = {thing: numbers.standard_normal(384) for thing in THINGS}
    for at_once in (False, True):
        (tmp_path / f"{at_once}").mkdir()
        home, chance, noise = (
            settings.load(tmp_path / f"{at_once}"),
            random.Random(1),
            np.random.default_rng(1),
        )
        for day in range(7):
            with warehouse.run(home) as connection, warehouse.transaction(connection):
                for n in range(5):
                    thing, voice = chance.choice(THINGS), chance.choice(VOICES)
                    words = f"We will open {thing} by {chance.choice((2026, 2027))}."
                    near = middles[thing] + 0.3 * noise.standard_normal(384)
                    say(connection, f"d{day}n{n}", day, words, voice, near)
            if not at_once:
                grouped(home)
        told.append(grouped(home))
    assert told[0] == told[1]
    pledges = {row[1] for row in told[0][0]}
    assert 3 < len(pledges) < len(told[0][0])


def test_what_is_doubted_stays_doubted_by_the_owner_that_a_person_named(tmp_path: Path) -> None:
    home, numbers = settings.load(tmp_path), np.random.default_rng(1)
    tram, homes = numbers.standard_normal(384), numbers.standard_normal(384)
    ann: Voice = ("ann", "Ann Lee", None, "council_leader")
    bob: Voice = ("bob", "Bob Pike", None, "councillor")
    words, others = "We will open the Westby tram by 2026.", "We will open forty new homes by 2027."
    said: list[tuple[str, str, Voice, Vector]] = [
        ("x", words, ann, tram),
        ("q", words, bob, tram),
        ("y", others, ("ann", "Ann Lee", "Westby Council", "councillor"), homes),
        ("z", others, ("bob", "Bob Pike", "Westby Council", "councillor"), homes),
    ]

    def tell(day: int, key: str, text: str, voice: Voice, about: Vector) -> None:
        with warehouse.run(home) as connection, warehouse.transaction(connection):
            say(connection, key, day, text, voice, about + 0.1 * numbers.standard_normal(384))

    for day, one in enumerate(said):
        tell(day, *one)
    assert grouped(home)[1] == []
    journal.record(home, Decision("link_speaker", "sx", {"speaker": "Bob Pike", "official": "bob"}, "Desk"))
    (doubt,) = grouped(home)[1]
    assert doubt[:3] == ("merge", "q", "x")
    tell(9, "again", words, bob, tram)
    by_days = grouped(home)
    assert [row[:3] for row in by_days[1]] == [("merge", "q", "x")]
    with warehouse.run(home) as connection:
        connection.execute("DELETE FROM done WHERE stage = 'group'")  # as by other rules
    assert grouped(home) == by_days
