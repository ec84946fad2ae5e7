"""The digest of a day, made of the published run and of what the digests before it told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from flows.digest.archive import records
from flows.digest.compose import Digest, choose, compose, events
from flows.digest.look import Fresh, look_at
from flows.digest.quiet import quiet_listings
from ledger.decisions import published
from ledger.errors import WrongUse
from ledger.outputs import digest_rows
from ledger.settings import Settings
from ledger.storage.visits import listing_troubles
from ledger.storage.warehouse import Connection


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
    fresh = Fresh(day, since, told, closed=day < settings.today)
    return _made(settings, fresh, since or max((record.day for record in earlier), default=None))


def made_again(settings: Settings, day: date, after: date | None) -> Digest:
    """What the digests after a day (None: all) up to ``day`` told, in one as of ``day``.

    Raises WrongUse as `make_digest` does.
    """
    listed = [
        record
        for record in records(settings.digests)
        if record.day <= day and (not after or after < record.day)
    ]
    keys = frozenset[str]().union(*(record.told for record in listed))
    return _made(settings, Fresh(day, None, (), only=keys), after)


def _made(settings: Settings, fresh: Fresh, last: date | None) -> Digest:
    with published.reading(settings) as connection:
        digest_rows.set_day(connection, fresh.day)
        fresh = replace(fresh, told=_as_named_now(fresh.told, connection))
        if fresh.only is not None:
            fresh = replace(fresh, only=_as_named_now(fresh.only, connection))
        pledges = digest_rows.pledge_rows(connection)
        found = events(
            pledges,
            digest_rows.suggestion_rows(connection),
            digest_rows.decision_rows(connection),
            fresh,
            edits=(edits := digest_rows.edit_rows(connection)),
        )
        look = look_at(digest_rows.lead_rows(connection), fresh)
        quiet = quiet_listings(listing_troubles(connection, fresh.day), fresh)
        listed, _ = choose(found)
        ids = sorted({event.pledge_id for chosen in listed.values() for event in chosen})
        promises = {str(row["id"]): row for row in digest_rows.promise_rows(connection, ids)}
        evidence = {str(row["pledge_id"]): row for row in digest_rows.evidence_rows(connection, ids)}
    changed = {str(row["id"]): row for row in edits}
    return compose(fresh.day, last, found, promises, evidence, pledges, changed, look, quiet)


def _as_named_now(keys: Collection[str], connection: Connection) -> set[str]:
    """These keys; those of pledges that have another id since they were told also with the present one."""
    parts = [key.split(":") for key in keys if ":" in key]
    now = digest_rows.renamed(connection, sorted({part for _, part, *_ in parts}))
    return {*keys, *(":".join((kind, now[one], *more)) for kind, one, *more in parts if one in now)}
