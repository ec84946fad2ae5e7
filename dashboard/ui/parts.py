"""What all pages are built of. Text from outside goes to a page through `esc` (HTML) or `label` (Markdown).

No other function of the dashboard writes HTML with data in it: a page puts together pieces that these
functions give, and shows them with `show`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

import streamlit as st

from ledger import vocabulary
from ledger.presentation.labels import LEFT_OUT, breakable, cut, layered, plain, status_name
from ledger.presentation.links import web_link
from ledger.presentation.passages import Passage
from ledger.types import Span

# Marks that Markdown may read, and only where it may: a screen reader is given the line with its backslashes.
_PUNCTUATION = re.compile(r"([#$&*+<=>\[\\\]^_`{|}~]|:(?=\S)|!(?=\[)|(?<=\])\(|^-|-(?=[->])|(?<=[-<])-)")
_LIST = re.compile(r"^(\d+)(?=[.)])")
_AUTOLINKS = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=ww[wW])(?=\.)", re.IGNORECASE)
_JOINER = "\u2060"  # no width: parts what Markdown would otherwise read as a code or an address


class Html(str):
    """HTML made by this module: data in it is escaped."""

    __slots__ = ()

    def __add__(self, other: str) -> Html:
        return Html(str(self) + str(esc(other)))


def esc(text: object) -> Html:
    """Any text as HTML that shows it letter by letter, and sets its writing direction apart."""
    if isinstance(text, Html):
        return text
    return Html("<wbr>".join(html.escape(piece, quote=True) for piece in breakable(text)))


def label(text: object, most: int = 300) -> str:
    """Any text as one line of Streamlit's Markdown that shows it letter by letter.

    Beside Markdown's own marks this defuses ``$LaTeX$``, ``:material/…:`` and ``:red[…]`` codes (read
    after backslashes are gone, hence the joiner) and bare addresses. Cut after ``most`` characters.
    """
    line = cut(" ".join(plain(text).split()), most)
    return _LIST.sub(r"\1\\", _PUNCTUATION.sub(r"\\\1", _AUTOLINKS.sub(_JOINER, line)))


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


def image(address: str, words: str) -> Html:
    """A picture, and in words what it shows."""
    address, words = (html.escape(text, quote=True) for text in (address, plain(words)))
    return Html(f'<img src="{address}" alt="{words}">')


def note(*pieces: Html | str, class_: str = "sd-meta", **attributes: str) -> None:
    """Put a paragraph beside the matter itself on the page."""
    show(tag("p", *pieces, class_=class_, **attributes))


def said(text: object, most: int = 300) -> Html:
    """A name, title or reason from outside, its direction its own; cut after ``most`` characters."""
    return tag("bdi", cut(text, most)) if text else Html("")


def words(text: str, most: int = 300) -> Html:
    """Words from an article, or why they do not stand here."""
    return said(text, most) if text else tag("span", LEFT_OUT, class_="sd-small")


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


def status_chip(status: str, reason: str | None = "", suggested: bool = False) -> Html:
    """A status; one that is only ``suggested`` says so and is drawn hollow, for only people set a status."""
    name = status_name(status, reason)
    if suggested and status != "not_yet_rated":
        name = f"suggested: {name[:1].lower()}{name[1:]}"
    return tag("span", name, class_=f"sd-chip sd-{status}" + (" sd-suggested" if suggested else ""))


def flag_chips(flags: Sequence[str]) -> Html:
    """Flags in words, coloured by their tone."""
    rows = map(vocabulary.flags().__getitem__, flags)
    return Html("".join(tag("span", row.label, class_=f"sd-flag sd-{row.tone}") for row in rows))


def marked(
    text: str, quotation: Sequence[Span], terms: Sequence[Span] = (), focus: Sequence[Span] = ()
) -> Html:
    """Text with the quotation in <mark>, the words sought in <b>, what matters in <strong>; spans may overlap
    anyhow."""
    pieces = []
    for words, (quoted, sought, matters) in layered(text, quotation, terms, focus):
        piece: Html = esc(words)
        if sought:
            piece = tag("b", piece, class_="sd-term")
        if matters:
            piece = tag("strong", piece, class_="sd-focus")
        if quoted:
            piece = tag("mark", piece)
        pieces.append(piece)
    return Html("".join(pieces).replace("\n", "<br>"))


def context(passage: Passage, terms: Sequence[Span] = ()) -> Html:
    """A quotation in its paragraph; what may not be shown is said not to be."""
    if not passage.text:
        return tag("p", LEFT_OUT, class_="sd-small") if passage.reserved else Html("")
    pieces = [
        "… " if passage.cut_before and not passage.reserved else "",
        marked(passage.text, passage.marks, terms, passage.focus),
        " …" if passage.cut_after and not passage.reserved else "",
    ]
    unshown = "The paragraph around it is not shown: the outlet reserves its rights."
    why = tag("p", unshown, class_="sd-small") if passage.reserved else ""
    page = tag("p", passage.page, class_="sd-small") if passage.page else ""
    return tag("blockquote", tag("bdi", *pieces), page, why, class_="sd-context")


def table(columns: Sequence[str], rows: Iterable[Sequence[Html | str]], numbers: Sequence[str] = ()) -> Html:
    """A table; ``numbers`` names the columns that hold them. On a telephone each row becomes a card."""
    kinds = ["sd-n" if name in numbers else "" for name in columns]
    head = [tag("th", name, scope="col", class_=kind) for name, kind in zip(columns, kinds, strict=True)]
    body = [
        tag(
            "tr",
            *(
                tag("td", tag("span", cell), class_=kind, data_label=name)
                for cell, kind, name in zip(row, kinds, columns, strict=True)
            ),
        )
        for row in rows
    ]
    return tag("table", tag("thead", tag("tr", *head)), tag("tbody", *body), class_="sd-table")


def put_cursor(where: str, past: str = "") -> None:
    """Put the cursor into the first field of what a key or a press has opened, where Streamlit leaves it.

    ``where`` and ``past`` (whose fields are passed over where they hold anything) are selectors of ours. The
    fields are drawn a moment after the page is told of them, on a slow machine many, and not in their order:
    the first is taken when it has been the first for a while, unless somebody types in one, and taken again
    where it is drawn anew.
    """
    over = f"!(one.value && one.closest({json.dumps(past)}))" if past else "true"
    script = """<script>{
        let last = null, taken = null, same = 0, left = 600;
        const timer = setInterval(() => {
            const all = [...document.querySelectorAll(%s + ' :is(input, textarea, [role=radio])')]
                .filter(one => %s);
            const first = all.some(one => one.matches('input, textarea')) ? all[0] : null;
            same = first && first === last ? same + 1 : 0;
            last = first;
            const at = document.activeElement;
            const typing = at !== taken && at.matches('input, textarea') && at.closest(%s);
            if ((same === 4 && !typing) || (same > 4 && at === document.body)) (taken = first).focus();
            if (same > 40 || !left--) clearInterval(timer);
        }, 50);
    }</script>"""
    st.html(script % (json.dumps(where), over, json.dumps(where)), unsafe_allow_javascript=True)


def empty(title: str, what_to_do: str) -> None:
    """An empty state: what is not there, and what to do."""
    told = [tag("p", title, class_="sd-empty-title"), tag("p", what_to_do)]
    show(tag("div", *told, class_="sd-empty", role="status"))
