"""A clause as an act that stands alone: verb, object, what else is said of it; no subject, no date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nlp.commitments.acts.checks import fault, negation_before, not_yet
from nlp.commitments.acts.clauses import EDGE, tidy, undated, words_of
from nlp.commitments.acts.fill import Around, filled
from nlp.commitments.acts.tree import asks, lies_ahead, narrows
from nlp.commitments.acts.words import Parser, parser, rules
from nlp.pipeline import MODEL
from nlp.text.normalize import fold_quotes

_LEFT_OUT = frozenset(
    ("advcl", "parataxis", "relcl", "agent", "mark", "ccomp", "meta", "intj", "aux", "auxpass", "neg")
)
_COMPLEMENTS = ("xcomp", "ccomp", "acomp", "pcomp", "oprd", "acl", "attr")
_SUBJECTS = ("nsubj", "nsubjpass", "expl", "csubj")
_NOBODY = ("no", "nobody", "none", "nothing")


def act_of(clause: str, around: Around | None = None, kind: str = "", model: str = MODEL) -> str:
    """The act of a clause: "Both platforms will have a lift by May" gives "give both platforms a lift".

    ``around``: by which what the clause leaves unnamed is filled in, in square brackets. ``kind``: its type,
    where known: "will not be done until May" is to be done, unless it is a promise not to act.
    "" where the clause tells no act, or where what is made of it does not hold (`checks.fault`).
    """
    around = around or Around()
    folded = fold_quotes(clause)
    words = rules()["leading"].sub("", undated(folded).strip(EDGE)).strip(EDGE)
    words = rules()["condition"].sub("", words).strip(EDGE)
    late = kind not in ("", "negative") and not_yet(folded)
    if kind == "negative" and negation_before(clause, around.article, around.start):
        return ""
    act = filled(_first_act(words, late, model), around, model)
    return "" if fault(act, words, late, model) else act


def act_or_words(clause: str, around: Around, kind: str) -> str:
    """The act of a clause, else the clause itself in quotation marks, with a "not" that stands before it."""
    act = act_of(clause, around, kind)
    if len(act.split()) > 1:  # a verb alone names nothing
        return act
    turned = negation_before(clause, around.article, around.start) if kind == "negative" else ""
    return words_of(turned + clause)


def _first_act(words: str, late: bool, model: str) -> str:
    """The act of the first sentence that tells one. ``late``: its "not" is one of time."""
    if words.split(" ", 1)[0].lower() in rules()["verbs"]:  # a programme's point: "Recruit 40 midwives"
        return tidy(words[:1].lower() + words[1:])
    read = parser(model)
    for sentence in read.read(words).sents:
        if act := tidy(_Clause(read, sentence.root).act()):
            return act.removeprefix("not ") if late else act
    return ""


@dataclass(slots=True)
class _Clause:
    """A clause at its root, on the way to what it undertakes."""

    read: Parser
    verb: Any
    subject: Any = None
    no: str = ""  # how it is negated, with a blank behind

    def act(self) -> str:
        self._ahead()
        self._descend()
        verb, base = self.verb, self.read.base(self.verb)
        if base in rules()["said_only"]:
            return ""
        no = self.no
        if any(child.dep_ == "ccomp" and asks(child) for child in verb.children):
            return ""  # it is in the clause that is left out: "pay what they paid last year"
        if verb.tag_ == "VBZ" and self.subject is not None and self.subject.tag_ == "NNS":
            return ""  # "the busiest tram stops" read as a deed
        if verb.pos_ not in ("VERB", "AUX"):
            return self._of_thing()
        if self.subject is None and verb.dep_ != "ROOT" and verb.tag_ == "VBN":
            return ""
        if self.subject is None and verb.tag_ == "VBN" and not _has(verb, "auxpass"):
            return self._of_thing()
        if _has(verb, "auxpass") or (self.subject is not None and self.subject.dep_ == "nsubjpass"):
            return self._passive(no, base)
        if self.subject is None or self._acts(base):
            return f"{no}{base} {self._rest()}" if base != "be" else self._state(no)
        if self.subject.dep_ == "expl":
            return self._there(no)
        if base == "be":
            return self._state(no)
        return self._of_subject(no, base)

    def _ahead(self) -> None:
        """On to what is still to come: "has been ordered and will be switched on"."""
        self._look()
        joined = (c for c in self.verb.children if c.dep_ == "conj" and lies_ahead(c))
        if not lies_ahead(self.verb) and (coming := next(joined, None)) is not None:
            self.verb, self.no = coming, ""

    def _descend(self) -> None:
        """Down to the verb of the deed: what is planned, promised, due or said."""
        while True:
            self._look()
            below = self._below()
            if below is None:
                return
            if self.read.base(self.verb) == "be":
                self._aim()
            self.verb = below

    def _aim(self) -> None:
        """A subject that is itself only the intent is none: "the aim is to open"."""
        if self.subject is not None and self.read.base(self.subject) in rules()["passed"]:
            self.subject = None

    def _look(self) -> None:
        """Take in the subject and the "not" of the verb that was reached."""
        for child in self.verb.children:
            if child.dep_ in _SUBJECTS:
                self.subject = child
            if child.dep_ == "neg" or (child.lower_ in ("never", "longer") and child.i < self.verb.i):
                self.no = "no longer " if child.lower_ == "longer" else "not "

    def _below(self) -> Any:
        base = self.read.base(self.verb)
        if base not in rules()["passed"]:
            return None
        for child in self.verb.children:
            if child.dep_ not in _COMPLEMENTS or asks(child):
                continue
            if child.pos_ in ("VERB", "AUX") and (
                child.tag_ in ("VB", "VBN", "VBG") or child.dep_ == "ccomp"
            ):
                if base == "be" and child.dep_ in ("acomp", "attr"):
                    continue
                return child
            if self.read.base(child) in rules()["passed"] and any(
                g.dep_ in _COMPLEMENTS and g.pos_ in ("VERB", "AUX") for g in child.children
            ):
                return child
        for child in self.verb.children:  # "committed to opening", "on course to open"
            if child.dep_ == "prep":
                inner = [g for g in child.children if g.dep_ == "pcomp" and g.tag_ == "VBG"]
                inner += [
                    g
                    for p in child.children
                    for g in p.children
                    if g.dep_ in ("acl", "xcomp", "relcl") and g.tag_ == "VB"
                ]
                if inner:
                    return inner[0]
        return None

    def _acts(self, base: str) -> bool:
        """Whether the subject is who does it, and goes without saying."""
        subject, lower = self.subject, self.subject.lower_
        if lower in ("i", "we", "he", "she"):
            return True
        moved = any(child.dep_ in ("dobj", "dative", "prt") for child in self.verb.children)
        if lower in ("they", "it", "who", "which", "that"):
            return moved and base not in rules()["given"] and base not in rules()["done_to"]
        agent = self.read.base(subject) in rules()["agents"] or subject.ent_type_ in ("PERSON", "ORG")
        return agent and (moved or base not in rules()["done_to"])

    def _rest(self, *but: Any) -> str:
        """What stands behind the verb and belongs to it, in its order."""
        out: set[int] = set()
        for child in self.verb.children:
            left = child.dep_ in _LEFT_OUT and not narrows(child, self.no)
            if child.i < self.verb.i or left or child in but or self._is_another(child):
                out.update(token.i for token in child.subtree)
        for token in self.verb.subtree:
            if token.dep_ in ("relcl", "advcl") and token.i > self.verb.i and not narrows(token, self.no):
                out.update(t.i for t in token.subtree)
        kept = [t for t in self.verb.subtree if t.i > self.verb.i and t.i not in out]
        return _text(kept)

    def _is_another(self, child: Any) -> bool:
        """A deed of its own behind "and", with a subject of its own."""
        if child.dep_ == "cc":
            following = [c for c in child.head.children if c.dep_ == "conj" and c.i > child.i]
            return bool(following) and self._is_another(following[0])
        own = ("aux", "auxpass", *_SUBJECTS)
        return child.dep_ == "conj" and (any(c.dep_ in own for c in child.children) or child.tag_ != "VB")

    def _named(self, token: Any) -> str:
        """A thing in its words without clauses on it; no capital first but a name's, "the" for "those"."""
        aside = [
            t
            for t in token.subtree
            if (t.dep_ in ("relcl", "advcl", "acl") and not narrows(t, self.no))
            or t.dep_ == "parataxis"
            or (t.dep_ == "preconj" and t.lower_ != "neither")
        ]
        gone = {t.i for top in aside for t in top.subtree}
        kept = [t for t in token.subtree if t.i not in gone]
        if not kept:
            return ""
        words = _text(kept)
        first = kept[0]
        if first.lower_ in ("this", "that", "these", "those") and first.dep_ == "det":
            return f"the{words[len(first.text) :]}"
        name = first.pos_ == "PROPN" or (first.text.isupper() and len(first) > 1)
        return words if name else words[:1].lower() + words[1:]

    def _passive(self, no: str, base: str) -> str:
        if self.subject is None or self.subject.lower_ in ("i", "we", "you"):
            return ""
        thing = self._named(self.subject)
        base = rules()["states"]["gone"] if base == "go" else base
        particle = next(
            (
                c
                for c in self.verb.children
                if c.dep_ == "prt" or (c.dep_ == "prep" and c.i == self.verb.i + 1 and not list(c.children))
            ),
            None,
        )
        verb = f"{base} {particle.lower_}" if particle is not None else base
        return f"{no}{verb} {thing} {self._rest(*([particle] if particle is not None else []))}"

    def _there(self, no: str) -> str:
        thing = next(
            (c for c in self.verb.children if c.dep_ in ("attr", "dobj", "nsubj") and c.i > self.verb.i), None
        )
        if thing is None:
            return ""
        return f"{no}have {self._named(thing)} {self._rest(thing)}"

    def _state(self, no: str) -> str:
        """ "X will be open", "X will be on the road"."""
        thing = (
            self._named(self.subject)
            if self.subject is not None and self.subject.lower_ not in ("i", "we")
            else ""
        )
        state = next(
            (
                c
                for c in self.verb.children
                if c.dep_ in ("acomp", "advmod", "prt", "attr") and c.i > self.verb.i
            ),
            None,
        )
        if state is not None and thing and (found := rules()["states"].get(state.lower_)):
            verb, _, behind = found.partition(" ")
            tail = " ".join(_text(list(g.subtree)) for g in state.children if g.i > state.i)
            return f"{no}{verb} {thing} {behind} {tail} {self._rest(state)}"
        rest = self._rest()
        return f"{no}have {thing} {rest}" if thing and rules()["hanging"].sub("", f" {rest}") else ""

    def _of_subject(self, no: str, base: str) -> str:
        """What happens to a thing, as what is done to it."""
        thing = self._named(self.subject)
        objects = [c for c in self.verb.children if c.dep_ in ("dobj", "dative")]
        if base in rules()["given"] and objects:
            return f"{no}give {thing} {self._rest()}"
        if base in rules()["done_to"] and not objects:
            particle = next((c for c in self.verb.children if c.dep_ == "prt"), None)
            verb = rules()["turned"].get(base, base)
            verb = f"{verb} {particle.lower_}" if particle is not None else verb
            return f"{no}{verb} {thing} {self._rest(*([particle] if particle is not None else []))}"
        rest = self._rest()
        if not rest and any(c.dep_ in _COMPLEMENTS for c in self.verb.children):
            return ""  # what it comes to is left out: "the move will allow it to grow"
        return f"{no}have {thing} {base} {rest}"

    def _of_thing(self) -> str:
        """A thing alone, as a headline or a list has it: "200 new clinics"."""
        thing = self._named(self.verb)
        if self.verb.pos_ not in ("NOUN", "PROPN") and self.subject is None:
            return ""
        if self.subject is not None:
            return self._state(self.no)
        return f"have {thing}" if thing.lower().split(" ", 1)[0] in _NOBODY else f"provide {thing}"


def _has(token: Any, dep: str) -> bool:
    return any(child.dep_ == dep for child in token.children)


def _text(tokens: Sequence[Any]) -> str:
    """Words in the order of the text, with a blank where others were left out between two."""
    tokens = sorted(tokens, key=lambda token: token.i)  # of a tree that crosses itself they come otherwise
    gaps = [" " if after.i > one.i + 1 and not one.whitespace_ else "" for one, after in pairwise(tokens)]
    pieces = (token.text_with_ws + gap for token, gap in zip(tokens, [*gaps, ""], strict=False))
    return "".join(pieces).strip(EDGE)
