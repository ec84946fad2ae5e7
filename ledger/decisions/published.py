"""The published warehouse held open for readers, with people's decisions beside it.

One private in-memory database for each published file: the file attached read-only as ``w``, the views of
``views.sql``, and tables of what people decided, brought up to date when somebody decides. It is
kept from one reading to the next, with what it has read of the file, and let go when a run has published
another. Each reading works on a cursor of its own, so that threads read side by side. What was known on a
date is seen through a database of its own, which goes with its reader.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from ledger import vocabulary
from ledger.decisions import effects, journal, reader_merges, reckoning
from ledger.decisions.upgrade import upgrade
from ledger.errors import WrongUse
from ledger.pledges.status import is_closed
from ledger.settings import Settings
from ledger.storage.beside.carried import quoted
from ledger.storage.beside.formats import FORMAT, check
from ledger.storage.warehouse import (
    column,
    damage_named,
    incoming,
    number_of,
    sql,
    transaction,
    unreadable,
)

_MOST = 2  # home folders held open at a time
_MEMORY = "2GB"  # of the file and of answers in the making; DuckDB's own default is most of the machine
_LINKING, _JUDGING = {"merge", "split"}, {"take", "strike"}
_SHAPING = {"link_speaker", "confirm", "reject", *_LINKING, *_JUDGING}  # that change more than a status
_UNDONE = "SELECT CAST(value ->> 'row' AS BIGINT) FROM recorded WHERE kind = 'undo'"
_GROUPED = """SELECT r.pledge_id, r.commitment_id, pc.pledge_id FROM regrouped r
    JOIN w.pledge_commitments pc ON pc.commitment_id = r.commitment_id
    UNION ALL SELECT into_id, NULL, pledge_id FROM gone"""
_JUDGED = "DELETE FROM judged_passage; INSERT INTO judged_passage FROM judged_now"
_FEW = 100  # decisions up to which only the pledges that they bear on are reckoned anew
_ASKED = "SET VARIABLE asked = ?::VARCHAR[]"
_held: OrderedDict[Path, Published] = OrderedDict()
_guard = threading.Lock()


class Published:
    """One published file, held open; ``known``: the last day of publication and decision that is seen."""

    def __init__(self, path: Path, known: date | None = None) -> None:
        """Attach the file. Raises duckdb.Error when it cannot be read, WrongUse for a newer version's."""
        self.state = state(path)
        self._known = known
        self._guard = threading.Lock()
        self._seen: journal.Position | None = None  # the last decision taken in; None: no tables yet
        self._kept: list[tuple[journal.Position | None, duckdb.DuckDBPyConnection]] = []
        self._connection = duckdb.connect(config={"memory_limit": _MEMORY})
        try:
            self._connection.execute(f"ATTACH '{quoted(path)}' AS w (READ_ONLY)")
            self._connection.execute("SET GLOBAL TimeZone = 'Europe/London'")
            check(number := number_of(self._connection, "w."), path)
            self.is_earlier = number < FORMAT
        except (duckdb.Error, WrongUse):
            self._connection.close()
            raise

    def cursor(self, settings: Settings) -> duckdb.DuckDBPyConnection:
        """A connection of its own: what is set or made temporarily there is not seen by others."""
        cursor = self._connection.cursor()
        self._set_days(cursor, settings)
        return cursor

    @contextmanager
    def prepared(self, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
        """One with what ``hits.sql`` prepares, kept for the next unless something fails or is decided: a plan
        takes a table that was empty for empty. Nothing may be made on it."""
        seen = self._seen
        with self._guard:
            self._kept = [kept for kept in self._kept if kept[0] == seen]
            connection = self._kept.pop()[1] if self._kept else self._made_ready()
        self._set_days(connection, settings)
        yield connection
        self._kept.append((seen, connection))

    def _made_ready(self) -> duckdb.DuckDBPyConnection:
        return self._connection.cursor().execute(sql("hits.sql"))

    def _set_days(self, connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
        """What the views reckon from: the day that is known, the settings' day (or that) and days to come."""
        known = f"DATE '{self._known}'" if self._known else "NULL::DATE"
        connection.execute(  # in one, since every reading begins with it
            f"""SET VARIABLE known = {known}; SET VARIABLE today = DATE '{self._known or settings.today}';
            SET VARIABLE due_soon_days = {int(settings.due_soon_days)}"""
        )

    def bring_up_to_date(self, settings: Settings) -> None:
        """Make the views, the first time, and take in what was decided since the last."""
        with self._guard:
            first = self._seen is None
            if first or journal.last(settings) != self._seen:
                follows, rows = journal.since(settings, self._seen or journal.NOTHING)
                self._set_days(self._connection, settings)
                with transaction(self._connection):
                    if first:
                        self._make_views()
                    self._take_in(rows, follows and not first)
                if first or rows or not follows:
                    self._seen = rows[-1][:2] if rows else journal.NOTHING

    def _make_views(self) -> None:
        for name in ("decided.sql", "views.sql", "members.sql"):
            self._connection.execute(sql(name).format(w="w."))
        kinds = [
            (row.name, by_person, is_closed(row.name, by_person), row.awaited, row.outcome)
            for row in vocabulary.statuses().values()
            for by_person in (False, True)
        ]
        self._connection.executemany("INSERT INTO status_kind VALUES (?, ?, ?, ?, ?)", kinds)

    def _take_in(self, rows: list[journal.DecisionRow], follows: bool) -> None:
        """Add what was decided and take out what was undone; reckon anew what that bears on."""
        if not follows:
            self._connection.execute("DELETE FROM recorded")
        seen = [row for row in rows if self._known is None or journal.day_of(row[1]) <= self._known]
        changed = self._add(seen)
        kinds, subjects = {kind for kind, _ in changed}, [one for kind, one in changed if kind in _SHAPING]
        if not follows or len(subjects) > _FEW:
            pledges = self._arrange()
        elif subjects:
            pledges = self._arrange_few(subjects, kinds)
        else:
            return
        if self._known is None:
            reckoning.see_anew(self._connection, sorted(pledges))

    def _add(self, rows: list[journal.DecisionRow]) -> list[tuple[str, str]]:
        """Add rows to those in force; gives kind and subject of what came and of what was taken back: of a
        passage its pledge."""
        execute = self._connection.execute
        if not rows:
            return []
        columns = map(list, zip(*rows, strict=True))
        try:
            with incoming(self._connection, pa.table(dict(zip(journal.COLUMNS, columns, strict=True)))):
                execute("INSERT INTO recorded FROM incoming")
        except (duckdb.DataError, pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise journal.unreadable("the journal of decisions", str(error)) from error
        query = f"""SELECT kind, CASE WHEN kind IN ('take', 'strike')
            THEN 'passages:' || coalesce((SELECT now FROM w.succeeded WHERE was = (value ->> 'pledge')),
                value ->> 'pledge') ELSE subject END
            FROM decision WHERE n >= ? OR n IN ({_UNDONE})"""
        changed = execute(query, [rows[0][0]]).fetchall()
        execute(f"DELETE FROM recorded WHERE n IN ({_UNDONE})")
        execute("DELETE FROM recorded WHERE kind = 'undo'")
        return changed

    def _arrange(self) -> set[str]:
        """Fill the tables of speakers, checks and merges anew; gives the pledges that are not as the run left
        them, by what people decided or undid since."""
        execute = self._connection.execute
        for name in ("link", "checked"):
            execute(f"DELETE FROM {name}; INSERT INTO {name} FROM {name}_now")
        execute(_JUDGED)
        reader_merges.fill(self._connection)
        execute("DELETE FROM touched; DELETE FROM again; DELETE FROM again_place")
        pledges = self._borne_on(sorted(effects.changed(self._connection, reckoning.STAGE, "w.")))
        return pledges | {pledge for now, _, was in execute(_GROUPED).fetchall() for pledge in (now, was)}

    def _arrange_few(self, subjects: list[str], kinds: set[str]) -> set[str]:
        """The same where nothing but decisions of these kinds on these came or went; gives the pledges that
        they bear on. One touched once stays among the touched: to reckon it again changes nothing."""
        execute = self._connection.execute
        execute(_ASKED, [subjects])
        if "link_speaker" in kinds:
            execute("DELETE FROM link WHERE subject IN (FROM asked_key)")
            execute("INSERT INTO link FROM asked_link")
        if kinds & {"confirm", "reject"}:
            execute("DELETE FROM checked WHERE subject IN (FROM asked_key)")
            execute("INSERT INTO checked FROM checked_now WHERE subject IN (FROM asked_key)")
        if kinds & _JUDGING:
            execute(_JUDGED)
        pledges = self._borne_on(subjects)
        if kinds & _LINKING:
            before = set(execute(_GROUPED).fetchall())
            reader_merges.fill(self._connection)
            moved = before.symmetric_difference(execute(_GROUPED).fetchall())
            pledges |= {pledge for now, _, was in moved for pledge in (now, was)}
            pledges |= self._borne_on(subjects)
        return pledges

    def _borne_on(self, subjects: list[str]) -> set[str]:
        self._connection.execute(_ASKED, [subjects])
        return {pledge for pledge in column(self._connection, "FROM borne_on") if pledge}


def state(path: Path) -> tuple[int, int]:
    """Changes whenever the file is written or another put in its place. Raises OSError when there is none."""
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns


def mark(path: Path) -> str:
    """`state` in words, "none" where there is no such file."""
    try:
        return ".".join(map(str, state(path)))
    except FileNotFoundError:
        return "none"


def let_go(settings: Settings) -> None:
    """Forget the open file: the next reading opens it anew."""
    with _guard:
        _held.pop(settings.warehouse, None)


def held(settings: Settings, known: date | None = None) -> Published:
    """The published file of this home, opened where it is not open yet, and brought up to date where an
    earlier version made it. Raises OSError, duckdb.Error, WrongUse for a newer version's, else as `upgrade`
    does."""
    path = settings.warehouse
    if known is not None:
        return _opened(settings, known)
    with _guard:
        found = _held.pop(path, None)
        if found is None or found.state != state(path):
            found = None  # what goes closes with its last reader, which may be another thread's
            found = _opened(settings)
        _held[path] = found
        while len(_held) > _MOST:
            _held.popitem(last=False)
        return found


def _opened(settings: Settings, known: date | None = None) -> Published:
    """The published file, brought up to date where an earlier version made it."""
    found = Published(settings.warehouse, known)
    if not found.is_earlier:
        return found
    del found
    upgrade(settings)
    return Published(settings.warehouse, known)


@contextmanager
def reading(
    settings: Settings, known: date | None = None, *, prepared: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse as ``w``, read-only, with the views of ``views.sql`` over decisions.

    Flags are those of the settings' day. ``known``: the last day of publication and decision that the views
    see, and the day that is reckoned from; None: all. ``prepared``: with what a page of search hits looks up.

    Raises WrongUse when nothing is published yet, BadWarehouse when the file cannot be read.
    """
    if not settings.warehouse.exists():
        raise WrongUse(
            f"there is no warehouse in {settings.home} yet: `said run` (or `said sample`) makes it"
        )
    try:
        shared = held(settings, known)
    except duckdb.Error as error:
        raise unreadable(settings.warehouse, error) from error
    try:
        with damage_named(settings.warehouse):
            shared.bring_up_to_date(settings)
            with (shared.prepared if prepared else shared.cursor)(settings) as connection:
                yield connection
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        with shared.cursor(settings) as connection:
            missing = _missing(connection)
        if not missing:
            raise
        raise WrongUse(
            f"{settings.warehouse} was made by an earlier version (it has no {missing[0]}): "
            "`said publish` brings it up to date, the next run fills it"
        ) from error
    except (duckdb.InternalException, duckdb.FatalException):
        let_go(settings)  # after a fault of its own DuckDB answers nothing any more there
        raise


def _missing(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What schema.sql and summary.sql name that the attached warehouse does not have, later columns too."""
    named = re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", sql("schema.sql"))
    later = re.findall(r"ALTER TABLE (\w+) ADD COLUMN IF NOT EXISTS (\w+)", sql("schema.sql"))
    named += [f"{table}.{column}" for table, column in later]
    named += re.findall(r"CREATE OR REPLACE TABLE (\w+)", sql("summary.sql"))
    query = """SELECT table_name FROM duckdb_tables() WHERE database_name = 'w' UNION ALL
        SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE database_name = 'w'"""
    there = column(connection, query)
    return [name for name in named if name not in there]
