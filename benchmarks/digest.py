"""How long the letters of a day take: 5,000 new statements and 2,000 subscriptions, each of its own follows.

Each letter is made whole, as HTML and as text. Reference: "one by one", the same letters each made of an
edition of its own, as one would without gathering the day once; of a few subscriptions, since it is slow.
Printed for half of the statements, half of the subscriptions and for all: so one sees how the time grows.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click

from benchmarks.big_home import big_home
from flows.digest.archive import letter_of
from flows.digest.look import Fresh
from flows.digest.make import Edition, Wish
from ledger.decisions import published
from ledger.follows.follow import Follow, Interest
from ledger.queries.topics import patterns
from ledger.search.word_index import update
from ledger.settings import Settings
from ledger.storage import warehouse

STATEMENTS, SUBSCRIPTIONS = 5_000, 2_000
_ONE_BY_ONE = 5  # letters made so
_WEEK = timedelta(days=7)


def home_of(folder: Path, statements: int) -> Settings:
    """A home in which so many statements were published within the last week."""
    home = big_home(folder, statements // 10, statements)
    with warehouse.run(home) as connection:
        connection.execute(
            """UPDATE articles SET published = ?::TIMESTAMPTZ - to_hours((hash(id) % 160)::INTEGER),
                first_seen = ?::TIMESTAMPTZ - to_hours((hash(id) % 160)::INTEGER)""",
            [home.today, home.today],
        )
    warehouse.publish(home)
    update(home)
    return home


def wishes(home: Settings, number: int) -> list[Wish]:
    """So many subscriptions: to one to five officials, bodies, topics and searches, one in ten with an
    exception."""
    chance = random.Random(0)
    with published.reading(home) as connection:
        officials = [
            row[0] for row in connection.execute("SELECT id FROM w.officials ORDER BY id").fetchall()
        ]
        bodies = [
            row[0] for row in connection.execute("SELECT DISTINCT body FROM w.posts ORDER BY 1").fetchall()
        ]
        said = [
            row[0].split()
            for row in connection.execute("SELECT words FROM w.statements LIMIT 500").fetchall()
        ]
    searches = [" ".join(chance.sample(words, 2)) for words in said if len(words) > 8][:300]
    every = [
        *(Follow("official", one) for one in officials),
        *(Follow("body", one) for one in bodies if one),
        *(Follow("topic", one) for one in patterns()),
        *(Follow("search", one) for one in searches),
    ]
    return [
        Wish(
            (
                Interest(
                    tuple(chance.sample(every, chance.randint(1, 5))),
                    tuple(chance.sample(every, n % 10 == 0)),
                ),
            )
        )
        for n in range(number)
    ]


def letters(home: Settings, asked: Sequence[Wish]) -> tuple[float, float, int]:
    """Seconds to make all letters of one edition, those of the processor, and the letters' characters."""
    start, busy, size = time.perf_counter(), time.process_time(), 0
    follows = {interest for wish in asked for interest in wish.interests}
    edition = Edition(home, Fresh(home.today, None, frozenset()), home.today - _WEEK, follows)
    for n, digest in enumerate(edition.digests(asked)):
        letter = letter_of(digest, str(n))
        size += len(letter.part("html")) + len(letter.part("txt"))
    return time.perf_counter() - start, time.process_time() - busy, size


def one_by_one(home: Settings, asked: Sequence[Wish]) -> float:
    """Seconds for a letter, where each is made of an edition of its own."""
    return sum(letters(home, [wish])[0] for wish in asked) / len(asked)


def main() -> int:
    """Print the figures; 1 where the letters of a day take a minute or longer."""
    folder = Path(tempfile.gettempdir()) / "said-bench-digest"
    seconds = 0.0
    for statements, subscriptions in (
        (STATEMENTS // 2, SUBSCRIPTIONS), (STATEMENTS, SUBSCRIPTIONS // 2), (STATEMENTS, SUBSCRIPTIONS),
    ):  # fmt: skip
        home = home_of(folder / str(statements), statements)
        asked = wishes(home, subscriptions)
        letters(home, asked[:1])  # opens what is open in a process that serves
        seconds, busy, size = letters(home, asked)
        click.echo(
            f"{statements:,} statements, {subscriptions:,} subscriptions: {seconds:.1f} s"
            f" ({busy:.1f} s of the processor), {1000 * seconds / subscriptions:.1f} ms a letter"
            f" of {size // subscriptions:,} characters"
        )
    slow = one_by_one(home, asked[:_ONE_BY_ONE])
    ratio = slow * len(asked) / seconds
    click.echo(f"one by one: {1000 * slow:.0f} ms a letter, {ratio:.0f} times as long")
    return int(seconds >= 60)


if __name__ == "__main__":
    sys.exit(main())
