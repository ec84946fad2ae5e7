"""Parts of speech by the model's own rules, each looked up once instead of matched at every token.

The rules of spaCy's attribute ruler ask for a token's tag, its place in the parse and a few words, so one
dictionary holds their answers. Matching them costs as much as the parse itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from spacy.attrs import DEP, IS_SPACE, LOWER, POS, TAG
from spacy.tokens import Doc

_ASKED: Final = ("LOWER", "TAG", "DEP", "IS_SPACE")
_SET: Final = frozenset(("POS", "TAG"))
_Key = tuple[int, ...]


class PartsOfSpeech:
    """Sets POS (and TAG where a rule changes it) as the ruler would; lemmas and morphology are left out.

    ``ruler``: an ``AttributeRuler`` that `understood` takes. Linear in the document.
    """

    def __init__(self, ruler: Any) -> None:
        self._ruler = ruler
        strings = ruler.vocab.strings
        rules = list(_rules(ruler))
        self._words = {strings[word] for rule in rules for word in _named(rule[-1], "LOWER")}
        before = [rule[0] for rule in rules if len(rule) > 1]
        self._before = [
            {strings[name] for token in before for name in _named(token, asked)} for asked in _ASKED[:3]
        ]
        self._known: dict[_Key, tuple[int, int]] = {}

    def __call__(self, doc: Doc) -> Doc:
        """The document with its parts of speech."""
        rows = doc.to_array([LOWER, TAG, DEP, IS_SPACE]).astype(np.uint64)
        found = np.empty((len(doc), 2), np.uint64)
        last: _Key = (0, 0, 0)
        for at, (word, tag, dep, space) in enumerate(rows.tolist()):
            key = (*last, word if word in self._words else 0, tag, dep, space)
            if key not in self._known:
                self._known[key] = self._asked(doc, at)
            found[at] = self._known[key]
            last = tuple(
                name if name in names else 0
                for name, names in zip((word, tag, dep), self._before, strict=True)
            )
        return doc.from_array([POS, TAG], found) if len(doc) else doc

    def _asked(self, doc: Doc, at: int) -> tuple[int, int]:
        """What the ruler sets at a token that it sees with the one before."""
        seen = doc[max(at - 1, 0) : at + 1]
        alone = Doc(
            doc.vocab,
            words=[token.text for token in seen],
            tags=[token.tag_ for token in seen],
            deps=[token.dep_ for token in seen],
            heads=list(range(len(seen))),
        )
        token = self._ruler(alone)[len(seen) - 1]
        return token.pos, token.tag


def understood(ruler: Any) -> bool:
    """True where each rule on parts of speech asks for what `PartsOfSpeech` looks up: a token, or it and the
    one before, by tag, dependency, blank or words given one by one."""
    for given in ruler.patterns:
        for rule in given["patterns"] if _SET & set(given["attrs"]) else ():
            before = [value for token in rule[:-1] for value in token.values()]
            words = [token["LOWER"] for token in rule if "LOWER" in token]
            known = all(isinstance(value, str) or set(value) == {"IN"} for value in [*before, *words])
            here = len(rule) in (1, 2) and given["index"] == len(rule) - 1
            if not (known and here and all(set(token) <= set(_ASKED) for token in rule)):
                return False
    return True


def _rules(ruler: Any) -> Iterator[list[dict[str, Any]]]:
    """The patterns, each a condition a token, that set a part of speech."""
    for given in ruler.patterns:
        if _SET & set(given["attrs"]):
            yield from given["patterns"]


def _named(token: Mapping[str, Any], asked: str) -> list[str]:
    """The values by which a condition asks for an attribute."""
    value = token.get(asked, [])
    return [value] if isinstance(value, str) else list(value.get("IN", [])) if value else []
