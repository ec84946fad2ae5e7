"""The day's digest made, kept and written: ``data/digests/<day>.html``, ``.txt`` and ``.json``.

The JSON file is the record of what was told. A digest tells what the records of earlier days do not
hold, so that nothing is told twice, nothing is lost when a day is left out, and the same day written
again gives the same bytes. A digest since a day that the reader names is a look back: it lies beside
the daily ones under its own name and leaves no record.
"""

from __future__ import annotations

import json
import os
import textwrap
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import jinja2

from flows import digest as contents
from flows.digest import Digest, compose, events
from flows.digest_text import long_day
from ledger.decisions import published
from ledger.errors import WrongUse
from ledger.outputs import digest_rows
from ledger.settings import Settings


@dataclass(frozen=True, slots=True)
class Record:
    """What one day's digest told: its day and the keys of everything in it."""

    day: date
    told: frozenset[str]


def make_digest(settings: Settings, day: date | None = None, since: date | None = None) -> Digest:
    """The digest of ``day`` (default: today), of what earlier digests did not tell.

    With ``since``, of all that came after that day. Raises WrongUse when nothing is published, when
    ``since`` is not before ``day``, or when a record of an earlier digest cannot be read.
    """
    day = day or settings.today
    if since is not None and since >= day:
        raise WrongUse(f"a digest of {day} cannot begin after {since}: give --since an earlier day")
    earlier = [record for record in records(settings.digests) if record.day < day]
    told = frozenset[str]().union(*(record.told for record in earlier))
    with published.reading(settings) as connection:
        digest_rows.set_day(connection, day, settings.due_soon_days)
        pledges = digest_rows.pledge_rows(connection)
        found = events(
            pledges,
            digest_rows.suggestion_rows(connection),
            digest_rows.decision_rows(connection),
            day,
            since,
            told,
            closed=day < settings.today,
            edits=(edits := digest_rows.edit_rows(connection)),
        )
        listed, _ = contents.choose(found)
        ids = sorted({event.pledge_id for chosen in listed.values() for event in chosen})
        promises = {str(row["id"]): row for row in digest_rows.promise_rows(connection, ids)}
        evidence = {str(row["pledge_id"]): row for row in digest_rows.evidence_rows(connection, ids)}
    last = max((record.day for record in earlier), default=None)
    changed = {str(row["id"]): row for row in edits}
    return compose(day, since or last, found, promises, evidence, pledges, changed)


def write_digest(settings: Settings, day: date | None = None, since: date | None = None) -> Path:
    """Write the digest's files, each replaced in one rename, the record last; gives the HTML file.

    Raises WrongUse as `make_digest` does, and when the folder cannot be written.
    """
    digest = make_digest(settings, day, since)
    return keep(settings.digests, digest, since)


def keep(folder: Path, digest: Digest, since: date | None = None) -> Path:
    """Write an already made digest to ``folder``; gives the HTML file."""
    name = name_of(digest.day, since)
    page = folder / f"{name}.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace(page, html_of(digest))
        replace(folder / f"{name}.txt", text_of(digest))
        if since is None:
            replace(folder / f"{name}.json", _record(digest))
    except OSError as error:
        raise WrongUse(f"the digest cannot be written to {folder} ({error.strerror})") from error
    return page


def name_of(day: date, since: date | None) -> str:
    """The name of a digest's files, without the ending."""
    return day.isoformat() + (f"-since-{since.isoformat()}" if since else "")


def records(folder: Path) -> list[Record]:
    """The records of the digests in ``folder``, by day. Raises WrongUse, naming a file that is none."""
    found = []
    for file in sorted(folder.glob("????-??-??.json")):
        try:
            given = json.loads(file.read_text(encoding="utf-8"))
            found.append(Record(date.fromisoformat(given["day"]), frozenset(map(str, given["told"]))))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise WrongUse(
                f"{file} is no record of a digest ({error}): remove it, and what it told is told again"
            ) from error
    return found


def replace(path: Path, text: str) -> None:
    """Put ``text`` in the place of the file in one rename, so that nobody reads half of it."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8", newline="\n")
    half.replace(path)


def as_json(digest: Digest) -> dict[str, object]:
    """The digest as plain values: what a webhook is sent. Days are ISO dates."""
    made: dict[str, object] = json.loads(json.dumps(asdict(digest), default=str))
    del made["told"]
    return {"subject": digest.subject, **made}


def _record(digest: Digest) -> str:
    held = {"day": digest.day.isoformat(), "told": digest.told, "digest": as_json(digest)}
    return json.dumps(held, indent=1, ensure_ascii=False) + "\n"


def html_of(digest: Digest) -> str:
    """The page, which is also the e-mail's HTML part."""
    return _template("digest.html.jinja", True).render(digest=digest)


def text_of(digest: Digest) -> str:
    """The plain text, in lines of at most 78 characters but for links."""
    return _template("digest.txt.jinja", False).render(digest=digest)


def wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    """Text in lines of at most 78 characters, each after ``indent`` (the first after ``first``)."""
    return textwrap.fill(
        text,
        78,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


@cache
def _template(name: str, escaped: bool) -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=escaped,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["long_day"] = long_day
    environment.filters["wrapped"] = wrapped
    return environment.from_string((files("flows") / name).read_text(encoding="utf-8"))
