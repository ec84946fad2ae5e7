"""How each outlet answered: from a crawl's lines to `ledger.counts.Visit`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container
from pathlib import Path

from crawlers.archive.lines import listings, number, read_lines, runs
from crawlers.pages.dates import parse_date
from ledger.counts import Visit


def visits(home: Path, read: Container[str] = ()) -> tuple[list[Visit], list[str]]:
    """(the visits of every crawl not named in ``read``, and the names of those crawls that are complete).

    An outlet that was not asked in a crawl, or that a kill left unfinished, has no visit there.
    """
    found: list[Visit] = []
    complete: list[str] = []
    for path in runs(home / "data" / "crawl"):
        if path.stem in read:
            continue
        failures: dict[str, Counter[str]] = defaultdict(Counter)
        for _, line in read_lines(path):
            if line is None:
                continue
            outlet = str(line.get("outlet", ""))
            if line["what"] == "problem":
                failures[outlet][str(line.get("reason"))] += 1
            elif line["what"] == "outlet" and (at := parse_date(line.get("at"))) is not None:
                found.append(
                    Visit(
                        path.stem,
                        outlet,
                        at,
                        number(line, "links"),
                        number(line, "new"),
                        dict(failures[outlet]),
                        {"asked": listings(line)},
                    )
                )
            elif line["what"] == "end":
                complete.append(path.stem)
    return found, complete
