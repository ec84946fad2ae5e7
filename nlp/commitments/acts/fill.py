"""What an act leaves unnamed, by the article around it: "the centre" is "the Eastgate Leisure Centre"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nlp.commitments.acts.words import Parser, parser, rules
from nlp.names.find import find_names

_ROLES = {"nsubjpass": 1.0, "nsubj": 1.0, "dobj": 0.75, "attr": 0.5, "ROOT": 0.5}
_NO_THINGS = ("DATE", "TIME", "PERSON", "MONEY", "PERCENT", "ORDINAL", "CARDINAL", "NORP")
_TITLED = re.compile(r"\b(?:mr|mrs|ms|dr|cllr|coun|councillor|sir|dame|lord|baroness)\b", re.I)
_PRONOUN = re.compile(r"\b(?:it|they|them)\b")
_POINTING = ("the", "this", "that", "these", "those", "its", "their")
_READ = 6_000  # characters of an article that things are looked for in
_LONGEST = 60  # characters of a thing's full name
_NEAR = 500  # characters before a clause in which what a pronoun stands for is looked for
_LEAST = 0.75  # weight of what a pronoun stands for


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that a text mentions: its words, where they begin, the base form of its noun, whether it is
    many, has a name in it, is one, or at least says which or of what; how likely its sentence is about it."""

    words: str
    start: int
    noun: str
    many: bool
    named: bool
    name: bool
    told: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Around:
    """Where a clause stands: its article's text, the offset at which it begins, the headline ("" if none)."""

    article: str = ""
    start: int = 0
    headline: str = ""


def filled(act: str, around: Around, model: str) -> str:
    """The act with what it leaves unnamed in square brackets, where article or headline name it: what "it"
    stands for, the full name of what is only pointed at, else the name that the headline is about."""
    if found := _PRONOUN.search(act):
        many = found.group() in rules()["many"]
        thing = _antecedent(many, around, model)
        return f"{act[: found.start()]}[{thing}]{act[found.end() :]}" if thing else act
    return _named(act, around, model)


def _antecedent(many: bool, around: Around, model: str) -> str:
    """The last thing named before the clause that the headline names too; "" where none is."""
    about = _content(around.headline)
    near = range(around.start - _NEAR, around.start)
    likely = [
        thing.words
        for thing in things(around.article[:_READ], model)
        if thing.start in near and thing.many is many and thing.named
        if thing.weight >= _LEAST and _content(thing.words) & about
    ]
    return likely[-1] if likely else ""


def _named(act: str, around: Around, model: str) -> str:
    """The act with the first thing that it points at by its full name, if another mention gives one; an act
    that names and counts nothing with the name in the headline."""
    doc = parser(model).read(act)
    if any(token.pos_ == "PROPN" for token in doc):
        return act
    headline = things(around.headline, model)
    mentions = (*headline, *things(around.article[:_READ], model))
    for chunk in doc.noun_chunks:
        root = chunk.root
        if root.pos_ != "NOUN" or chunk[0].lower_ not in _POINTING or any(t.pos_ == "NUM" for t in chunk):
            continue
        if any(child.dep_ in ("prep", "relcl", "acl") and child.i > root.i for child in root.children):
            break  # it says itself which one
        noun = parser(model).base(root)
        fuller = [t for t in mentions if t.noun == noun and len(chunk.text) < len(t.words) <= _LONGEST]
        if fuller := [t for t in fuller if t.named] or [t for t in fuller if t.told]:
            full = max(fuller, key=lambda t: len(t.words)).words
            return f"{act[: chunk.start_char]}[{full}]{act[chunk.end_char :]}"
        break
    if len(act.split()) < 2 or any(token.pos_ == "NUM" for token in doc):
        return act
    topic = next((t.words for t in headline if t.name and _is_topic(t.words, around.article)), "")
    return f"{act} [{topic}]" if topic else act


def _is_topic(words: str, article: str) -> bool:
    """Whether a headline's name is one in the article too, and no person's, month's or common word's."""
    if words not in article or words.lower() in rules()["no_topics"]:
        return False
    people = {
        word
        for name in find_names(article, (), (), frozenset())
        for word in article[slice(*name.span)].split()
    }
    return not people & set(words.split()) and not re.search(rf"\b{re.escape(words.lower())}\b", article)


@lru_cache(maxsize=64)
def things(text: str, model: str) -> tuple[Thing, ...]:
    """The things that a text mentions, in its order. What acts, a person and a time are none."""
    read = parser(model)
    people = [name.span for name in find_names(text, (), (), frozenset())]
    return tuple(
        _thing(chunk, read)
        for chunk in read.read(text).noun_chunks
        if _is_thing(chunk, read) and not any(start <= chunk.root.idx < end for start, end in people)
    )


def _thing(chunk: Any, read: Parser) -> Thing:
    root, words = chunk.root, _whole(chunk)
    return Thing(
        words=words,
        start=chunk.start_char,
        noun=read.base(root),
        many=root.tag_ in ("NNS", "NNPS"),
        named=any(t.pos_ == "PROPN" for t in chunk),
        name=all(t.pos_ == "PROPN" for t in chunk if t.pos_ != "DET"),
        told=any(t.dep_ == "compound" for t in chunk) or len(words) > len(chunk.text),
        weight=_ROLES.get(root.dep_, 0.0),
    )


def _is_thing(chunk: Any, read: Parser) -> bool:
    root = chunk.root
    if root.pos_ not in ("NOUN", "PROPN") or root.ent_type_ in _NO_THINGS or _TITLED.search(chunk.text):
        return False
    return read.base(root) not in rules()["agents"] | rules()["no_things"]


def _content(words: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[a-z]{4,}", words.lower()))


def _whole(chunk: Any) -> str:
    """The chunk with the "of …", "at …" that belongs to it, in one line."""
    words = chunk.text
    for child in chunk.root.children:
        if child.dep_ == "prep" and child.i >= chunk.end and child.lower_ in ("of", "at", "in", "for"):
            tail = chunk.doc[child.left_edge.i : child.right_edge.i + 1]
            if len(tail) <= 5:
                words += f" {tail.text}"
            break
    words = " ".join(words.split()).strip(" ,;:.“”\"'‘’")
    return words if chunk[0].pos_ == "PROPN" or words[1:2].isupper() else words[:1].lower() + words[1:]
