"""Do all groups of names fare alike? Composed names in the same short articles, nobody meant by any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ledger.data_files import read_yaml
from ledger.types import Article
from nlp.evaluation.measures import wilson
from nlp.officials.register import Register
from nlp.pipeline import extract

_DAY = datetime(2026, 3, 4, 9, tzinfo=UTC)
_SEX = {"she": "women", "he": "men"}
PlainNames = dict[str, Any]


@dataclass(frozen=True)
class AskedNames:
    """A statement of a composed name in a short article: whether its speaker and role were told."""

    group: str
    name: str
    sex: str
    kind: str
    right: bool
    found: tuple[tuple[str | None, str | None, str], ...]


def groups() -> list[str]:
    """The groups of names, in order."""
    return list(read_yaml(__file__, "names_alike.yaml")["names"])


def asked(group: str, each: int | None = None) -> Iterator[AskedNames]:
    """Each statement of the articles that a group's names are put into: all of them, or ``each`` of them for
    a name, others for the next name."""
    data = read_yaml(__file__, "names_alike.yaml")
    kinds, names = data["articles"], data["names"][group]
    step = each or len(kinds)
    put = [(name, kinds[(step * n + k) % len(kinds)]) for n, name in enumerate(names) for k in range(step)]
    texts = [_filled(kind["text"], *name) for name, kind in put]
    articles = [
        Article(id=str(n), outlet="", url="", title="", text=text, published=_DAY)
        for n, text in enumerate(texts)
    ]
    for (name, kind), text, (_, extraction) in zip(put, texts, extract(articles, Register(())), strict=True):
        full = f"{name[0]} {name[1]}"
        called = {full, _filled("{Lord} {s}", *name)} if kind["name"] == "peer" else {full}
        for words, role in kind["said"]:
            holding = [
                s
                for s in extraction.statements
                if any(words in text[left:right] for left, right in s.content)
            ]
            right = any(s.speaker in called and s.role == role for s in holding)
            found = tuple((s.speaker, s.role, s.why) for s in holding)
            yield AskedNames(group, full, _SEX[name[2]], kind["name"], right, found)


def told(rows: Sequence[AskedNames]) -> PlainNames:
    """The share right by group, sex and article: [share, low, high, of how many]."""
    return {
        by: {value: _share([one for one in rows if getattr(one, by) == value]) for value in values}
        for by in ("group", "sex", "kind")
        for values in [list(dict.fromkeys(getattr(one, by) for one in rows))]
    } | {"all": _share(rows)}


def _share(rows: Sequence[AskedNames]) -> list[float]:
    right = sum(one.right for one in rows)
    return [round(value, 4) for value in (right / len(rows), *wilson(right, len(rows)))] + [len(rows)]


def _filled(text: str, given: str, surname: str, pronoun: str) -> str:
    he = pronoun == "he"
    return text.format(
        g=given,
        s=surname,
        i=given[0],
        p=pronoun,
        P=pronoun.title(),
        Mr="Mr" if he else "Ms",
        Sir="Sir" if he else "Dame",
        Lord="Lord" if he else "Baroness",
    )
