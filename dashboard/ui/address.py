"""Widgets whose values stand in the page's address, so that a view is shared by sending its link.

The address holds ids, never wording. An empty or unknown value stands for "all" and is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from dashboard.sitemap import to


def _follow(key: str, value_of: Callable[[str], object]) -> str:
    """Take the address's value into the widget when the address has changed under it."""
    given = str(st.query_params.get(key, ""))
    widget, seen = f"w_{key}", f"seen_{key}"
    if st.session_state.get(seen) != given or widget not in st.session_state:
        st.session_state[widget] = value_of(given)
        st.session_state[seen] = given
    return widget


def _keep(key: str, value: str) -> str:
    if value != str(st.query_params.get(key, "")):
        if value:
            st.query_params[key] = value
        elif key in st.query_params:
            del st.query_params[key]
        if "page" in st.query_params:
            del st.query_params["page"]  # another choice, another list: back to its first page
    st.session_state[f"seen_{key}"] = value
    return value


def choose(
    label: str,
    key: str,
    options: Sequence[str],
    words: Callable[[str], str] = str,
    everything: str = "All",
) -> str:
    """A select box; "" for all."""
    widget = _follow(key, lambda given: given if given in options else "")
    chosen = st.selectbox(
        label,
        ["", *options],
        format_func=lambda value: words(value) if value else everything,
        key=widget,
    )
    return _keep(key, chosen or "")


def write(label: str, key: str, placeholder: str) -> str:
    """A line of text."""
    widget = _follow(key, lambda given: given if len(given) <= 1000 else "")
    text = st.text_input(label, key=widget, placeholder=placeholder, max_chars=1000, type="search")
    return _keep(key, (text or "").strip())


def switch(label: str, key: str, options: dict[str, str], default: str) -> str:
    """One of a few, side by side; the default is left out of the address."""
    widget = _follow(key, lambda given: given if given in options else "")
    if not st.session_state[widget]:
        st.session_state[widget] = default
    chosen = st.segmented_control(
        label, list(options), format_func=options.__getitem__, key=widget, required=True
    )
    value = str(chosen or default)
    _keep(key, "" if value == default else value)
    return value


def pick_day(label: str, key: str, first: date | None, last: date, help: str) -> date | None:
    """A day up to ``last``, None where none is chosen."""
    widget = _follow(key, lambda given: _day(given, first, last))
    chosen = st.date_input(label, key=widget, min_value=first, max_value=last, format="DD/MM/YYYY", help=help)
    day = chosen if isinstance(chosen, date) else None
    _keep(key, day.isoformat() if day else "")
    return day


def picked(key: str) -> date | None:
    """The day that the address holds under a key."""
    return _day(str(st.query_params.get(key, "")), None, date.max)


def _day(text: str, first: date | None, last: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if (first or day) <= day <= last else None


def share(what: str) -> None:
    """The address of the view as it stands, to copy with one click and send."""
    query = urlencode(st.query_params.to_dict())
    page = (st.context.url or "").partition("?")[0]
    with st.container(key="share", horizontal=True, vertical_alignment="center", gap="small"):
        st.text(f"Link to {what}")
        st.code(f"{page}?{query}" if query else page, language=None, width="content", wrap_lines=True)


def feed(of: str, **asked: str) -> None:
    """A link to the feed of what is shown, for feed readers. ``asked``: as ``/feed.atom`` takes it."""
    base = (st.context.url or "").partition("?")[0].rpartition("/")[0]
    given = {key: value for key, value in asked.items() if value}
    address = f"{base}/feed.atom?{urlencode(given)}" if given else f"{base}/feed.atom"
    st.link_button(f"Feed of {of}", address, type="tertiary", icon=":material/rss_feed:")


def page_number(page: str, pages: int) -> int:
    """The page of a long list, from 1, as the address has it; shows links to its neighbours."""
    given = str(st.query_params.get("page", ""))
    n = min(max(int(given) if given.isdigit() and len(given) < 7 else 1, 1), max(pages, 1))
    if pages > 1:
        kept = {key: value for key, value in st.query_params.to_dict().items() if key != "page"}
        with st.container(key="links_pages", horizontal=True, horizontal_alignment="center"):
            if n > 1:
                to(page, f"← Page {n - 1}", **kept, page=str(n - 1) if n > 2 else "")
            st.text(f"Page {n} of {pages:,}")
            if n < pages:
                to(page, f"Page {n + 1} →", **kept, page=str(n + 1))
    return n
