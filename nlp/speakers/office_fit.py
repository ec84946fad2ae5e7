"""Whether an office named by its words is the office somebody is said, or registered, to hold."""

from __future__ import annotations

import re

from ledger.types import Post
from nlp.officials.lexicon import lexicon
from nlp.officials.offices import Office
from nlp.officials.organizations import same_body
from nlp.speakers.office_claims import Claim

_WORDS = re.compile(r"[a-zà-ÿ]{3,}")


def _content_words(words: str) -> set[str]:
    return {w.removesuffix("s") for w in _WORDS.findall(words) if w not in lexicon().empty_words}


def _stems(words: str) -> set[str]:
    """Content words cut short, so that a chairman is a chair."""
    return {word[:5] for word in _content_words(words)}


def fits(office: Office, claim: Claim) -> bool:
    """Whether a claim is to the office named: same kind, and no other portfolio, place or time."""
    if office.nickname:
        return bool(_content_words(office.words) & _content_words(claim.words)) and claim.role in (
            "councillor",
            "other_official",
            "police",
            "council_leader",
        )
    if office.when == "former" and claim.when != "former":
        return False
    if office.when != "former" and claim.when == "former":
        return False
    if office.role == "pcc" and office.words.endswith("the commissioner"):
        return claim.words.endswith(("commissioner", "pcc", "pfcc"))
    if claim.role != office.role:
        return False
    if office.role == "minister":
        return (
            office.office == claim.office
            or office.office == "Secretary of State"
            or _bare(office, "minister")
        )
    if office.role == "councillor":
        if office.office in ("Councillor", "Cabinet member"):
            wanted = _content_words(office.words)
            return not wanted or bool(wanted & _content_words(claim.words))
        return office.office == claim.office
    if office.role == "police":
        return (
            office.words.endswith("officer")
            or _rank(office.words) == _rank(claim.words)
            or office.office == claim.office == "Chief Constable"
        )
    if office.role == "other_official":
        return office.office == claim.office and bool(
            not _content_words(office.words) or _content_words(office.words) & _content_words(claim.words)
        )
    if office.role == "non_official":
        return claim.office == office.office
    return True


def _bare(office: Office, word: str) -> bool:
    return office.words.split()[-1] == word and len(office.words.split()) <= 2


def _rank(words: str) -> str:
    cleaned = re.sub(r"\b(?:the|a|an|county's|force's|region's|new|temporary|acting)\b", "", words)
    rank = next((r for r in sorted(lexicon().ranks, key=len, reverse=True) if r in cleaned), cleaned.strip())
    return next((grade for grade, ranks in lexicon().grades.items() if rank in ranks), rank)


def same_place(office: Office, claim: Claim) -> bool:
    if office.body and claim.body:
        return same_body(office.body, claim.body)
    if office.area and claim.area:
        return office.area in claim.area or claim.area in office.area
    return not office.body and not office.area


def is_post(office: Office, post: Post) -> bool:
    if post.role != office.role:
        return False
    if office.role in ("mayor", "mp", "pcc"):
        return True
    if office.role == "other_official" and not _stems(office.words) & _stems(post.office.lower()):
        return False
    if office.role == "minister" and _content_words(office.words) & _content_words(post.office.lower()):
        return True
    return any(
        kind.office == office.office and pattern.search(post.office) for kind, pattern in lexicon().offices
    ) and (
        office.role != "councillor"
        or office.office not in ("Councillor", "Cabinet member")
        or bool(_content_words(office.words) & _content_words(post.office.lower()))
    )
