"""Single keys on a pledge's page, and the switch that turns them off, for whoever dictates or slips.

WCAG 2.1.4 asks for it. The choice is kept in the browser, as a cookie that tells nothing else.
"""

from __future__ import annotations

import streamlit as st

_COOKIE, _OFF = "said_single_keys", "off"
_TURNED = "single_keys_turned"  # what was chosen in this visit; the cookie tells what was before it
_SWITCH = "single_keys"
_KEEP = """<script>
    document.cookie = "%s=%s; Path=/; Max-Age=31536000; SameSite=Lax";
</script>"""


def single_keys() -> bool:
    """Whether single keys are on in this browser: they are until somebody turns them off."""
    return bool(st.session_state.get(_TURNED, st.context.cookies.get(_COOKIE) != _OFF))


def key_of(wanted: str | None) -> str | None:
    """The key that presses a button, None where single keys are off or it has none."""
    return wanted if single_keys() else None


def keys_switch() -> None:
    """The switch itself."""
    st.toggle("Single keys", value=single_keys(), key=_SWITCH, on_change=_turn)
    if _TURNED in st.session_state:
        kept = "on" if single_keys() else _OFF
        st.html(_KEEP % (_COOKIE, kept), unsafe_allow_javascript=True)


def _turn() -> None:
    st.session_state[_TURNED] = st.session_state[_SWITCH]
