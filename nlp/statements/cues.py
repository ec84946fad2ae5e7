"""The cue lexicon: words that report speech, each with its class. Loaded from ``cues.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ledger.data_files import read_yaml


@dataclass(frozen=True)
class Cues:
    """``verbs`` and ``nouns``: lemma to class (neutral, commissive, directive, denial, question, label)."""

    verbs: dict[str, str]
    nouns: dict[str, str]
    infinitive: frozenset[str]  # verbs whose infinitive is reported speech: "vowed to"
    objects: frozenset[str]  # verbs whose object alone is reported: "announced a new inquiry"
    particles: dict[str, frozenset[str]]  # verbs that are cues only with one of these: "point out"
    topics: dict[str, frozenset[str]]  # verbs whose prepositional object is reported: "talked about the plan"
    forms: dict[str, str]  # every written form of a cue verb to its lemma
    quote_only: frozenset[str]  # verbs that introduce quotations but not clauses: "smile", "begin"


@cache
def cues() -> Cues:
    """The lexicon, read once."""
    data = read_yaml(__file__, "cues.yaml")

    def listed(key: str) -> dict[str, str]:
        return {word: kind for kind, words in data[key].items() for word in words.split()}

    verbs = listed("verbs")
    irregular = {verb: words.split() for verb, words in data["irregular"].items()}
    forms = {form: verb for verb in verbs for form in (verb, *(irregular.get(verb) or regular(verb)))}
    return Cues(
        verbs=verbs,
        forms=forms,
        nouns=listed("nouns"),
        infinitive=frozenset(data["infinitive"].split()),
        objects=frozenset(data["objects"].split()),
        topics={verb: frozenset(words.split()) for verb, words in data["topics"].items()},
        particles={verb: frozenset(words.split()) for verb, words in data["particles"].items()},
        quote_only=frozenset(data["quote_only"].split()),
    )


def regular(verb: str) -> tuple[str, str, str]:
    """Third person, past and present participle of a regular verb whose last consonant is not doubled."""
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    if verb.endswith("e"):
        return verb + "s", verb + "d", verb[:-1] + "ing"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"), verb + "ed", verb + "ing"
