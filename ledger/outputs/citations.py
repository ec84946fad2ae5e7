"""A statement as citations: plain text, BibTeX, RIS, an HTML blockquote and schema.org JSON-LD.

Pure text out of an evidence card. Words that the reporter put, not the speaker, are never set in quotation
marks: they are cited as reported, and where the outlet reserves its rights they are not given at all.
"""

from __future__ import annotations

import html
import json
import re

from ledger.days import day
from ledger.presentation.labels import LEFT_OUT, role_in_text
from ledger.presentation.links import web_link
from ledger.queries.statement_card import Card

_BIBTEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {mark: f"\\{mark}" for mark in "#$%&_"}
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


def citations(card: Card) -> dict[str, str]:
    """Format name to citation, in the order in which they are offered."""
    return {
        "Plain text": plain(card),
        "BibTeX": bibtex(card),
        "RIS": ris(card),
        "HTML": blockquote(card),
        "JSON-LD": json_ld(card),
    }


def speaker(card: Card) -> str:
    """Who said it, with the post at the time; an unresolved speaker is said to be so. Of what a body says
    in a paper of its own, the body."""
    if not card.speaker:
        if card.body and not card.source_name:
            return _line(card.body)
        written = f" (as written: “{_line(card.source_name)}”)" if card.source_name else ""
        return f"speaker not resolved{written}"
    post = card.office or role_in_text(card.role)
    body = card.body if card.body and card.body not in post else ""
    return ", ".join(_line(part) for part in (card.speaker, post, body) if part)


def plain(card: Card) -> str:
    """“Words” – Ann Example, Mayor of Exampleshire. Headline. Outlet, 5 March 2026. Link"""
    where = ", ".join(part for part in (_line(card.outlet), day(card.published), card.context.page) if part)
    return f"{_said(card)} – {speaker(card)}. {_line(card.headline)}. {where}. {_address(card)}".strip()


def bibtex(card: Card) -> str:
    """A BibTeX entry of type online, its key from outlet, day and the statement's id."""
    key = re.sub(r"[^a-z0-9]+", "", card.outlet.lower())[:20] or "article"
    fields = {
        "title": card.headline,
        "author": card.byline,
        "organization": card.outlet,
        "date": card.published.date().isoformat() if card.published else "",
        "pages": _numbers(card),
        "url": _address(card),
        "note": f"{_said(card)} ({speaker(card)})",
    }
    told = {name: value if name == "url" else _tex(value) for name, value in fields.items() if value}
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in told.items())
    return f"@online{{{key}-{card.id},\n{body}}}"


def ris(card: Card) -> str:
    """A RIS record of type NEWS; every field one line, as the format has it."""
    fields = [
        ("TY", "NEWS"),
        ("TI", card.headline),
        ("AU", card.byline),
        ("T2", card.outlet),
        ("DA", f"{card.published:%Y/%m/%d/}" if card.published else ""),
        ("SP", _numbers(card)),
        ("UR", _address(card)),
        ("N1", f"{_said(card)} ({speaker(card)})"),
        ("AN", card.id),
        ("ER", " "),
    ]
    return "\n".join(f"{name}  - {_line(value)}".rstrip(" ") for name, value in fields if value)


def blockquote(card: Card) -> str:
    """An HTML blockquote with ``cite``; data escaped."""
    address = html.escape(_address(card), quote=True)
    words = (
        f"“{_line(card.words)}”" if card.kind == "direct" and card.words else _line(card.words) or LEFT_OUT
    )
    where = ", ".join(part for part in (_line(card.outlet), day(card.published), card.context.page) if part)
    title = html.escape(_line(card.headline))
    linked = f'<a href="{address}">{title}</a>' if address else title
    reported = "" if card.kind == "direct" else " (reported, not quoted)"
    return (
        f'<blockquote cite="{address}">\n  <p>{html.escape(words)}</p>\n'
        f"  <footer>{html.escape(speaker(card))}{reported}, in <cite>{linked}</cite>, {html.escape(where)}"
        "</footer>\n</blockquote>"
    )


def json_ld(card: Card) -> str:
    """A schema.org Quotation (Claim for reported words), safe within a script element."""
    said: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Quotation" if card.kind == "direct" else "Claim",
        "text": card.words,
        "identifier": card.id,
        "isPartOf": {
            "@type": "NewsArticle",
            "headline": card.headline,
            "url": web_link(card.url),
            "publisher": {"@type": "Organization", "name": card.outlet},
        },
        "url": _address(card),
    }
    if not card.words:
        del said["text"]
        said["conditionsOfAccess"] = LEFT_OUT
    if card.speaker:
        person: dict[str, object] = {"@type": "Person", "name": card.speaker}
        if post := card.office or role_in_text(card.role):
            person["jobTitle"] = post
        if card.body:
            person["worksFor"] = {"@type": "Organization", "name": card.body}
        said["spokenByCharacter" if card.kind == "direct" else "author"] = person
    if card.published:
        said["datePublished"] = card.published.isoformat()
    made = json.dumps(said, ensure_ascii=False, indent=2)
    for mark in "<>&\u2028\u2029":
        made = made.replace(mark, f"\\u{ord(mark):04x}")
    return made


def _said(card: Card) -> str:
    if card.kind == "direct" and card.words:
        return f"“{_line(card.words)}”"
    return (
        f"Reported: {_line(card.words)}"
        if card.words
        else f"{'' if card.kind == 'direct' else 'Reported. '}{LEFT_OUT}"
    )


def _numbers(card: Card) -> str:
    """The numbers of the pages, "" where it is of the web."""
    return card.context.page.partition(" ")[2]


def _address(card: Card) -> str:
    return card.link or web_link(card.url)


def _line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())


def _tex(text: str) -> str:
    return "".join(_BIBTEX.get(mark, mark) for mark in _line(text))
