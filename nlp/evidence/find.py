"""What later coverage says of pledges, in two tiers: what is taken as evidence, and what is worth a look.

A status rests on the first, so a learned vote must be sure of it; each passage goes to the one pledge that it
fits best. The second is each pledge's reading list, best first, from which a person takes or strikes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.pledges.leads import Lead
from ledger.types import Evidence, Pledge, Stance, content_id
from nlp.evidence.candidates import Told, candidates
from nlp.evidence.counts import in_part
from nlp.evidence.figures import Pair, own_outlet, speaks, table
from nlp.evidence.passages import ArticlePassages
from nlp.evidence.profile import profiles
from nlp.evidence.reasons import marked, reason
from nlp.models.learned import EvidenceModels
from nlp.models.votes import FigureRows
from nlp.pledges.pair_features import Item
from nlp.text.normalize import fold_name

LEAST_LEAD = 0.02  # share below which a passage is not worth a look


@dataclass(frozen=True, slots=True)
class Found:
    """``evidence``: what is taken, in the order of pledges, days and places. ``leads``: what is worth a look,
    those of a pledge together, best first, none of them taken."""

    evidence: tuple[Evidence, ...] = ()
    leads: tuple[Lead, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A pair with the share of such passages that bear on their pledge, the likeliest stance, and how likely
    the passage speaks for the other side: against what it is taken to tell for, or the other way round."""

    pair: Pair
    share: float
    stance: Stance
    opposed: float = 0.0


def find_evidence(
    pledges: Sequence[Pledge],
    items: Sequence[Item],
    articles: Sequence[ArticlePassages],
    models: EvidenceModels,
    told: Told | None = None,
) -> Found:
    """What these articles say of the pledges. ``items``: the pledges' commitments, others are left aside;
    ``told``: as of `candidates`."""
    near = candidates(profiles(pledges, items), articles, models.encoder, told)
    pairs, names, rows = table(near)
    if not pairs:
        return Found()
    judged = judge(pairs, names, rows, models)
    return Found(tuple(_evidence(taken(judged), pledges)), tuple(_leads(judged, pledges)))


def judge(
    pairs: Sequence[Pair], names: Sequence[str], rows: FigureRows, models: EvidenceModels
) -> list[Judged]:
    """What the votes make of the pairs."""
    shares, stances = models.bears.shares(names, rows), models.stances.kind_shares(names, rows)
    return [_judged(p, float(s), t) for p, s, t in zip(pairs, shares, stances, strict=True)]


def _judged(pair: Pair, share: float, stances: Mapping[str, float]) -> Judged:
    table = vocabulary.stances()
    told = [name for name in stances if name != "delivered" or not in_part(pair.passage.text)]
    stance = max(told, key=lambda name: stances[name])
    other = {"for": "against", "against": "for"}.get(table[stance].sign)
    opposed = sum(likely for name, likely in stances.items() if table[name].sign == other)
    return Judged(pair, share, stance, opposed)


@cache
def _levels() -> Mapping[str, Mapping[Stance, float]]:
    """``least``, ``opposed``: the levels of taken.yaml by stance."""
    loaded = read_yaml(__file__, "taken.yaml")
    return {
        name: {stance: loaded[name].get(stance, loaded[name]["others"]) for stance in vocabulary.stances()}
        for name in ("least", "opposed")
    }


def taken(judged: Iterable[Judged]) -> list[Judged]:
    """What is taken as evidence: the likeliest pledge of each passage, where it is likely enough and it is
    plain which way it speaks, by the levels of its stance."""
    least, most = _levels()["least"], _levels()["opposed"]
    best: dict[tuple[str, int], Judged] = {}
    for one in judged:
        key = (one.pair.passage.article_id, one.pair.place)
        if key not in best or one.share > best[key].share:
            best[key] = one
    return [
        one for one in best.values() if one.share >= least[one.stance] and one.opposed <= most[one.stance]
    ]


def claimed(pair: Pair) -> bool:
    """True where nobody but the owner, or the body they speak for, says so."""
    body = pair.passage.body
    return own_outlet(pair) or speaks(pair) or (body is not None and fold_name(body) in pair.profile.bodies)


def _evidence(judged: Iterable[Judged], pledges: Sequence[Pledge]) -> list[Evidence]:
    order = {pledge.id: n for n, pledge in enumerate(pledges)}
    rows = [_row(one, key) for one, key in _named(judged)]
    return sorted(rows, key=lambda row: (order[row.pledge_id], row.day or date.max, row.article_id, row.span))


def _named(judged: Iterable[Judged]) -> Iterable[tuple[Judged, str]]:
    """Each with an id; words that stand in an article more than once give evidence with ids of their own."""
    before: Counter[str] = Counter()
    for one in sorted(judged, key=lambda one: (one.pair.passage.article_id, one.pair.passage.span)):
        key = Evidence.make_id(one.pair.passage.article_id, one.pair.passage.text)
        nth = before[key]
        before[key] += 1
        yield one, content_id("evidence", key, nth) if nth else key


def _row(one: Judged, key: str) -> Evidence:
    passage = one.pair.passage
    return Evidence(
        id=key,
        pledge_id=one.pair.profile.pledge.id,
        article_id=passage.article_id,
        span=passage.span,
        stance=one.stance,
        day=passage.day,
        by_owner=claimed(one.pair),
        source=passage.speaker or passage.body or passage.outlet,
        confidence=round(one.share, 3),
        why=reason(one.pair, one.stance, bool(one.pair.own)),
    )


def _leads(judged: Sequence[Judged], pledges: Sequence[Pledge]) -> Iterable[Lead]:
    mine: dict[str, list[Judged]] = {}
    given = {id(one) for one in taken(judged)}
    for one in judged:
        if one.share >= LEAST_LEAD and id(one) not in given:
            mine.setdefault(one.pair.profile.pledge.id, []).append(one)
    for pledge in pledges:
        ranked = sorted(mine.get(pledge.id, ()), key=lambda one: (-one.share, one.pair.passage.article_id))
        yield from (_lead(one) for one in ranked)


def _lead(one: Judged) -> Lead:
    passage, pledge = one.pair.passage, one.pair.profile.pledge.id
    return Lead(
        id=Lead.make_id(pledge, passage.article_id, passage.text),
        pledge_id=pledge,
        article_id=passage.article_id,
        span=passage.span,
        likely=round(one.share, 3),
        stance=one.stance,
        day=passage.day,
        by_owner=claimed(one.pair),
        source=passage.speaker or passage.body or passage.outlet,
        why=reason(one.pair, one.stance, bool(one.pair.own)),
        marked=marked(one.pair, one.stance),
    )
