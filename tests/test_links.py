"""Links to an article at the words quoted from it."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.links import text_link, web_link

URL = "https://news.example/story?id=1"


def test_short_words_stand_whole_and_encoded() -> None:
    assert text_link(URL, "“Half-price fares, for all & sundry”") == (
        URL + "#:~:text=%E2%80%9CHalf%2Dprice%20fares%2C%20for%20all%20%26%20sundry%E2%80%9D"
    )


def test_long_words_are_named_by_their_ends() -> None:
    words = "We will build the new library on Mill Street by the end of next year, come what may."
    assert (
        text_link(URL, words)
        == URL + "#:~:text=We%20will%20build%20the%20new,next%20year%2C%20come%20what%20may."
    )


@pytest.mark.parametrize(
    "words", ["We will build […] by May", "We will build\n\nby May", "We will build\r\n by May"]
)
def test_ends_never_cross_a_break(words: str) -> None:
    assert text_link(URL, words) == URL + "#:~:text=We%20will%20build,by%20May"


def test_a_fragment_of_the_address_is_kept_and_an_old_directive_replaced() -> None:
    assert text_link(URL + "#top", "one") == URL + "#top:~:text=one"
    assert text_link(URL + "#top:~:text=old", "one") == URL + "#top:~:text=one"


@pytest.mark.parametrize("words", ["", " \n ", "\x00", "x" * 10_000])
def test_unusable_words_leave_the_address(words: str) -> None:
    assert text_link(URL, words) == URL


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "/story",
     "//host/x", "http://", "http://[::1", " http://x.example/", "file:///etc/passwd"],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_link(url) == ""
    assert text_link(url, "words") == ""


@given(st.text())
def test_any_words_give_a_fragment_of_plain_ascii(words: str) -> None:
    link = text_link(URL, words)
    assert link.startswith(URL)
    terms = link[len(URL) :].removeprefix("#:~:text=").split(",")
    assert link.isascii()
    assert len(terms) <= 2
    for term in terms:
        assert not set(term) & set(" -&#\"'<>")
        assert unquote(term) == " ".join(unquote(term).split())
