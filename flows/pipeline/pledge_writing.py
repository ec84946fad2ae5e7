"""What the group stage reads and writes: whom new commitments may join, and the pledges that come of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ledger.decisions import effects
from ledger.storage import pending, pledge_index, records, rows, warehouse
from ledger.types import Statement
from nlp.models.learned import promise_encoder
from nlp.pledges.core import grouped, members_of
from nlp.pledges.pair_features import Item, Printed, encoded, item_of, owner_of, owners_of, texts_of
from nlp.pledges.review_candidates import doubts
from nlp.text.embeddings import Embedder


def turned(connection: warehouse.Connection, known: Sequence[dict[str, object]]) -> set[str]:
    """The commitments whose speaker or rejection people decided, or undid, since the last time."""
    changed = effects.changed(connection, "group")
    return {str(row["id"]) for row in known if row["id"] in changed or row["said_id"] in changed}


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


def beside_new(
    connection: warehouse.Connection, known: Sequence[dict[str, object]], moved: set[str]
) -> list[str]:
    """The commitments without a pledge, all of every pledge that shares an owner with one, and of these with.

    Those of ``moved`` count as new ones here, and the machine's pledges as those that people made of them.
    ``known``: as `pending` gives their owners.
    """
    bare = [str(row["article_id"]) for row in known if not row["speaker"] and not row["body"]]
    voices = _voices(connection, bare)
    owners = {str(row["id"]): _owners(row) for row in known}
    for row in known:
        if not row["speaker"] and not row["body"]:
            owners[str(row["id"])] |= voices.get(str(row["article_id"]), frozenset())
    pledges = {str(row["id"]): {row["pledge_id"], row["machine_id"]} for row in known}
    fresh = [one for one, its in pledges.items() if None in its or one in moved]
    wanted = {owner for one in fresh for owner in owners[one]}
    near: set[object] = set()
    for _ in range(2):  # and the pledges beside those, so that what is like a changed one is found
        near = {p for one, its in pledges.items() if not wanted.isdisjoint(owners[one]) for p in its}
        wanted |= {owner for one, its in pledges.items() if its & near for owner in owners[one]}
    return [one for one, its in pledges.items() if None in its or its & near]


def _owners(row: dict[str, object]) -> frozenset[str]:
    speaker, body, official, role = (
        str(row[key]) if row[key] else None for key in ("speaker", "body", "official_id", "role")
    )
    return owners_of(official, owner_of(speaker, body, str(row["said_id"])), body, role)


def _voices(connection: warehouse.Connection, articles: Sequence[str]) -> dict[str, frozenset[str]]:
    """The blocks of everyone who is known to speak in these articles."""
    found: dict[str, frozenset[str]] = {}
    for row in pending.speakers_in(connection, articles):
        key = str(row["article_id"])
        found[key] = found.get(key, frozenset()) | _owners(row)
    return found


def items_of(connection: warehouse.Connection, listed: Sequence[dict[str, object]]) -> list[Item]:
    """The rows as grouping wants them; what has no vector yet gets one."""
    bare = [str(r["article_id"]) for r in listed if not r["found_speaker"] and not r["found_body"]]
    voices = _voices(connection, bare)
    printed = [
        Printed(
            str(r["title"]),
            str(r["article_text"]),
            rows.spans_of(r["sentences"]),
            voices.get(str(r["article_id"]), frozenset()),
        )
        for r in listed
    ]
    keys = [(str(r["id"]), str(r["context_id"]), f"{r['id']}:pledge", f"{r['id']}:passage") for r in listed]
    stored = pledge_index.vectors(connection, sorted({key for mine in keys for key in mine}))
    unread = [n for n, mine in enumerate(keys) if not stored.keys() >= set(mine)]
    commitments = [rows.commitment_of(row) for row in listed]
    texts = [texts_of(commitments[n].span, printed[n]) for n in unread]
    made = list(encoded(texts, Embedder(), promise_encoder())) if unread else []
    fresh = {k: v for n, four in zip(unread, made, strict=True) for k, v in zip(keys[n], four, strict=True)}
    new = [{"id": key, "vector": v.tolist()} for key, v in fresh.items() if key not in stored]
    records.insert(connection, "vectors", new)
    stored |= {key: fresh[key] for key in fresh.keys() - stored.keys()}
    return [
        item_of(
            commitment, _statement(row), article, rows.day_of(row["day"]), np.stack([stored[k] for k in mine])
        )
        for row, commitment, article, mine in zip(listed, commitments, printed, keys, strict=True)
    ]


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
    run_id: str,
) -> int:
    """Write which commitments the touched pledges have, and which of them are the core of the machine's own
    groups; gives their number. What is told of them is reckoned when their evidence is known.

    ``found``: the items with the speakers that the machine found, by which it also tells the core.
    """
    regrouped = {machine[one] for one, pledge in pledge_of.items() if pledge in touched}
    groups = grouped([item for item in found if machine[item.id] in regrouped], machine)
    places = [
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
    pending.clear_places(connection, sorted(touched))
    records.insert(connection, "pledge_commitments", places)
    unsure = [records.row_of(doubt, run_id=run_id) for doubt in doubts(items, pledge_of, touched)]
    records.insert(connection, "doubts", unsure)
    return len({place["pledge_id"] for place in places} & touched)
