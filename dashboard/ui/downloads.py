"""A list to take along: the same rows as on the page, all of them, as CSV, JSON or Parquet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from ledger.presentation.tabular import FORMATS, as_bytes

MOST = 10_000  # rows of one download; `said export` gives everything
_MIME = {"csv": "text/csv", "json": "application/json", "parquet": "application/vnd.apache.parquet"}


def downloads(name: str, rows: Callable[[], Sequence[object]]) -> None:
    """Buttons that download the rows of a list; they are asked for when one is pressed."""
    with st.container(key=f"downloads_{name}", horizontal=True, vertical_alignment="center"):
        for kind in FORMATS:
            st.download_button(
                f"Download as {kind.upper() if kind != 'parquet' else 'Parquet'}",
                partial(_made, rows, kind),
                file_name=f"{name}.{kind}",
                mime=_MIME[kind],
                key=f"download_{name}_{kind}",
                on_click="ignore",
                type="tertiary",
            )


def _made(rows: Callable[[], Sequence[object]], kind: str) -> bytes:
    return as_bytes(rows(), kind)
