"""The words and patterns of commitments.yaml, read once and compiled; they expect text as `fold_quotes`
gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from ledger.data_files import read_yaml

_BE = r"(?<![\w'])(?:am|is|are|was|were|ain't|isn't|aren't|wasn't|weren't)|'m|'re|'s"
MODAL = re.compile(
    r"(?<![\w'])(?:(?P<will>will|shall|won't|shan't)|(?P<would>would|wouldn't))"
    r"(?: (?P<not>not|never|no longer|neither))?(?![\w'])"
    r"|(?P<short>'ll)(?: (?P<not2>not|never|no longer))?(?!\w)"
    r"|(?P<shorter>'d)(?: (?P<not4>not|never))?(?="
    r" (?:be|have|get|go|take|make|put|build|pay|do|give|bring|keep|open)\b)"
    rf"|(?P<going>(?:{_BE})(?P<not3> not| never)?(?: \w+ly| also| now| still)? going to)(?!\w)"
)
BOUNDARY = re.compile(
    r"[,;:()\x00~…\"]| - |(?<![\w'])(?:and|but|so|because|although|though|while|whereas|that|which|who|if"
    r"|when|unless|until|once|or|then|as|whether|what|how|why|where|nor|means|say|says|said|think|know|believe|hope"
    r"|sure|confident|promise|pledge|is)(?= )"
)


def union(patterns: Iterable[str]) -> str:
    return "(?:" + "|".join(patterns) + ")"


@dataclass(frozen=True)
class Words:
    """Compiled patterns by their names in commitments.yaml, and its plain lists and weights."""

    data: dict[str, Any]
    found: dict[str, re.Pattern[str]]
    commissive_cues: re.Pattern[str]
    weaker_cues: re.Pattern[str]
    intention_cues: re.Pattern[str]
    aspiration_cues: re.Pattern[str]
    adverbs: re.Pattern[str]  # a run of them, at the end of the subject
    leading: re.Pattern[str]  # a run of them, before the verb
    not_acts: re.Pattern[str]

    def has(self, name: str, text: str) -> bool:
        return self.found[name].search(text) is not None

    def weight(self, name: str) -> float:
        return float(self.data["weights"][name])


@cache
def words() -> Words:
    """The shipped words."""
    data = read_yaml(__file__, "commitments.yaml")
    plain = {
        "adverbs",
        "not_acts",
        "commissive_cues",
        "intention_cues",
        "aspiration_cues",
        "weights",
        "bodies",
        "flag_from",
        "model_share",
        "triggers",
    }
    found = {
        name: re.compile(union(value) if isinstance(value, list) else value)
        for name, value in data.items()
        if name not in plain
    }
    found["not_act_phrases"] = re.compile("^" + found["not_act_phrases"].pattern)
    found["effects"] = re.compile("^" + found["effects"].pattern)
    found["outcomes"] = re.compile("^" + found["outcomes"].pattern)
    adverbs = "|".join(map(re.escape, data["adverbs"]))
    return Words(
        data=data,
        found=found,
        commissive_cues=_cues(data["commissive_cues"]),
        weaker_cues=_cues(data["weaker_cues"]),
        intention_cues=_cues(data["intention_cues"]),
        aspiration_cues=_cues(data["aspiration_cues"]),
        adverbs=re.compile(rf"(?: (?:{adverbs}|\w+ly))+$"),
        leading=re.compile(rf"^(?:(?:{adverbs}|\w+ly),? )+"),
        not_acts=re.compile("^" + union(map(re.escape, data["not_acts"])) + r"\b"),
    )


def _cues(cues: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"\b" + union(map(re.escape, cues)) + r"\b")


@cache
def speaker_pattern(role: str | None, reported: bool) -> re.Pattern[str]:
    """What stands for the speaker as a subject, at the end of the words before a verb.

    ``role`` None: the text's own words are judged, bodies of every kind count. ``reported``: in reported
    speech the speaker is "he", "she" or "they".
    """
    data = words().data
    bodies = data["bodies"]
    if role is None:
        known = [pattern for group in bodies.values() for pattern in group]
    else:
        group = {"council_leader": "councillor", "pcc": "police"}.get(role, role)
        known = [*bodies["any"], *bodies.get(group, [])]
        if role == "other_official":
            known += [*bodies["minister"], *bodies["councillor"], *bodies["police"]]
    people = data["first_person"] + (data["third_person"] if reported else [])
    before = r"(?<!\bof)(?<!\bby)(?<!\bfor)(?<!\bfrom)(?<!\bin)(?<!\bwith)(?<!\bto)"
    return re.compile(rf"(?:^|{before} )(?:{union(people)}|{union(known)})$")


@cache
def speaker_prefix(role: str | None, reported: bool) -> str:
    """The same as a pattern text for the words right before a verb."""
    body = speaker_pattern(role, reported).pattern
    return (
        r"(?<!\bof )(?<!\bon )(?<!\bby )(?<!\bfor )(?<!\bfrom )(?<!\bin )(?<!\bwith )(?<!\bto )(?<![\w'])"
        + body[body.rindex(") )(?:") + 3 : -1]
    )
