"""Names of all groups fare alike: composed names in the same short articles, through the real parser."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from ledger.types import Article
from nlp.officials.register import Register
from nlp.pipeline import extract

DATA: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("names_alike.yaml").read_text("utf-8"))
EACH = 3  # articles that each name is put into, others for the next name
LEAST = 0.95  # share right in every group


def filled(text: str, given: str, surname: str, pronoun: str) -> str:
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


@pytest.mark.parametrize("group", DATA["names"])
def test_names_of_every_group_are_read_alike(group: str) -> None:
    asked = []
    for n, name in enumerate(DATA["names"][group]):
        for k in range(EACH):
            kind = DATA["articles"][(EACH * n + k) % len(DATA["articles"])]
            asked.append((name, kind, filled(kind["text"], *name)))
    day = datetime(2026, 3, 4, 9, tzinfo=UTC)
    articles = [
        Article(id=str(n), outlet="", url="", title="", text=text, published=day)
        for n, (_, _, text) in enumerate(asked)
    ]
    wrong, many = [], 0
    for (name, kind, text), (_, extraction) in zip(asked, extract(articles, Register(())), strict=True):
        full = f"{name[0]} {name[1]}"
        called = {full, filled("{Lord} {s}", *name)} if kind["name"] == "peer" else {full}
        for words, role in kind["said"]:
            many += 1
            said = extraction.statements
            holding = [s for s in said if any(words in text[left:right] for left, right in s.content)]
            if not any(s.speaker in called and s.role == role for s in holding):
                wrong.append((full, kind["name"], [(s.speaker, s.role, s.why) for s in holding]))
    assert many > EACH * len(DATA["names"][group]) * 0.9
    assert len(wrong) <= (1 - LEAST) * many, wrong
