"""A letter in the form that Slack's incoming webhooks take, as Mattermost and others do too."""

from __future__ import annotations

import json
import re

from flows.digest.archive import Letter

_TITLE = 150  # characters of a header
_PIECE = 3000  # characters of a section
_SECTIONS = 10  # what comes after so many is left to the mail and the pages
_WRAPPED = re.compile(r"(?<=[^\n:])\n {2,6}(?=[^\s*—])")  # a line of a paragraph that was broken to fit


def slack_message(letter: Letter) -> bytes:
    """The letter's text in a header and at most ten sections; cut at the end of a paragraph.

    What a text holds of Slack's own signs (&, <, >) is shown and not read.
    """
    text = _WRAPPED.sub(" ", letter.part("txt"))
    for sign, shown in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, shown)
    pieces = _pieces(text)
    shown_pieces = pieces[:_SECTIONS]
    if len(pieces) > _SECTIONS:
        shown_pieces.append("… and more: the whole letter is in the mail and in the dashboard.")
    header = {"type": "header", "text": {"type": "plain_text", "text": letter.subject[:_TITLE]}}
    sections = [{"type": "section", "text": {"type": "mrkdwn", "text": piece}} for piece in shown_pieces]
    held = {"text": letter.subject, "blocks": [header, *sections]}
    return json.dumps(held, ensure_ascii=False).encode()


def _pieces(text: str) -> list[str]:
    """The text's paragraphs, joined as far as a section holds them."""
    pieces: list[str] = []
    for paragraph in filter(None, (part.strip("\n") for part in text.split("\n\n"))):
        some = paragraph[:_PIECE]
        if pieces and len(pieces[-1]) + 2 + len(some) <= _PIECE:
            pieces[-1] += f"\n\n{some}"
        else:
            pieces.append(some)
    return pieces
