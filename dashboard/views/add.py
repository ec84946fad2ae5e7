"""A file of one's own: what it is taken for, what to change of that, and into the archive with it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import data
from dashboard.decide import files
from dashboard.decide.editors import asks_name, editor, signed
from dashboard.decide.files import MEGABYTES, Brought
from dashboard.sitemap import to
from dashboard.ui.parts import label, note, said, show, tag
from ledger import vocabulary
from ledger.errors import SaidError
from ledger.presentation.labels import number

_TYPES = ["pdf", "docx", "docm", "txt", "eml", "html", "htm", "warc", "gz"]
_FIRST_DAY = date(1900, 1, 1)  # without it, no day of more than ten years ago can be given
_DONE = {"added": "is added", "changed": "is changed", "known": "was there already: nothing is added"}


def page() -> None:
    show(
        tag("h1", "Add a file"),
        tag(
            "p",
            "A manifesto, minutes, a speech, a letter, a page you saved: PDF, DOCX, TXT, EML, HTML or WARC."
            " It is kept in this machine's archive once, read like an article, and cited with its page.",
            class_="sd-lead",
        ),
    )
    who = editor()
    if not who and not asks_name():
        return
    given = st.file_uploader("File", type=_TYPES, key="brought", max_upload_size=MEGABYTES)
    if given is None:
        return
    if not who:
        note("Say your name first.")
        return
    body = given.getvalue()
    seen = _looked(given.name, body)
    if seen is not None:
        _form(given.name, body, seen)


def _looked(name: str, body: bytes) -> Brought | None:
    """What the file would be added as, asked once for each file; None where it is refused."""
    key = f"looked {name} {hash(body)}"
    if key not in st.session_state:
        with st.spinner("Reading it …"):
            try:
                st.session_state[key] = files.look(data.home(), name, body)
            except SaidError as error:
                st.error(label(str(error)))
                return None
    found: list[Brought] = st.session_state[key]
    for one in found:
        if one.state == "refused":
            st.error(label(f"{one.name}: {one.why}"))
    return next((one for one in found if one.state != "refused" or one.kind), None)


def _form(name: str, body: bytes, seen: Brought) -> None:
    kinds = vocabulary.kinds()
    names: list[str] = [*kinds]
    pages = f" It has {number(seen.pages, 'page')}." if seen.pages else ""
    note(said(f"This is what it is taken for. Change what is not so.{pages}"))
    for unread in seen.notes:
        note(said(unread))
    with st.form("add_file"):
        kind = st.selectbox(
            "What it is",
            names,
            index=names.index(seen.kind) if seen.kind in names else 0,
            format_func=lambda kind: kinds[kind].label,
        )
        publisher = st.text_input("Whose file it is", seen.publisher or "", max_chars=200)
        speaker = st.text_input(
            "Whose words it holds",
            seen.speaker or "",
            max_chars=200,
            help="Of a manifesto the party or person; leave it empty where the text tells who speaks.",
        )
        day = st.date_input(
            "Published", date.fromisoformat(seen.date) if seen.date else None, min_value=_FIRST_DAY
        )
        title = st.text_input("Title", seen.title or "", max_chars=200)
        if not st.form_submit_button("Add it", type="primary"):
            return
    told = {
        "kind": str(kind),
        "publisher": publisher.strip(),
        "speaker": speaker.strip(),
        "date": day.isoformat() if isinstance(day, date) else "",
        "title": title.strip(),
    }
    # what is left as it was shown is no word of the editor: each page of a WARC file has its own
    told = {option: value for option, value in told.items() if value != (getattr(seen, option) or "")}
    with st.spinner("Adding and reading it; a long one takes some minutes …"):
        try:
            signed(st.session_state.get("editor", ""))
            done = files.add(data.home(), name, body, told)
        except SaidError as error:
            st.error(label(str(error)))
            return
    for one in done:
        if one.state == "refused":
            st.error(label(f"{one.name}: {one.why}"))
        else:
            st.success(label(f"{one.title or one.name} {_DONE[one.state]}."))
    to("pledges", "Pledges")


page()
