"""How the pages look: Streamlit's theme options, the style sheet, and the colours of statuses.

Colours after Okabe and Ito (https://jfly.uni-koeln.de/color/), darkened where text or a thin mark needs
it; no meaning hangs on colour alone, each status also stands in words.
"""

from __future__ import annotations

from importlib.resources import files

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

# (in words, colour of its mark); in the order in which charts stack them
STATUS: dict[str, tuple[str, str]] = {
    "delivered": ("Delivered", "#00664f"),
    "delivered_late": ("Delivered late", "#3fa58a"),
    "partly_delivered": ("Partly delivered", "#8cc7e6"),
    "in_progress": ("In progress", "#0072b2"),
    "stalled": ("Stalled", "#e69f00"),
    "not_delivered": ("Not delivered", "#b3400b"),
    "unclear": ("Unclear", "#8d8a86"),
    "not_yet_rated": ("Not yet rated", "#cbc6bc"),
}
STATUS_MEANING: dict[str, str] = {
    "delivered": "Done as promised, and by then.",
    "delivered_late": "Done as promised, after the date promised.",
    "partly_delivered": "Some of what was promised was done, and no more is to come.",
    "in_progress": "There is dated evidence of action; what was promised is not reached yet.",
    "stalled": "Paused, reversed or blocked, or no movement for 180 days.",
    "not_delivered": "Dropped, blocked, or missed.",
    "unclear": "The evidence points both ways.",
    "not_yet_rated": "No later report has been found that bears on it.",
}
FLAG: dict[str, tuple[str, str]] = {
    "overdue": ("Overdue", "The date promised has passed and it is not delivered."),
    "due_soon": ("Due soon", "The date promised is near."),
    "stale": ("No news", "Nothing has been reported on it for a long time."),
    "disputed": ("Disputed", "Reports contradict each other."),
    "reversed": ("Reversed", "The owner has said the opposite since."),
    "claimed_only": ("Only the owner says so", "No independent report says that it was done."),
    "drifted": ("Drifted", "The number, date or scope changed between restatements."),
}
ROLE: dict[str, str] = {
    "mp": "MP",
    "mayor": "Mayor",
    "minister": "Minister",
    "councillor": "Councillor",
    "council_leader": "Council leader",
    "police": "Police",
    "pcc": "Police and crime commissioner",
    "other_official": "Other official",
}
STANCE: dict[str, tuple[str, str]] = {
    "progress": ("Progress", "for"),
    "delivered": ("Delivered", "for"),
    "delayed": ("Delayed", "against"),
    "cancelled": ("Cancelled", "against"),
    "broken": ("Broken", "against"),
    "restated": ("Said again", "neither"),
}
TYPE: dict[str, str] = {
    "firm": "Firm promise",
    "conditional": "Conditional promise",
    "intention": "Intention",
    "aspiration": "Aspiration",
    "ongoing": "Promise to continue",
    "negative": "Promise not to",
}


def style_sheet() -> str:
    """The style sheet of all pages, with the statuses' colours."""
    marks = "".join(f".sd-{name}{{--mark:{colour}}}" for name, (_, colour) in STATUS.items())
    return (files("dashboard") / "style.css").read_text(encoding="utf-8") + marks
