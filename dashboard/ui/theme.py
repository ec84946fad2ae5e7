"""How the pages look: Streamlit's theme options and the style sheet, with the colours of statuses.

No meaning hangs on colour alone: each status also stands in words.
"""

from __future__ import annotations

from pathlib import Path

from ledger import vocabulary

INK = "#1f2328"
PAPER = "#fbfaf8"
QUIET = "#5c5f66"  # 6.2 : 1 on paper
ACCENT = "#0b4a6f"  # 8.9 : 1 on paper

THEME: dict[str, str] = {
    "base": "light",
    "primaryColor": ACCENT,
    "backgroundColor": PAPER,
    "secondaryBackgroundColor": "#f1eee8",
    "textColor": INK,
    "linkColor": ACCENT,
    "borderColor": "#d9d4ca",
    "font": "sans-serif",
    "headingFont": "serif",
    "baseRadius": "4px",
    "showWidgetBorder": "true",
}


def style_sheet() -> str:
    """The style sheet of all pages, with the statuses' colours."""
    marks = "".join(f".sd-{row.name}{{--mark:{row.colour}}}" for row in vocabulary.statuses().values())
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8") + marks
