"""The open publishers of bodies and seats: where each list lies, under which licence, and how it is read.

What a publisher gives is joined with the list at hand: its other names, places and mayors stay.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from ledger.errors import SaidError
from nlp.officials.gazetteer import KnownBody

SEATS_A_PAGE = 20  # the most that Parliament's interface gives
BodyPage = tuple[list[KnownBody], str]  # bodies of one page, and the address of the next or ""


@dataclass(frozen=True, slots=True)
class BodySource:
    """One publisher's list. ``least`` is how many bodies it has at the least: fewer are an error.

    ``whole``: what it does not name exists no more; otherwise it only adds.
    """

    name: str
    url: str
    licence: str
    read: Callable[[str, str], BodyPage]  # text and address of a page
    least: int
    whole: bool = True


def read_councils(text: str, url: str) -> BodyPage:
    """Councils and combined authorities of a table with official-name, nice-name and end-date."""
    found = []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        if row.get("end-date") or row.get("current-authority") == "False":
            continue
        name, place = " ".join(row["official-name"].split()), row["nice-name"].replace("St. ", "St ")
        combined = "combined" in row.get("local-authority-type-name", "").lower() or "Combined" in name
        found.append(KnownBody("authority" if combined else "council", name, (), (place,)))
    return found, ""


def read_forces(text: str, url: str) -> BodyPage:
    """Police forces: a list of objects with a name."""
    return [KnownBody("force", row["name"]) for row in json.loads(text)], ""


_FORMATS = {
    "Ministerial department": "department",
    "Non-ministerial department": "agency",
    "Executive agency": "agency",
    "Executive non-departmental public body": "agency",
    "Public corporation": "agency",
}


def read_organisations(text: str, url: str) -> BodyPage:
    """Departments and agencies that exist today, with their short forms, a page at a time."""
    data = json.loads(text)
    found = []
    for row in data["results"]:
        details = row["details"]
        if (kind := _FORMATS.get(row["format"])) and details.get("govuk_status") in ("live", "exempt"):
            found.append(KnownBody(kind, row["title"], tuple(filter(None, [details.get("abbreviation")]))))
    return found, data.get("next_page_url") or ""


def read_westminster(text: str, url: str) -> BodyPage:
    """Seats of the Commons that exist today, a page at a time."""
    data = json.loads(text)
    rows = [item["value"] for item in data["items"]]
    found = [KnownBody("seat", row["name"], ("UK Parliament",)) for row in rows if not row.get("endDate")]
    after = data["skip"] + len(rows)
    query = urlencode({"skip": after, "take": SEATS_A_PAGE})
    return found, f"{url.partition('?')[0]}?{query}" if rows and after < data["totalResults"] else ""


def read_holyrood(text: str, url: str) -> BodyPage:
    """Constituencies or regions of the Scottish Parliament that exist today."""
    rows: list[dict[str, Any]] = json.loads(text)
    today = [row["Name"] for row in rows if not row.get("ValidUntilDate")]
    return [KnownBody("seat", name, ("Scottish Parliament",)) for name in today], ""


SOURCES = (
    BodySource(
        "councils",
        "https://pages.mysociety.org/uk_local_authority_names_and_codes/data/uk_la_past_current/latest/"
        "uk_local_authorities_current.csv",
        "mySociety, CC BY 4.0",
        read_councils,
        350,
    ),
    BodySource(
        "police forces",
        "https://data.police.uk/api/forces",
        "data.police.uk, OGL 3.0",
        read_forces,
        40,
        False,
    ),
    BodySource(
        "departments and agencies",
        "https://www.gov.uk/api/organisations",
        "GOV.UK, OGL 3.0",
        read_organisations,
        100,
        False,
    ),
    BodySource(
        "seats of the Commons",
        f"https://members-api.parliament.uk/api/Location/Constituency/Search?skip=0&take={SEATS_A_PAGE}",
        "UK Parliament, Open Parliament Licence 3.0",
        read_westminster,
        600,
    ),
    BodySource(
        "constituencies of Holyrood",
        "https://data.parliament.scot/api/constituencies",
        "Scottish Parliament, Open Scottish Parliament Licence",
        read_holyrood,
        70,
    ),
    BodySource(
        "regions of Holyrood",
        "https://data.parliament.scot/api/regions",
        "Scottish Parliament, Open Scottish Parliament Licence",
        read_holyrood,
        8,
        False,
    ),
)


def parsed(source: BodySource, text: str, url: str) -> BodyPage:
    """One page of a source read. Raises SaidError, in one line, where it is not what the source gives."""
    try:
        return source.read(text, url)
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise SaidError(f"{url}: not the list that was expected ({type(error).__name__}: {error})") from None


def joined(known: Sequence[KnownBody], source: BodySource, fetched: Iterable[KnownBody]) -> list[KnownBody]:
    """The bodies known with those of a source; of a body that both have, the known name stays.

    Raises SaidError where the source gives fewer than it has at the least.
    """
    new = list(fetched)
    if len(new) < source.least:
        raise SaidError(f"{source.url}: only {len(new)} bodies where at least {source.least} are expected")
    at = {key: n for n, body in enumerate(known) for key in _keys(body)}
    merged, confirmed = list(known), set[int]()
    for body in new:
        n = next((at[key] for key in _keys(body) if key in at), None)
        if n is None:
            confirmed.add(len(merged))
            merged.append(body)
        else:
            confirmed.add(n)
            merged[n] = _with(merged[n], body)
    lists = {_list_of(body) for body in new} if source.whole else set()
    return [body for n, body in enumerate(merged) if n in confirmed or _list_of(body) not in lists]


def _list_of(body: KnownBody) -> tuple[str, ...]:
    return (body.kind, *body.others) if body.kind == "seat" else (body.kind,)


def _keys(body: KnownBody) -> set[tuple[str, ...]]:
    """What tells that two are the same body: a full name, or the place of a council; no short form."""
    if body.kind == "seat":
        return {(body.kind, body.name.lower(), *body.others)}
    kind = "office" if body.kind in ("department", "agency") else body.kind
    full = [body.name, *(name for name in body.others if " " in name)]
    names = {(kind, name.lower().replace("&", "and")) for name in full}
    local = body.places if body.kind in ("council", "authority") else ()
    return names | {(body.kind, "of", place.lower()) for place in local}


def _with(known: KnownBody, body: KnownBody) -> KnownBody:
    others = [name for name in (body.name, *body.others) if name not in (known.name, *known.others)]
    return known if body.kind == "seat" else replace(known, others=(*known.others, *others))
