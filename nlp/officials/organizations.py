"""Public bodies named in a text: councils, forces, departments, trusts, and what stands for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ledger.types import Role, Span
from nlp.officials.gazetteer import Gazetteer, KnownBody, load
from nlp.officials.lexicon import BodyKind, lexicon

_LEFT_OF_AND = re.compile(r"(?:(?:^|[^\w’'])[a-z’']+ |^|\n|[.!?] |[(“\"] ?)([A-Z][\w\-]+ (?:and|&) )$")
_CORE = re.compile(
    r" (?:City|County|Borough|District|Town|Metropolitan|Council|Combined|Police|NHS|Mayoral)\b"
)
HOME = "home"  # name of a stand for the government of the nation that the words are about
_SHORT = re.compile(r"\s?\(([A-Z][A-Za-z]{1,7})\)")


@dataclass(frozen=True, slots=True)
class Body:
    """A body as named at ``span``: its name made uniform, its kind, and its spokespeople's role."""

    span: Span
    name: str
    kind: str
    role: Role


@dataclass(frozen=True, slots=True)
class Stand:
    """Words that stand for a body ("the force"), of one of ``kinds``; ``name`` if they name it always."""

    span: Span
    words: str  # in small letters
    kinds: tuple[str, ...]
    role: Role
    name: str


def find_bodies(text: str, gazetteer: Gazetteer | None = None) -> list[Body]:
    """Bodies in text order, none inside another; a short form in brackets counts from then on.

    Those of the gazetteer (None: the shipped one) have its name for them, others the words' own.
    """
    return list(_bodies(text, gazetteer or load()))


@lru_cache(maxsize=256)  # an article is asked for its bodies before it is parsed and after
def _bodies(text: str, gazetteer: Gazetteer) -> tuple[Body, ...]:
    known = lexicon()
    taken = bytearray(len(text))
    found: list[Body] = []
    for (start, end), body in gazetteer.find(text):
        taken[start:end] = b"\1" * (end - start)
        found.append(Body((start, end), body.name, body.kind, _role(body)))
    for kind, pattern in known.bodies:
        for match in pattern.finditer(text):
            start, end = _trimmed(text, match.start(), match.end())
            if kind.kind in ("council", "force", "fire", "authority") or "National Park" in text[start:end]:
                start = _left(text, start)
            first, _, rest = text[start:end].partition(" ")
            nameless = _NO_NAME.fullmatch(text, start, end) or (rest.islower() and describes(first))
            if end - start < 2 or any(taken[start:end]) or nameless:
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(Body((start, end), _name(text[start:end]), kind.kind, kind.role))
    found += _short_forms(text, found, taken)
    return tuple(sorted(found, key=lambda body: body.span))


def kind_of_body(name: str, gazetteer: Gazetteer) -> BodyKind | None:
    """The kind of the body of this name; None for a name that tells none."""
    if known := gazetteer.called(name):
        return BodyKind(known.kind, _role(known))
    return next((kind for kind, pattern in lexicon().bodies if pattern.search(name)), None)


def _role(body: KnownBody) -> Role:
    return "police" if body.kind == "force" else "other_official"


def find_stands(text: str, bodies: Sequence[Body]) -> list[Stand]:
    """Words for bodies that are not part of a body's name."""
    taken = bytearray(len(text))
    for body in bodies:
        start, end = body.span
        taken[start:end] = b"\1" * (end - start)
    found = []
    for kind, pattern in lexicon().anaphors:
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                words = match[0].lower()
                found.append(Stand((start, end), words, kind.kinds, kind.role, kind.name))
    return sorted(found, key=lambda stand: stand.span)


def stood_for(stand: Stand, bodies: Sequence[Body]) -> Body | None:
    """The body that the words mean: the last fitting one named before, else the only one at all."""
    fitting = [b for b in bodies if b.kind in stand.kinds and _can_mean(stand.words, b)]
    before = [b for b in fitting if b.span[0] < stand.span[0]]
    if before:
        return before[-1]
    return fitting[0] if len({b.name for b in fitting}) == 1 else None


def body_of_kind(kind: str, bodies: Sequence[Body], at: int) -> str:
    """The name of the only body of a kind in the article, or of the nearest one named before ``at``."""
    names = list(dict.fromkeys(b.name for b in bodies if b.kind == kind))
    if len(names) == 1:
        return names[0]
    before = [b.name for b in bodies if b.kind == kind and b.span[0] <= at]
    return before[-1] if before else ""


def body_core(body: str) -> str:
    """The place in a body's name: "Leeds" of "Leeds City Council"."""
    return _CORE.split(body)[0]


def home_government(text: str, publisher: str = "") -> str:
    """The government that "the government" is in a text: the one that its ``publisher``'s name tells, else
    the one whose words it has most, ours for none."""
    counts: dict[str, int] = {}
    for words in (publisher, text):
        counts = {name: len(pattern.findall(words)) for name, pattern in lexicon().governments}
        if any(counts.values()):
            break
    return max(counts, key=lambda name: counts[name])


def same_body(one: str, other: str) -> bool:
    """Whether two names are of one body: the words of one are among the other's ("Leeds Council")."""
    a, b = _name_words(one), _name_words(other)
    return bool(a and b) and (a <= b or b <= a)


def _name_words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.lower())) - _SMALL


def _can_mean(words: str, body: Body) -> bool:
    """False where a stand's own noun or tier is not the body's: "the trust" is no agency without the word."""
    said, name = set(words.split()), set(body.name.lower().split())
    if not said & _NOUNS <= name | ({"board"} if body.name.startswith("NHS ") else set()):
        return False
    tiers = said & _TIERS
    return not tiers or not name & _TIERS or bool(tiers & name)


_SMALL = frozenset(("the", "of", "and", "for"))
_NOUNS = frozenset(("trust", "board", "agency", "commission", "ministry", "constabulary", "inquiry"))
_TIERS = frozenset(("county", "city", "borough", "district", "town", "parish", "community"))
# Words for a kind of body without a name ("City Council").
_NO_NAME = re.compile(
    r"(?i:(?:(?:The|An?|Full|City|County|Borough|District|Town|Parish|Community|Metropolitan|Combined|Health|Regional)"
    r"(?:['’]s)? )*(?:council|authority|board|police|constabulary|trust|inquiry)"
    r"|(?:Office of the )?Police(?:, Fire)? and Crime Commissioner(?:['’]s Office)?)"
)
_OF_PLACE = re.compile(r"([A-ZÀ-Þ][\w\-]*) of (?:the )?(?=[A-ZÀ-Þ])")
_ADDED = re.compile(r"[A-Z], |[Ee]x-")  # "in a post on X, Leeds Council", "Ex-Leeds Council leader"
_FIRST = re.compile(r"([A-ZÀ-Þ][\w\-]*|[A-ZÀ-Þ])(?:['’]s)? (of )?(?:the )?(?=[A-ZÀ-Þ])")


_OF_MANY = re.compile(r"\w+-(?:run|led|controlled|strapped|hit|owned)")


def describes(word: str) -> bool:
    """Whether a capitalised word names no place: that of "Former council", of "Labour-run council"."""
    return word in lexicon().no_place or _OF_MANY.fullmatch(word) is not None


def _trimmed(text: str, start: int, end: int) -> Span:
    """Without words that only begin a sentence ("But Leeds Council") or are joined to it ("Members of …")."""
    known = lexicon()
    if added := _ADDED.match(text, start, end):
        start = added.end()
    while True:
        match = _FIRST.match(text, start, end)
        if not match or (match[1] in known.part_of_area and not match[2]) or match[1] in known.before_of:
            return start, end
        if not match[2] and match[1] not in known.not_names:
            break
        start = match.end()
    whose = _OF_PLACE.search(text, start, end)  # "Provost Jo Shaw of Leeds Council"
    return (start if whose is None or whose[1] in known.before_of else whose.end()), end


def _left(text: str, start: int) -> int:
    """The start with "Redcar and " taken in, where what stands before is one capitalised word alone."""
    match = _LEFT_OF_AND.search(text, max(0, start - 60), start)
    if not match or match[1].split()[0] in lexicon().first_names:
        return start
    return start - len(match[1])


def _name(words: str) -> str:
    """The name as a body would write it: no article, capitals beyond an abbreviation made small."""
    name = re.sub(r"^[Tt]he ", "", words).replace("\u2019", "'")
    return " ".join(w.capitalize() if w.isupper() and len(w) > 5 else w for w in name.split())


def _short_forms(text: str, bodies: Sequence[Body], taken: bytearray) -> list[Body]:
    found: list[Body] = []
    for body in bodies:
        match = _SHORT.match(text, body.span[1])
        if not match:
            continue
        for use in re.finditer(rf"(?<![\w’'\-]){re.escape(match[1])}(?![\w\-])", text[match.start() :]):
            start, end = use.start() + match.start(), use.end() + match.start()
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Body((start, end), body.name, body.kind, body.role))
    return found
