"""The dashboard's entry: the frame and the list of pages. `dashboard.launch` says how it is started."""

from __future__ import annotations

import streamlit as st

from dashboard.data import home
from dashboard.sitemap import pages
from dashboard.ui.parts import empty, go, note
from dashboard.ui.theme import ACCENT, INK, style_sheet
from ledger.days import day
from ledger.errors import SaidError

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="180" height="32" viewBox="0 0 180 32" role="img">'
    f'<title>Said &amp; Done</title><rect x="0" y="5" width="4" height="22" fill="{ACCENT}"/>'
    f'<text x="14" y="23" font-family="Georgia, serif" font-size="20" font-weight="600" fill="{INK}">'
    "Said &amp; Done</text></svg>"
)

st.set_page_config(page_title="Said & Done", page_icon="🗳️", layout="wide", initial_sidebar_state="auto")
st.html(f"<style>{style_sheet()}</style>")
st.logo(LOGO, size="large")
page = st.navigation(list(pages().values()), position="top")
try:
    page.run()
except SaidError as error:
    empty("This page cannot be shown yet.", str(error))
as_of = "" if page.url_path == "" else f"As of {day(home().today)}. "  # the overview begins with it
note(
    f"{as_of}Every quotation is shown word for word from the article it links to. Statuses in words are"
    " suggested by rules and set by people; both are shown where they differ. ",
    go("How accurate is this?", "accuracy"),
    class_="sd-small",
)
