"""Bodies that an article is about without naming them right there: those of its headline and its people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ledger.types import Span
from nlp.names.find import Name
from nlp.officials.organizations import HOME, Body, Stand, find_bodies, home_government, kind_of_body
from nlp.officials.register import Register, post_for
from nlp.speakers.people import Person


def known_bodies(
    named: Sequence[Body],
    heads: Iterable[str],
    people: Mapping[Name, Person],
    register: Register,
    day: date | None,
) -> tuple[Body, ...]:
    """Bodies in text order: ``named`` in the text, by outlet or title (``heads``), or by who holds a post.

    Those of ``heads`` have an empty span at the beginning; where somebody of the register is named, the
    body of their post on the ``day`` has one at the name.
    """
    found = [*named]
    found += [
        replace(body, span=(0, 0)) for words in heads for body in find_bodies(words, register.gazetteer)
    ]
    for name, person in people.items():
        post = post_for(person.official, day) if person.official else None
        kind = kind_of_body(post.body, register.gazetteer) if post and post.body else None
        if post and kind:
            found.append(Body((name.start, name.start), post.body, kind.kind, kind.role))
    return tuple(sorted(found, key=lambda body: body.span))


def at_home(stand: Stand, text: str, parts: Sequence[Span]) -> Stand:
    """ "The government" with the name of the one that its item (of ``parts``) is about."""
    if stand.name != HOME:
        return stand
    around = next(part for part in reversed(parts) if part[0] <= stand.span[0])
    return replace(stand, name=home_government("\n".join(text[slice(*span)] for span in {parts[0], around})))
