"""Outlets are data: ``outlets.yaml`` in, ``ledger.types.Outlet`` values out.

The shipped list lies beside this module; a reader's own file in the home folder takes its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    model_validator,
)

from crawlers.groups import filled
from crawlers.pages.layouts import known_layouts
from crawlers.pages.urls import fold, is_private
from ledger import vocabulary
from ledger.errors import WrongUse
from ledger.outlet import Outlet, Paywall
from ledger.validation import Wanted, check, did_you_mean, load_yaml

SHIPPED = Path(__file__).with_name("outlets.yaml")
_NAMED = 20  # outlets that an error names; a longer list tells nobody anything
MAX_DELAY = 600.0  # seconds; a longer one is a typing error


def _usable(address: str) -> str:
    if not fold(address):
        raise ValueError
    return address


Stripped = Annotated[str, StringConstraints(strip_whitespace=True)]
Address = Annotated[Stripped, AfterValidator(_usable), Wanted("an http:// or https:// address")]
Addresses = Annotated[
    tuple[Address, ...], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)
]


class Rights(BaseModel, extra="forbid", strict=True):
    """What a reader knows of an outlet's rights: ``mine`` decides, where it is given."""

    mine: bool = False
    note: str = ""


class OutletEntry(BaseModel, extra="forbid"):
    """One entry of the file, for ``ledger.types.Outlet``, where its fields are told."""

    name: Annotated[Stripped, Field(min_length=1)]
    home: Address
    region: Stripped = ""
    group: Stripped = ""
    feeds: Addresses = ()
    sitemaps: Addresses = ()
    sections: Addresses = ()
    layout: Stripped = "jsonld"
    crawl_delay: Annotated[
        float, Field(strict=True, ge=0, le=MAX_DELAY), Wanted(f"seconds from 0 to {MAX_DELAY:g}")
    ] = 1.0
    expected_weekly: Annotated[int, Field(strict=True, ge=0), Wanted("a number from 0 up")] = 0
    rights: Annotated[Rights, Wanted("{mine: true or false, note: words}")] = Rights()
    local: Annotated[bool, Field(strict=True)] = False
    kind: Stripped = "news"
    publisher: Stripped = ""
    seen: Stripped = ""
    paywall: Annotated[Paywall, Wanted(f"one of {', '.join(get_args(Paywall))}")] = "quotations"

    @model_validator(mode="after")
    def _fits(self) -> OutletEntry:
        if self.layout not in known_layouts():
            raise ValueError(f"unknown layout {self.layout!r}; known are {', '.join(known_layouts())}")
        if self.kind not in vocabulary.kinds():
            raise ValueError(f"unknown kind {self.kind!r}; known are {', '.join(vocabulary.kinds())}")
        if self.publisher and not vocabulary.kinds()[self.kind].own_word:
            raise ValueError('has a publisher, which is for its own word; add "kind: press_release", say')
        addresses = (*self.feeds, *self.sitemaps, *self.sections)
        if not addresses:
            raise ValueError("has no feeds, sitemaps or sections; give one, or a group that is known")
        private = [is_private(urlsplit(address).hostname or "") for address in (self.home, *addresses)]
        if any(private) and not self.local:
            raise ValueError('has a private address; add "local: true" if it is your own server')
        if self.local and not all(private):
            raise ValueError('"local: true" is for private addresses only; take that line away')
        return self


def load_outlets(path: Path | None = None) -> list[Outlet]:
    """The outlets of ``path`` (default: the shipped list), in the file's order.

    Raises WrongUse with the file, the entry and what to do when anything in it cannot be used.
    """
    file = path or SHIPPED
    data = load_yaml(file)
    if isinstance(data, dict) and set(data) == {"outlets"}:
        data = data["outlets"]
    if not isinstance(data, list) or not data:
        raise WrongUse(f'{file}: holds no list of outlets; start each with "- name: …"')
    outlets: dict[str, Outlet] = {}
    for number, entry in enumerate(data, 1):
        named = f" ({entry.get('name', 'without a name')})" if isinstance(entry, dict) else ""
        where = f"{file}, entry {number}{named}"
        outlet = outlet_of(entry, where)
        if outlet.name.casefold() in outlets:
            raise WrongUse(f"{where}: two outlets are named {outlet.name!r}; give each its own name")
        outlets[outlet.name.casefold()] = outlet
    return list(outlets.values())


def outlet_of(entry: object, where: str) -> Outlet:
    """One entry with what its group gives. Whose word it is, where that is not said, its name says.

    Raises WrongUse, beginning with ``where``, when anything in it cannot be used.
    """
    given = filled(entry) if isinstance(entry, dict) else entry
    outlet = Outlet(**check(OutletEntry, given, where).model_dump(exclude_unset=True))
    own_word = vocabulary.kinds()[outlet.kind].own_word
    return replace(outlet, publisher=outlet.publisher or outlet.name) if own_word else outlet


def choose(
    outlets: Sequence[Outlet], names: Sequence[str] = (), region: str = "", group: str = ""
) -> list[Outlet]:
    """The outlets of a name, a region and a group, case aside; what is not given does not matter.

    A name that no outlet has stands for all whose name it is a part of, as a region's part does. Raises
    WrongUse, with names or regions that there are, when nothing fits.
    """
    found: dict[str, Outlet] = {}
    for name in names or ("",):
        whole = [one for one in outlets if one.name.casefold() == name.casefold()]
        some = whole or [one for one in outlets if name.casefold() in one.name.casefold()]
        if not some:
            known = [one.name for one in outlets]
            more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
            listed = ", ".join(known[:_NAMED])
            raise WrongUse(f"no outlet {name!r}; known are {listed}{more}{did_you_mean(name, known)}")
        found |= {one.name: one for one in some}
    held = [
        one
        for one in found.values()
        if region.casefold() in one.region.casefold() and group.casefold() in ("", one.group.casefold())
    ]
    if not held:
        regions = ", ".join(sorted({one.region for one in outlets if one.region}))
        raise WrongUse(
            f"no such outlet is of {' and '.join(filter(None, (region, group)))}; regions are {regions}"
        )
    return held
