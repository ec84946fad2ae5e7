"""Readers who follow something by a page: what they asked for, confirmed and ended, append-only.

In ``followers.sqlite`` of the home folder, beside the decisions. A wish counts from the moment that it is
confirmed by the signed link in a letter; an end also holds for a reader whom subscriptions.yaml names.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from ledger.data_files import read_yaml
from ledger.errors import WrongUse
from ledger.follows.follow import Follow, Rhythm
from ledger.follows.links import code_of
from ledger.settings import Settings
from ledger.storage.journals import opened
from ledger.validation import load_yaml

EMAIL = "email"  # the channel of those who follow by a page
_FOLLOWERS = "followers"  # what stands for them in the place of addresses
_SCHEMA = """
CREATE TABLE IF NOT EXISTS followers (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, what TEXT NOT NULL, code TEXT NOT NULL,
    address TEXT NOT NULL, every TEXT NOT NULL, follow TEXT NOT NULL, wish INTEGER);
CREATE TRIGGER IF NOT EXISTS followers_keep BEFORE UPDATE ON followers
    BEGIN SELECT raise(ABORT, 'followers are append-only'); END;
CREATE TRIGGER IF NOT EXISTS followers_stay BEFORE DELETE ON followers
    BEGIN SELECT raise(ABORT, 'followers are append-only'); END;
CREATE INDEX IF NOT EXISTS followers_by_code ON followers (code);
"""
_ADD = "INSERT INTO followers (at, what, code, address, every, follow, wish) VALUES (?, ?, ?, ?, ?, ?, ?)"
_ALL = """SELECT what, code, address, every, follow FROM followers
    WHERE what IN ('confirmed', 'left', 'ended') ORDER BY n"""
_WISH = "SELECT at, code, address, every, follow FROM followers WHERE n = ? AND what = 'asked'"
_DONE = "SELECT count(*) FROM followers WHERE what = 'confirmed' AND wish = ?"
_LATELY = """SELECT count(*), count(*) FILTER (WHERE code = ? AND every = ? AND follow = ? AND at > ?)
    FROM followers WHERE what = 'asked' AND at > ?
    AND n NOT IN (SELECT wish FROM followers WHERE what = 'unsent')"""


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody who follows by a page, with all that is in force, by rhythm."""

    code: str
    address: str
    follows: dict[Rhythm, tuple[Follow, ...]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class FollowWish:
    """What somebody asked for, to be confirmed. ``n``: its number, 0 where the same was just asked before."""

    n: int
    code: str
    address: str
    every: Rhythm
    follow: tuple[Follow, ...]


def for_followers(channel: object, entry: Mapping[str, object]) -> bool:
    """Whether an entry of subscriptions.yaml, for that channel, sends to those who follow by a page."""
    return channel == EMAIL and entry.get("to") == _FOLLOWERS


def are_sent_letters(settings: Settings) -> bool:
    """Whether any entry does. Raises WrongUse for a file that is not readable as YAML."""
    file = settings.own_file("subscriptions.yaml")
    given = load_yaml(file) if file else None
    entries = given if isinstance(given, list) else []
    return any(isinstance(one, dict) and for_followers(one.get("channel"), one) for one in entries)


def ask(settings: Settings, address: str, every: Rhythm, follow: Sequence[Follow]) -> FollowWish:
    """Note a wish. Raises WrongUse where too many are made at a time."""
    code, kept, now = code_of(settings, EMAIL, address), _written(follow), datetime.now(UTC)
    with _open(settings) as journal, journal:
        journal.execute("BEGIN IMMEDIATE")
        same, hour = (now - timedelta(minutes=n) for n in (_limits()["same_minutes"], 60))
        found = journal.execute(_LATELY, (code, every, kept, same.isoformat(), hour.isoformat()))
        total, again = found.fetchone()
        if again:
            return FollowWish(0, code, address, every, tuple(follow))
        if total >= _limits()["asked_an_hour"]:
            raise WrongUse("too many people asked to follow something within the hour: try again later")
        row = (now.isoformat(), "asked", code, address, every, kept, None)
        n = int(journal.execute(_ADD, row).lastrowid or 0)
    return FollowWish(n, code, address, every, tuple(follow))


def unsent(settings: Settings, asked: FollowWish) -> None:
    """Note that the letter that asks to confirm a wish did not go: the same may be asked again at once."""
    with _open(settings) as journal, journal:
        row = ("unsent", asked.code, "", asked.every, "[]", asked.n)
        journal.execute(_ADD, (datetime.now(UTC).isoformat(), *row))


def wish(settings: Settings, n: int) -> FollowWish | None:
    """A wish that may still be confirmed; None where there is none or it is too old."""
    with _open(settings) as journal:
        row = journal.execute(_WISH, (n,)).fetchone()
    if row is None:
        return None
    at, code, address, every, kept = row
    if datetime.now(UTC) - datetime.fromisoformat(at) > timedelta(days=_limits()["confirm_days"]):
        return None
    return FollowWish(n, code, address, every, _read(kept))


def confirm(settings: Settings, n: int) -> FollowWish | None:
    """Let a wish count from now on, once however often it is confirmed; None as for `wish`."""
    asked = wish(settings, n)
    if asked is not None:
        with _open(settings) as journal, journal:
            journal.execute("BEGIN IMMEDIATE")
            if not journal.execute(_DONE, (n,)).fetchone()[0]:
                row = ("confirmed", asked.code, asked.address, asked.every, _written(asked.follow), n)
                journal.execute(_ADD, (datetime.now(UTC).isoformat(), *row))
    return asked


def end(settings: Settings, code: str, follow: Follow | None = None) -> None:
    """End one thing that a reader follows, or without it all their letters."""
    what, kept = ("left", _written([follow])) if follow else ("ended", "[]")
    with _open(settings) as journal, journal:
        journal.execute(_ADD, (datetime.now(UTC).isoformat(), what, code, "", "", kept, None))


def followers(settings: Settings) -> tuple[list[Follower], frozenset[str]]:
    """Who follows something by a page, and the codes of all readers who have ended their letters."""
    if not settings.followers.exists():
        return [], frozenset()
    with _open(settings) as journal:
        rows = journal.execute(_ALL).fetchall()
    found: dict[str, tuple[str, dict[Rhythm, dict[Follow, None]]]] = {}
    ended: set[str] = set()
    for what, code, address, every, kept in rows:
        if what == "ended":
            found.pop(code, None)
            ended.add(code)
        elif what == "left":
            for follows in found.get(code, ("", {}))[1].values():
                for one in _read(kept):
                    follows.pop(one, None)
        else:
            ended.discard(code)
            own = found.setdefault(code, (address, {}))[1]
            own.setdefault(every, {}).update(dict.fromkeys(_read(kept)))
    listed = [
        Follower(code, address, {every: tuple(one) for every, one in own.items() if one})
        for code, (address, own) in found.items()
    ]
    return [one for one in listed if one.follows], frozenset(ended)


@contextmanager
def _open(settings: Settings) -> Iterator[sqlite3.Connection]:
    """The record, for its owner alone: it holds addresses. Raises WrongUse where it cannot be opened."""
    if not settings.followers.exists():
        settings.followers.touch(mode=0o600)
    with opened(settings, settings.followers, _SCHEMA) as journal:
        yield journal


def _written(follow: Sequence[Follow]) -> str:
    return json.dumps([[one.kind, one.value] for one in follow], ensure_ascii=False)


def _read(kept: str) -> tuple[Follow, ...]:
    return tuple(Follow(kind, value) for kind, value in json.loads(kept))


@cache
def _limits() -> dict[str, int]:
    loaded: dict[str, int] = read_yaml(__file__, "limits.yaml")
    return loaded
