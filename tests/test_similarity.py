"""Words that texts share, one by one and by an index: the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.text.similarity import TermIndex, shared_weight

TERMS = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.1, 1.0), max_size=8)


@given(TERMS, st.lists(TERMS, max_size=6))
def test_an_index_of_texts_shares_what_each_of_them_does(
    words: dict[str, float], listed: list[dict[str, float]]
) -> None:
    wanted = [shared_weight(words, one) for one in listed]
    assert TermIndex(listed).shared(words) == pytest.approx(wanted)
