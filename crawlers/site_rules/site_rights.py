"""What an origin reserves for all its pages: ``/.well-known/tdmrep.json`` and ``/ai.txt``. Pure.

tdmrep.json (TDM Reservation Protocol, W3C community group report, 2024): a list of rules, each with a
``location`` (a path as robots.txt writes it, ``*`` and a last ``$`` included), ``tdm-reservation`` (1 or 0)
and ``tdm-policy``; the first rule that fits a path holds for it. ai.txt (Spawning, 2023): groups of a
robots.txt, whose rules name paths or kinds of files; an article is text: closing text files closes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from protego import Protego

from crawlers.site_rules.robots import TOKEN

TDMREP, AI_TXT = "/.well-known/tdmrep.json", "/ai.txt"
MAX_TEXT = 512_000  # characters of either file
MAX_RULES = 1000
_TEXT_FILES = ("/article.txt", "/article.html")  # closed where ai.txt closes text


class Rule(NamedTuple):
    """One rule of tdmrep.json. ``policy`` is an address, "" where none is given."""

    location: str
    reserved: bool
    policy: str = ""

    def fits(self, path: str) -> bool:
        """True for a path that the location covers; time is linear in the path's length."""
        pattern = self.location.removesuffix("$")
        first, *others = pattern.split("*")
        if not path.startswith(first):
            return False
        at = len(first)
        for part in others:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        if not self.location.endswith("$"):
            return True
        return path.endswith(others[-1]) if others else path == first


@dataclass(frozen=True)
class SiteRights:
    """The reservations of one origin."""

    rules: tuple[Rule, ...] = ()
    ai: Protego | None = field(default=None, repr=False, compare=False)

    def of(self, url: str) -> dict[str, object]:
        """Of one page: ``tdm_reserved`` and ``tdm_policy`` as the first fitting rule has them, ``ai_txt``."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        rights: dict[str, object] = {}
        rule = next((rule for rule in self.rules if rule.fits(path or "/")), None)
        if rule is not None:
            rights["tdm_reserved"] = rule.reserved
            if rule.policy:
                rights["tdm_policy"] = rule.policy
        if self.ai is not None:
            origin = f"{parts.scheme}://{parts.netloc}"
            asked = (url, *(origin + name for name in _TEXT_FILES))
            if not all(self.ai.can_fetch(one, TOKEN) for one in asked):
                rights["ai_txt"] = True
        return rights


def read_tdmrep(text: str) -> tuple[tuple[Rule, ...], str]:
    """(rules, reason): the reason is "bad_tdmrep" for a file that is there and cannot be read.

    A page of HTML in the file's place is what many servers send for a file that is not there.
    """
    if not text.strip() or text.lstrip("\ufeff \t\r\n").startswith("<"):
        return (), ""
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return (), "bad_tdmrep"
    entries = data if isinstance(data, list) else [data]
    if not all(isinstance(entry, dict) for entry in entries):
        return (), "bad_tdmrep"
    rules = []
    for entry in entries[:MAX_RULES]:
        location, value = entry.get("location"), entry.get("tdm-reservation")
        policy = entry.get("tdm-policy")
        if isinstance(location, str) and str(value) in {"0", "1", "True", "False"}:
            known = policy[:500] if isinstance(policy, str) else ""
            rules.append(Rule(location, str(value) in {"1", "True"}, known))
    return tuple(rules), "" if rules or not entries else "bad_tdmrep"


def read_ai_txt(text: str) -> Protego | None:
    """The rules of an ai.txt; None where there is none to speak of."""
    if "disallow" not in text.lower() or text.lstrip("\ufeff \t\r\n").startswith("<"):
        return None
    return Protego.parse(text.lstrip("\ufeff"))
