"""The digest of a day, made of the published run and of what the digests before it told.

An `Edition` gathers once all that there is to tell, and gives each reader the part that they follow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flows.digest.archive import DigestRecord, records
from flows.digest.compose import Chosen, Digest, choose, choose_now, sections_of
from flows.digest.events import DigestEvent, Happened, events, pledge_facets
from flows.digest.items import wardrobe
from flows.digest.look import NOTHING_NEW, Fresh, key_of, look_at, new_leads
from flows.digest.quiet import ALL_WELL, quiet_listings, trouble
from flows.digest.wanted import Index
from flows.digest.wording import words
from ledger.decisions import published
from ledger.errors import WrongUse
from ledger.follows.follow import EVERYTHING, Interest, Rhythm
from ledger.outputs import digest_rows
from ledger.questions.followed import known_of
from ledger.settings import Settings
from ledger.storage.visits import listing_troubles
from ledger.storage.warehouse import Connection


@dataclass(frozen=True, slots=True)
class Wish:
    """What one letter is to hold: ``interests`` as of `ledger.follows`, how often it says it comes, and how
    its reader ends it. ``elsewhere``: the keys that another letter tells the same reader, with what that one
    follows. ``doubtful``: the days of earlier letters that may have reached the reader and are told again."""

    interests: tuple[Interest, ...] = (EVERYTHING,)
    every: Rhythm = "day"
    ending: tuple[str, str] = ("", "")
    elsewhere: tuple[tuple[tuple[Interest, ...], frozenset[str]], ...] = ()
    doubtful: tuple[date, ...] = ()

    @property
    def everything(self) -> bool:
        return any(not interest.follow for interest in self.interests)


class Edition:
    """All that there is to tell readers whose last letter was of the day ``last`` (None: who have had none).

    ``told``: the keys of it all.
    """

    def __init__(
        self, settings: Settings, fresh: Fresh, last: date | None, follows: Collection[Interest] = ()
    ) -> None:
        """Gather it. ``follows``: whatever anybody follows whose `digests` will be asked for.

        Raises WrongUse when nothing is published.
        """
        self._settings, self._last, self.day = settings, last, fresh.day
        with published.reading(settings) as connection:
            digest_rows.set_day(connection, fresh.day)
            self._fresh = fresh = _as_named_now(fresh, connection)
            self._pledges: list[dict[str, Any]] = digest_rows.pledge_rows(connection)
            self._edits = digest_rows.edit_rows(connection)
            self._events = events(self._happened(connection, fresh.day), fresh)
            self._leads = new_leads(digest_rows.lead_rows(connection), fresh)
            self._quiet = quiet_listings(listing_troubles(connection, settings, fresh.day), fresh)
            self._trouble = trouble(settings, digest_rows.last_run(connection), fresh.day)
        self.known = known = known_of(settings, [one for all in follows for one in (*all.follow, *all.but)])
        self._index = Index((event.facets for event in self._events), known)
        self._places = {
            event.keys or (event.section, event.pledge_id): n for n, event in enumerate(self._events)
        }
        self._of_pledges = Index(map(pledge_facets, self._pledges), known)
        keys = [key for event in self._events for key in event.keys]
        self.told = tuple(sorted([*keys, *map(key_of, self._leads), *self._quiet[1]]))

    def _happened(self, connection: Connection, day: date) -> Happened:
        recent = timedelta(days=words()["recent_days"])
        return Happened(
            self._pledges,
            digest_rows.suggestion_rows(connection),
            digest_rows.decision_rows(connection),
            digest_rows.moved_rows(connection),
            digest_rows.report_rows(connection),
            self._edits,
            digest_rows.said_rows(connection, day - recent, day),
            digest_rows.verdict_rows(connection),
            digest_rows.headline_ids(connection),
        )

    def digests(self, wishes: Sequence[Wish]) -> Iterator[Digest]:
        """The digest of each wish, in their order; what they show is read once for all of them."""
        chosen: dict[Wish, list[Chosen]] = {}
        for wish in wishes:
            key = _content(wish)
            if key not in chosen:
                chosen[key] = self._choose(wish)
        shown = {
            pick.event.keys or (pick.event.section, pick.event.pledge_id): pick.event
            for one in chosen.values()
            for section in one
            for pick in section.picks
        }
        address = address_of(self._settings)
        with published.reading(self._settings) as connection:
            digest_rows.set_day(connection, self.day)
            dressed = wardrobe(connection, address, self.day, list(shown.values()), self._edits)
            texts = digest_rows.texts_of_leads(connection, [str(row["id"]) for row in self._leads])
        parts = {}
        for key, picked in chosen.items():
            places = self._of_pledges.wanted(key.interests)
            followed = [self._pledges[place] for place in places]

            def because(event: DigestEvent, wish: Wish = key) -> str:
                place = self._places[event.keys or (event.section, event.pledge_id)]
                return self._index.reason(place, wish.interests)

            ids = {str(row["id"]) for row in followed}
            if self._last is None:  # of all that lies there, what bears on what the first letter tells
                ids &= {pick.event.pledge_id for section in picked for pick in section.picks}
            leads = [row for row in self._leads if str(row["pledge_id"]) in ids]
            parts[key] = Digest(
                self.day,
                self._last,
                sections_of(picked, dressed, address, because),
                len(followed),
                sum("overdue" in (row["flags"] or ()) for row in followed),
                self.told if key.everything else (),
                look_at(leads, texts) if leads else NOTHING_NEW,
                self._quiet[0] if key.everything else ALL_WELL,
                address=address,
                follows=self._named(key, "follow"),
                but=self._named(key, "but"),
                unknown=tuple(
                    dict.fromkeys(
                        problem
                        for interest in key.interests
                        for one in (*interest.follow, *interest.but)
                        if (problem := self.known.problem(one))
                    )
                ),
                trouble=self._trouble,
            )
        for wish in wishes:
            digest = parts[_content(wish)]
            yield replace(digest, every=wish.every, ending=wish.ending, doubtful=wish.doubtful)

    def _choose(self, wish: Wish) -> list[Chosen]:
        places = self._index.wanted(wish.interests)
        for interests, keys in wish.elsewhere:
            told = {n for n in self._index.wanted(interests) if not set(self._events[n].keys) - set(keys)}
            places = [n for n in places if n not in told]
        wanted = [self._events[place] for place in places]
        if self._last is None:
            return choose_now(wanted)
        return choose(wanted, asked=not wish.everything, standing=wish.every != "at once")

    def _named(self, wish: Wish, which: str) -> tuple[str, ...]:
        """What is followed, or left out, in words; nothing where everything is followed."""
        if wish.everything and which == "follow":
            return ()
        return tuple(
            dict.fromkeys(
                self.known.words(one) for interest in wish.interests for one in getattr(interest, which)
            )
        )


def _content(wish: Wish) -> Wish:
    """The wish without what makes no difference to what is told."""
    every: Rhythm = "at once" if wish.every == "at once" else "day"
    return replace(wish, every=every, ending=("", ""), doubtful=())


def address_of(settings: Settings) -> str:
    """Where the dashboard is opened, without a slash at the end."""
    return settings.public_address.rstrip("/") or "http://127.0.0.1:8501"


def edition_of(
    settings: Settings,
    day: date | None = None,
    since: date | None = None,
    follows: Collection[Interest] = (),
) -> Edition:
    """The edition of ``day`` (default: today), of what earlier digests did not tell.

    With ``since``, of all that came after that day. Raises WrongUse when nothing is published, when
    ``since`` is not before ``day``, or when a record of an earlier digest cannot be read.
    """
    day = day or settings.today
    if since is not None and since >= day:
        raise WrongUse(f"a digest of {day} cannot begin after {since}: give --since an earlier day")
    earlier = [record for record in records(settings.digests) if record.day < day]
    told = frozenset[str]().union(*(record.told for record in earlier))
    fresh = Fresh(day, since, told, closed=day < settings.today)
    last = since or max((record.day for record in earlier), default=None)
    return Edition(settings, fresh, last, follows)


def edition_again(
    settings: Settings,
    row: Sequence[DigestRecord],
    day: date,
    after: DigestRecord | None,
    follows: Collection[Interest] = (),
) -> Edition:
    """What the editions of a row after one of them (None: all) told, in one as of ``day``.

    Raises WrongUse where nothing is published.
    """
    keys = frozenset[str]().union(*(one.told for one in row if not after or after.name < one.name))
    return Edition(settings, Fresh(day, None, (), only=keys), after.day if after else None, follows)


def edition_at_once(settings: Settings, row: Sequence[DigestRecord]) -> Edition:
    """What no edition of a row has told. Raises WrongUse where nothing is published."""
    told = frozenset[str]().union(*(record.told for record in row))
    return Edition(settings, Fresh(settings.today, None, told), None)


def make_digest(settings: Settings, day: date | None = None, since: date | None = None) -> Digest:
    """The digest of everything. Raises WrongUse as `edition_of` does."""
    (digest,) = edition_of(settings, day, since).digests([Wish()])
    return digest


def _as_named_now(fresh: Fresh, connection: Connection) -> Fresh:
    """Also with the keys of pledges that have another id since they were told, by the present one."""

    def named(keys: Collection[str]) -> set[str]:
        parts = [key.split(":") for key in keys if ":" in key]
        now = digest_rows.renamed(connection, sorted({part for _, part, *_ in parts}))
        return {*keys, *(":".join((kind, now[one], *more)) for kind, one, *more in parts if one in now)}

    return replace(fresh, told=named(fresh.told), only=None if fresh.only is None else named(fresh.only))
