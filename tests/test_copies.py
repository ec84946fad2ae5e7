"""Syndicated copies are joined; independent stories of one event are not."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from crawlers.loading.copies import find_copies, same_story
from crawlers.loading.shingles import shingles
from sample.truth import truth

WORDS = [f"word{n}" for n in range(400)]


def _text(seed: int, length: int = 300) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def test_the_syndicated_story_of_the_sample_is_found_and_no_other() -> None:
    told = sorted(truth(), key=lambda t: (t.published, t.id))
    wanted = {t.id: t.copy_of for t in told if t.copy_of}
    assert wanted, "the sample has a syndicated story"
    assert find_copies([(t.id, t.text) for t in told]).copy_of == wanted


def test_the_first_is_the_original_however_they_arrive() -> None:
    text = _text(1)
    edited = text.replace("word7 ", "seven ")
    assert find_copies([("a", text), ("b", edited), ("c", text.upper())]).copy_of == {"b": "a", "c": "a"}
    assert find_copies([("c", text)], [("a", text), ("b", edited)], {"b": "a"}).copy_of == {"c": "a"}
    assert find_copies([("c", edited)], [("b", edited)], {"b": "a"}).copy_of == {"c": "a"}, (
        "an original is no copy"
    )
    assert find_copies([], [("a", text), ("b", text)]).copy_of == {}, "only new ones are asked about"


def test_a_shortened_reprint_is_found_by_what_it_holds() -> None:
    text = _text(2, 400)
    short = " ".join(text.split()[:150])
    assert find_copies([("long", text), ("short", short)]).copy_of == {"short": "long"}
    quoted = _text(3, 600) + " " + " ".join(text.split()[:40])
    assert find_copies([("long", text), ("quoting", quoted)]).copy_of == {}


def test_short_and_empty_texts_are_never_copies() -> None:
    assert find_copies([("a", ""), ("b", ""), ("c", "Road closed"), ("d", "Road closed")]).copy_of == {}


@given(st.text(max_size=300), st.text(max_size=300))
def test_same_story_is_symmetric(one: str, other: str) -> None:
    assert same_story(shingles(one), shingles(other)) == same_story(shingles(other), shingles(one))


RELEASE = """\
The first of the four bridges over the Wend has reopened to traffic after a year of work, Hexley Council
announced today. The contractor Arlen and Sons replaced the deck, both footways and all of the lighting.

Councillor Imke Sandford, who looks after roads, said: “We said that the bridge would be open again by the
end of October, and it is. I would like to thank everybody who lives on Otter Lane for their patience.”

The work cost £4.2 million, of which the government paid a third. Buses on routes 4 and 11 return to their
usual way on Monday, and the car park below the bridge opens again on the same day."""
FURTHER = """

Asked by the Courier whether the other three would follow, the council would not give a date. Traders on the
embankment said that they had lost a third of their custom: “Nobody has told us when the next one shuts,”
said Wendeline Prout, who runs the chandlery."""
OTHERWISE = """

The Dispatch visited on Tuesday and found the northern footway still fenced off, with no workmen in sight. A
man who was walking his dog there shook his head at the sign, which says that the path will open in the
spring."""


def test_a_release_is_the_original_of_its_prints_whichever_came_first() -> None:
    prints = {f"paper {n}": f"Town news, {n} in the morning.\n\n{RELEASE}" for n in range(5)}
    first = find_copies(list(prints.items())[:2])
    assert first.copy_of == {"paper 1": "paper 0"}, "no release is known yet"
    stored = list(prints.items())[:2]
    new = [("release", RELEASE), *list(prints.items())[2:]]
    found = find_copies(new, stored, first.copy_of, {"release"})
    assert found.copy_of == dict.fromkeys(prints, "release") and found.prints == {}


def test_a_paper_that_asks_further_is_a_source_of_its_own() -> None:
    rewritten = "Drivers can use the bridge at Otter Lane once more from today, it has been said."
    texts = [
        ("asking", RELEASE + FURTHER),
        ("visiting", RELEASE + OTHERWISE),
        ("printing the first", f"Seen in another title of the group.\n\n{RELEASE}{FURTHER}"),
        ("rewritten", f"{rewritten}\n\n{RELEASE}"),
    ]
    found = find_copies([*texts, ("release", RELEASE)], releases={"release"})
    assert found.copy_of == {"rewritten": "release", "printing the first": "asking"}
    assert found.prints == dict.fromkeys(("asking", "visiting", "printing the first"), "release")


def test_a_release_that_was_taken_for_a_copy_is_one_no_more() -> None:
    stored = [("paper", RELEASE), ("release", RELEASE)]
    found = find_copies([("other", RELEASE)], stored, {"release": "paper"}, {"release"})
    assert found.copy_of["other"] == "release" and found.copy_of["release"] == ""
