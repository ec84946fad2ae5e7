"""Quotations altered or taken out after publication."""

from __future__ import annotations

import pytest

from nlp.evidence.edits import edits

SAID = "I'd hope to see the doors open in October, and not a day later"


@pytest.mark.parametrize(
    ("after", "now"),
    [
        (f"“{SAID.replace('October', 'December')},” she said.", SAID.replace("October", "December")),
        ("“The weather was kind to us on the day,” she said.", ""),
        ("The doors will open, she said.", ""),
    ],
)
def test_what_became_of_a_quotation(after: str, now: str) -> None:
    ((edit),) = edits([SAID], after)
    assert (edit.before, edit.after) == (SAID, now)
    assert edit.span is None if not now else after[slice(*edit.span)] == now


@pytest.mark.parametrize(
    "after",
    [
        f"“{SAID},” she said.",
        f"“{SAID.replace(chr(39), '’')},” she  said.",
        f"Nobody marks it now: {SAID.upper()}.",
    ],
)
def test_the_same_words_are_no_edit(after: str) -> None:
    assert edits([SAID], after) == []


def test_a_quotation_that_its_attribution_splits_stands_where_its_parts_do() -> None:
    parts = ("The hall will open in May", "even if we have to bring our own chairs")
    whole = " … ".join(parts)
    stands = f"“{parts[0]},” she said, “{parts[1]}.” The bill was paid."
    assert edits([whole], stands, {whole: parts}) == []
    (edit,) = edits([whole], stands.replace("May", "June"), {whole: parts})
    assert edit.before == whole


def test_short_words_are_not_watched() -> None:
    assert edits(["Never again", "No"], "She left.") == []


def test_one_new_quotation_is_taken_for_one_old_one_only() -> None:
    other = "I'd hope to see the doors open in October and the roof on"
    found = edits([SAID, other], f"“{SAID.replace('October', 'May')},” she said.")
    assert [bool(edit.after) for edit in found] == [True, False]


def test_an_old_quotation_that_still_stands_is_not_taken_for_the_new_one() -> None:
    other = "I'd hope to see the doors open in November, and not a day later"
    ((edit),) = edits([SAID, other], f"“{other},” she said.")
    assert (edit.before, edit.after) == (SAID, "")
