"""The rules' speakers weighed against the article's other people: the likeliest stands, with its share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nlp.models.votes import Vote
from nlp.speakers.linking.features import RuledArticle, candidates, figures, likely
from nlp.speakers.people import Person
from nlp.speakers.source_resolution import PUBLISHER, ResolvedSource

NAMED = (
    0.6  # what a source that names somebody introduced by full name is believed at least: 98 of 100 are right
)
BY_NAME = frozenset(("name_full", "name_surname", "name_titled"))


def linked(told: RuledArticle, vote: Vote, least: float) -> list[ResolvedSource]:
    """Every statement's speaker after the vote; ``confidence`` is at most the share of such that is right.

    Where rules name nobody, nobody is named: bodies, descriptions and two who speak together are no one
    else's to have. Where nobody reaches ``least`` (0 to 1), the rules' answer stands with what it got.
    """
    people = candidates(told)
    asked = {
        i: likely(told, i, people)
        for i, voice in enumerate(told.resolved)
        if voice.kind != PUBLISHER and any(person is voice.person for person in people)
    }
    rows = [row for i, near in asked.items() for row in figures(told, i, people, near)]
    if not rows:
        return list(told.resolved)
    names = list(rows[0])
    shares = iter(vote.shares(names, np.array([[row[name] for name in names] for row in rows], np.float32)))
    settled = list(told.resolved)
    for i, near in asked.items():
        settled[i] = _settled(told, i, near, [float(next(shares)) for _ in near], least)
    return settled


def _settled(
    told: RuledArticle, i: int, people: Sequence[Person], shares: Sequence[float], least: float
) -> ResolvedSource:
    voice = told.resolved[i]
    ruled = next(n for n, person in enumerate(people) if person is voice.person)
    able = [n for n, person in enumerate(people) if n == ruled or _may_speak(told, i, person)]
    best = max(able, key=lambda n: (shares[n], n == ruled))
    if best != ruled and shares[best] >= least:
        return ResolvedSource(
            people[best],
            None,
            None,
            shares[best],
            f"{people[best].name} is likelier than {people[ruled].name} by what stands around the words",
            "weighed",
            voice.source,
        )
    named = NAMED if voice.kind in BY_NAME and people[ruled].full else 0.0
    return replace(voice, confidence=max(named, shares[ruled]))


def _may_speak(told: RuledArticle, i: int, person: Person) -> bool:
    """False for who wrote the article, whom the quoted words name, and whom only another item speaks of."""
    item, reading = told.found[i], told.reading
    if person in told.writers:
        return False
    if (
        item.kind == "direct"
        and person.words
        and any(person.words[-1] in reading.text[a:b] for a, b in item.content)
    ):
        return False
    home = {0, reading.item(told.place(i))}
    return any(seen.person is person and reading.item(seen.at) in home for seen in told.trail.seen)
