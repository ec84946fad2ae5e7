"""Who gets the digest, how, how often and what of it: ``subscriptions.yaml``, a list of entries.

Each entry names a channel. Beside the channel's own lines, which its module shows (`flows.delivery.email`,
`flows.delivery.webhook`), it may hold:

  follow:                       # without it, everything
    - official: Ann Example     # by name, or by the id in the address of their page
    - body: Marlshire Police
    - area: Marlshire
    - topic: Housing and planning
    - pledge: 0123456789abcdef  # the id in the address of its page
    - search: '"by the end of March" -draft'
  except:                       # the same forms: what of it is left out
    - topic: Bins, parks and streets
  every: day                    # day (default), week, or at once: after each run that brings something
  when_empty: nothing           # nothing (default): no letter on a day without news; line: one line

An entry of the channel ``email`` with ``to: followers`` sends to those who follow something by a page of the
dashboard, what they follow there and as often as they said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from flows.delivery.channel import Channel
from flows.delivery.registry import CHANNELS
from ledger.errors import WrongUse
from ledger.follows.follow import KINDS, Follow, Interest, Rhythm, WhenEmpty
from ledger.follows.followers import EMAIL, followers, for_followers
from ledger.follows.links import code_of
from ledger.settings import Settings
from ledger.types import content_id
from ledger.validation import check, did_you_mean, load_yaml


@dataclass(frozen=True, slots=True)
class Subscription:
    """One reader on one channel with one rhythm: all that they are to be told goes out in one letter.

    ``interests``: a thing is told that any of them wants.
    """

    channel: Channel
    interests: tuple[Interest, ...]
    every: Rhythm = "day"
    when_empty: WhenEmpty = "nothing"

    @property
    def reader(self) -> str:
        """The id of the reader, the same for each of their rhythms."""
        return content_id(self.channel.key, self.channel.target)

    @property
    def id(self) -> str:
        """The id of reader and rhythm: with the edition's name, that of a letter."""
        rhythm = () if self.every == "day" else (self.every,)
        return content_id(self.channel.key, self.channel.target, *rhythm)


def _follow(given: object) -> object:
    """``official: Ann Example`` as a value. Raises ValueError that says what to write."""
    if not isinstance(given, dict) or len(given) != 1:
        raise ValueError("must be a list of lines such as - official: Ann Example")
    ((kind, value),) = given.items()
    if kind not in KINDS:
        raise ValueError(f"cannot be by {kind!r}: one of {', '.join(KINDS)}{did_you_mean(str(kind), KINDS)}")
    words = " ".join(str(value or "").split())
    if not words or not isinstance(value, str | int):
        raise ValueError(f"must name a {kind} in words")
    return Follow(kind, words)


class _Common(BaseModel):
    """The lines that every entry may hold beside its channel's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    follow: list[Annotated[Follow, BeforeValidator(_follow)]] = []
    but: Annotated[list[Annotated[Follow, BeforeValidator(_follow)]], Field(alias="except")] = []
    every: Rhythm = "day"
    when_empty: WhenEmpty = "nothing"


_LINES = frozenset(field.alias or name for name, field in _Common.model_fields.items())


def load_subscriptions(settings: Settings) -> list[Subscription]:
    """Every reader that the home folder's file names, in its order; none without the file.

    A reader whom several entries name on the same channel with the same rhythm is one, and one who has ended
    the letters by their link is none. Raises WrongUse naming the file, the entry and what is wrong with it.
    """
    found = [one for where, key, entry in _entries(settings) for one in _read(settings, where, key, entry)]
    if not settings.followers.exists():
        return merged(found)
    _, ended = followers(settings)
    return merged(
        [one for one in found if code_of(settings, one.channel.key, one.channel.target) not in ended]
    )


def mailbox(settings: Settings, address: str) -> Channel | None:
    """The way to somebody who follows by a page; None where no entry of subscriptions.yaml is for such.

    Raises WrongUse as `load_subscriptions` does.
    """
    for where, key, entry in _entries(settings):
        if for_followers(key, entry):
            own = {name: value for name, value in entry.items() if name not in _LINES}
            return CHANNELS[key].load(settings, where, own | {"to": [address]})[0]
    return None


def _entries(settings: Settings) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each entry of the file: where it stands, its channel and its other lines."""
    file = settings.own_file("subscriptions.yaml")
    given = load_yaml(file) if file else None
    if given is None:
        return
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        raise WrongUse(f"{file}: must be a list of entries that begin with `- channel:`")
    for n, entry in enumerate(given, 1):
        where, key = f"{file}, entry {n}", entry.pop("channel", None)
        if not isinstance(key, str) or key not in CHANNELS:
            raise WrongUse(f"{where}: channel must be {' or '.join(CHANNELS)}, not {key!r}")
        yield where, key, entry


def _read(settings: Settings, where: str, key: str, entry: dict[str, Any]) -> Iterable[Subscription]:
    common = check(_Common, {name: entry.pop(name) for name in sorted(_LINES & entry.keys())}, where)
    if for_followers(key, entry):
        return _by_page(settings, where, entry, common)
    interest = Interest(tuple(common.follow), tuple(common.but))
    return [
        Subscription(channel, (interest,), common.every, common.when_empty)
        for channel in CHANNELS[key].load(settings, where, entry)
    ]


def _by_page(
    settings: Settings, where: str, entry: dict[str, Any], common: _Common
) -> Iterator[Subscription]:
    """Those who follow by a page, each with each of their rhythms."""
    if common.follow:
        raise WrongUse(f"{where}: who follows by a page says so there: leave out the line follow")
    listed, _ = followers(settings)
    to = [one.address for one in listed]
    ways = CHANNELS[EMAIL].load(settings, where, entry | {"to": to}) if to else []
    way = {one.target: one for one in ways}
    for one in listed:
        for every, follow in one.follows.items():
            interest = Interest(follow, tuple(common.but))
            yield Subscription(way[one.address], (interest,), every, common.when_empty)


def merged(found: Iterable[Subscription]) -> list[Subscription]:
    """One subscription for each reader and rhythm, with all that they want."""
    one: dict[str, Subscription] = {}
    for each in found:
        before = one.setdefault(each.id, each)
        if before is not each:
            wanted = tuple(dict.fromkeys([*before.interests, *each.interests]))
            one[each.id] = replace(before, interests=wanted)
    return list(one.values())
