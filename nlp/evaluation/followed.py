"""What is counted of pledges: clauses joined, evidence taken, what is listed to check, and the status."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger import vocabulary
from nlp.evaluation.answers import AnswerRows
from nlp.evaluation.matching import Chars, chars, name_key, near, spans

FollowedRow = dict[str, Any]
Key = tuple[str, str, str]  # facet, value ("", "" for the whole), what is counted
LISTED = 5  # articles of a reading list that are looked at
PASSAGES = 15


@dataclass
class Groups:
    """Labelled clauses by the labelled and by the given pledge."""

    gold: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)

    def majority(self) -> dict[str, str]:
        """Of a labelled pledge the given one that holds most of its clauses."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for item, pledge in self.gold.items():
            if item in self.given and not pledge.startswith("alone:"):
                votes[pledge][self.given[item]] += 1
        return {pledge: counted.most_common(1)[0][0] for pledge, counted in votes.items()}


def joined(groups: Groups, n: Counter[Key]) -> None:
    """Pairs of clauses in one pledge: labelled, given, both; and the given pledges that hold one promise."""
    both = Counter((group, groups.gold[item]) for item, group in groups.given.items())
    given, gold = Counter(groups.given.values()), Counter(groups.gold.values())
    whole = whole_of(n)
    whole("pair_both", sum(map(_in_pairs, both.values())))
    whole("pair_pred", sum(map(_in_pairs, given.values())))
    whole("pair_gold", sum(map(_in_pairs, gold.values())))
    several = [group for group, size in given.items() if size > 1]
    whole("several", len(several))
    whole("pure", sum(both[group, name] == given[group] for group in several for name in gold))


def _in_pairs(members: int) -> int:
    return members * (members - 1) // 2


def evidence(
    n: Counter[Key],
    article: FollowedRow,
    given: Sequence[FollowedRow],
    held: Mapping[str, str],
    stances: Counter[tuple[str, str]],
) -> None:
    rows = article.get("delivery", [])
    pieces = [chars(p["content"]) for p in given]
    whole = whole_of(n)
    whole("e_gold", len(rows))
    whole("e_pred", len(given))
    used: set[int] = set()
    for row in rows:
        target, pledge = chars(spans(row["evidence"])), held.get(row["pledge_id"])
        n["stance", row["stance"], "e_gold"] += 1
        for j, piece in enumerate(pieces):
            if j in used or given[j]["pledge_id"] != pledge or not near(target, piece):
                continue
            used.add(j)
            got = given[j]["stance"]
            stances[row["stance"], got] += 1
            n["stance", row["stance"], "e_hit"] += 1
            n["stance", row["stance"], "stance"] += got == row["stance"]
            whole("e_hit", 1)
            whole("stance", got == row["stance"])
            whole("opposite", {_sign(row["stance"]), _sign(got)} == {"for", "against"})
            if row["stance"] in ("progress", "delivered"):
                whole("claim_asked", 1)
                whole("claimed", bool(given[j].get("claimed")) == bool(row.get("claimed")))
            break


def _sign(stance: str) -> str:
    row = vocabulary.stances().get(stance)
    return row.sign if row else ""


def reading(
    n: Counter[Key],
    key: str,
    article: FollowedRow,
    held: Mapping[str, str],
    listed: Mapping[str, Sequence[tuple[str, Chars]]],
    pledges: AnswerRows,
) -> None:
    """What a person gets to check: whether the article and the passage stand near the head of the list."""
    whole = whole_of(n)
    seen: set[str] = set()
    for row in article.get("delivery", []):
        got = held.get(row["pledge_id"], "")
        ahead = pledges.get(got, {}).get("to_check") or []
        taken = [piece for k, piece in listed.get(got, ()) if k == key]
        target = chars(spans(row["evidence"]))
        passages = taken + [chars(x["content"]) for x in ahead[:PASSAGES] if x["article"] == key]
        whole("r_rows", 1)
        whole("r_row_hit", bool(got) and any(near(target, piece) for piece in passages))
        if row["pledge_id"] not in seen:
            seen.add(row["pledge_id"])
            first = list(dict.fromkeys(x["article"] for x in ahead))[:LISTED]
            whole("r_pairs", 1)
            whole("r_pair_hit", bool(got) and (key in first or bool(taken)))


def status_of(row: FollowedRow, got: FollowedRow | None) -> Counter[Key]:
    """What is counted of one followed pledge, of which the text side found ``got``, or nothing."""
    n: Counter[Key] = Counter()
    whole = whole_of(n)
    whole("p_all", 1)
    if got is None:
        return n
    status, final = got.get("status") or "not_yet_rated", row["final_status"]
    whole("p_found", 1)
    whole("p_status", status == final)
    whole("p_outcome", _outcome(status) == _outcome(final))
    whole("said_kept", _outcome(status) == "kept" != _outcome(final))
    owners = {name_key(x) for x in (row.get("owner"), row.get("body")) if x}
    whole("p_owner", bool(owners & {name_key(x) for x in (got.get("owner"), got.get("body")) if x}))
    for what in ("first_due", "due"):
        whole(f"p_{what}", (got.get(what) or "")[:10] == (row.get(what) or "")[:10])
    return n


def _outcome(status: str) -> str:
    return vocabulary.statuses()[status].outcome


def whole_of(n: Counter[Key]) -> Callable[[str, int], None]:
    """Adds to counts of the whole."""

    def add(what: str, many: int) -> None:
        n["", "", what] += many

    return add
