"""What is counted of a labelled region: sums that every figure is a ratio of.

The definitions are those of the evaluation kit's scorer of promises, which a test holds these
against: statements and clauses one to one from half of either's characters, evidence from three tenths and
the right pledge. Counts are kept apart by article and by pledge, so that intervals can be drawn from them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from nlp.evaluation.answers import AnswerRows
from nlp.evaluation.facets import facets_of, form_of
from nlp.evaluation.followed import Groups, Key, evidence, joined, reading, status_of, whole_of
from nlp.evaluation.matching import (
    Chars,
    chars,
    is_official,
    loosely,
    matched,
    name_key,
    same_body,
    same_name,
    spans,
)

TalliedRow = dict[str, Any]


@dataclass
class AnswerTally:
    """Counts of a region. ``articles``, ``pledges``: one counter for each. ``whole``: what is counted across
    articles. ``speakers``, ``clauses``: (confidence, right) of each that was given. ``stances``: labelled and
    given stance of each piece of evidence found. ``unresolved``: the reasons for speakers not told, each with
    whether the labels name somebody."""

    articles: list[Counter[Key]] = field(default_factory=list)
    pledges: list[Counter[Key]] = field(default_factory=list)
    whole: Counter[Key] = field(default_factory=Counter)
    speakers: list[tuple[float, bool]] = field(default_factory=list)
    clauses: list[tuple[float, bool]] = field(default_factory=list)
    stances: Counter[tuple[str, str]] = field(default_factory=Counter)
    unresolved: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def add(self, other: AnswerTally) -> None:
        """Takes in another region's counts."""
        self.articles += other.articles
        self.pledges += other.pledges
        self.whole += other.whole
        self.speakers += other.speakers
        self.clauses += other.clauses
        self.stances += other.stances
        self.unresolved += other.unresolved


def tallied(labels: AnswerRows, lines: AnswerRows, wanted: AnswerRows, pledges: AnswerRows) -> AnswerTally:
    """The counts of a region, from labels and answers by article, and the followed pledges of both."""
    tally = AnswerTally()
    groups = Groups()
    counts: dict[str, Counter[Key]] = {}
    for key, article in labels.items():
        counts[key] = Counter()
        given = lines.get(key, {}).get("statements", [])
        _statements(counts[key], article, given, tally)
        _clauses(counts[key], key, article, given, groups, tally)
    joined(groups, tally.whole)
    held = groups.majority()
    for key, article in labels.items():
        evidence(counts[key], article, lines.get(key, {}).get("evidence", []), held, tally.stances)
    listed: dict[str, list[tuple[str, Chars]]] = defaultdict(list)
    for key in labels:
        for piece in lines.get(key, {}).get("evidence", []):
            listed[piece["pledge_id"]].append((key, chars(piece["content"])))
    for key, article in labels.items():
        reading(counts[key], key, article, held, listed, pledges)
        form = form_of(article)
        counts[key].update(
            {("form", form, what): n for (facet, _, what), n in counts[key].items() if not facet}
        )
    tally.articles = list(counts.values())
    tally.pledges = [status_of(row, pledges.get(held.get(name, ""))) for name, row in wanted.items()]
    return tally


def _statements(
    n: Counter[Key], article: TalliedRow, given: Sequence[TalliedRow], tally: AnswerTally
) -> None:
    wanted = article["statements"]
    pairs = dict(_paired(wanted, given))
    back = {j: i for i, j in pairs.items()}
    whole = whole_of(n)
    whole("pred", len(given))
    whole("pred_official", sum(map(is_official, given)))
    for i, label in enumerate(wanted):
        told = [("", ""), *facets_of(label)]
        official = is_official(label)
        got = given[pairs[i]] if i in pairs else None
        seen = {"gold": 1, "gold_official": official}
        if got is not None:
            seen |= {
                "hit": 1,
                "hit_official": official and is_official(got),
                "role": label["role"] == got["role"],
            }
            if label.get("speaker"):
                right = same_name(label["speaker"], got["speaker"])
                named = name_key(got["speaker"]) is not None
                seen |= {"speaker_asked": 1, "speaker_right": right, "speaker_wrong": named and not right}
                if got["speaker"]:
                    tally.speakers.append((float(got["confidence"]), right))
            if official:
                right = same_body(label.get("body"), got.get("body"))
                seen |= {
                    "body_asked": 1,
                    "body_right": right,
                    "body_wrong": bool(got.get("body")) and not right,
                }
            if not got["speaker"]:
                tally.unresolved[got.get("why") or "", bool(label.get("speaker"))] += 1
        for facet, value in told:
            for what, many in seen.items():
                n[facet, value, what] += many
    for j, got in enumerate(given):
        if got["speaker"] and is_official(got):
            label = wanted[back[j]] if j in back else None
            whole("shown", 1)
            if label is None:
                whole("shown_no_statement", 1)
            elif not label.get("speaker"):
                whole("shown_nobody_named", 1)
            else:
                right = same_name(label["speaker"], got["speaker"])
                whole("shown_right" if right else "shown_another", 1)


def _clauses(
    n: Counter[Key],
    key: str,
    article: TalliedRow,
    given: Sequence[TalliedRow],
    groups: Groups,
    tally: AnswerTally,
) -> None:
    wanted = [(c, s) for s in article["statements"] for c in s["commitments"]]
    flagged = [c for s in given for c in s["commitments"]]
    clauses = [chars(spans(c["span"])) for c, _ in wanted], [chars(spans(c["span"])) for c in flagged]
    pairs, loose = dict(matched(*clauses)), list(loosely(*clauses))
    minor = {j for i, j in pairs.items() if wanted[i][0].get("minor")}
    taken = set(pairs.values()) - minor
    whole = whole_of(n)
    whole("c_pred", len(flagged) - len(minor))
    whole("t_pred", sum(not c.get("minor") for c in flagged))
    whole("l_pred", len(flagged) - sum(bool(wanted[i][0].get("minor")) for i, _ in loose))
    whole("l_hit", sum(not wanted[i][0].get("minor") for i, _ in loose))
    tally.clauses += [(float(c["confidence"]), j in taken) for j, c in enumerate(flagged) if j not in minor]
    for i, (label, statement) in enumerate(wanted):
        if label.get("minor"):
            continue
        seen = {"c_gold": 1}
        item = f"{key}#{i}"
        groups.gold[item] = label.get("pledge_id") or f"alone:{item}"
        if i in pairs:
            got = flagged[pairs[i]]
            seen |= {"c_hit": 1, "t_hit": not got.get("minor"), "type": label.get("type") == got.get("type")}
            if got.get("pledge_id"):
                groups.given[item] = got["pledge_id"]
            day = (got.get("deadline") or "")[:10]
            if label.get("deadline"):
                seen |= {"due_asked": 1, "due_right": day == label["deadline"][:10]}
            else:
                seen |= {"due_false": bool(day)}
        facets = [("", ""), ("role", statement.get("role") or "none"), ("promise", label["type"])]
        for facet, value in facets:
            for what, many in seen.items():
                n[facet, value, what] += many


def _paired(wanted: Sequence[TalliedRow], given: Sequence[TalliedRow]) -> list[tuple[int, int]]:
    return list(matched([chars(s["content"]) for s in wanted], [chars(s["content"]) for s in given]))
