"""Syndicated copies are joined; independent stories of one event are not."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from crawlers.loading.copies import find_copies, same_story, shingles
from sample.truth import truth

WORDS = [f"word{n}" for n in range(400)]


def _text(seed: int, length: int = 300) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def test_the_syndicated_story_of_the_sample_is_found_and_no_other() -> None:
    told = sorted(truth(), key=lambda t: (t.published, t.id))
    wanted = {t.id: t.copy_of for t in told if t.copy_of}
    assert wanted, "the sample has a syndicated story"
    assert find_copies([(t.id, t.text) for t in told]) == wanted


def test_the_first_is_the_original_however_they_arrive() -> None:
    text = _text(1)
    edited = text.replace("word7 ", "seven ")
    assert find_copies([("a", text), ("b", edited), ("c", text.upper())]) == {"b": "a", "c": "a"}
    assert find_copies([("c", text)], [("a", text), ("b", edited)], {"b": "a"}) == {"c": "a"}
    assert find_copies([("c", edited)], [("b", edited)], {"b": "a"}) == {"c": "a"}, "an original is no copy"
    assert find_copies([], [("a", text), ("b", text)]) == {}, "only new ones are asked about"


def test_a_shortened_reprint_is_found_by_what_it_holds() -> None:
    text = _text(2, 400)
    short = " ".join(text.split()[:150])
    assert find_copies([("long", text), ("short", short)]) == {"short": "long"}
    quoted = _text(3, 600) + " " + " ".join(text.split()[:40])
    assert find_copies([("long", text), ("quoting", quoted)]) == {}


def test_short_and_empty_texts_are_never_copies() -> None:
    assert find_copies([("a", ""), ("b", ""), ("c", "Road closed"), ("d", "Road closed")]) == {}


@given(st.text(max_size=300), st.text(max_size=300))
def test_same_story_is_symmetric(one: str, other: str) -> None:
    assert same_story(shingles(one), shingles(other)) == same_story(shingles(other), shingles(one))
