"""What the group stage reads and writes: whom new commitments may join, and the pledges that come of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ledger.decisions import effects, places
from ledger.storage import pending, pledge_index, records, rows, warehouse
from ledger.types import Statement
from nlp.models.learned import promise_encoder
from nlp.pledges.core import grouped, members_of
from nlp.pledges.pair_features import Item, Printed, Vector, encoded, item_of, owner_of, owners_of, texts_of
from nlp.pledges.review_candidates import doubts
from nlp.text.embeddings import WIDTH, Embedder


def turned(connection: warehouse.Connection) -> set[str]:
    """The commitments whose speaker or rejection people decided, or undid, since the last time."""
    return set(places.said_in(connection, effects.changed(connection, "group")))


def places_of(listed: Sequence[dict[str, object]]) -> tuple[dict[str, str], dict[str, str]]:
    """Of the rows that have one, the pledge by commitment: as the machine has it, and as it is published."""
    placed = [row for row in listed if row["pledge_id"] is not None]
    machine, published = ({str(r["id"]): str(r[key]) for r in placed} for key in ("machine_id", "pledge_id"))
    return machine, published


def as_found(items: Sequence[Item], listed: Sequence[dict[str, object]]) -> list[Item]:
    """The items with the speakers that the machine found. Grouping goes by these: to name a speaker says
    whose a promise is, and joins it with no other one. ``listed``: the items' rows, in their order."""
    return [_as_found(item, row) for item, row in zip(items, listed, strict=True)]


def _as_found(item: Item, row: dict[str, object]) -> Item:
    found = {name: row[f"found_{name}"] for name in ("speaker", "official_id", "role", "body")}
    if all(getattr(item.statement, name) == value for name, value in found.items()):
        return item
    statement = replace(item.statement, **found)  # type: ignore[arg-type]  # written from a Statement
    owner = owner_of(statement.speaker, statement.body, statement.id)
    return replace(item, statement=statement, owner=owner, body=statement.body)


def as_known(found: Sequence[Item], machine: Mapping[str, str], named: Collection[str]) -> dict[str, str]:
    """The groups under the ids that readers know: of each the first commitment that named a pledge before,
    where one did. ``found``: all items, oldest first. ``named``: the ids that pledges had."""
    known: dict[str, str] = {}
    for item in found:
        if item.id in named:
            known.setdefault(machine[item.id], item.id)
    return {one: known.get(pledge, pledge) for one, pledge in machine.items()}


def blocks(connection: warehouse.Connection) -> list[dict[str, object]]:
    """Everyone who speaks, with each block that they belong to: those who share one are held together."""
    voices = (row for row in places.voices(connection) if row["speaker"] or row["body"] or row["official_id"])
    return [{**row, "block": block} for row in voices for block in sorted(_owners(row))]


def beside(
    connection: warehouse.Connection,
    given: Collection[str],
    known: Sequence[dict[str, object]],
    but: Collection[str] = (),
) -> list[dict[str, object]]:
    """The rows of these commitments and all of every pledge that shares an owner with one, ``but`` for those
    that are loaded already. ``known``: the `blocks`."""
    found = places.beside(connection, given, known) if given else []
    return pending.commitments(connection, sorted(set(found) - set(but)))


def _owners(row: dict[str, object]) -> frozenset[str]:
    speaker, body, official, role = (
        str(row[key]) if row[key] else None for key in ("speaker", "body", "official_id", "role")
    )
    return owners_of(official, owner_of(speaker, body, ""), body, role)


def _voices(connection: warehouse.Connection, articles: Sequence[str]) -> dict[str, frozenset[str]]:
    """The blocks of everyone who is known to speak in these articles."""
    found: dict[str, frozenset[str]] = {}
    for row in pending.speakers_in(connection, articles):
        key = str(row["article_id"])
        found[key] = found.get(key, frozenset()) | _owners(row)
    return found


def items_of(connection: warehouse.Connection, listed: Sequence[dict[str, object]]) -> list[Item]:
    """The rows as grouping wants them; what has no vector yet gets one."""
    bare = {
        str(row["article_id"])
        for row in listed
        if not (row["found_speaker"] or row["found_body"]) or not (row["speaker"] or row["body"])
    }
    printed = _printed(connection, listed, _voices(connection, sorted(bare)))
    keys = [(str(r["id"]), str(r["context_id"]), f"{r['id']}:pledge", f"{r['id']}:passage") for r in listed]
    stored = pledge_index.vectors(connection, sorted({key for mine in keys for key in mine}))
    unread = [n for n, mine in enumerate(keys) if not stored.keys() >= set(mine)]
    texts = [texts_of(rows.commitment_of(listed[n]).span, printed[n]) for n in unread]
    made = list(encoded(texts, Embedder(), promise_encoder())) if unread else []
    fresh = {k: v for n, four in zip(unread, made, strict=True) for k, v in zip(keys[n], four, strict=True)}
    new = [{"id": key, "vector": v.tolist()} for key, v in fresh.items() if key not in stored]
    records.insert(connection, "vectors", new)
    stored |= {key: fresh[key] for key in fresh.keys() - stored.keys()}
    vectors = (np.stack([stored[key] for key in mine]) for mine in keys)
    return [_item(*one) for one in zip(listed, printed, vectors, strict=True)]


def without_vectors(connection: warehouse.Connection, listed: Sequence[dict[str, object]]) -> list[Item]:
    """The rows as evidence is found by them."""
    none = np.zeros((0, WIDTH), np.float32)
    return [_item(row, one, none) for row, one in zip(listed, _printed(connection, listed, {}), strict=True)]


def _item(row: dict[str, object], printed: Printed, vectors: Vector) -> Item:
    return item_of(rows.commitment_of(row), _statement(row), printed, rows.day_of(row["day"]), vectors)


def _printed(
    connection: warehouse.Connection,
    listed: Sequence[dict[str, object]],
    voices: Mapping[str, frozenset[str]],
) -> list[Printed]:
    """The article of each row, one for all that stand in it."""
    ids = {str(row["article_id"]) for row in listed}
    articles = {
        str(a["id"]): Printed(
            str(a["title"]), str(a["text"]), rows.spans_of(a["spans"]), voices.get(str(a["id"]), frozenset())
        )
        for a in pending.printed(connection, ids)
    }
    return [articles[str(row["article_id"])] for row in listed]


def _statement(row: dict[str, object]) -> Statement:
    return rows.statement_of(
        {**row, "id": row["said_id"], "confidence": row["said_confidence"], "why": row["said_why"]}
    )


def write_places(
    connection: warehouse.Connection,
    items: Sequence[Item],
    found: Sequence[Item],
    machine: Mapping[str, str],
    pledge_of: Mapping[str, str],
    touched: set[str],
    known: Sequence[dict[str, object]],
    run_id: str,
) -> int:
    """Write which commitments the touched pledges have, and which of them are the core of the machine's own
    groups; gives their number. What is told of them is reckoned when their evidence is known.

    ``found``: the items with the speakers that the machine found, by which it also tells the core. What the
    touched ones may be is doubted against all that share an owner with them, as found or as decided, by
    ``known``: the `blocks`.
    """
    regrouped = {machine[one] for one, pledge in pledge_of.items() if pledge in touched}
    groups = grouped([item for item in found if machine[item.id] in regrouped], machine)
    written = [
        {
            "commitment_id": one.commitment.id,
            "pledge_id": pledge_of[one.commitment.id],
            "by_machine": group if group != pledge_of[one.commitment.id] else None,
            "core": one.core,
            "central": one.central,
        }
        for group, mine in groups.items()
        for one in members_of(mine)
    ]
    mine = [one for one, pledge in pledge_of.items() if pledge in touched]
    rest = beside(connection, mine, known, but=pledge_of)
    everyone = [*items, *items_of(connection, rest)]
    unsure = doubts(everyone, {**pledge_of, **places_of(rest)[1]}, touched)
    pending.clear_places(connection, sorted(touched))
    records.insert(connection, "pledge_commitments", written)
    records.insert(connection, "doubts", [records.row_of(doubt, run_id=run_id) for doubt in unsure])
    return len({place["pledge_id"] for place in written} & touched)
