"""The gate: figures of regions left out stand above their floors, and are the kit's; one mistake counts."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from nlp.evaluation.answers import Answers, answers
from nlp.evaluation.measures import figures
from nlp.evaluation.tally import tallied
from nlp.models import regions
from nlp.models.regions import Region
from nlp.training import votes
from nlp.training.promises import sentences
from tests.golden import gate, score_promises

pytestmark = pytest.mark.slow
LABELS, FLOORS = gate.read()
KIT = {  # what the kit's own scorer calls the measures
    "statements F1": ("statements", "f1"),
    "statements: precision": ("statements", "p"),
    "statements: recall": ("statements", "r"),
    "statements of officials F1": ("statements_of_officials", "f1"),
    "speaker right": ("speaker", "right"),
    "speaker wrong": ("speaker", "wrong"),
    "role same": ("role", "same"),
    "body right": ("body", "right"),
    "body wrong": ("body", "wrong"),
    "commitments by clause F1": ("commitments", "f1"),
    "commitments by half of either F1": ("commitments", "loose_f1"),
    "commitments: precision": ("commitments", "p"),
    "commitments: recall": ("commitments", "r"),
    "commitment type": ("commitments", "type"),
    "tracked F1": ("tracked", "f1"),
    "tracked: precision": ("tracked", "p"),
    "deadline to the day": ("deadline", "right"),
    "deadlines where there is none": ("deadline", "false"),
    "pledges pair-F1": ("pledges", "pair_f1"),
    "pledges pure": ("pledges", "pure"),
    "evidence taken: precision": ("evidence", "p"),
    "evidence taken: recall": ("evidence", "r"),
    "evidence F1": ("evidence", "f1"),
    "evidence stance": ("evidence", "stance"),
    "evidence for and against swapped": ("evidence", "opposite"),
    "evidence claimed": ("evidence", "claimed"),
    "reading list: articles in the first five": ("reading", "articles"),
    "reading list: passages in the first fifteen": ("reading", "passages"),
    "status right": ("status", "right"),
    "outcome right": ("status", "outcome"),
    "called kept that is not": ("status", "said_kept"),
    "owner right": ("status", "owner"),
    "first date right": ("status", "first_due"),
    "newest date right": ("status", "due"),
}


@pytest.fixture(scope="module", params=FLOORS)
def answered(request: pytest.FixtureRequest) -> tuple[Region, Answers]:
    region = regions.load(request.param)
    return region, answers(region, votes.judged(region.name))


def found(region: Region, given: Answers) -> dict[str, float]:
    return figures(tallied(region.labels, given.lines, region.pledges, given.pledges))


def test_no_article_of_a_region_fails(answered: tuple[Region, Answers]) -> None:
    region, given = answered
    assert given.lines.keys() == region.labels.keys()
    assert [row["problem"] for row in given.lines.values() if "problem" in row] == []


def test_no_figure_of_a_region_left_out_is_under_its_floor(answered: tuple[Region, Answers]) -> None:
    region, given = answered
    assert gate.fallen({region.name: FLOORS[region.name]}, {region.name: found(region, given)}) == {}


def test_figures_are_those_of_the_kits_own_scorer(answered: tuple[Region, Answers]) -> None:
    region, given = answered
    mine = found(region, given)
    scores = score_promises.score(region.labels, given.lines, region.pledges, given.pledges, [])
    theirs = {name: float(scores[part][key]) for name, (part, key) in KIT.items()}
    assert {name: mine[name] for name in KIT} == pytest.approx(theirs)
    assert mine.keys() - KIT.keys() == {"shown name right"}


def test_one_wrong_answer_is_counted(answered: tuple[Region, Answers]) -> None:
    region, given = answered
    lines: dict[str, Any] = copy.deepcopy(dict(given.lines))
    key, said = next((k, s) for k, row in lines.items() for s in row["statements"] if _right(region, k, s))
    before = tallied(region.labels, given.lines, region.pledges, given.pledges).articles
    said["speaker"] = "Somebody Else"
    after = tallied(region.labels, lines, region.pledges, given.pledges).articles
    place = list(region.labels).index(key)
    changed = {
        what: (after[place]["", "", what] - before[place]["", "", what])
        for what in ("speaker_right", "speaker_wrong", "shown_right", "shown_another", "hit")
    }
    assert (changed["speaker_right"], changed["speaker_wrong"]) == (-1, 1)
    assert (changed["shown_right"], changed["shown_another"], changed["hit"]) == (-1, 1, 0)
    assert [n for n in range(len(after)) if after[n] != before[n]] == [place]


def _right(region: Region, key: str, said: dict[str, Any]) -> bool:
    """Whether an answer is a labelled statement of an official to the letter."""
    labels = region.labels[key]["statements"]
    same = [one for one in labels if one["content"] == said["content"] and one["speaker"] == said["speaker"]]
    return bool(same) and said["speaker"] is not None and said["role"] == same[0]["role"] != "non_official"


@pytest.mark.parametrize("name", FLOORS)
def test_no_sentence_learnt_from_stands_in_a_region_left_out(name: str) -> None:
    assert name not in regions.FITTED
    told = "\n".join(article["text"] for article in regions.load(name).articles)
    learnt = [one.text for one in sentences.own_words("train")]
    assert [text for text in learnt if len(text) > 30 and text in told] == []
