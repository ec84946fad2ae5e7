"""Who decides here: a name asked once; or, where people are listed, one of them who is known for it.

Known by a login (``.streamlit/secrets.toml``: an identity provider), by the header of a proxy that logs
people in (``[proxy]``), or by a token (``[tokens]``). The first two name an address of ``[editors]`` in
``settings.toml``, which is read anew at each decision: who is struck off can write no more.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import streamlit as st

from dashboard import data
from dashboard.ui.parts import label, note, said
from ledger.errors import WrongUse
from ledger.secret import secret
from ledger.settings import LoginProxy, Settings

SECRET_HEADER = "X-Said-Secret"  # by which a proxy shows that it is the one of the settings
_SHORTEST = 32  # characters of that secret


def has_provider() -> bool:
    """True with an identity provider configured."""
    return "is_logged_in" in st.user


def asks_name() -> bool:
    """True where anybody decides under a name that they give: nobody is listed, and no way to be known is."""
    here = data.home()
    return not (has_provider() or here.proxy or here.tokens or here.editors)


def why_not() -> str:
    """Why this visitor may not decide; "" when they may."""
    here = data.home()
    if here.tokens and _by_token(here):
        return ""
    if has_provider():
        if here.editors and not st.user.is_logged_in:
            return "Log in to decide; everything can be read without."
    elif here.proxy:
        if refused := _proxy_missing(here, here.proxy):
            return refused
    elif here.tokens:
        return "Give your token to decide; everything can be read without."
    elif here.editors:
        return (
            "Only listed people may decide here, but no identity provider is set up to tell who is who:"
            " see the README on logging in."
        )
    else:
        return ""
    if not here.editors:
        return "Nobody is listed who may decide here: see the README on logging in."
    if not _name(here.editors):
        return f"{_address() or 'Your account'} is not among those who may decide here."
    return ""


def editor() -> str:
    """The name that goes with a decision: asked once for a visit, or the listed one of who is known."""
    refused = why_not()
    if refused:
        note(said(refused))
    if has_provider():
        _account()
    if data.home().tokens:
        st.text_input("Your token", key="token", type="password", max_chars=200, persist_state="session")
    if not asks_name():
        return "" if refused else _known(data.home())
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
    return str(st.session_state.get("editor") or "").strip() if asks_name() else _known(data.home())


def signed(who: str) -> str:
    """The name to record: where people are listed only the listed one, whatever the form said.

    Raises WrongUse, with the reason, for a visitor who may not decide.
    """
    if refused := why_not():
        raise WrongUse(refused)
    return who if asks_name() else _known(data.home())


def _known(here: Settings) -> str:
    return _by_token(here) or _name(here.editors)


def _by_token(here: Settings) -> str:
    """The editor whose token this visitor gave, "" for none."""
    given = str(st.session_state.get("token") or "").strip()
    found = hashlib.sha256(given.encode()).hexdigest()
    return next((name.strip() for name, kept in here.tokens.items() if hmac.compare_digest(kept, found)), "")


def _proxy_missing(here: Settings, proxy: LoginProxy) -> str:
    """Why the proxy has not told who this is; "" when it has."""
    kept = secret(
        here, f"{here.home / 'settings.toml'}, proxy", "secret", proxy.secret_file, proxy.secret_env
    )
    if len(kept.get_secret_value()) < _SHORTEST:
        return f"The secret of [proxy] in settings.toml needs {_SHORTEST} characters or more: nobody decides."
    given = st.context.headers.get_all(SECRET_HEADER)
    if len(given) != 1 or not hmac.compare_digest(given[0].encode(), kept.get_secret_value().encode()):
        return "Open this page by the address of the login to decide; everything can be read without."
    return "" if _address() else "The login did not say who you are: nothing is decided."


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
    """The address of who is logged in, as the provider or else the proxy names it; "" for two at once."""
    if has_provider():
        return str(st.user.get("email") or "")
    proxy = data.home().proxy
    given = st.context.headers.get_all(proxy.header) if proxy else []
    return given[0].strip() if len(given) == 1 else ""


def _name(listed: dict[str, str]) -> str:
    """The listed name of who is logged in; "" for an address that the provider says it has not verified."""
    if has_provider() and st.user.get("email_verified") is False:
        return ""
    wanted = _address().casefold()
    return next((name.strip() for address, name in listed.items() if address.casefold() == wanted), "")
