"""The pages and their addresses, in the order of the menu.

Their folder is not called ``pages``: Streamlit would take that name for its older way of many pages, and
run a page without the frame of `dashboard.app` when it is the first that is asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_PAGES = {
    "overview": ("Overview", "visible"),
    "pledges": ("Pledges", "visible"),
    "pledge": ("Pledge", "hidden"),
    "search": ("Search", "visible"),
    "quotation": ("Evidence card", "hidden"),
    "officials": ("Officials", "visible"),
    "review": ("Review", "visible"),
    "coverage": ("Coverage", "visible"),
    "add": ("Add a file", "visible"),
    "accuracy": ("How accurate is this?", "hidden"),
}


NAMES = tuple(_PAGES)


def pages() -> dict[str, Any]:
    """Each page by its address."""
    folder = Path(__file__).parent / "views"
    return {
        name: st.Page(
            folder / f"{name}.py",
            title=title,
            url_path=name,
            default=name == "overview",
            visibility=visibility,  # type: ignore[arg-type]  # a literal of the table above
        )
        for name, (title, visibility) in _PAGES.items()
    }


def to(name: str, text: str, help: str | None = None, **parameters: str) -> None:
    """A link to a page, within the session; ``text`` is Markdown: pass data through `parts.label`."""
    given = {key: value for key, value in parameters.items() if value}
    st.page_link(pages()[name], label=text, help=help, query_params=given or None)
