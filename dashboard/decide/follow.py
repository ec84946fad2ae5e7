"""A form to follow what a page shows: an address, how often, and a letter comes that asks to confirm it."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.decide import commands
from dashboard.ui.address import feed as feed_link
from dashboard.ui.parts import label, note, said, tag
from ledger.errors import WrongUse
from ledger.follows.follow import RHYTHMS, FollowKind

_RHYTHM = {"day": "Every day that brings something", "week": "Once a week", "at once": "At once"}
_SECONDS = 60


def follow(kind: FollowKind, value: str, named: str, feed_of: str = "", **feed: str) -> None:
    """A button that opens the form. ``value``: as of `ledger.follows`; ``named``: it in words.

    Where no letters are sent it offers a feed: ``feed`` as ``/feed.atom`` takes it, ``feed_of`` in words.
    """
    with st.container(key=f"follow_{kind}"), st.popover("Follow", icon=":material/mail:"):
        if not _sends_letters():
            note("No letters are sent from here: no mail is set up.")
            note("A feed reader can follow ", tag("b", said(feed_of or named)), " instead:")
            feed_link(label(feed_of or named), **feed)
            note("Whoever runs this page can set letters up: see the README on following.", class_="sd-small")
            return
        note("Letters on ", tag("b", said(named)), ": what is new, with the words and their sources.")
        with st.form(f"follow_{kind}_form", border=False):
            to = st.text_input("Your e-mail address", max_chars=320, autocomplete="email")
            every = st.radio("How often", RHYTHMS, format_func=_RHYTHM.__getitem__)
            if not st.form_submit_button("Follow", type="primary"):
                return
        _ask(kind, value, to.strip(), str(every))


def _sends_letters() -> bool:
    """Whether the form can do what it says; what is wrong with subscriptions.yaml is shown in its place."""
    try:
        return data.sends_letters()
    except WrongUse as error:
        st.error(label(str(error)))
        return False


def _ask(kind: FollowKind, value: str, address: str, every: str) -> None:
    """Hand the wish to `said follow`, the address by its standard input: arguments are seen by others."""
    if not address:
        st.error("Give an e-mail address.")
        return
    arguments = ["follow", "--email", "-", f"--{kind}={value}", f"--every={every}"]
    try:
        with st.spinner("Sending a letter to confirm it …"):
            lines, problem = commands.said(data.home(), arguments, _SECONDS, f"{address}\n")
    except TimeoutError:
        lines, problem = [], "The mail server does not answer: try again later."
    if problem or not lines:
        st.error(label(problem[:1].upper() + problem[1:]))
    else:
        st.success(label(lines[-1]))
