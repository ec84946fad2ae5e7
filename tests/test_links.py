"""Which addresses become links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.presentation.links import web_link


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/story?id=1#top",
        "http://127.0.0.1:8801/",
        "HTTPS://news.example/",
        "http://[::1]/a",
    ],
)
def test_web_addresses_stay_as_they_are(url: str) -> None:
    assert web_link(url) == url


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "/story",
     "//host/x", "http://", "http://[::1", " http://x.example/", "file:///etc/passwd",
     "https://x.example/\u202egpj.exe"],
)  # fmt: skip
def test_nothing_else_becomes_a_link(url: str) -> None:
    assert web_link(url) == ""


@given(st.text())
def test_any_text_is_an_address_or_none(text: str) -> None:
    assert web_link(text) in (text, "")
    assert web_link("https://x.example/" + text) in ("https://x.example/" + text, "")
