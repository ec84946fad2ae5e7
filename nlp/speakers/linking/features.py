"""What speaks for and against a person as the speaker of a statement: named figures that the vote weighs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.officials.register import name_key, post_for
from nlp.speakers.mentions import GENDER_OF, Reading, Source
from nlp.speakers.people import Person
from nlp.speakers.salience import Trail
from nlp.speakers.source_resolution import ResolvedSource

Figures = dict[str, float]
FAR = 20.0  # paragraphs: farther is all the same
MOST = 40  # people weighed for a statement: a long transcript may name hundreds
KINDS = (
    "name_full", "name_titled", "name_surname", "name_register", "name_first", "name_short",
    "pronoun_near", "pronoun_before", "pronoun_contested", "pronoun_far", "pronoun_ahead",
    "office_one", "office_ahead", "office_named_later", "office_epithet", "office_bare",
    "office_of_several", "office_register", "described", "described_going", "age", "label", "implied",
    "unsourced_near", "unsourced_before", "carried", "body", "group", "unnamed", "joint",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_][\w’'\-]*")
_HEADING = 70  # characters below which a line without an end is a heading


@dataclass(frozen=True)
class RuledArticle:
    """An article as the rules have resolved it: what the figures are drawn from."""

    reading: Reading
    found: Sequence[Source]
    resolved: Sequence[ResolvedSource]
    trail: Trail
    writers: Sequence[Person]

    def place(self, i: int) -> int:
        """Where a statement's speaker is to be looked for."""
        item = self.found[i]
        spans = self.resolved[i].source or item.source or item.cue or item.content
        return spans[0][0]


def candidates(told: RuledArticle) -> list[Person]:
    """The article's named people, and those whom the rules brought in from the register."""
    known = told.reading.everyone()
    more = [r.person for r in told.resolved if r.person is not None and r.person.name]
    return list({id(p): p for p in [*known, *more]}.values())


def likely(told: RuledArticle, i: int, people: Sequence[Person]) -> list[Person]:
    """Of the article's people those weighed for statement ``i``: all, or in a crowd whom the rules mean and
    those spoken of last before it, at most `MOST`, in the article's order.
    """
    if len(people) <= MOST:
        return list(people)
    before = [person for _, person in told.trail.ranked(told.place(i), "")]
    near = {id(person) for person in [*(p for p in people if p is told.resolved[i].person), *before][:MOST]}
    return [person for person in people if id(person) in near]


def figures(
    told: RuledArticle, i: int, people: Sequence[Person], asked: Sequence[Person] | None = None
) -> list[Figures]:
    """A row for each person as the speaker of statement ``i``; ``asked``: for these of ``people`` alone."""
    shared = _of_statement(told, i)
    at = told.place(i)
    ranked = {id(p): (n, score) for n, (score, p) in enumerate(told.trail.ranked(at, ""))}
    best = max((score for _, score in ranked.values()), default=0.0)
    words = _source_words(told, i)
    gender = GENDER_OF.get(" ".join(words).lower(), "")
    fitting = sum(1 for p in people if id(p) in ranked and not (gender and p.gender and p.gender != gender))
    rows = []
    for person in people if asked is None else asked:
        rank, score = ranked.get(id(person), (len(people), 0.0))
        row = shared | {
            "rank": float(rank),
            "salience": score,
            "salience, share of best": score / best if best else 0.0,
            "fitting people": float(fitting),
            "people": float(len(people)),
            "gender fits": float(bool(gender) and person.gender == gender),
            "gender against": float(bool(gender and person.gender) and person.gender != gender),
        }
        rows.append(row | _of_person(told, i, person, words, at))
    return rows


def _source_words(told: RuledArticle, i: int) -> list[str]:
    spans = told.resolved[i].source or told.found[i].source
    return _WORD.findall(told.reading.text[spans[0][0] : spans[0][1]]) if spans else []


def _of_statement(told: RuledArticle, i: int) -> Figures:
    """What is the same for every candidate: the source's form, and what the rules made of it."""
    item, voice = told.found[i], told.resolved[i]
    words = _source_words(told, i)
    text = told.reading.text
    said = " ".join(text[a:b] for a, b in item.content)
    at = told.place(i)
    line = told.reading.paragraphs[told.reading.paragraph(at)][0] if told.reading.paragraphs else 0
    return {
        "source": float(bool(words)),
        "source words": float(len(words)),
        "source capitals": float(sum(word[:1].isupper() for word in words[1:])),
        "source pronoun": float(" ".join(words).lower() in ("he", "she")),
        "source they": float(" ".join(words).lower() in ("they", "it", "we", "i", "who")),
        "source definite": float(bool(words) and words[0].lower() == "the"),
        "source indefinite": float(bool(words) and words[0].lower() in ("a", "an", "one", "some", "many")),
        "source plural": float(bool(words) and words[-1].endswith("s") and words[-1].islower()),
        "cue": float(bool(item.cue)),
        "cue after": float(bool(item.cue) and item.cue[0][0] > item.content[0][0]),
        "direct": float(item.kind == "direct"),
        "mixed": float(item.kind == "mixed"),
        "first person": float(bool(re.search(r"\b(?:I|my|we|our)\b", said))),
        "carried": float(item.carried is not None),
        "rule's confidence": voice.confidence,
        "rule names nobody": float(voice.person is None or not voice.person.name),
        "rule carried": float(voice.kind == "carried"),
        "into paragraph": float(at - line),
        "paragraph": float(told.reading.paragraph(at)),
        "statements before": float(i),
    } | {f"rule: {kind}": float(voice.kind == kind) for kind in KINDS}


def _of_person(told: RuledArticle, i: int, person: Person, words: Sequence[str], at: int) -> Figures:
    reading, found, resolved = told.reading, told.found, told.resolved
    seen = [s for s in told.trail.seen if s.person is person]
    before = [s for s in seen if s.at < at]
    last = max((s.at for s in before), default=None)
    here = reading.paragraph(at)
    apart = FAR if last is None else min(FAR, float(here - reading.paragraph(last)))
    steps = FAR if last is None else min(FAR, float(reading.narrated(at) - reading.narrated(last)))
    ahead = min((s.at for s in seen if s.at > at), default=None)
    own = [w.strip(".").lower() for w in person.words]
    source = [w.lower() for w in words]
    told_of = {
        w for c in person.claims for w in f"{c.words} {c.office} {c.body} {c.area}".lower().split()
    } | person.described
    said = {w for a, b in found[i].content for w in _WORD.findall(reading.text[a:b])}
    spoken = [n for n, voice in enumerate(resolved) if voice.person is person]
    prior, coming = (resolved[i - 1] if i else None), (resolved[i + 1] if i + 1 < len(resolved) else None)
    line = reading.paragraphs[here][0] if reading.paragraphs else 0
    post = post_for(person.official, reading.day, {}) if person.official else None
    held = {post.role} if post else person.roles()
    bodies = {post.body} if post else {c.body for c in person.claims if c.body}
    return {
        "rule's answer": float(resolved[i].person is person),
        "rule's answer, as sure": resolved[i].confidence * (resolved[i].person is person),
        "named in source": float(bool(own) and own[-1] in source),
        "first name in source": float(len(own) > 1 and own[0] in source),
        "office in source": float(len(told_of.intersection(source) - {"the", "of", "for", "and", "a"})),
        "named in words": float(bool(person.words) and person.words[-1] in said),
        "named fully": float(person.full),
        "in register": float(person.official is not None),
        "role of source": float(bool(told.resolved[i].role) and told.resolved[i].role in held),
        "bodies named": float(any(body and body in reading.text for body in bodies)),
        "body of source": float(bool(told.resolved[i].body) and told.resolved[i].body in bodies),
        "namesakes": float(person.namesakes),
        "has claims": float(bool(person.claims)),
        "holds office": float(any(role != "non_official" for role in person.roles())),
        "gender known": float(bool(person.gender)),
        "age told": float(bool(person.age)),
        "titles": float(len(person.titles)),
        "mentions before": float(len(before)),
        "mentions": float(len(seen)),
        "first in article": float(person.first_at),
        "paragraphs since": apart,
        "sentences since": steps,
        "characters since": 3000.0 if last is None else float(min(3000, at - last)),
        "weight of last": max((s.weight for s in before if s.at == last), default=0.0),
        "in paragraph": float(sum(1 for s in before if s.at >= line)),
        "subject in paragraph": float(any(s.weight > 0.7 for s in before if s.at >= line)),
        "characters until": 3000.0 if ahead is None else float(min(3000, ahead - at)),
        "headings since": _headings(reading, last, at),
        "spoke last": float(prior is not None and prior.person is person),
        "speaks next": float(coming is not None and coming.person is person),
        "spoke before": float(sum(1 for n in spoken if n < i)),
        "speaks": float(len(spoken)),
        "share of words": len(spoken) / max(1, len(resolved)),
        "same surname": float(
            sum(1 for p in reading.everyone() if p is not person and p.words[-1:] == person.words[-1:])
        ),
        "others since": float(
            len(
                {id(s.person) for s in told.trail.seen if last is not None and last < s.at < at}
                - {id(person)}
            )
        ),
    }


def _headings(reading: Reading, last: int | None, at: int) -> float:
    """TextLines that look like headings between somebody's last mention and the statement."""
    if last is None:
        return 0.0
    between = reading.paragraphs[reading.paragraph(last) + 1 : reading.paragraph(at)]
    return float(
        sum(end - start < _HEADING and reading.text[end - 1] not in ".!?…”\"’':," for start, end in between)
    )


def same_person(person: Person, name: str | None) -> bool:
    """True where a person is called as the label says."""
    called = person.official.name if person.official else person.name
    return bool(name) and name_key(called) == name_key(name or "")
