"""A warehouse of an earlier version brought into this version's form, by whoever opens it first.

The published file is copied, its tables are changed and its pledges reckoned anew by what is stored and
decided; then the copy takes its place in one rename. What was killed within is begun anew. The articles are
read again, by this version's rules, by the next run.
"""

from __future__ import annotations

from datetime import UTC, datetime

from ledger.decisions import effects, reckoning
from ledger.errors import BadWarehouse
from ledger.settings import Settings
from ledger.storage import records, warehouse
from ledger.storage.beside.formats import FORMAT

FROM, AT = "upgraded from", "upgraded at"  # in `meta`: the number of the form before, and when


def upgrade(settings: Settings) -> bool:
    """Bring the published warehouse up to date; False where it is, or there is none that can be read.

    Raises Locked while another process runs in the home, WrongUse where it cannot be written.
    """
    try:
        if not settings.warehouse.exists() or warehouse.published_number(settings) >= FORMAT:
            return False
    except BadWarehouse:
        return False  # nothing to bring up to date: whoever reads it is told
    with warehouse.lock(settings):
        number = warehouse.published_number(settings)
        if number >= FORMAT:
            return False  # another process did it meanwhile
        side = settings.data / "upgrade.duckdb"
        for part in (side, side.with_name(f"{side.name}.wal")):
            part.unlink(missing_ok=True)
        now = datetime.now(UTC)
        with warehouse.run(settings, side) as connection, warehouse.transaction(connection):
            effects.take_in(connection, settings)
            reckoning.keep(connection, settings.today, f"{now:%Y%m%dT%H%M%SZ}")
            values = {FROM: str(number), AT: now.isoformat()}
            records.insert(connection, "meta", [{"key": k, "value": v} for k, v in values.items()])
        warehouse.publish(settings, side)
    return True
