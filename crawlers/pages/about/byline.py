"""The names in a byline, and the byline as printed. Pure text in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ledger.data_files import read_yaml

MAX_BYLINE = 200  # characters; longer texts are no byline
MAX_BLOCK = 600  # characters of a block with a byline in it, jobs and buttons and all
EDGE = "\x1f"  # stands in a byline's text where one element ends and another begins
SURE = "\x02"  # stands before a piece that the markup calls an author's name
_SET_APART = re.compile(rf"(?<!by)(?<!and)(?<=[^\s,;:&]){EDGE}(?=[^\W\d_])(?!and\b|&)", re.IGNORECASE)
_JOINS = re.compile(
    rf"\s*({EDGE}|,|;|&|\||•|·|/|\s[–—-]\s|\band\b|\bwith\b|\n|\.\s(?=\w+ (?:by|reporting)\b))\s*",
    re.IGNORECASE,
)
_LINKED = re.compile(r",|&|and|with|;", re.IGNORECASE)
_TRAIL = re.compile(
    r"\s*(?:[|•·]|\b(?:first published|published|updated|posted|last updated)\b).*$", re.IGNORECASE
)
_STAMP = re.compile(
    r"\b(?:first published|published|updated|posted|last updated)\b.*$", re.IGNORECASE | re.DOTALL
)
_DAY = re.compile(
    r"(?:\b(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b,? ?)?\b\d{1,2}(?:st|nd|rd|th)? "
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?(?: \d{4})?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b\d{1,2}[:.]\d\d(?::\d\d)? ?(?:[ap]\.?m\b\.?)?(?: ?(?:GMT|BST|UTC|IST)\b)?", re.IGNORECASE
)
_AGO = r"\b(?:an?|\d{1,2}) (?:min(?:ute)?|hour|day|week)s? ago\b"
_POSTED = re.compile(  # "Posted on 12 May 2026, 10:00 by", "3 hours ago by": of when, before whose it is
    rf"(?:\b(?:first published|published|posted)\b(?: on| at)?)?[\s,|–—:-]*"
    rf"(?:{_DAY.pattern}[\s,|–—:-]*(?:at )?(?:{_CLOCK.pattern})?|{_AGO})[\s,|–—:-]*(?=by\b)",
    re.IGNORECASE,
)
_NO_WORDS = re.compile(r"\S+@\S+|(?<!\w)@\w+|https?://\S+|\([^()]*\)|\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W\d_][\w'’.\u0300-\u036f-]*")  # letters that no single character has, too
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
_RUN_TOGETHER = re.compile(r"(\w{2,}[^\W\d_])(?=[A-Z][a-z]+$)")
_PREFIXES = {"mac", "fitz"}  # of names with a capital inside
_LONGEST_NAME = 5  # words


@dataclass(frozen=True)
class _Words:
    """The lists of ``byline.yaml`` as they are asked."""

    lead: re.Pattern[str]
    credit: re.Pattern[str]
    shots: frozenset[str]  # words before the name of who made a picture
    offices: frozenset[str]
    desks: frozenset[str]
    joint: re.Pattern[str]  # "Crime and" of "Crime and Courts Reporter"
    no_names: frozenset[str]
    particles: frozenset[str]


@lru_cache(maxsize=1)
def lists() -> dict[str, Any]:
    """``byline.yaml``."""
    return dict(read_yaml(__file__, "byline.yaml"))


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = lists()
    leads, shots, desks, offices = (
        "|".join(sorted(map(re.escape, data[name]), key=len, reverse=True))
        for name in ("leads", "credits", "desks", "offices")
    )
    return _Words(
        re.compile(rf"^[\W_]*(?:exclusive\W{{1,3}})?(?:{leads})(?:\s*:\s*|\s+|$)", re.IGNORECASE),
        re.compile(
            rf"(?:©|\((?:{shots})\b|\b(?:{shots})(?: by\b| courtesy\b| credit\b|\s*:)).*$",
            re.IGNORECASE | re.DOTALL,
        ),
        frozenset(data["credits"]),
        frozenset(data["offices"]),
        frozenset(data["desks"]),
        re.compile(rf"\b({desks}) (?:and|&) (?=(?:{desks}|{offices})\b)", re.IGNORECASE),
        frozenset(data["no_names"]),
        frozenset(data["particles"]),
    )


def squashed(text: str) -> str:
    """Letters and digits alone, small: what "The Tarn Times" and thetarntimes share."""
    return re.sub(r"[\W_]", "", text).lower()


def tidy_byline(texts: Iterable[str], sites: Iterable[str] = ()) -> str:
    """The first text that can be a byline, without "By", date, time and credits; "" if none can.

    ``sites``: names of the outlet, which are no byline. A text that begins with a credit is a picture's.
    """
    rule = _words()
    own = {squashed(site) for site in sites}
    for text in texts:
        if len(text) > MAX_BLOCK:
            continue
        line = rule.credit.sub("", " ".join(_SET_APART.sub(", ", text.replace(SURE, "")).split()))
        line = line.replace(EDGE, " ")
        line = _CLOCK.sub("", _DAY.sub("", _TRAIL.sub("", rule.lead.sub("", line)))).strip(" ,;–—-")
        line = re.sub(r"\s+(?=[,.;:!?])", "", " ".join(line.split()))
        if len(line) <= MAX_BYLINE and re.search(r"[^\W\d_]{2}", line) and line[:1] != "@":
            if squashed(line) in own:
                continue
            return line
    return ""


@lru_cache(maxsize=4096)
def authors_in(byline: str, sites: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The people named in a byline: "Gemma Tolliver, Politics Reporter" gives ("Gemma Tolliver",).

    ``byline`` may carry EDGE and SURE from a page's markup. Where the markup names authors, what stands
    beside them without "and" or a comma is something else: a section, a place. ``sites``: names of the
    outlet, which is nobody.
    """
    if len(byline) > MAX_BLOCK:
        return ()
    rule = _words()
    own = {squashed(site) for site in sites}
    text = _POSTED.sub("", rule.credit.sub("", byline.replace("\xa0", " ")))
    if "and" in text or "&" in text:
        text = rule.joint.sub(r"\1 ", text)
    found: list[tuple[str, bool]] = []  # name, whether anything but its place says that it is an author's
    joined = True
    parts = _JOINS.split(text)
    for number, part in enumerate(parts):
        if number % 2:
            joined = joined or bool(_LINKED.fullmatch(part.strip()))
            continue
        bare = part.replace(SURE, "").strip()
        if not bare:
            continue
        led = rule.lead.match(bare)
        if led and led.end() == len(bare):
            joined = True
            continue
        name = _name(bare, rule)
        if name and squashed(name) not in own:
            found.append((name, SURE in part or joined or bool(led)))
        joined = False
    sure = SURE in text and any(known for _, known in found)
    return tuple(dict.fromkeys(name for name, known in found if known or not sure))


def led(line: str) -> bool:
    """True for a line that opens as a byline does: "By …", "Words by …", also behind a day and time."""
    return bool(_words().lead.match(_POSTED.sub("", line[:MAX_BLOCK])))


def has_office(line: str) -> bool:
    """True where a line names an office ("…, Political Editor")."""
    return any(_plain(word.strip(",.")) in _words().offices for word in line.replace(EDGE, " ").split())


def _name(part: str, rule: _Words) -> str:
    """The person in one part of a byline, without office, time and place; "" where there is none."""
    bare = _NO_WORDS.sub(" ", part)
    for _ in range(2):  # "Exclusive: By"
        bare = rule.lead.sub("", bare.strip())
    bare = _CLOCK.sub(" ", _DAY.sub(" ", _STAMP.sub("", bare)))
    words = [word for given in bare.split() for word in _words_in(given, rule)]
    if _plain(words[0] if words else "") in rule.shots and not any(_is_office(w, rule) for w in words[1:2]):
        return ""  # "Picture Jo Marsh"; a picture editor may have written it
    heads = [n for n, word in enumerate(words) if _plain(word) in rule.offices]
    if heads:
        begin = next((n for n, word in enumerate(words) if n >= 2 and _is_office(word, rule)), None)
        if begin is not None and not _is_office(words[0], rule):
            words = words[:begin]
        elif heads[-1] + 2 < len(words):
            words = words[heads[-1] + 1 :]
    words = _without_desks(words, rule)
    kept: list[str] = []
    shouted = all(map(_is_shouted, words[:2]))
    for word in words:
        small = word[0].islower() and not any(letter.isupper() for letter in word)
        acronym = len(word) > 1 and word.isupper() and not shouted and "." not in word
        shot = _plain(word) in rule.shots
        if len(kept) >= 2 and (acronym or shot or (small and word not in rule.particles)):
            break  # "… for the Times", "… in Tarnbridge", "… BBC News", "… Photos Tim Roe"
        kept.append(word)
    return _checked(kept, rule)


def _words_in(given: str, rule: _Words) -> list[str]:
    """A word without marks round it, or two that markup ran together ("MarshNews")."""
    word = given.strip(',:;|–—-!?"“”*')
    word = word if _INITIALS.fullmatch(word) else word.strip(".")
    if (glued := _RUN_TOGETHER.match(word)) and glued[1].lower() not in _PREFIXES:
        tail = word[glued.end() :]
        if _is_office(tail, rule) or _plain(tail) in rule.no_names:
            return [glued[1], tail]
    return [word] if word else []


def _without_desks(words: list[str], rule: _Words) -> list[str]:
    """Without a section's name before the name ("Business Jo Marsh") or a service's behind it."""
    while len(words) > 2 and _plain(words[0]) in rule.desks:
        words = words[1:]
    end = len(words)
    while end > 2 and _plain(words[end - 1]) in rule.desks:
        end -= 1
    return words[:end] if end < len(words) - 1 else words


def _checked(words: list[str], rule: _Words) -> str:
    """The words as a name, "" where they cannot be one."""
    while words and words[-1] in rule.particles:
        words = words[:-1]
    if not 2 <= len(words) <= _LONGEST_NAME or not words[0][0].isupper():
        return ""
    plain = [_plain(word) for word in words]
    if (
        rule.no_names.intersection(plain)
        or rule.offices.intersection(plain)
        or all(w in rule.desks for w in plain)
    ):
        return ""
    fit = all(_WORD.fullmatch(w) and (w in rule.particles or any(c.isupper() for c in w)) for w in words)
    return " ".join(map(_unshouted, words) if all(map(_is_shouted, words)) else words) if fit else ""


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")


def _is_office(word: str, rule: _Words) -> bool:
    return _plain(word) in rule.offices or _plain(word) in rule.desks


def _is_shouted(word: str) -> bool:
    """True for a word in capitals, "McGONAGLE" among them."""
    return re.sub(r"^Ma?c(?=[A-Z]{2})", "", word).isupper()


def _unshouted(word: str) -> str:
    """A name in capitals as it is written elsewhere: "O'DARE-MCNAB" gives "O'Dare-McNab"."""
    if len(word) <= 2 and "." in word:
        return word
    parts = re.split(r"(?<=[-'’.])", word)
    return "".join(re.sub(r"^Mc(.)", lambda m: f"Mc{m[1].upper()}", part.capitalize()) for part in parts)
