"""Reading a large home folder: ``python -m benchmarks.read [ARTICLES [STATEMENTS [FOLDER]]]``.

The home (`benchmarks.big_home`) lies in FOLDER, where it is kept and found again, else in a temporary one.
Prints what indexing took; how long a search for a phrase takes, with all that a page shows of its hits, and
the best ids alone, as DuckDB's own full-text index gives them over the same words in the same run; how long
one by meaning takes, and how many of the truly nearest it finds; what the pages' queries take, the overview
after a fresh decision each time; how long a page takes to be drawn (`benchmarks.read_pages`); and how soon a
decision is seen while a run publishes over and over, and whether any is lost (`benchmarks.deciding`). Medians
and 95th percentiles, with warm caches.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks import deciding, fulltext, read_pages
from benchmarks.big_home import big_home, noisy
from ledger import vocabulary
from ledger.decisions import journal, published
from ledger.queries import overview_page, pledge_list, pledge_page
from ledger.queries.pledge_list import SORTS, Filter, PledgeRow
from ledger.questions import answer, pledge_search
from ledger.search import statement_search, vectors
from ledger.settings import Settings
from ledger.types import Decision
from nlp.text.embeddings import Embedder

ARTICLES, STATEMENTS = 100_000, 1_000_000
ASKED, WARMING = 200, 20
RECALLED = 20  # vectors whose nearest are looked for among all
T = TypeVar("T")


def spread(work: Callable[[T], object], given: Sequence[T]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds, of doing the work with each of what is given."""
    taken = []
    for one in given:
        start = time.perf_counter()
        work(one)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20, method="inclusive")[-1]


def _row(what: str, found: tuple[float, float], bar: str) -> None:
    sys.stdout.write(f"{what:48} median {found[0]:7.1f} ms, p95 {found[1]:7.1f} ms{bar and f'  ({bar})'}\n")
    sys.stdout.flush()


def some_phrases(home: Settings, chance: random.Random, number: int) -> list[str]:
    """Three words that follow one another in some statement."""
    with published.reading(home) as connection:
        said = connection.execute(
            "SELECT words FROM w.statements USING SAMPLE reservoir(5000 ROWS) REPEATABLE (1)"
        ).fetchall()
    found: list[str] = []
    while len(found) < number:
        words = chance.choice(said)[0].split()
        at = chance.randrange(max(1, len(words) - 3))
        phrase = " ".join(words[at : at + 3])
        if re.fullmatch(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", phrase):
            found.append(phrase)
    return found


def _searching(home: Settings, chance: random.Random, folder: Path) -> None:
    phrases = some_phrases(home, chance, ASKED + WARMING)

    def ours(phrase: str) -> object:
        return statement_search.find(home, f'"{phrase}"', limit=20)

    def shown(phrase: str) -> object:
        return statement_search.search(home, f'"{phrase}"', limit=20)

    for phrase in phrases[ASKED:]:
        shown(phrase)
    asked = phrases[:ASKED]
    _row("phrase search, as a page shows its hits", spread(shown, asked), "bar: p95 under 10 ms")
    found = spread(ours, asked)
    _row("phrase search, the 20 best ids and their number", found, "")
    theirs = fulltext.reference(home, asked, folder)
    if theirs is None:
        sys.stdout.write("DuckDB's fts extension is not installed (`make setup`): no reference\n")
        return
    compared = spread(theirs.find, theirs.asked)
    _row(f"DuckDB's fts (indexed in {theirs.seconds:.0f} s)", compared, "")
    sys.stdout.write(
        f"phrase search is {compared[0] / found[0]:.0f} x faster by medians, {compared[1] / found[1]:.0f} x "
        "by p95 (bar: 20 x)\n"
    )


def _asking(home: Settings, chance: random.Random) -> None:
    """Plain questions that words answer: an office or a name and what it is about."""
    rows = chance.sample([row for row in pledge_list.pledges(home) if row.words], ASKED + WARMING)
    asked = [f"{row.person or row.owner} {max(row.words.split(), key=len)}" for row in rows]

    def understood(text: str) -> object:
        return answer.read_question(home, text)

    def hits(text: str) -> object:
        return statement_search.fitting(home, answer.read_question(home, text).query)

    def whole(text: str) -> object:
        return answer.answer(home, text, Embedder().encode)

    for text in asked[ASKED:]:
        whole(text)
    _row("a plain question, understood", spread(understood, asked[:ASKED]), "")
    _row("the same, with its page of statements", spread(hits, asked[:ASKED]), "bar: p95 under 10 ms")
    _row("the same, with pledges, and by meaning where few fit", spread(whole, asked[:ASKED]), "")


def _meaning(home: Settings, chance: random.Random) -> None:
    """Search by meaning: what a reader typed is embedded, and compared with noisy copies of real vectors."""
    with published.reading(home) as connection:
        said = connection.execute("SELECT words FROM w.statements ORDER BY id LIMIT 1000").fetchall()
    embedder, noise = Embedder(), np.random.default_rng(0)
    base = embedder.encode([words for (words,) in said])
    start = time.perf_counter()
    counts = vectors.update(home, lambda texts: noisy(base, len(texts), noise))
    sys.stdout.write(f"{counts.written:,} vectors kept in {time.perf_counter() - start:.0f} s\n")
    asked = some_phrases(home, chance, ASKED + WARMING)

    def ours(phrase: str) -> object:
        return statement_search.similar(home, embedder.encode([phrase])[0], limit=20)

    for phrase in asked[ASKED:]:
        ours(phrase)
    _row("search by meaning, embedding included", spread(ours, asked[:ASKED]), "bar: p95 under 150 ms")
    near = noisy(base, ASKED, noise)
    found = spread(lambda vector: statement_search.similar(home, vector, limit=20), list(near))
    _row("search by meaning, of a vector", found, "")
    _row(
        "the same, narrowed to a role",
        spread(lambda v: statement_search.similar(home, v, "role:police"), list(near)),
        "",
    )
    _recall(home, near[:RECALLED])


def _recall(home: Settings, asked: NDArray[np.float32]) -> None:
    """How many of the 20 nearest of all vectors the preselection by signs finds."""
    keys = np.fromfile(vectors.kept(home), dtype=np.uint64)
    found = kept = 0
    for vector in asked:
        exact = vectors.nearest(home, vector, 20, keys)
        near = {key for key, _ in vectors.nearest(home, vector, 20)}
        kept += sum(key in near for key, _ in exact)
        found += len(exact)
    sys.stdout.write(
        f"of the 20 nearest by cosine over all vectors it finds {kept / found:.1%} (recall@20)\n"
    )


def _decide(home: Settings, row: PledgeRow, chance: random.Random) -> str:
    status = chance.choice([s for s in vocabulary.statuses() if s not in (row.status, "not_yet_rated")])
    journal.record(home, Decision("set_status", row.id, {"status": status}, "Ed", "read"))
    return status


def _filters(everything: Sequence[PledgeRow], chance: random.Random) -> list[Filter]:
    made = []
    for _ in range(ASKED):
        row = chance.choice(everything)
        kinds = [
            {"owner": row.owner},
            {"role": row.role or "", "status": row.status},
            {"due": chance.choice(["overdue", "ahead", "90d", "undated"])},
            {"outlet": chance.choice(row.outlets)},
            {"text": " ".join(row.words.split()[:2])},
            {},
        ]
        made.append(Filter(**chance.choice(kinds), sort=chance.choice(list(SORTS))))  # type: ignore[arg-type]
    return made


def _querying(home: Settings, chance: random.Random) -> None:
    everything = pledge_list.pledges(home)
    overview_page.overview(home)
    decided = [chance.choice(everything) for _ in range(ASKED)]
    taken = []
    for row in decided:
        _decide(home, row, chance)
        start = time.perf_counter()
        overview_page.overview(home)
        taken.append((time.perf_counter() - start) * 1000)
    found = statistics.median(taken), statistics.quantiles(taken, n=20, method="inclusive")[-1]
    _row("overview, each after a fresh decision", found, "bar: p95 under 300 ms")
    filters = _filters(everything, chance)
    _row("25 pledges of a list", spread(lambda f: pledge_search.pledges(home, f, 25), filters), "")
    _row("their number", spread(lambda f: pledge_search.count(home, f), filters), "")
    _row("what can be chosen from", spread(lambda _: pledge_list.choices(home), range(20)), "")
    _row("one pledge", spread(lambda row: pledge_page.pledge(home, row.id), decided), "")


def main(articles: int, statements: int, folder: Path) -> None:
    """Make, measure and print."""
    say, start = sys.stdout.write, time.perf_counter()
    home, chance = big_home(folder, articles, statements), random.Random(0)
    say(f"{articles:,} articles, {statements:,} statements: made in {time.perf_counter() - start:.0f} s, ")
    start = time.perf_counter()
    counts = statement_search.update(home)
    say(f"{counts.written:,} indexed in {time.perf_counter() - start:.0f} s\n")
    _searching(home, chance, folder)
    _meaning(home, chance)
    _asking(home, chance)
    _querying(home, chance)
    read_pages.draw(home)
    deciding.decide(home, chance)


if __name__ == "__main__":
    given = sys.argv[1:]
    sizes = [int(number) for number in given[:2]]
    sizes += [ARTICLES, STATEMENTS][len(sizes) :]
    with tempfile.TemporaryDirectory() as temporary:
        main(sizes[0], sizes[1], Path(given[2]) if len(given) > 2 else Path(temporary))
