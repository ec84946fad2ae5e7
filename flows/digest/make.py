"""The digest of a day, made of the published run and of what the digests before it told."""

from __future__ import annotations

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
    with published.reading(settings) as connection:
        digest_rows.set_day(connection, day)
        told |= _as_named_now(told, connection)
        fresh = Fresh(day, since, told, closed=day < settings.today)
        pledges = digest_rows.pledge_rows(connection)
        found = events(
            pledges,
            digest_rows.suggestion_rows(connection),
            digest_rows.decision_rows(connection),
            fresh,
            edits=(edits := digest_rows.edit_rows(connection)),
        )
        look = look_at(digest_rows.lead_rows(connection), fresh)
        quiet = quiet_listings(listing_troubles(connection, day), fresh)
        listed, _ = choose(found)
        ids = sorted({event.pledge_id for chosen in listed.values() for event in chosen})
        promises = {str(row["id"]): row for row in digest_rows.promise_rows(connection, ids)}
        evidence = {str(row["pledge_id"]): row for row in digest_rows.evidence_rows(connection, ids)}
    last = max((record.day for record in earlier), default=None)
    changed = {str(row["id"]): row for row in edits}
    return compose(day, since or last, found, promises, evidence, pledges, changed, look, quiet)


def _as_named_now(told: frozenset[str], connection: Connection) -> set[str]:
    """Keys of pledges that have another id since they were told, with the present one."""
    parts = [key.split(":") for key in told if ":" in key]
    now = digest_rows.renamed(connection, sorted({part for _, part, *_ in parts}))
    return {":".join((kind, now[one], *more)) for kind, one, *more in parts if one in now}
