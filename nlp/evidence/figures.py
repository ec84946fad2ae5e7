"""What speaks for and against a passage's bearing on a pledge: named figures that the votes weigh."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nlp.evidence.candidates import Near, own_items
from nlp.evidence.counts import days_named, later_date, months_named, shares_told
from nlp.evidence.passages import ArticlePassages, CandidatePassage
from nlp.evidence.profile import Profile, names, read_terms
from nlp.evidence.signs import seen, signs
from nlp.models.votes import FigureRows
from nlp.pledges.pair_features import Item
from nlp.text import similarity
from nlp.text.normalize import fold_name

FAR = 1_500.0  # days that count at most
MONTH = 31
Figures = dict[str, float]
PassagePlace = tuple[str, int]  # of a passage: its article and number
RANK = "shared less than another"


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A pledge and one passage that is looked at closer, in its article's place ``place``."""

    near: Near
    place: int

    @property
    def profile(self) -> Profile:
        return self.near.profile

    @property
    def passage(self) -> CandidatePassage:
        return self.near.article.passages[self.place]

    @property
    def own(self) -> list[Item]:
        """The pledge's own commitments that stand in the passage."""
        return own_items(self.profile, self.passage) if self.place in self.near.own else []


def table(near: Sequence[Near]) -> tuple[list[Pair], list[str], FigureRows]:
    """The pairs that are looked at closer, the names of their figures, and a row of them for each."""
    pairs = [Pair(one, place) for one in near for place in one.chosen]
    if not pairs:
        return [], [], np.zeros((0, 0), np.float32)
    beside, clauses = _beside(near), _clauses(near)
    names: list[str] = []
    table = np.zeros((len(pairs), 0), np.float32)
    for nth, pair in enumerate(pairs):
        row = _row(pair, beside, clauses)
        if not names:
            names, table = list(row), np.zeros((len(pairs), len(row)), np.float32)
        table[nth] = list(row.values())
    shared = table[:, names.index("shared")]
    return pairs, [*names, RANK], np.column_stack([table, _less_than_another(pairs, shared)])


def _row(
    pair: Pair, beside: Mapping[PassagePlace, Sequence[float]], clauses: Counter[PassagePlace]
) -> Figures:
    return (
        _likeness(pair, beside[_key(pair)])
        | _shared(pair)
        | _numbers(pair)
        | _dates(pair)
        | _voices(pair, clauses[_key(pair)])
        | _place(pair)
        | _signs(pair.passage)
    )


def _key(pair: Pair) -> PassagePlace:
    return pair.near.article.article_id, pair.place


def days_after(pair: Pair) -> int | None:
    """From the first date given to the day of the passage, less than 0 before it."""
    due, day = pair.profile.first_due, pair.passage.day
    return (day - due).days if due and day else None


def _beside(near: Sequence[Near]) -> dict[PassagePlace, list[float]]:
    """Of each passage how near it is to the pledges that its article is near to, nearest first."""
    found: dict[PassagePlace, list[float]] = {}
    for one in near:
        for place, value in enumerate(one.score):
            found.setdefault((one.article.article_id, place), []).append(float(value))
    return {key: sorted(values, reverse=True) for key, values in found.items()}


def _clauses(near: Sequence[Near]) -> Counter[PassagePlace]:
    """Of each passage the number of pledges that have a commitment in it."""
    return Counter((one.article.article_id, place) for one in near for place in one.own)


def _likeness(pair: Pair, beside: Sequence[float]) -> Figures:
    near, score, place = pair.near.near, pair.near.score, pair.place
    mine = float(score[place])
    best = np.sort(near)[::-1]
    others = [value for value in beside if value < mine] or [0.0]
    return {
        "near": float(near[place]),
        "near first": float(pair.near.each[place, 0]),
        "near others": _near_others(pair),
        "score": mine,
        "near before": float(near[place - 1]) if place else 0.0,
        "near behind": float(near[place + 1]) if place + 1 < len(near) else 0.0,
        "score before": float(score[place - 1]) if place else 0.0,
        "score behind": float(score[place + 1]) if place + 1 < len(near) else 0.0,
        "near best": float(best[0]),
        "near best three": float(best[:3].mean()),
        "score best": float(score.max()),
        "below best": float(score.max()) - mine,
        "rank in article": float((score > mine).sum()),
        "pledges nearer": float(sum(value > mine for value in beside)),
        "below nearest pledge": beside[0] - mine,
        "above next pledge": mine - others[0],
        "pledges near": float(len(beside)),
    }


def _shared(pair: Pair) -> Figures:
    one, passage, article = pair.profile, pair.passage, pair.near.article
    here = similarity.terms(passage.text)
    whole = _whole(article)
    own, around = sum(one.words.values()) or 1.0, sum(one.around.values()) or 1.0
    both = similarity.shared_weight(one.words, here)
    named = names(passage.text)
    head = f"{article.headline} {article.passages[0].text}"
    return {
        "shared": both,
        "shared with others": _shared_with_others(pair),
        "shared of pledge": both / own,
        "shared of passage": both / (sum(here.values()) or 1.0),
        "shared before": similarity.shared_weight(one.words, similarity.terms(passage.before)) / own,
        "shared headline": similarity.shared_weight(one.words, similarity.terms(article.headline)) / own,
        "shared first": similarity.shared_weight(one.words, similarity.terms(head)) / own,
        "shared article": similarity.shared_weight(one.words, whole) / own,
        "around": similarity.shared_weight(one.around, here) / around,
        "around headline": similarity.shared_weight(one.around, similarity.terms(article.headline)) / around,
        "around article": similarity.shared_weight(one.around, whole) / around,
        "names": float(len(one.names & named)),
        "names before": float(len(one.names & names(passage.before))),
        "names headline": float(len(one.names & names(head))),
        "names article": len(one.names & _all_names(article)) / max(1, len(one.names)),
        "names of its own": float(len(named - one.names)),
        "words of pledge": own,
    }


def _near_others(pair: Pair) -> float:
    """Likeness to the nearest clause that does not stand in the passage itself; -1 where there is none."""
    own = pair.own
    row = pair.near.each[pair.place]
    return max((float(row[n]) for n, item in enumerate(pair.profile.read) if item not in own), default=-1.0)


def _shared_with_others(pair: Pair) -> float:
    """The same of weighted words."""
    own = pair.own
    here = similarity.terms(pair.passage.text)
    read = zip(pair.profile.read, read_terms(pair.profile), strict=True)
    others = (terms for item, terms in read if item not in own)
    return max((similarity.shared_weight(terms, here) for terms in others), default=-1.0)


@lru_cache(maxsize=1_000)
def _whole(article: ArticlePassages) -> similarity.Terms:
    return similarity.terms(f"{article.headline} {' '.join(p.text for p in article.passages)}")


@lru_cache(maxsize=1_000)
def _all_names(article: ArticlePassages) -> frozenset[str]:
    return names(" ".join(p.text for p in article.passages))


def _numbers(pair: Pair) -> Figures:
    one, passage = pair.profile, pair.passage
    here = similarity.numbers(passage.text)
    told = shares_told(passage.text, one.targets)
    nearest = max(told, default=-1.0)
    return {
        "its number": float(bool(one.numbers & here)),
        "its number before": float(bool(one.numbers & similarity.numbers(passage.before))),
        "other numbers": float(len(here - one.numbers)),
        "has a number": float(bool(one.numbers)),
        "share reached": min(nearest, 5.0),
        "short of it": float(any(share < 1 for share in told)),
        "over it": float(any(share > 1 for share in told)),
        "smaller number": float(bool(one.numbers) and any(n < max(one.numbers) for n in here - one.numbers)),
    }


def _dates(pair: Pair) -> Figures:
    one, passage = pair.profile, pair.passage
    after = days_after(pair)
    due, newest = one.first_due, one.newest_due(passage.day)
    since = (passage.day - one.first_day).days if passage.day and one.first_day else -1
    told = [d.last for d in days_named(passage.text, passage.day) if d.last]
    own = [d.last for i in pair.own if (d := i.commitment.deadline) and d.last]
    furthest = max(own or told, default=None)
    months = months_named(passage.text)
    return {
        "days after": _days(after),
        "days after newest": _days((passage.day - newest).days if newest and passage.day else None),
        "has a date": float(due is not None),
        "overdue": float(after is not None and after > 0),
        "date moved": float(due != newest),
        "days since": min(FAR, float(since)),
        "names a date": float(bool(told)),
        "clause has a date": float(bool(own)),
        "names its date": float(any(due and abs((day - due).days) <= MONTH / 2 for day in own + told)),
        "date ahead": _days((furthest - due).days if furthest and due else None),
        "date ahead of newest": _days((furthest - newest).days if furthest and newest else None),
        "names a later date": float(later_date(passage.text, passage.day, due) is not None),
        "names its month": float(due is not None and due.month in months),
        "names other months": float(bool(months) and (due is None or bool(months - {due.month}))),
        "names its year": float(due is not None and str(due.year) in passage.text),
        "later date before": float(later_date(passage.before, passage.day, due) is not None),
    }


def _days(days: int | None) -> float:
    return max(-FAR, min(FAR, float(days))) if days is not None else -2 * FAR


def _voices(pair: Pair, others: int) -> Figures:
    one, passage, article = pair.profile, pair.passage, pair.near.article
    lower = passage.text.lower()
    own = bool(pair.own)
    beside = any(i.statement.id == passage.statement_id for i in one.items)
    return {
        "statement": float(passage.statement_id is not None),
        "speaker named": float(passage.speaker is not None),
        "owner speaks": float(speaks(pair)),
        "body speaks": float(bool(passage.body) and fold_name(passage.body or "") in one.bodies),
        "owner's outlet": float(own_outlet(pair)),
        "owner named": float(any(name in lower for name in one.surnames)),
        "owner named before": float(any(name in passage.before.lower() for name in one.surnames)),
        "body named": float(any(body in lower for body in one.bodies)),
        "body in article": float(any(body in _all_text(article) for body in one.bodies)),
        "owner in article": float(any(name in _all_text(article) for name in one.surnames)),
        "own clause": float(own),
        "beside own clause": float(beside and not own),
        "clause of another": float(others > own),
        "said": float(len(one.items)),
        "of a body": float(one.pledge.owner == one.pledge.body),
    }


def speaks(pair: Pair) -> bool:
    """True where one of those who undertook it says so."""
    return pair.passage.speaker is not None and fold_name(pair.passage.speaker) in pair.profile.owners


def own_outlet(pair: Pair) -> bool:
    """True where the article is the owner's or their body's own."""
    return fold_name(pair.passage.outlet) in pair.profile.owners


@lru_cache(maxsize=1_000)
def _all_text(article: ArticlePassages) -> str:
    return " ".join(passage.text for passage in article.passages).lower()


def _place(pair: Pair) -> Figures:
    passage, count = pair.passage, len(pair.near.article.passages)
    return {
        "place": float(pair.place),
        "place of all": pair.place / max(1, count),
        "sentences": float(count),
        "characters": float(len(passage.text)),
    }


def _signs(passage: CandidatePassage) -> Figures:
    here, before = seen(passage.text), seen(passage.before)
    return {f"has {name}": float(name in here) for name in signs()} | {
        f"before {name}": float(name in before) for name in BEFORE
    }


BEFORE = ("done", "begun", "delayed", "scrapped", "missed", "recalled", "to_come")


def _less_than_another(pairs: Sequence[Pair], shared: FigureRows) -> FigureRows:
    """By how much less each pair shares than the pledge that shares most with its passage."""
    most: dict[PassagePlace, float] = {}
    for pair, value in zip(pairs, shared.tolist(), strict=True):
        most[_key(pair)] = max(most.get(_key(pair), 0.0), value)
    return np.array([most[_key(pair)] for pair in pairs], np.float32) - shared
