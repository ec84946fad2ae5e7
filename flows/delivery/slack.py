"""A letter in the form that Slack's incoming webhooks take, as Mattermost and others do too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flows.digest.archive import Letter
from flows.digest.letter_words import told_again
from ledger.days import day
from ledger.presentation.labels import cut, number
from ledger.presentation.links import web_link

_TITLE = 150  # characters of a header
_PIECE = 3000  # characters of a section, Slack's limit
_WORDS = 600  # characters of a quotation
_BLOCKS = 48  # of the 50 that Slack takes, less the header and the last line


def slack_message(letter: Letter) -> bytes:
    """The digest's things one below the other, or the text of another letter.

    What a text holds of Slack's own signs (&, <, >) is shown and not read.
    """
    held = json.loads(letter.part("json"))
    pieces = list(_digest(held) if "sections" in held else [_plain(letter.part("txt"))])
    if len(pieces) > _BLOCKS:
        left = len(pieces) - _BLOCKS
        pieces = [*pieces[:_BLOCKS], f"… and {left:,} more, by mail and in the dashboard."]
    header = {"type": "header", "text": {"type": "plain_text", "text": cut(letter.subject, _TITLE)}}
    sections = [
        {"type": "section", "text": {"type": "mrkdwn", "text": cut(piece, _PIECE)}}
        for piece in pieces
        if piece
    ]
    told = {"text": _plain(letter.subject), "blocks": [header, *sections]}
    return json.dumps(told, ensure_ascii=False).encode()


def _digest(held: Mapping[str, Any]) -> Iterator[str]:
    for line in held["trouble"]:
        yield f"*{_plain(line)}*"
    yield from told_again([date.fromisoformat(one) for one in held["doubtful"]])
    yield f"{number(held['pledges'], 'pledge')} tracked, {held['overdue']:,} overdue."
    for section in held["sections"]:
        if section["items"]:
            total = len(section["items"]) + section["more"]
            yield f"*{_plain(section['title'])} ({total:,})*"
            yield from map(_item, section["items"])
            if section["more"]:
                yield _link(section["list"], f"and {section['more']:,} more")


def _item(item: Mapping[str, Any]) -> str:
    lines = [f"*{_link(item['page'], item['title'])}*"]
    lines.append(_plain(" · ".join(filter(None, (item["owner"], item["status"])))))
    lines.append(_plain(item["what"]))
    if not item["brief"]:
        for said in filter(None, (item["said"], item["shown"])):
            lines += _quoted(said)
        lines.append(f"_{_plain(item['why'])}_" if item["why"] else "")
    return "\n".join(filter(None, lines))


def _quoted(said: Mapping[str, Any]) -> Iterator[str]:
    if said["note"]:
        yield f"{_plain(said['note'])}:"
    if said["words"]:
        yield f"> {_plain(' '.join(cut(said['words'], _WORDS).split()))}"
    when = day(date.fromisoformat(said["day"])) if said["day"] else ""
    where = _link(said["link"], said["outlet"])
    yield "— " + ", ".join(filter(None, (_plain(said["who"]), where, when)))


def _link(address: str, words: str) -> str:
    if not web_link(address or ""):
        return _plain(words)
    safe = address.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"<{safe}|{_plain(words)}>"


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
