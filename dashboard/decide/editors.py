"""Who decides here: a name asked once or, with an identity provider, a listed person who logged in.

The provider's entry is ``.streamlit/secrets.toml`` of the home folder, the list is ``[editors]`` of its
``settings.toml``. The list is read anew at each decision: who is struck off it can write no more.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import data
from dashboard.ui.parts import label, note, said
from ledger.errors import WrongUse


def has_provider() -> bool:
    """True with an identity provider configured."""
    return "is_logged_in" in st.user


def why_not() -> str:
    """Why this visitor may not decide; "" when they may."""
    listed = data.home().editors
    if not has_provider():
        return (
            "Only listed people may decide here, but no identity provider is set up to tell who is who:"
            " see the README on logging in."
            if listed
            else ""
        )
    if not listed:
        return "Nobody is listed who may decide here: see the README on logging in."
    if not st.user.is_logged_in:
        return "Log in to decide; everything can be read without."
    if not _name(listed):
        return f"{_address() or 'Your account'} is not among those who may decide here."
    return ""


def editor() -> str:
    """The name that goes with a decision: asked once for a visit, or the listed one of who has logged in."""
    if refused := why_not():
        note(said(refused))
    if has_provider():
        _account()
        return "" if refused else _name(data.home().editors)
    if refused:
        return ""
    name = st.text_input(
        "Your name",
        key="editor",
        max_chars=80,
        placeholder="as it should stand in the journal",
        help="Asked once. Each decision is kept with who took it, when and why.",
        persist_state="session",
    )
    return (name or "").strip()


def known() -> str:
    """The name of who decides here as far as it is known: without asking for it, "" where nobody may."""
    if why_not():
        return ""
    return _name(data.home().editors) if has_provider() else str(st.session_state.get("editor") or "").strip()


def signed(who: str) -> str:
    """The name to record: with a provider only the listed one, whatever the form said.

    Raises WrongUse, with the reason, for a visitor who may not decide.
    """
    if refused := why_not():
        raise WrongUse(refused)
    return _name(data.home().editors) if has_provider() else who


def _account() -> None:
    with st.container(key="account", horizontal=True, vertical_alignment="center"):
        if st.user.is_logged_in:
            name = _name(data.home().editors)
            note(f"Logged in as {f'{name}, ' if name else ''}", said(_address()))
            st.button("Log out", on_click=st.logout)
            return
        auth: dict[str, Any] = st.secrets["auth"].to_dict()
        named = [name for name, given in auth.items() if isinstance(given, dict) and "client_id" in given]
        for name in named:
            st.button(f"Log in with {label(name)}", on_click=st.login, args=(name,), type="primary")
        if not named:
            st.button("Log in", on_click=st.login, type="primary")


def _address() -> str:
    return str(st.user.get("email") or "")


def _name(listed: dict[str, str]) -> str:
    """The listed name of who is logged in; "" for an address that the provider says it has not verified."""
    if st.user.get("email_verified") is False:
        return ""
    wanted = _address().casefold()
    return next((name.strip() for address, name in listed.items() if address.casefold() == wanted), "")
