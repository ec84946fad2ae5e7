"""Layouts and cleaning rules: one YAML file per layout (``<layout>.yaml``) and, where a publisher's titles
share furniture of their own, per group (``group-<group>.yaml``), merged over ``generic.yaml``.

A file may hold, all optional:

``article``  CSS selectors of the element that holds the article's body, the first that matches counts
``drop``     CSS selectors of elements inside it that are not the article
``title`` ``byline`` ``section`` ``published`` ``modified``   CSS selectors, tried in order; an attribute
             follows after ``@`` ("time@datetime")
``article_path``  a regular expression on the path of an article's address, for section pages
``kinds``    of articles, each under the kind: a regular expression on the path of their addresses
``may_be_empty``  a regular expression on the path of listings that name nothing at times
``papers``   a regular expression on the path of files that belong to an article, for pages of committees
``lines``    furniture: whole lines, compared without case, curly marks and doubled spaces
``patterns`` furniture: regular expressions that must match a whole line
``endings``  the same of lines that any words may begin, each under a word that such a line must hold
``tails``    lines that end the article when little is left: they and everything below them go
``onward``   headings of boxes that lead on: as tails, when only a few short lines are left
``notes``    lines that end the article however much is left below them
``glued``    furniture that the page glues to the end or the start of a paragraph
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from ledger.data_files import yaml_of
from ledger.errors import WrongUse

GENERIC = "generic"
_GROUP = "group-"


@dataclass(frozen=True)
class Rules:
    """The merged rules of one layout and group, each a tuple as the files give them."""

    article: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    article_path: tuple[str, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    may_be_empty: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    endings: tuple[tuple[str, str], ...] = ()
    tails: tuple[str, ...] = ()
    onward: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    glued: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _files() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for entry in Path(__file__).parent.glob("*.yaml"):
        found[entry.stem] = yaml_of(entry.read_text(encoding="utf-8")) or {}
    return found


def known_layouts() -> list[str]:
    """The names that an outlet's ``layout`` may have."""
    return sorted(name for name in _files() if not name.startswith(_GROUP))


def known_groups() -> list[str]:
    """The publisher groups that have rules of their own."""
    return sorted(name.removeprefix(_GROUP) for name in _files() if name.startswith(_GROUP))


@lru_cache(maxsize=256)
def rules(layout: str = "", group: str = "") -> Rules:
    """The rules of a layout, over those of a publisher group, over the generic ones.

    A group without a file of its own has the generic rules. Raises WrongUse for an unknown layout.
    """
    if layout and layout not in known_layouts():
        raise WrongUse(f"unknown layout {layout!r}; known are {', '.join(known_layouts())}")
    merged: dict[str, tuple[Any, ...]] = {}
    for name in (layout, _GROUP + group, GENERIC):
        for key, values in _files().get(name, {}).items():
            values = values.items() if isinstance(values, dict) else values
            listed = (values,) if isinstance(values, str) else tuple(values or ())
            merged[key] = tuple(dict.fromkeys(merged.get(key, ()) + listed))
    return Rules(**{f.name: merged[f.name] for f in fields(Rules) if f.name in merged})
