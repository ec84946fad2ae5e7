"""A home folder filled from Marlshire's labels: what the reading side is tested on, whatever nlp does."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ledger import settings
from ledger.days import LONDON
from ledger.pledges.members import Member
from ledger.pledges.reckon import reckon
from ledger.pledges.status import known_by, marks
from ledger.storage import records, warehouse
from ledger.types import (
    Article,
    Commitment,
    Deadline,
    Evidence,
    Official,
    Outlet,
    Pledge,
    Post,
    Statement,
    content_id,
)

ROOT = Path(__file__).parent.parent
RUN = "gold"
AS_OF = date(2026, 6, 30)

Groups = dict[str, list[tuple[Article, Commitment, Statement]]]  # by the label's name, oldest first


def read(path: str) -> list[dict[str, Any]]:
    return [
        json.loads(line) for line in (ROOT / path).read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def make_home(folder: Path) -> settings.Settings:
    """Publish a warehouse made of the gold labels in ``folder``, as of 30 June 2026."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")
    home = settings.load(folder)
    gold = {row["id"]: row for row in read("sample/marlshire/gold.jsonl")}
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        articles = [_article(row) for row in read("sample/marlshire/articles.jsonl")]
        records.put_outlets(
            connection,
            [Outlet(name, "http://127.0.0.1/", "Marlshire") for name in sorted({a.outlet for a in articles})],
        )
        records.put_articles(connection, articles, RUN)
        officials = _officials(read("sample/marlshire/officials.jsonl"))
        records.put_officials(connection, officials.values())
        groups: Groups = defaultdict(list)
        commitments: list[Commitment] = []
        for article in articles:
            statements = _statements(article, gold[article.id], officials)
            records.put_statements(connection, [(article, [s for s, _ in statements], [])], RUN)
            for statement, label in statements:
                if label:
                    commitment = _commitment(statement, label)
                    commitments.append(commitment)
                    groups[label["pledge_id"] or commitment.id].append((article, commitment, statement))
        records.put_commitments(connection, commitments, RUN)
        for group in groups.values():
            group.sort(key=lambda member: (member[0].published, member[1].id))
        ids = {name: group[0][1].id for name, group in groups.items()}
        evidence: dict[str, list[Evidence]] = defaultdict(list)
        found: list[tuple[Evidence, str]] = []
        for article in articles:
            for row in gold[article.id]["delivery"]:
                if row["pledge_id"] in ids:
                    made = _evidence(article, row, ids)
                    evidence[row["pledge_id"]].append(made[0])
                    found.append(made)
        records.put_evidence(connection, found, RUN)
        _put_pledges(connection, groups, evidence)
        records.insert(connection, "meta", [{"key": "reckoned", "value": AS_OF.isoformat()}])
        connection.execute("INSERT INTO runs VALUES (?, now(), now(), ?, '{}')", [RUN, AS_OF])
    warehouse.publish(home)
    return home


def _article(row: dict[str, Any]) -> Article:
    published = datetime.fromisoformat(row["published"]).replace(tzinfo=LONDON)
    return Article(
        row["id"],
        row["outlet"],
        row["url"],
        row["title"],
        row["text"],
        row["byline"],
        published=published,
        first_seen=published,
    )


def _officials(rows: list[dict[str, Any]]) -> dict[str, Official]:
    posts = defaultdict(list)
    for row in rows:
        start, end = (date.fromisoformat(row[k]) if row[k] else None for k in ("from", "to"))
        posts[row["name"]].append(Post(row["office"], row["role"], row["body"] or "", "", start, end))
    return {
        name: Official(content_id("official", name), name, (), tuple(held)) for name, held in posts.items()
    }


def _statements(
    article: Article, gold: dict[str, Any], officials: dict[str, Official]
) -> list[tuple[Statement, dict[str, Any] | None]]:
    made = []
    for n, row in enumerate(gold["statements"]):
        content, cue, source = (tuple((s, e) for s, e in row[k] or ()) for k in ("content", "cue", "source"))
        speaker = row["speaker"]
        statement = Statement(
            id=Statement.make_id(article.id, tuple(article.text[s:e] for s, e in content), n),
            article_id=article.id,
            kind=row["kind"],
            content=content,
            cue=cue,
            source=source,
            source_name=" ".join(article.text[s:e] for s, e in source),
            speaker=speaker,
            official_id=officials[speaker].id if speaker in officials else None,
            role=row["role"],
            body=row["body"],
            confidence=1.0 if speaker else 0.0,
            why="label",
        )
        made.append((statement, row["commitment"]))
    return made


def _commitment(statement: Statement, label: dict[str, Any]) -> Commitment:
    deadline = None
    if label["deadline_text"]:
        last = date.fromisoformat(label["deadline"]) if label["deadline"] else None
        deadline = Deadline(label["deadline_text"], last, last)
    return Commitment(
        Commitment.make_id(statement.id),
        statement.id,
        label["type"],
        label["what"],
        None,
        deadline,
        confidence=1.0,
        why="label",
    )


def _put_pledges(
    connection: warehouse.Connection,
    groups: Groups,
    evidence: Mapping[str, Sequence[Evidence]],
) -> None:
    """The pledges as the rules reckon them, with the labels' own owner, title, date and status."""
    known = {row["pledge_id"]: row for row in read("sample/marlshire/pledges.jsonl")}
    pledges: list[Pledge] = []
    places: list[dict[str, object]] = []
    for name, group in groups.items():
        _, first, said = group[0]
        label = known.get(name, {})
        found = reckon(first.id, [_member(*one) for one in group], evidence[name], AS_OF).pledge
        assert found
        days = [c.deadline.last for _, c, _ in group if c.deadline and c.deadline.last]
        due = days[0] if days else None
        kept = ("overdue", "due_soon", "claimed_only")
        told = [mark for mark in marks(due, due, known_by(evidence[name], AS_OF), ()) if mark.flag in kept]
        owner = label.get("owner") or said.speaker or said.body or "unresolved"
        pledge = replace(
            found,
            owner=owner,
            title=label.get("title", first.action),
            titled=None if label else first.id,
            owner_id=said.official_id if owner == said.speaker else None,
            body=said.body,
            first_due=due,
            deadline=due,
            suggested=label.get("final_status", "not_yet_rated"),
            marks=tuple(told),
            why="label",
        )
        pledges.append(pledge)
        places += [
            {"commitment_id": c.id, "pledge_id": first.id, "position": n, "changed": ""}
            for n, (_, c, _) in enumerate(group)
        ]
    records.put_pledges(connection, pledges, RUN)
    records.insert(connection, "pledge_commitments", places)


def _member(article: Article, commitment: Commitment, said: Statement) -> Member:
    assert article.published
    return Member(
        commitment,
        article.published.date(),
        said.speaker,
        said.official_id,
        said.role,
        said.body,
        published=article.published,
        came=article.published.date(),
        outlet=article.outlet,
    )


def _evidence(article: Article, row: dict[str, Any], ids: dict[str, str]) -> tuple[Evidence, str]:
    start, end = row["evidence"]
    words = article.text[start:end]
    assert article.published
    evidence = Evidence(
        Evidence.make_id(article.id, words),
        ids[row["pledge_id"]],
        article.id,
        (start, end),
        row["stance"],
        article.published.date(),
        row["via"] == "statement",
        article.outlet,
        1.0,
        "label",
    )
    return evidence, words
