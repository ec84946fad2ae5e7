"""What all pages are built of. Text from outside goes to a page through `esc` (HTML) or `label` (Markdown).

No other function of the dashboard writes HTML with data in it: a page puts together pieces that these
functions give, and shows them with `show`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from urllib.parse import urlencode

import streamlit as st

from dashboard.theme import FLAG, ROLE, STATUS
from ledger.links import web_link
from ledger.passages import Passage
from ledger.types import Span

# Embeddings, overrides and isolates of writing direction; line and paragraph separators; controls.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_PUNCTUATION = re.compile(r"([!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])")
_AUTOLINKS = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=ww[wW])(?=\.)", re.IGNORECASE)
# After each of these a line may break: a word of many thousand letters takes a browser half a minute else.
_RUN = re.compile(r"(\S{100})(?=\S)")
_JOINER = "\u2060"  # no width: parts what Markdown would otherwise read as a code or an address


class Html(str):
    """HTML made by this module: data in it is escaped."""

    __slots__ = ()

    def __add__(self, other: str) -> Html:
        return Html(str(self) + str(esc(other)))


def plain(text: object) -> str:
    """Text without control characters; marks that turn the writing direction are named, not obeyed."""
    cleaned = _CONTROLS.sub("\ufffd", str(text))
    return _TURNS.sub(lambda mark: f"[U+{ord(mark[0]):04X}]", cleaned)


def esc(text: object) -> Html:
    """Any text as HTML that shows it letter by letter, and sets its writing direction apart."""
    if isinstance(text, Html):
        return text
    pieces = _RUN.sub("\\1\0", plain(text)).split("\0")
    return Html("<wbr>".join(html.escape(piece, quote=True) for piece in pieces))


def label(text: object, most: int = 300) -> str:
    """Any text as one line of Streamlit's Markdown that shows it letter by letter.

    Beside Markdown's own marks this defuses ``$LaTeX$``, ``:material/…:`` and ``:red[…]`` codes (read
    after backslashes are gone, hence the joiner) and bare addresses. Cut after ``most`` characters.
    """
    line = " ".join(plain(text).split())
    line = line if len(line) <= most else line[: most - 1].rstrip() + "…"
    return _PUNCTUATION.sub(r"\\\1", _AUTOLINKS.sub(_JOINER, line))


def show(*pieces: Html | str) -> None:
    """Put pieces of HTML on the page; a plain string among them is text and is escaped."""
    body = "".join(esc(piece) for piece in pieces)
    if body:
        st.html(body)


def tag(name: str, *pieces: object, **attributes: str) -> Html:
    """An element; ``class_`` stands for class, underscores for dashes. Pieces and values are escaped."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(plain(value), quote=True)}"'
        for key, value in attributes.items()
    )
    return Html(f"<{name}{given}>{''.join(esc(piece) for piece in pieces)}</{name}>")


def said(text: object, most: int = 300) -> Html:
    """A name, title or reason from outside, its direction its own; cut after ``most`` characters."""
    whole = str(text)
    return tag("bdi", whole if len(whole) <= most else whole[: most - 1].rstrip() + "…")


def join(pieces: Iterable[Html | str], between: str = " · ") -> Html:
    return Html(esc(between).join(esc(piece) for piece in pieces if piece))


def link(text: object, url: str, **attributes: str) -> Html:
    """A link to another site, in a new tab; the text alone when the address is not http(s)."""
    address = web_link(url)
    if not address:
        return said(text)
    return tag("a", said(text), href=address, target="_blank", rel="noopener noreferrer", **attributes)


def go(text: object, page: str, **parameters: str) -> Html:
    """A link to a page of the dashboard with a query string; opens in the same tab."""
    query = urlencode({key: value for key, value in parameters.items() if value})
    return tag("a", text, href=f"{page}?{query}" if query else page, target="_self")


def day(value: date | datetime | None, unknown: str = "undated") -> str:
    """A day in words: 5 March 2026."""
    return f"{value.day} {value:%B %Y}" if value else unknown


def number(count: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 pledge, 2 pledges, 1,204 pledges."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def status_chip(status: str) -> Html:
    known = status if status in STATUS else "unclear"
    name = STATUS[known][0] if status in STATUS else status
    return tag("span", name, class_=f"sd-chip sd-{known}")


def flag_chips(flags: Sequence[str]) -> Html:
    return Html(
        "".join(
            tag("span", FLAG.get(f, (f, ""))[0], class_=f"sd-flag sd-flag-{f}" if f in FLAG else "sd-flag")
            for f in flags
        )
    )


def role_name(role: str | None) -> str:
    return ROLE.get(role or "", "")


def marked(text: str, quotation: Sequence[Span], terms: Sequence[Span] = ()) -> Html:
    """Text with the quotation in <mark> and the words sought in <b>; spans may overlap anyhow."""
    edges = sorted(
        {0, len(text), *(min(max(e, 0), len(text)) for span in (*quotation, *terms) for e in span)}
    )
    pieces = []
    for start, end in pairwise(edges):
        piece: Html = esc(text[start:end])
        if any(s <= start and end <= e for s, e in terms):
            piece = tag("b", piece, class_="sd-term")
        if any(s <= start and end <= e for s, e in quotation):
            piece = tag("mark", piece)
        pieces.append(piece)
    return Html("".join(pieces).replace("\n", "<br>"))


def context(passage: Passage, terms: Sequence[Span] = ()) -> Html:
    """A quotation in its paragraph."""
    if not passage.text:
        return Html("")
    pieces = [
        "… " if passage.cut_before and not passage.reserved else "",
        marked(passage.text, passage.marks, terms),
        " …" if passage.cut_after and not passage.reserved else "",
    ]
    note = (
        tag("p", "The paragraph around it is not shown: the outlet reserves its rights.", class_="sd-small")
        if passage.reserved
        else Html("")
    )
    return tag("blockquote", tag("bdi", *pieces), note, class_="sd-context")


def table(columns: Sequence[tuple[str, bool]], rows: Iterable[Sequence[Html | str]]) -> Html:
    """A table; columns are (name, holds numbers). On a telephone each row becomes a card."""
    kinds = ["sd-n" if numbers else "" for _, numbers in columns]
    head = [tag("th", name, scope="col", class_=kind) for (name, _), kind in zip(columns, kinds, strict=True)]
    body = [
        tag(
            "tr",
            *(
                tag("td", tag("span", cell), class_=kind, data_label=name)
                for cell, kind, (name, _) in zip(row, kinds, columns, strict=True)
            ),
        )
        for row in rows
    ]
    return tag("table", tag("thead", tag("tr", *head)), tag("tbody", *body), class_="sd-table")


def empty(title: str, what_to_do: str) -> None:
    """An empty state: what is not there, and what to do."""
    show(
        tag(
            "div",
            tag("p", title, class_="sd-empty-title"),
            tag("p", what_to_do),
            class_="sd-empty",
            role="status",
        )
    )
