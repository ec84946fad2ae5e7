"""Later coverage that bears on a pledge: which passages, with what stance, and why each was matched.

Two kinds of rows: the pledge's own later commitments (restated, or delayed where they move the date),
and passages of any article that a fitted regression over shared words, meaning, numbers and cue phrases
gives to the pledge. A cheap look at shared words comes first, so that only passages of articles near the
pledge are embedded.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from ledger.pledges import changes
from ledger.types import Evidence, Pledge, Span, Stance, content_id
from nlp.evidence import stance
from nlp.evidence.passages import CandidatePassage
from nlp.evidence.profile import Profile, profile
from nlp.pledges.pair_features import Item, Vector
from nlp.text import similarity
from nlp.text.embeddings import Embedder
from nlp.text.normalize import fold_name
from nlp.text.sentences import sentence_breaks
from nlp.text.temporal import headline_deadline


@dataclass(frozen=True, slots=True, eq=False)
class ArticlePassages:
    """One article's passages in order, statements cut into sentences, with the words of each."""

    article_id: str
    day: date | None
    passages: tuple[CandidatePassage, ...]
    words: tuple[similarity.Terms, ...]
    lead: str
    lead_words: similarity.Terms


def find_evidence(
    pledges: Sequence[Pledge], items: Sequence[Item], passages: Sequence[CandidatePassage], embedder: Embedder
) -> list[Evidence]:
    """Rows of evidence in the order of pledges and articles; each passage goes to its best pledge only."""
    rule = stance.rules()
    known = {item.commitment.id: item for item in items}
    profiles = [
        profile(
            pledge,
            [known[c] for c in pledge.commitments if c in known],
            rule["context_share"],
        )
        for pledge in pledges
        if any(c in known for c in pledge.commitments)
    ]
    articles = coverage(passages)
    inside = {passage.article_id for passage in passages}
    rows = [row for p in profiles for row in restatements(p, inside, passages)]
    taken = {(row.article_id, row.span) for row in rows}
    near = near_pairs(profiles, articles)
    vectors = _embed(embedder, {a.article_id: a for _, a in near})
    best: dict[tuple[str, Span], tuple[float, Evidence]] = {}
    for one, article in near:
        lead, each = vectors[article.article_id]
        for passage, found in zip(article.passages, features(one, article, lead, each), strict=True):
            key = (passage.article_id, passage.span)
            score = log_odds(found)
            if score < rule["threshold"] or _within(passage, taken):
                continue
            if key not in best or score > best[key][0]:
                best[key] = (score, _row(one, passage, found, score))
    rows += [row for _, row in best.values()]
    order = {p.pledge.id: n for n, p in enumerate(profiles)}
    return sorted(
        _numbered(rows), key=lambda r: (order[r.pledge_id], r.day or date.max, r.article_id, r.span)
    )


def _numbered(rows: Sequence[Evidence]) -> Iterable[Evidence]:
    """Words that stand in an article more than once give evidence with ids of their own."""
    before: Counter[str] = Counter()
    for row in sorted(rows, key=lambda row: (row.article_id, row.span)):
        nth = before[row.id]
        before[row.id] += 1
        yield replace(row, id=content_id("evidence", row.id, nth)) if nth else row


def coverage(passages: Sequence[CandidatePassage]) -> list[ArticlePassages]:
    """Passages by article, in the order of their first appearance, cut into sentences."""
    by_article: dict[str, list[CandidatePassage]] = {}
    for passage in passages:
        for sentence in sentences(passage):
            by_article.setdefault(sentence.article_id, []).append(sentence)
    lead_of = int(stance.rules()["lead"])
    made = []
    for article_id, found in by_article.items():
        ordered = sorted(found, key=lambda p: p.span)
        lead = " ".join(p.text for p in ordered[:lead_of])
        words = tuple(similarity.terms(p.text) for p in ordered)
        made.append(
            ArticlePassages(article_id, ordered[0].day, tuple(ordered), words, lead, similarity.terms(lead))
        )
    return made


def sentences(passage: CandidatePassage) -> Iterable[CandidatePassage]:
    """A passage cut into its sentences."""
    text, at, start = passage.text, passage.span[0], 0
    for stop, begin in [*sentence_breaks(text), (len(text), len(text))]:
        end = stop + len(text[stop:begin].rstrip())
        if text[start:end].strip():
            yield replace(passage, span=(at + start, at + end), text=text[start:end])
        start = begin


def restatements(one: Profile, inside: set[str], passages: Sequence[CandidatePassage]) -> Iterable[Evidence]:
    """The pledge's core in articles after the first one: restated, or delayed to a later date."""
    of_statement = {p.statement_id: p for p in reversed(passages) if p.statement_id}
    versions = changes.versions([item.commitment for item in one.items])
    first = one.items[0].statement.article_id
    for item, version in zip(one.items, versions, strict=True):
        article = item.statement.article_id
        if article == first or article not in inside or item.id not in one.core:
            continue
        passage = of_statement.get(item.statement.id)
        span = item.statement.content[0]
        told = stance.told(item.text, one.targets, one.acts)
        moved = version.postponed or (told is not None and told.stance == "delayed")
        changed = f"; {version.changed}" if version.changed else f"; “{told.words}”" if moved and told else ""
        yield Evidence(
            id=Evidence.make_id(article, item.text),
            pledge_id=one.pledge.id,
            article_id=article,
            span=span,
            stance="delayed" if moved else "restated",
            day=item.day,
            by_owner=True,
            source=item.owner or (passage.outlet if passage else ""),
            confidence=item.commitment.confidence,
            why=f"the owner undertakes it again{changed}",
        )


def near_pairs(
    profiles: Sequence[Profile], articles: Sequence[ArticlePassages]
) -> list[tuple[Profile, ArticlePassages]]:
    """Pledges and the later articles whose words are near enough to look closer."""
    least = float(stance.rules()["prefilter"])
    holding: dict[str, set[int]] = {}
    for number, article in enumerate(articles):
        for word in set().union(*article.words):
            holding.setdefault(word, set()).add(number)
    found = []
    for one in profiles:
        weights: dict[int, float] = {}
        for word, weight in one.words.items():
            for number in holding.get(word, ()):
                weights[number] = weights.get(number, 0.0) + weight
        for number in sorted(n for n, weight in weights.items() if weight >= least):
            article = articles[number]
            before = one.first_day and article.day and article.day < one.first_day
            if not before and article.article_id != one.items[0].statement.article_id:
                found.append((one, article))
    return found


def features(one: Profile, article: ArticlePassages, lead: Vector, each: Vector) -> list[dict[str, float]]:
    """What each passage of an article shares with a pledge, under the names of evidence.yaml."""
    cap = float(stance.rules()["most_words"])
    nearest = np.max(each @ one.vectors.T, axis=1)
    matter = each @ one.centre
    about = float(lead @ one.centre)
    lead_words = min(cap, _weight(article.lead_words, one.words))
    said = math.log(len(one.items))
    found = []
    for place, passage in enumerate(article.passages):
        lower = passage.text.lower()
        owner = (passage.speaker is not None and fold_name(passage.speaker) in one.names) or any(
            name in lower for name in one.surnames
        )
        found.append(
            {
                "meaning": float(nearest[place]),
                "matter": float(matter[place]),
                "article_words": lead_words,
                "article_meaning": about,
                "number": float(bool(one.numbers & similarity.numbers(passage.text))),
                "cue": float(stance.told(passage.text, one.targets, one.acts) is not None),
                "recall": float(bool(stance.recalled(passage.text))),
                "owner": float(owner),
                "said": said,
            }
        )
    return found


def log_odds(found: Mapping[str, float]) -> float:
    """Log-odds that a passage bears on a pledge."""
    weights: dict[str, float] = stance.rules()["likeness"]
    return weights["constant"] + sum(weights[name] * value for name, value in found.items())


def _weight(words: Mapping[str, float], of_pledge: Mapping[str, float]) -> float:
    return sum(of_pledge[word] for word in words if word in of_pledge)


def _embed(embedder: Embedder, articles: Mapping[str, ArticlePassages]) -> dict[str, tuple[Vector, Vector]]:
    texts = [text for a in articles.values() for text in (a.lead, *(p.text for p in a.passages))]
    vectors = embedder.encode(texts)
    found: dict[str, tuple[Vector, Vector]] = {}
    start = 0
    for article_id, article in articles.items():
        end = start + 1 + len(article.passages)
        found[article_id] = (vectors[start], vectors[start + 1 : end])
        start = end
    return found


def _later_date(one: Profile, passage: CandidatePassage) -> str:
    """The words of a date in the passage that lies past every date promised before it, "" where none does."""
    promised = [
        last
        for item in one.items
        if (due := item.commitment.deadline) and (last := due.last)
        if item.day and passage.day and item.day < passage.day
    ]
    named = headline_deadline(passage.text, passage.day)
    if not promised or named is None or named.first is None:
        return ""
    return named.text if named.first > max(promised) + timedelta(days=stance.rules()["later_days"]) else ""


def _within(passage: CandidatePassage, taken: set[tuple[str, Span]]) -> bool:
    return any(
        article == passage.article_id and span[0] < passage.span[1] and passage.span[0] < span[1]
        for article, span in taken
    )


def _row(one: Profile, passage: CandidatePassage, found: Mapping[str, float], score: float) -> Evidence:
    told = stance.told(passage.text, one.targets, one.acts)
    recalled = stance.recalled(passage.text)
    owner_speaks = passage.speaker is not None and fold_name(passage.speaker) in one.names
    again = bool(recalled) or (owner_speaks and stance.to_come(passage.text))
    chosen: Stance = told.stance if told else "restated" if again else "progress"
    later = "" if told or recalled or not again else _later_date(one, passage)
    if later:
        chosen = "delayed"
    shared = sorted(
        (w for w in similarity.terms(passage.text) if w in one.words), key=lambda w: -one.words[w]
    )
    why = f"shares {', '.join(shared[:4]) or 'its meaning'} with the pledge"
    if found["number"]:
        why += "; names its number"
    if told or recalled:
        why += f"; “{told.words if told else recalled}”"
    if later:
        why += f"; “{later}” is later than was promised"
    return Evidence(
        id=Evidence.make_id(passage.article_id, passage.text),
        pledge_id=one.pledge.id,
        article_id=passage.article_id,
        span=passage.span,
        stance=chosen,
        day=passage.day,
        by_owner=owner_speaks or fold_name(passage.outlet) in one.names,
        source=passage.speaker or passage.outlet,
        confidence=round(1 / (1 + float(np.exp(-score))), 3),
        why=why,
    )
