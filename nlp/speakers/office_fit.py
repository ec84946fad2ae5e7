"""Whether an office named by its words is the office somebody is said, or registered, to hold; and which of a
register's officials a title and a surname mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ledger.types import Official, Post
from nlp.names.find import Name
from nlp.officials.lexicon import Gender, lexicon
from nlp.officials.offices import Office
from nlp.officials.organizations import Body, body_core, same_body
from nlp.officials.register import Register
from nlp.speakers.office_claims import Claim
from nlp.speakers.people import Person

_WORDS = re.compile(r"[a-zà-ÿ]{3,}")
_SITTING = re.compile(r"\b(?:Speaker|Presiding Officer|Llywydd|Official Report|Hansard)\b")
_KINDS: Mapping[str, str] = {"councillor": "council", "council_leader": "council", "police": "force"}
_SEAT = re.compile(r"^(?:MP|MSP|MS|MLA|TD) for ")


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


def from_register(
    text: str, of: dict[Name, Person], register: Register, bodies: Sequence[Body] = (), head: str = ""
) -> None:
    """People of whom an article has title and surname only: the one official so called whose body it names.

    The title with the surname has to be an alias of the register, or to fit the post; a bare surname never
    is enough. ``head``, the article's title and the body that publishes it, names a body where ``bodies``,
    those of the text, are none of its kind. In a report of a parliament's sitting a label ("Ms Orr: …") is
    its only member so called.
    """
    for name, person in of.items():
        if (person.full and not person.initials) or person.official or not name.titles:
            continue
        called = {o.id: o for o in register.called(" ".join((*name.titles, *name.words)))}
        if not called and set(name.titles) & (lexicon().councillor_titles | lexicon().ranks):
            roles = person.roles() | ({"council_leader"} if "councillor" in person.roles() else set())
            so_called = register.surnamed(name.last)
            called = {o.id: o for o in so_called if any(p.role in roles for p in o.posts)}
        if person.initials:
            called = {i: o for i, o in called.items() if o.name[:1] == person.name[:1]}
        near = [o for o in called.values() if any(_in_text(post, text) for post in o.posts)]
        kinds = {body.kind for body in bodies}
        near = near or [
            o
            for o in called.values()
            if any(_in_text(post, head) and _KINDS.get(post.role) not in kinds for post in o.posts)
        ]
        near = near or _members(text, name, register)
        if len(near) == 1:
            person.official = near[0]


def _members(text: str, name: Name, register: Register) -> list[Official]:
    """The members of a parliament, or ministers, whom the label of a speech in it may mean."""
    label = text[name.span[1] : name.span[1] + 1] == ":" and text[: name.start].rstrip(" ")[-1:] in ("", "\n")
    if not label or not name.gender or not _SITTING.search(text):
        return []
    sitting = (o for o in register.surnamed(name.last) if any(p.role in ("mp", "minister") for p in o.posts))
    return [o for o in sitting if _gender(o) in ("", name.gender)]


def _gender(official: Official) -> Gender:
    return official.gender or lexicon().first_names.get(official.name.split()[0], "")


def _in_text(post: Post, text: str) -> bool:
    """Whether an article names a post's body, or the first place of a seat in parliament."""
    if post.role == "mp":
        seat = post.area or _SEAT.sub("", post.office)
        return bool(seat) and seat.split(" and ")[0].split(",")[0] in text
    return bool(post.body) and body_core(post.body) in text
