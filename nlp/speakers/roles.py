"""Role, office, body and area of a person as an article's words have them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger import vocabulary
from ledger.types import Role
from nlp.officials.lexicon import lexicon
from nlp.officials.offices import PUBLIC
from nlp.officials.organizations import Body, Stand, body_of_kind, stood_for
from nlp.officials.register import post_for
from nlp.speakers.mentions import Reading
from nlp.speakers.office_claims import Claim
from nlp.speakers.people import Person


@dataclass(frozen=True, slots=True)
class HeldOffice:
    """Role, office, body and area of a person as the article's words have them."""

    role: Role
    office: str
    body: str
    area: str


def held_office(reading: Reading, person: Person) -> HeldOffice:
    """The post of the register on the day, where there is one; else what the article's words say."""
    told = told_office(reading, person)
    post = post_for(person.official, reading.day, {"role": told.role}) if person.official else None
    return HeldOffice(post.role, post.office, post.body, post.area) if post else told


def told_office(reading: Reading, person: Person) -> HeldOffice:
    """The weightiest claim's; a person without any is no official."""
    claims = person.now()
    at = max((c.at for c in claims), default=person.first_at)
    bodies, stands = (
        reading.near(at),
        [s for s in reading.stands if reading.item(s.span[0]) == reading.item(at)],
    )
    strong = [c for c in claims if c.strong]
    if strong:
        return HeldOffice("non_official", strong[0].office, strong[0].body, "")
    claims = [_in_context(c, person, bodies, stands) for c in claims]
    public = [c for c in claims if c.role != "non_official"]
    if any(c.role == "councillor" for c in public):
        public = [c for c in public if not c.words.startswith("who represents")]
    if not public:
        body = next((c.body for c in claims if c.body), person.body)
        return HeldOffice("non_official", "", body, "")
    best = min(
        public, key=lambda c: (-vocabulary.roles()[c.role].weight, not c.body, not c.area, -len(c.office))
    )
    role = best.role
    if role == "mayor" and any(c.role == "councillor" for c in public):
        role = "councillor"  # a civic mayor: elected ones are not styled councillor
        best = next(c for c in public if c.role == "councillor")
    if best.office == "Deputy Mayor" and any(b.kind == "force" for b in bodies):
        role = "councillor" if any(c.role == "councillor" for c in public) else "pcc"
    if role == "other_official" and any(c.role == "councillor" for c in public):
        role = "councillor"
    if not best.office and best.words.endswith(_NICKNAMES) and not person.titles & lexicon().ranks:
        council = body_of_kind("council", bodies, best.at)
        if council and _subjects(best.words) & lexicon().council_subjects:
            return HeldOffice("councillor", best.words, council, "")
        if not _HEALTH.search(best.words):
            return HeldOffice("non_official", "", person.body, "")
    mine = [c for c in public if c.role == best.role]
    body = next((c.body for c in mine if c.body and c.body_kind != "parliament"), "")
    area = next((c.area for c in mine if c.area), "")
    return HeldOffice(role, best.office, body or body_of(best, area, bodies, stands), area)


_NICKNAMES = ("boss", "chief", "supremo", "tsar", "czar")
_HEALTH = re.compile(r"\b(?:health|hospital|nhs|trust|police|fire|ambulance|transport)\b")
# Posts of public bodies that are named without the body when it is plain from the article.
_USUAL = re.compile(
    r"^(?:the |interim |acting |deputy |assistant |executive |strategic |corporate |new |former )*"
    r"(?:chief executive|chief operating officer|director (?:of|for) |head of |chief officer|[a-z]+ officer)"
)


def _subjects(words: str) -> set[str]:
    return set(words.replace(",", " ").split())


def _in_context(claim: Claim, person: Person, bodies: Sequence[Body], stands: Sequence[Stand]) -> Claim:
    """A post that needs a public body, with the one spoken of right before, where the words name no other."""
    if claim.body_spec != "needs_public" or claim.body or claim.role != "non_official" or claim.strong:
        return claim
    if person.body or not _USUAL.match(claim.words) or re.search(r" (?:of|at|for) (?:the )?[A-Z]", claim.raw):
        return claim
    public = [b for b in bodies if b.kind in PUBLIC and b.kind not in ("department", "force", "inquiry")]
    near = [(b.span[0], b.name, b.kind) for b in public if b.span[0] < claim.at]
    for stand in stands:
        meant = stood_for(stand, bodies)
        if meant and meant in public and stand.span[0] < claim.at:
            near.append((stand.span[0], meant.name, meant.kind))
    chosen = max(near, default=(0, public[0].name, public[0].kind) if public else None)
    if not chosen:
        local = any({"council", "authority", "nhs"} & set(stand.kinds) for stand in stands)
        return replace(claim, role="other_official") if local else claim
    return replace(claim, role="other_official", body=chosen[1], body_kind=chosen[2])


def body_of(claim: Claim, area: str, bodies: Sequence[Body], stands: Sequence[Stand] = ()) -> str:
    """The body an office belongs to: its own name, or the fitting kind of body named in the article."""
    spec = claim.body_spec
    if spec in ("parliament",):
        return "UK Parliament"
    if spec == "mayoral":
        return _mayoral(area, bodies, stands)
    if spec == "pcc":
        force = body_of_kind("force", bodies, claim.at)
        return f"{force.removesuffix(' Police')} Police and Crime Commissioner" if force else ""
    if spec in ("needs_public", ""):
        return ""
    if spec == "department":
        return body_of_kind("department", bodies, claim.at) or "UK Government"
    if spec in PUBLIC:
        named = [b.name for b in bodies if b.kind == spec and area and area in b.name]
        return named[0] if named else body_of_kind(spec, bodies, claim.at)
    return spec


def _mayoral(area: str, bodies: Sequence[Body], stands: Sequence[Stand]) -> str:
    authorities = [b.name for b in bodies if b.kind == "authority"]
    fitting = [name for name in authorities if not area or area in name]
    if fitting:
        return fitting[0]
    for place, authority in lexicon().mayoral_areas.items():
        if place == area:
            return authority
    councils = [b.name for b in bodies if b.kind == "council" and area and area in b.name]
    if councils:
        return councils[0]
    combined = any("authority" in stand.kinds for stand in stands)
    return f"{area} Combined Authority" if area and combined else ""
