"""The bodies in which officials of a register have their posts: known by name too, as those of the list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ledger.types import Official, Role
from nlp.officials.gazetteer import Gazetteer, KnownBody
from nlp.officials.lexicon import lexicon
from nlp.officials.organizations import kind_of_body

_KINDS: dict[Role, str] = {"other_official": "agency", "police": "force"}  # of a name that tells none
_TAIL = re.compile(r" (?:NHS )?(?:Foundation )?Trust$")
_PLACE = re.compile(r"^(?:City|State|Town|County|Borough) of |(?: City| County| Town| Borough)$")
_LEAST = 3  # letters of a short form


def bodies_of(officials: Iterable[Official], listed: Gazetteer) -> list[KnownBody]:
    """The bodies of these officials' posts that are not listed, with the short forms they may go by.

    One that is named as a place is ("Halden City") is left out: its name in a text may be the place.
    """
    found: dict[str, KnownBody] = {}
    for official in officials:
        for post in official.posts:
            told = " " in post.body and not (_PLACE.search(post.body) or listed.called(post.body))
            if told and post.role in _KINDS:
                kind = kind_of_body(post.body, listed)
                if kind is None or kind.role == post.role:
                    name = kind.kind if kind else _KINDS[post.role]
                    short = (form for form in _short_forms(post.body) if not _means_else(form, listed))
                    found.setdefault(post.body, KnownBody(name, post.body, tuple(short)))
    return list(found.values())


def _means_else(form: str, listed: Gazetteer) -> bool:
    """Whether a short form is an office, a body or letters that readers know: "PCC", "GMB", "NHS"."""
    known = lexicon()
    office = any(pattern.fullmatch(form.lower()) for _, pattern in known.offices)
    return office or form in known.letters or kind_of_body(form, listed) is not None


def _short_forms(name: str) -> Iterator[str]:
    """A trust without that word, and the letters that the words begin with ("TfT")."""
    if _TAIL.search(name) and " " in (short := _TAIL.sub("", name)):
        yield short
    letters = "".join(
        word[0] for word in re.findall(r"\w[\w’'\-]*", name) if word not in ("and", "of", "the")
    )
    if len(letters) >= _LEAST:
        yield letters
