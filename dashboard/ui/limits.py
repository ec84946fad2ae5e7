"""So many searches a minute for one visitor, and for all together: one reader cannot slow the others down."""

from __future__ import annotations

import secrets
import threading
import time
from collections import defaultdict, deque

import streamlit as st

from ledger.errors import WrongUse
from ledger.settings import Settings

TOGETHER = 20  # times what one visitor may ask: what all may ask in a minute
_MINUTE = 60.0  # seconds
_ALL = ""
_asked: dict[str, deque[float]] = defaultdict(deque)
_guard = threading.Lock()


def admit(settings: Settings, who: str) -> None:
    """Count a search of this visitor. Raises WrongUse, in plain words, where there were too many of late."""
    most = settings.searches_a_minute
    if not most:
        return
    now = time.monotonic()
    with _guard:
        for name in [name for name, times in _asked.items() if times[-1] < now - _MINUTE]:
            del _asked[name]
        for name, limit in ((who, most), (_ALL, most * TOGETHER)):
            times = _asked[name]
            while times and times[0] < now - _MINUTE:
                times.popleft()
            if len(times) >= limit:
                whose = "from here" if name else "at once"
                raise WrongUse(f"There were too many searches {whose} within a minute: wait a little.")
            if not times:
                del _asked[name]
        for name in (who, _ALL):
            _asked[name].append(now)


def admit_visit(settings: Settings, asked: str) -> None:
    """The same for the page that is being drawn; drawn again with the same question, it counts once."""
    if st.session_state.get("last_search") != asked:
        admit(settings, st.session_state.setdefault("visitor", secrets.token_hex(8)))
        st.session_state["last_search"] = asked
