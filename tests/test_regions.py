"""The labelled regions: every label lies in its article's text and names what is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger import vocabulary
from ledger.data_files import read_yaml
from nlp import training
from nlp.models import regions
from nlp.training import apart


def spans(article: dict[str, Any]) -> Iterator[list[int]]:
    for statement in article["statements"]:
        yield from statement["content"]
        yield from (*(statement["cue"] or ()), *(statement["source"] or ()))
        yield from (commitment["span"] for commitment in statement["commitments"])
    for row in article["delivery"]:
        yield from row["evidence"]


@pytest.mark.parametrize(
    ("name", "within"),
    [(name, within) for within in (regions.FOLDER, regions.FRESH) for name in regions.names(within)],
)
def test_labels_fit_their_articles(name: str, within: Path) -> None:
    region = regions.load(name, within)
    assert {a["id"]: a["text"] for a in region.articles} == {
        k: row["text"] for k, row in region.labels.items()
    }
    for key, article in region.labels.items():
        outside = [s for s in spans(article) if not 0 <= s[0] < s[1] <= len(article["text"])]
        assert outside == [], key
        assert {s["role"] for s in article["statements"]} <= {*vocabulary.roles(), None}, key
        promised = [c for s in article["statements"] for c in s["commitments"]]
        assert {c["type"] for c in promised} <= {*vocabulary.types()}, key
        assert {row["stance"] for row in article["delivery"]} <= {*vocabulary.stances()}, key
        named = {row["pledge_id"] for row in (*promised, *article["delivery"])} - {None}
        assert named <= region.pledges.keys(), key
    assert {row["final_status"] for row in region.pledges.values()} <= {*vocabulary.statuses()}
    assert {date.fromisoformat(row["as_of"]) for row in region.pledges.values()}


def test_an_unknown_region_names_the_file() -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere.articles\.jsonl"):
        regions.load("nowhere")


def test_nothing_learns_from_a_fresh_region() -> None:
    fresh = [regions.load(name, regions.FRESH) for name in regions.names(regions.FRESH)]
    known = {row["text"] for name in regions.names() for row in regions.load(name).articles}
    assert fresh
    assert [row["id"] for region in fresh for row in region.articles if row["text"] in known] == []


def test_what_judges_a_region_learned_from_no_region_of_its_list() -> None:
    assert apart.left_out([["a", "b"], ["c"]], tuple) == {"a": ("c",), "b": ("c",), "c": ("a", "b")}


def test_every_region_is_left_out_by_one_tagger() -> None:
    folds = read_yaml(training.__file__, "folds.yaml")
    assert sorted(name for fold in folds["folds"] for name in fold) == regions.names()
    assert {*folds["kept"]} <= {*regions.names()} - regions.FITTED
