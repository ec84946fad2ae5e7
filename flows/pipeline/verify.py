"""`said verify`: the stored quotations against the stored text, and that against the archived pages."""

from __future__ import annotations

from collections.abc import Mapping

from crawlers.loading.load import Loaded, load_page, pages
from ledger.counts import Counts, Problem
from ledger.decisions import published
from ledger.outputs import totals
from ledger.search import vectors, word_index
from ledger.settings import Settings
from ledger.storage import damage, rows, warehouse
from ledger.types import text_hash


def verify_quotations(settings: Settings) -> Counts:
    """Compare every stored quotation with its article's text.

    ``read`` quotations, ``written`` those that stand word for word at their offsets; the others are problems.
    """
    checked, broken = totals.verify(settings)
    counts = Counts("verify", read=checked, written=checked - len(broken))
    for one in broken:
        counts.problem(one.url or one.statement_id, "not_verbatim", one.reason)
    return counts


def verify_files(settings: Settings) -> Counts:
    """Hold what a run made against the checksums it was written with: warehouse, search index, vectors.

    ``read`` files or folders, ``written`` those that are whole. Raises BadWarehouse for a warehouse that is
    not.
    """
    counts = Counts("verify", read=3)
    with published.reading(settings) as connection:
        damage.read_whole(connection)
    names, number = word_index.damaged(settings), vectors.damaged(settings)
    for name in names:
        counts.problem(
            str(word_index.folder(settings) / name), "damaged", "`said publish` makes the index anew"
        )
    if number:
        folder = vectors.kept(settings).parent
        counts.problem(str(folder), "damaged", f"{number} vectors; `said publish` makes them anew")
    counts.written = counts.read - bool(names) - bool(number)
    return counts


def verify_archive(settings: Settings) -> Counts:
    """Parse every stored article's archived page again and compare the text with the stored one.

    ``read`` articles, ``written`` of them the same; a difference, or a record that cannot be read, is a
    problem.
    """
    counts = Counts("verify")
    lines: dict[str, Mapping[str, object]] = {
        str(line.get("archive")): line for line in pages(settings.home) if not isinstance(line, Problem)
    }
    with published.reading(settings) as connection:
        outlets = {outlet.name: outlet for outlet in rows.get_outlets(connection)}
        for url, outlet, archive, sha256 in warehouse.stored_articles(connection):
            counts.read += 1
            if archive not in lines:
                counts.problem(url, "no_archive_line", archive)
                continue
            loaded = load_page(settings.data / "archive", dict(lines[archive]), outlets.get(outlet))
            fault = _fault(loaded, sha256)
            if fault:
                counts.problem(url, fault, archive)
            else:
                counts.written += 1
    return counts


def _fault(loaded: Loaded, sha256: str) -> str:
    if loaded.article is None:
        return loaded.problems[0].reason if loaded.problems else "no_article"
    return "" if text_hash(loaded.article.text) == sha256 else "differs_from_archive"
