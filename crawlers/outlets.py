"""Outlets are data: ``outlets.yaml`` in, ``ledger.types.Outlet`` values out.

The shipped list lies beside this module; a reader's own file in the home folder takes its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from crawlers.pages.layouts import known_layouts
from crawlers.pages.urls import fold, is_private
from ledger.errors import WrongUse
from ledger.types import Outlet

SHIPPED = Path(__file__).with_name("outlets.yaml")
MAX_DELAY = 600.0  # seconds; a longer one is a typing error
_LISTS = ("feeds", "sitemaps", "sections")
_WORDS = ("name", "home", "region", "group", "layout")
_RIGHTS = {"mine": bool, "note": str}


def load_outlets(path: Path | None = None) -> list[Outlet]:
    """The outlets of ``path`` (default: the shipped list), in the file's order.

    Raises WrongUse with the file, the entry and what to do when anything in it cannot be used.
    """
    file = path or SHIPPED
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongUse(f"{file}: cannot be read ({error.strerror}); give a file that is there") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise WrongUse(f"{file}{line}: not readable as YAML; check indentation and quotes there") from error
    if isinstance(data, dict) and set(data) == {"outlets"}:
        data = data["outlets"]
    if not isinstance(data, list) or not data:
        raise WrongUse(f'{file}: holds no list of outlets; start each with "- name: …"')
    outlets = [_outlet(file, number, entry) for number, entry in enumerate(data, 1)]
    _refuse_doubles(file, outlets)
    return outlets


def choose(outlets: Sequence[Outlet], name: str) -> Outlet:
    """The outlet of this name, case aside. Raises WrongUse with the names there are."""
    for outlet in outlets:
        if outlet.name.casefold() == name.casefold():
            return outlet
    raise WrongUse(f"no outlet {name!r}; known are {', '.join(o.name for o in outlets)}")


def _refuse_doubles(file: Path, outlets: Sequence[Outlet]) -> None:
    names: dict[str, str] = {}
    for outlet in outlets:
        if outlet.name.casefold() in names:
            raise WrongUse(f"{file}: two outlets are named {outlet.name!r}; give each its own name")
        names[outlet.name.casefold()] = outlet.name


def _outlet(file: Path, number: int, entry: object) -> Outlet:
    if not isinstance(entry, dict):
        raise WrongUse(f'{file}, entry {number}: not an outlet; write "- name: …" and its other lines')
    where = f"{file}, entry {number} ({entry.get('name', 'without a name')})"
    known = {f.name for f in fields(Outlet)}
    for key in entry:
        if key not in known:
            raise WrongUse(f"{where}: unknown line {key!r}; known are {', '.join(sorted(known))}")
    values: dict[str, Any] = {}
    for key, value in entry.items():
        values[key] = _value(where, key, value)
    for key in ("name", "home"):
        if not values.get(key):
            raise WrongUse(f'{where}: has no {key}; add a line "{key}: …"')
    outlet = Outlet(**values)
    if outlet.layout not in known_layouts():
        raise WrongUse(f"{where}: unknown layout {outlet.layout!r}; known are {', '.join(known_layouts())}")
    if not (outlet.feeds or outlet.sitemaps or outlet.sections):
        raise WrongUse(f"{where}: has no feeds, sitemaps or sections; give at least one address of these")
    _check_local(where, outlet)
    return outlet


def _check_local(where: str, outlet: Outlet) -> None:
    addresses = (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.sections)
    private = [is_private(urlsplit(address).hostname or "") for address in addresses]
    if any(private) and not outlet.local:
        raise WrongUse(f'{where}: has a private address; add "local: true" if it is your own server')
    if outlet.local and not all(private):
        raise WrongUse(f'{where}: "local: true" is for private addresses only; take that line away')


def _value(where: str, key: str, value: object) -> object:
    if key in _LISTS:
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list):
            raise WrongUse(f"{where}: {key} must be a list of addresses, not {value!r}")
        return tuple(_address(where, key, item) for item in listed)
    if key == "home":
        return _address(where, key, value)
    if key in _WORDS:
        if not isinstance(value, str) or (not value.strip() and key == "name"):
            raise WrongUse(f"{where}: {key} must be words, not {value!r}; put them in quotes")
        return value.strip()
    if key == "crawl_delay":
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_DELAY:
            raise WrongUse(f"{where}: crawl_delay must be seconds from 0 to {MAX_DELAY:g}, not {value!r}")
        return float(value)
    if key == "expected_weekly":
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise WrongUse(f"{where}: expected_weekly must be a number from 0 up, not {value!r}")
        return value
    if key == "local":
        if not isinstance(value, bool):
            raise WrongUse(f"{where}: local must be true or false, not {value!r}")
        return value
    return _rights(where, value)


def _rights(where: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise WrongUse(f"{where}: rights must be {{mine: true, note: …}}, not {value!r}")
    for key, held in value.items():
        if key not in _RIGHTS or not isinstance(held, _RIGHTS[key]):
            raise WrongUse(
                f"{where}: rights cannot hold {key}: {held!r}; mine is true or false, note is words"
            )
    return dict(value)


def _address(where: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not fold(value):
        raise WrongUse(f"{where}: {key} needs http:// or https:// addresses, not {value!r}")
    return value.strip()
