"""Whom or what words mean: the one rule by which every filter and the plain question match a name.

A name is meant by all of it or by a part, in any order, by a title with a part, by an office ("mayor of
Exby"), a role with a place ("Exby mayor"), initials, and with spelling slips. Of several that fit, all are
meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz, process

from ledger import vocabulary
from ledger.names.known import HeldPost, KnownNames, Tokens, name_words, telling
from ledger.names.tokens import all_tokens, exact_tokens, stem_tokens
from ledger.validation import NEAR

NameKind = Literal["official", "body", "role", "place", "outlet"]
WHO: tuple[NameKind, ...] = ("official", "body", "role")
SLIP = 80  # of 100: how like a word of a name a misspelt one must be to be read as it (rapidfuzz's ratio)
_SHORTEST_SLIP = 4  # letters of a word that can be misspelt
_LISTED = 3  # names told one by one


@dataclass(frozen=True, slots=True)
class NameMeaning:
    """Whom or what words mean.

    ``keys``: officials by id or else by name, bodies, places and outlets by name, a role; ``role``: in which
    the officials are meant; ``sure``: no everyday reading of the words is as likely; ``slips``: misspelt
    words, each with how it was read.
    """

    kind: NameKind
    label: str
    keys: tuple[str, ...]
    role: str = ""
    sure: bool = True
    slips: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NamesFound:
    """What a name that was typed means, the likeliest reading first; ``near``: what it may have meant, where
    it means nothing."""

    meant: tuple[NameMeaning, ...]
    near: tuple[str, ...] = ()


def find_names(known: KnownNames, text: str, kinds: Collection[NameKind]) -> NamesFound:
    """What the whole of a text means, among these kinds; parts of names are enough."""
    text = text.strip()
    exact = [kind for kind in kinds if text in _stored(known, kind)]
    if exact:
        label = known.people.get(text, text) if exact[0] == "official" else text
        return NamesFound((NameMeaning(exact[0], label, (text,)),))
    words = exact_tokens(text)
    found = tuple(one for one in readings(known, words, whole=True) if one.kind in kinds)
    if not found:
        mended, slips = mend(known, words)
        if slips:
            again = (one for one in readings(known, mended, whole=True) if one.kind in kinds)
            found = tuple(replace(one, slips=slips) for one in again)
    return NamesFound(found[:1], () if found else near(known, text, kinds))


def near(known: KnownNames, text: str, kinds: Collection[NameKind], most: int = _LISTED) -> tuple[str, ...]:
    """The names most like a text or with a part like one of its words, the likest first."""
    keys = [(kind, key) for kind in kinds for key in _stored(known, kind)]
    labels = sorted({known.people[key] if kind == "official" else key for kind, key in keys})
    folded = {label: " ".join(words) for label, words in zip(labels, all_tokens(labels), strict=True)}
    likeness: dict[str, float] = {}
    whole = process.extract(
        " ".join(exact_tokens(text)), folded, scorer=fuzz.WRatio, score_cutoff=NEAR, limit=most
    )
    likeness.update((label, score) for _, score, label in whole)
    words = {word for name in folded.values() for word in name.split()}
    for typed in (word for word in exact_tokens(text) if len(word) >= _SHORTEST_SLIP):
        for word, score, _ in process.extract(typed, words, scorer=fuzz.ratio, score_cutoff=NEAR, limit=most):
            held = (label for label, name in folded.items() if word in name.split())
            likeness.update((label, max(likeness.get(label, 0), score)) for label in held)
    return tuple(sorted(likeness, key=lambda label: (-likeness[label], label))[:most])


def mend(known: KnownNames, words: Sequence[str]) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Words with those that no name holds read as the likest that one does, and what was read otherwise."""
    mended, slips = list(words), []
    for n, word in enumerate(words):
        if word not in known.words and (likest := likest_word(word, known.words)):
            mended[n] = likest
            slips.append((word, likest))
    return mended, tuple(slips)


def likest_word(word: str, among: Collection[str], short: int = SLIP) -> str:
    """The word that a misspelt one was meant for; "" where none is like it. ``short``: how like one of few
    letters must be."""
    if len(word) < _SHORTEST_SLIP:
        return ""
    least = short if len(word) == _SHORTEST_SLIP else SLIP
    found = process.extractOne(word, among, scorer=fuzz.ratio, score_cutoff=least)
    return found[0] if found else ""


def readings(known: KnownNames, words: Sequence[str], whole: bool = False) -> Iterator[NameMeaning]:
    """What a run of words in small letters can mean, the likeliest first; nothing where it is no name.

    ``whole``: they are all that was typed, so that any part of a name is enough.
    """
    tokens = telling(words)
    if not tokens:
        return
    if bodies := known.named.get(frozenset(tokens)):
        yield _some("body", bodies, tokens)
    yield from _officials(known, tokens, whole)
    yield from _bodies(known, tokens, whole)
    yield from _outlets(known, tokens, whole)
    if tokens in known.roles:
        role = known.roles[tokens]
        yield NameMeaning("role", vocabulary.roles()[role].label, (role,), role, sure=len(tokens) > 1)
    yield from _places(known, tokens)


def _officials(known: KnownNames, tokens: Tokens, whole: bool) -> Iterator[NameMeaning]:
    yield from _holders(known, tokens)
    if keys := known.aliases.get(frozenset(tokens)):
        yield _people(known, keys)
    rest, role = _after_titles(known, tokens)
    keys = set.intersection(*(known.parts.get(token, set()) for token in rest)) if rest else set()
    if role and keys:
        keys = {key for key in keys if role in known.roles_of.get(key, ())} or (keys if whole else set())
    titled = len(rest) < len(tokens)
    if keys and (whole or _names_somebody(known, rest, keys, titled)):
        yield _people(known, keys, sure=titled or len(rest) > 1)


def _holders(known: KnownNames, tokens: Tokens) -> Iterator[NameMeaning]:
    """Who held an office, told by its name or the beginning of it, or by a role and a place."""
    posts = known.offices.get(tokens) or _posts_at(known, tokens)
    if not posts or tokens in known.roles:
        return
    offices, roles = sorted({post.office for post in posts}), {post.role for post in posts}
    holders = sorted({post.holder for post in posts}, key=lambda key: (known.people[key], key))
    label = offices[0] if len(offices) == 1 else " ".join(tokens)
    named = f"{label} ({_either([known.people[key] for key in holders])})"
    yield NameMeaning("official", named, tuple(holders), roles.pop() if len(roles) == 1 else "")


def _names_somebody(known: KnownNames, rest: Tokens, keys: set[str], titled: bool) -> bool:
    """A part beside the first, more than a particle; a first name alone only where one person has it."""
    if len(rest) > 1 or titled:
        return True
    (word,) = rest
    if word in name_words()["particles"] or len(word) == 1:
        return False
    if any(key not in known.first.get(word, ()) for key in keys):
        return True
    return len(keys) == 1


def _after_titles(known: KnownNames, tokens: Tokens) -> tuple[Tokens, str]:
    """What follows the titles, ranks and roles before a name, and the role among them."""
    for end in range(len(tokens) - 1, 0, -1):
        if tokens[:end] in known.roles:
            return tokens[end:], known.roles[tokens[:end]]
    start = 0
    while start < len(tokens) - 1 and tokens[start] in name_words()["titles"]:
        start += 1
    return tokens[start:], ""


def _posts_at(known: KnownNames, tokens: Tokens) -> set[HeldPost]:
    """The posts of a role at a place or body that stands before or after it."""
    for cut in range(1, len(tokens)):
        for called, where in ((tokens[:cut], tokens[cut:]), (tokens[cut:], tokens[:cut])):
            if role := known.roles.get(called):
                wanted = {*where}
                if found := {post for post in known.posts.get(role, ()) if wanted <= post.words}:
                    return found
    return set()


def _bodies(known: KnownNames, tokens: Tokens, whole: bool) -> Iterator[NameMeaning]:
    """Bodies told by some of their words; by one alone where it is the last of the name."""
    found: Collection[str] = ()
    if len(tokens) == 1:
        found = known.acronyms.get(tokens[0]) or known.heads.get(tokens[0]) or ()
    if not found and (whole or len(tokens) > 1):
        stems = {stem for token in tokens for stem in stem_tokens(token)}
        found = [body for body, held in known.bodies.items() if stems <= held]
    if found and tokens not in known.roles:
        yield _some("body", found, tokens)


def _outlets(known: KnownNames, tokens: Tokens, whole: bool) -> Iterator[NameMeaning]:
    wanted = {*tokens}
    fits = [name for name, held in known.outlets.items() if wanted == held or (whole and wanted <= held)]
    if fits:
        yield _some("outlet", fits, tokens)


def _places(known: KnownNames, tokens: Tokens) -> Iterator[NameMeaning]:
    if place := known.places.get(tokens):
        yield NameMeaning("place", place, (place,))
    wanted = {*tokens}
    areas = [area for area, held in known.areas.items() if wanted <= held] if not place else []
    if areas:
        yield NameMeaning("place", _either(areas), tuple(areas))


def _people(known: KnownNames, keys: Collection[str], sure: bool = True) -> NameMeaning:
    listed = tuple(sorted(keys, key=lambda key: (known.people[key], key)))
    return NameMeaning("official", _either([known.people[key] for key in listed]), listed, sure=sure)


def _some(kind: NameKind, names: Collection[str], tokens: Tokens) -> NameMeaning:
    listed = sorted(names)
    return NameMeaning(kind, _either(listed), tuple(listed), sure=len(tokens) > 1)


def _either(names: Sequence[str]) -> str:
    names = list(dict.fromkeys(names))
    if len(names) <= _LISTED:
        return " or ".join(names)
    return f"{', '.join(names[:_LISTED])} or {len(names) - _LISTED} more"


def _stored(known: KnownNames, kind: NameKind) -> Collection[str]:
    """The keys of a kind as they are stored."""
    roles = set(known.roles.values())
    stored: dict[NameKind, Collection[str]] = {
        "official": known.people,
        "body": known.bodies,
        "role": roles,
        "place": known.areas,
        "outlet": known.outlets,
    }
    return stored[kind]
