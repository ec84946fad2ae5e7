"""Promises against references and final statuses: the second part of `make eval`.

Commitments in gold statements, five folds by pledge thread, beside a strict regular expression; our own
kept sentences by type; grouping beside sentence-transformers' community detection over the same vectors at
its best threshold; the suggested status of each of the county's pledges beside the final one.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from ledger.pledges.status import known_by, suggest
from ledger.types import Evidence, Status
from nlp.annotate import Text, read_texts
from nlp.commitments import train
from nlp.officials.register import Register
from nlp.pledges.pair_features import Item
from nlp.text.embeddings import Embedder
from tests.golden import score_regional
from tests.golden.evaluate import ARTICLES, MARLSHIRE, MODEL, OFFICIALS, read

STRICT = re.compile(  # first person or the body with an undertaking verb, and no condition before it
    r"\b(?:I|we)(?:'ll|’ll| will| shall| pledge| promise| commit| guarantee|'m going to|’re going to)\b"
    r"|\b(?:pledged|promised|vowed|committed|guaranteed) (?:to|that)\b",
    re.IGNORECASE,
)


def regex_f1() -> dict[str, float]:
    """What the strict expression makes of the officials' gold statements."""
    examples = train.county()
    given = [bool(STRICT.search(f"{e.said.cue} {e.said.text}")) for e in examples]
    wanted = [e.type is not None for e in examples]
    hits = sum(g and w for g, w in zip(given, wanted, strict=True))
    return {"p": hits / sum(given), "r": hits / sum(wanted), "f1": 2 * hits / (sum(given) + sum(wanted))}


def learnt() -> dict[str, dict[str, float]]:
    """The model's scores: five folds over the county, and our own sentences kept for testing."""
    embedder = Embedder()
    own = train.prepare(train.sentences("train"), embedder)
    labelled = train.prepare(train.county(), embedder)
    test = train.prepare(train.sentences("test"), embedder)
    given = train.predict(train.train([own, labelled]), test)
    return {
        "county, five folds": train.folds(own, labelled),
        "own test sentences": train.scores([example.type for example in test.examples], given),
    }


def matched(text: Text) -> tuple[dict[str, str], dict[str, str]]:
    """(gold pledge of each gold commitment, its found commitment's id where it was found)."""
    gold = {row["id"]: row for row in read(MARLSHIRE / "gold.jsonl")}
    wanted: dict[str, str] = {}
    found: dict[str, str] = {}
    for article, extraction in text.extracted:
        rows = gold[article.id]["statements"]
        given = [{"content": s.content} for s in extraction.statements]
        pairs = dict(score_regional.match(rows, given, 0.5))
        for number, row in enumerate(rows):
            promised = row.get("commitment")
            if not promised or not promised.get("pledge_id") or promised.get("core") is False:
                continue
            name = f"{article.id}#{number}"
            wanted[name] = promised["pledge_id"]
            said = extraction.statements[pairs[number]].id if number in pairs else ""
            if said in text.commitments:
                found[name] = text.commitments[said][1].id
    return wanted, found


def grouped(
    wanted: Mapping[str, str], found: Mapping[str, str], pledge_of: Mapping[str, str]
) -> tuple[float, float]:
    """(pair-F1, B-cubed F1) of a grouping; a commitment that was not found is a group of its own."""
    given = {name: pledge_of[commitment] for name, commitment in found.items() if commitment in pledge_of}
    scores = score_regional.b_cubed(dict(wanted), given)
    return scores["pair_f1"], scores["f1"]


def communities(items: Sequence[Item], threshold: float) -> dict[str, str]:
    """sentence-transformers' community detection, within each owner; what is in none stands alone."""
    from sentence_transformers.util import community_detection

    by_owner: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_owner[item.owner].append(item)
    pledge_of = {item.id: item.id for item in items}
    for mine in by_owner.values():
        vectors = np.stack([item.vector for item in mine])
        for members in community_detection(vectors, threshold=threshold, min_community_size=2):
            pledge_of.update((mine[m].id, mine[members[0]].id) for m in members)
    return pledge_of


def statuses(
    text: Text, wanted: Mapping[str, str], found: Mapping[str, str]
) -> dict[str, tuple[Status | None, Status]]:
    """By gold pledge: (suggested, final) on the day of the final statuses; None where it was not found."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for name, commitment in found.items():
        votes[wanted[name]][text.pledge_of[commitment]] += 1
    pledges = {pledge.id: pledge for pledge in text.pledges}
    items = {item.id: item for item in text.items}
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for row in text.evidence:
        evidence[row.pledge_id].append(row)
    made: dict[str, tuple[Status | None, Status]] = {}
    for row in read(MARLSHIRE / "pledges.jsonl"):
        suggested: Status | None = None
        if votes[row["pledge_id"]]:
            pledge = pledges[votes[row["pledge_id"]].most_common(1)[0][0]]
            last = max((day for c in pledge.commitments if (day := items[c].day)), default=None)
            day = date.fromisoformat(row["as_of"])
            suggested, _ = suggest(pledge.deadline, known_by(evidence[pledge.id], day), day, last)
        made[row["pledge_id"]] = (suggested, row["final_status"])
    return made


def county() -> Text:
    """The text side's answers on the county, with its register."""
    return read_texts(read(ARTICLES), Register.load(OFFICIALS), MODEL)


def main() -> None:
    """Measure and print."""
    say = sys.stdout.write
    strict = regex_f1()
    say("\nPromises\n  commitments from gold statements\n")
    say(f"    strict regular expression         f1 {100 * strict['f1']:.1f}\n")
    for name, row in learnt().items():
        say(f"    {name:<33} f1 {100 * row['f1']:.1f}, by type macro-F1 {100 * row['macro']:.1f}\n")
    text = county()
    wanted, found = matched(text)
    pair, cubed = grouped(wanted, found, text.pledge_of)
    every = {t: grouped(wanted, found, communities(text.items, t)) for t in np.arange(0.3, 0.85, 0.05)}
    best = max(every, key=lambda t: every[t])
    say("  grouping, end to end\n")
    say(f"    ours                              pair-F1 {100 * pair:.1f}, B-cubed {100 * cubed:.1f}\n")
    say(
        f"    community detection at {best:.2f}       pair-F1 {100 * every[best][0]:.1f}, "
        f"B-cubed {100 * every[best][1]:.1f}\n"
    )
    judged = statuses(text, wanted, found)
    right = sum(suggested == final for suggested, final in judged.values())
    say(f"  suggested status is the final one   {right} of {len(judged)}\n")
    for name, (suggested, final) in judged.items():
        if suggested != final:
            say(f"    {name}: {suggested or 'not found'}, finally {final}\n")


if __name__ == "__main__":
    main()
