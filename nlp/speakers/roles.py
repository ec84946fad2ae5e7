"""Role, office, body and area of a person as an article's words have them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger import vocabulary
from ledger.types import Role
from nlp.officials.lexicon import lexicon
from nlp.officials.offices import PUBLIC, Office
from nlp.officials.organizations import Body, body_of_kind, stood_for
from nlp.officials.register import post_for
from nlp.speakers.mentions import Reading
from nlp.speakers.office_claims import Claim, claim_of
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
    if post and person.claims and not person.now() and not post.held_on(reading.day):
        return told  # the article has it that the post is over, and so has the register
    return HeldOffice(post.role, post.office, post.body, post.area) if post else told


def vacant_office(reading: Reading, office: Office) -> HeldOffice:
    """Role and body of an office whose holder is not known ("the monitoring officer")."""
    told = told_office(reading, Person("", claims=[claim_of(office)], first_at=office.span[0]))
    return replace(told, body=office.body) if office.definite in ("a", "an") else told


def told_office(reading: Reading, person: Person) -> HeldOffice:
    """The weightiest claim's; a person without any is no official."""
    claims = [c for c in person.now() if not _outside(reading, person, c)]
    strong = [c for c in claims if c.strong]
    if strong:
        return HeldOffice("non_official", strong[0].office, strong[0].body, "")
    claims = [_civil_servant(reading, _in_context(reading, c, person)) for c in claims]
    public = [c for c in claims if c.role != "non_official"]
    if any(c.role == "councillor" for c in public):
        public = [c for c in public if not c.words.startswith("who represents")]
    if not public:
        body = next((c.body for c in claims if c.body), person.body)
        return HeldOffice("non_official", "", body, "")
    best = min(public, key=_rank)
    bodies = reading.near(best.at)
    role = best.role
    if role == "mayor" and any(c.role == "councillor" for c in public):
        role = "councillor"  # a civic mayor: elected ones are not styled councillor
        best = next(c for c in public if c.role == "councillor")
    elif role == "mayor" and not reading.gazetteer.mayor_of(best.area):
        civic = reading.gazetteer.of_place("council", best.area)
        if civic:  # a council that elects no mayor has one for the chain
            return HeldOffice("councillor", best.office, civic.name, best.area)
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
    return HeldOffice(role, best.office, body or body_of(reading, best, area, public), area)


def _civil_servant(reading: Reading, claim: Claim) -> Claim:
    """The cabinet secretary in Whitehall is no minister, as those of the other governments are."""
    if not claim.words.endswith("cabinet secretary") or reading.home(claim.at) != "UK Government":
        return claim
    return replace(claim, role="other_official", body=claim.body or "Cabinet Office")


def _rank(claim: Claim) -> tuple[object, ...]:
    """The weightiest role first, a seat among the Lords behind every other office of its weight."""
    weight = vocabulary.roles()[claim.role].weight
    return -weight, claim.office == "Peer", not claim.body, not claim.area, -len(claim.office)


def _outside(reading: Reading, person: Person, claim: Claim) -> bool:
    """True of an office that is none here: a chapel's minister, a mayor abroad, a candidate's party mark."""
    if claim.role == "minister":
        return any(title.endswith(("rev", "revd", "reverend")) for title in person.titles)
    if claim.role == "mayor":
        return bool(lexicon().abroad.search(claim.raw))
    marked = claim.role == "councillor" and not claim.raw and not person.titles & lexicon().councillor_titles
    return marked and bool(lexicon().elections.search(reading.text))


_NICKNAMES = ("boss", "chief", "supremo", "tsar", "czar")
_HEALTH = re.compile(r"\b(?:health|hospital|nhs|trust|police|fire|ambulance|transport)\b")
# Posts of public bodies that are named without the body when it is plain from the article.
_USUAL = re.compile(
    r"^(?:the |interim |acting |deputy |assistant |executive |strategic |corporate |new |former )*"
    r"(?:chief executive|chief operating officer|director (?:of|for) |head of |chief officer|clerk$"
    r"|(?:non-executive|finance|nursing|estates|communications|people) director$"
    r"|harbour ?master$|(?:[a-z]+ )+officer"
    r"|(?:borough|county|city|district|council(?:['’]s)?)"
    r" (?:engineer|surveyor|treasurer|solicitor|archivist)$)"
)


def _subjects(words: str) -> set[str]:
    return set(words.replace(",", " ").split())


def _in_context(reading: Reading, claim: Claim, person: Person) -> Claim:
    """A post that needs a public body, with the one spoken of right before, where the words name no other."""
    if claim.body_spec != "needs_public" or claim.body or claim.role != "non_official" or claim.strong:
        return claim
    of = re.search(r" (?:of|at|for) (?:the )?([A-Z][a-z]+)", claim.raw)
    elsewhere = of and of[1].lower() not in lexicon().council_subjects
    if person.body or elsewhere or not _USUAL.match(claim.words):
        return claim
    bodies = reading.near(claim.at)
    public = [b for b in bodies if b.kind in PUBLIC and b.kind not in ("department", "force", "inquiry")]
    stands = [stand for stand in reading.stands if reading.item(stand.span[0]) == reading.item(claim.at)]
    if _subjects(claim.words) & lexicon().council_subjects:  # that of a council: no inspectorate has it
        public = [b for b in public if b.kind != "agency"] or public
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


def body_of(reading: Reading, claim: Claim, area: str, beside: Sequence[Claim] = ()) -> str:
    """The body an office belongs to: its own name, or the fitting kind of body named in its item.

    ``beside`` are the other offices that the same person is said to hold.
    """
    bodies = reading.near(claim.at)
    spec = "court" if claim.words in lexicon().judges else claim.body_spec
    if claim.role == "minister":
        return _government(reading, claim, beside)
    if spec == "parliament":
        seats = reading.gazetteer.parliaments(area)
        return (
            "House of Lords" if claim.office == "Peer" else seats[0] if len(seats) == 1 else "UK Parliament"
        )
    if spec == "mayoral":
        return _mayoral(reading, claim, area, bodies)
    if spec == "pcc":
        return _commissioner(claim, area, bodies)
    if spec in PUBLIC or spec == "court":
        fitting = [b for b in bodies if b.kind == spec and _holds(claim, b)]
        named = [b.name for b in fitting if area and area in b.name]
        placed = reading.gazetteer.of_place(spec, area) if area and not named else None
        if placed:
            return placed.name
        told = named[0] if named else body_of_kind(spec, fitting, claim.at)
        return told or (f"{area} Council" if claim.role == "council_leader" and area else "")
    return "" if spec == "needs_public" else spec


def _holds(claim: Claim, body: Body) -> bool:
    """False for a body of the right kind that has no such office: firefighters in a fire authority."""
    if body.kind == "court":
        return ("Coroner" in body.name) == (claim.office == "Coroner")
    return not (
        body.kind == "fire" and body.name.endswith("Authority") and claim.role != "councillor"
    ) and not (body.kind == "nhs" and body.name.startswith(("NHS England", "NHS Wales", "NHS Scotland")))


_OF_NATIONS = frozenset(("Scotland Office", "Wales Office", "Northern Ireland Office"))


def _government(reading: Reading, claim: Claim, beside: Sequence[Claim]) -> str:
    """A minister's department here, or the government of the nation that the words are of; none abroad."""
    known = lexicon()
    if known.abroad.search(claim.raw):
        return ""
    spec = claim.body_spec
    if spec not in _OF_NATIONS:
        seats = [known.parliaments[c.body_spec] for c in beside if c.body_spec in known.parliaments]
        nation = known.nations.search(claim.raw)
        home = known.of_nation[nation[0]] if nation else (*seats, "")[0]
        if not home and not any(c.body_spec == "parliament" for c in beside):
            home = reading.home(claim.at)
        if home not in ("", "UK Government"):
            return home
        if claim.words.startswith("cabinet secretary for"):  # Scottish or Welsh: which is not told
            return ""
    if spec != "department":
        return spec
    bare = re.fullmatch(r"(?:\w+ )?minister", claim.words)
    told = body_of_kind("department", reading.near(claim.at), claim.at) if bare else _department(claim.words)
    return told or "UK Government"


_PORTFOLIO = re.compile(r"\b(?:for|of) (?:the )?((?!state\b)[a-z][\w ’'\-]*)$")


def _department(words: str) -> str:
    """The department of a "minister for local transport": that of the local transport minister."""
    told = _PORTFOLIO.search(words)
    styles = [f"{told[1]} minister", f"{told[1]} secretary"] if told else []
    ours = (kind.body for kind, head in lexicon().offices for style in styles if head.fullmatch(style))
    return next((body for body in ours if body != "department"), "")


def _commissioner(claim: Claim, area: str, bodies: Sequence[Body]) -> str:
    named = [b.name for b in bodies if b.kind == "pcc"]
    place = area or body_of_kind("force", bodies, claim.at)
    place = re.sub(r" (?:Police|Constabulary)$", "", place)
    fitting = [name for name in named if area in name]
    return fitting[-1] if fitting else f"{place} Police and Crime Commissioner" if place else ""


def _mayoral(reading: Reading, claim: Claim, area: str, bodies: Sequence[Body]) -> str:
    if lexicon().abroad.search(claim.raw):
        return ""
    authorities = [b.name for b in bodies if b.kind == "authority"]
    fitting = [name for name in authorities if not area or area in name]
    if fitting:
        return fitting[-1]
    if elected := reading.gazetteer.mayor_of(area):
        return elected.name
    councils = [b.name for b in bodies if b.kind == "council" and area and area in b.name]
    if councils:
        return councils[-1]
    combined = any("authority" in stand.kinds and "mayor" not in stand.words for stand in reading.stands)
    return f"{area} Combined Authority" if area and combined else ""
