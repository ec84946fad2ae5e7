"""Short ways to make what grouping, evidence and status take, for their tests."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from ledger.types import Commitment, CommitmentType, Deadline, Evidence, Measure, Role, Stance, Statement
from nlp.pledges.pair_features import Item
from nlp.text.embeddings import Embedder


def item(
    words: str,
    day: str | None = "2025-01-10",
    speaker: str | None = "Ann Carr",
    body: str | None = "Westby Council",
    role: Role = "council_leader",
    due: str | None = None,
    measure: Measure | None = None,
    type_: CommitmentType = "firm",
    context: str = "",
) -> Item:
    """An item in an article of its own day and words, with its vectors."""
    article = f"{day}-{words[:12]}"
    statement = Statement(
        Statement.make_id(article, (words,), 0),
        article,
        "direct",
        ((0, len(words)),),
        speaker=speaker,
        official_id=speaker,
        role=role,
        body=body,
    )
    deadline = Deadline(due, date.fromisoformat(due), date.fromisoformat(due)) if due else None
    commitment = Commitment(
        Commitment.make_id(statement.id),
        statement.id,
        type_,
        words[:80],
        measure,
        deadline,
        confidence=0.9,
        span=(0, len(words)),
    )
    vectors = Embedder().encode([words, context or words])
    return Item(
        commitment,
        statement,
        speaker or body or "unresolved",
        body,
        date.fromisoformat(day) if day else None,
        words,
        vectors[0],
        context,
        vectors[1] if context else None,
    )


def commitment(
    type_: CommitmentType = "firm",
    due: str | None = None,
    value: float | None = None,
    action: str = "build the homes",
    nth: int = 0,
) -> Commitment:
    """A commitment alone. ``due``: ISO day."""
    deadline = Deadline(due, date.fromisoformat(due), date.fromisoformat(due)) if due else None
    measure = Measure(value, "homes", f"{value:g} homes") if value is not None else None
    return Commitment(f"c{nth}", f"s{nth}", type_, action, measure, deadline)


def evidence(
    stance: Stance, day: str, by_owner: bool = False, confidence: float = 0.9, source: str = "Gazette"
) -> Evidence:
    return Evidence(
        f"{stance}{day}{by_owner}",
        "p",
        f"a{day}",
        (0, 5),
        stance,
        date.fromisoformat(day),
        by_owner,
        source,
        confidence,
    )


def gold_items() -> tuple[list[Item], dict[str, str]]:
    """The invented county's commitments from its labels, and the labelled pledge of those that count."""
    root = Path(__file__).parent.parent
    titles = {a["id"]: a["title"] for a in _lines(root / "sample/marlshire/articles.jsonl")}
    made: list[tuple[Commitment, Statement, str, str, str]] = []
    wanted: dict[str, str] = {}
    for article in _lines(root / "sample/marlshire/gold.jsonl"):
        text = article["text"]
        context = f"{titles[article['id']]}. {text.split(chr(10))[0]}"
        for nth, said in enumerate(article["statements"]):
            label = said["commitment"]
            if not label:
                continue
            content = tuple((start, end) for start, end in said["content"])
            words = " ".join(text[start:end] for start, end in content)
            statement = Statement(
                Statement.make_id(article["id"], (words,), nth),
                article["id"],
                said["kind"],
                content,
                speaker=said["speaker"],
                role=said["role"],
                body=said.get("body"),
            )
            due = date.fromisoformat(label["deadline"]) if label["deadline"] else None
            deadline = Deadline(label["deadline_text"] or "", due, due) if due else None
            one = Commitment(
                Commitment.make_id(statement.id), statement.id, label["type"], words[:80], None, deadline
            )
            made.append((one, statement, words, context, article["published"][:10]))
            if label.get("core"):
                wanted[one.id] = label["pledge_id"]
    vectors = Embedder().encode([words for _, _, words, _, _ in made])
    contexts = dict.fromkeys(context for _, _, _, context, _ in made)
    about = dict(zip(contexts, Embedder().encode(list(contexts)), strict=True))
    items = [
        Item(
            c,
            s,
            s.speaker or s.body or "",
            s.body,
            date.fromisoformat(day),
            words,
            vector,
            context,
            about[context],
        )
        for (c, s, words, context, day), vector in zip(made, vectors, strict=True)
    ]
    return items, wanted


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
